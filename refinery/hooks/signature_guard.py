"""Whether what is pushed is signed as the targets ask, as they were before this push."""

from __future__ import annotations

from refinery.hooks.pushed import Pushed
from refinery.records.names import Ref, Sha, branch_ref
from refinery.repo.history import commits_between
from refinery.repo.objects import Commit
from refinery.repo.signatures import Judged, Worth, judge
from refinery.store.asked import Asking, faults
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.hooks.guard import Guard

SIGN = "sign what you write: git config user.signingKey, with a key that the target knows"


def unsigned_landing(guard: Guard, each: Pushed) -> str | None:
    """Why a target does not take these commits."""
    assert each.old is not None
    assert each.new is not None
    found = faults(guard.repo, each.old, each.new)
    return _words(*found[0]) if found else None


def unsigned_change(guard: Guard, each: Pushed) -> str | None:
    """Why the queue does not take these: the default target asks for signatures."""
    before = guard.change.header_before
    if before is None or each.old is None or each.new is None:
        return None
    ground = _ground(guard, branch_ref(before.default_target))
    if ground is None:
        return None
    asked, keys = Asking(guard.repo).at(ground)
    if not asked.queue:
        return None
    commits = commits_between(guard.repo, each.old, each.new, reverse=True)
    judged = zip(commits, judge(guard.repo, commits, keys), strict=True)
    return next((_words(*found) for found in judged if found[1].worth is not Worth.GOOD), None)


def _ground(guard: Guard, ref: Ref) -> Sha | None:
    """Where the default target stood before the push."""
    moved = guard.pushed.get(ref)
    return moved.old if moved else guard.tip(ref)


def _words(commit: Commit, judged: Judged) -> str:
    return f"{commit.oid[:12]} is {judged.worth.in_words}: {commit.subject}"
