"""Which commit a branch stands for, here and on the remote, and whether the remote's may follow."""

from __future__ import annotations

from enum import Enum

from refinery.errors import RefineryError
from refinery.records.names import Branch, Sha, branch_ref
from refinery.repo.history import ahead, is_ancestor
from refinery.repo.objects import Commit, parse_commit
from refinery.repo.refs import list_refs, valid_branch
from refinery.repo.repository import Repository
from refinery.store.edit import RefMove
from refinery.store.mirror import Mirror
from refinery.store.view import View
from refinery.values import dataclass

_LISTED = "`git branch --list` shows those that exist"


class NoBranch(RefineryError):
    """Nothing says which branch is meant, or there is none of that name."""

    code = "no-such-branch"


class BranchMoved(RefineryError):
    """The remote's branch holds commits that would be lost."""

    code = "branch-moved"


class Overwrite(Enum):
    """What may be done to a branch of the remote that is not behind ours."""

    NEVER = "never"
    SEEN = "seen"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A branch before the remote is asked: its commit here, and the remote's as last seen."""

    branch: Branch
    here: Commit | None
    seen: Sha | None


def checked_branch(name: str, what: str = "branch") -> Branch:
    """A branch name from outside; `refs/heads/` in front of it is taken off."""
    short = name.removeprefix("refs/heads/")
    if valid_branch(short) and len(short) <= 240:
        return Branch(short)
    raise NoBranch(f"{name!r} cannot be the name of a {what}", hint="git help check-ref-format")


def chosen_branch(repo: Repository, given: str | None) -> Branch:
    """The branch that was named, else the one that is checked out."""
    if given:
        return checked_branch(given)
    if repo.bare:
        raise NoBranch(
            "nothing is checked out in a bare repository: name the branch",
            hint="refinery submit <branch>",
        )
    current = repo.current_branch()
    if current is not None:
        return checked_branch(current)
    if any((repo.git_dir / name).is_dir() for name in ("rebase-merge", "rebase-apply")):
        raise NoBranch(
            "a rebase is in progress: no branch is checked out",
            hint="finish it (git rebase --continue), or name the branch: refinery submit <branch>",
        )
    raise NoBranch(
        "HEAD is detached: no branch is checked out",
        hint="git switch -c <branch>, or name one: refinery submit <branch>",
    )


def standpoint(repo: Repository, mirror: Mirror, branch: Branch) -> Standpoint:
    """What is known of a branch without asking the remote."""
    ref = branch_ref(branch)
    here, seen = repo.reader.read_many([ref, mirror.local(ref)])
    return Standpoint(
        branch,
        parse_commit(here) if here else None,
        seen.oid if seen else None,
    )


def head_commit(repo: Repository, view: View, stand: Standpoint) -> Commit:
    """The commit to submit: the local branch's, else the remote's."""
    if stand.here is not None:
        return stand.here
    tip = view.targets.get(stand.branch)
    if tip is not None:
        return repo.reader.commit(tip)
    if stand.seen is not None:
        raise NoBranch(
            f"the branch {stand.branch!r} was deleted on the remote and is not here either",
            hint=f"to bring it back: git branch {stand.branch} {stand.seen[:12]}",
        )
    if stand.branch == repo.current_branch():
        raise NoBranch(
            f"the branch {stand.branch!r} has no commit yet", hint="git commit, then submit"
        )
    raise NoBranch(f"there is no branch {stand.branch!r}", hint=_similar(repo, stand.branch))


@dataclass(frozen=True, slots=True)
class WouldLose:
    """The remote's branch is at a commit that the head does not contain."""

    branch: Branch
    there: Sha
    head: Sha


def move(
    repo: Repository, view: View, stand: Standpoint, head: Sha, overwrite: Overwrite
) -> RefMove | WouldLose | None:
    """How the remote's branch comes to show the head; None when it does already."""
    there = view.targets.get(stand.branch)
    if there == head:
        return None
    allowed = (
        there is None
        or overwrite is Overwrite.ALWAYS
        or (overwrite is Overwrite.SEEN and there == stand.seen)
        or is_ancestor(repo, there, head)
    )
    if allowed:
        return RefMove(branch_ref(stand.branch), there, head)
    assert there is not None
    return WouldLose(stand.branch, there, head)


def moved(repo: Repository, loss: WouldLose) -> BranchMoved:
    """The refusal to overwrite."""
    count = ahead(repo, loss.head, loss.there)
    commits = "1 commit" if count == 1 else f"{count} commits"
    if is_ancestor(repo, loss.head, loss.there):
        return BranchMoved(
            f"the remote's {loss.branch!r} is ahead of yours by {commits}",
            hint="git pull --ff-only, then submit again",
        )
    return BranchMoved(
        f"the remote's {loss.branch!r} has {commits} that yours lacks",
        hint="git pull --rebase, then submit again; after your own rebase: refinery push --force",
    )


def _similar(repo: Repository, branch: Branch) -> str:
    from difflib import get_close_matches

    prefix = "refs/heads/"
    names = [ref.removeprefix(prefix) for ref in list_refs(repo, prefix)]
    close = get_close_matches(branch, names, n=1)
    return f"did you mean {close[0]!r}?" if close else _LISTED
