"""What a head stands on: the heads of other merge requests below it, and the commits of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from refinery.queue.stacks import nearest
from refinery.queue.standing import LANDED, stands_for
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha, listed_names
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.trailers import trailers
from refinery.repo.walking import lacking
from refinery.store.message import MR
from refinery.store.view import View
from refinery.values import dataclass, field

DEPENDS_ON = "Depends-On"
UNIT = "Refinery-Unit"
_MOST_READ = 100  # commits of a branch whose trailers are looked at


@dataclass(frozen=True, slots=True)
class Footing:
    """`below` are the nearest heads of others, each with what has become of it by now.

    `contained` are all commits that the target lacks, `own` those above the nearest heads, newest
    first along the first parents.  `unwanted` were rejected, and come along all the same.
    """

    below: Mapping[Sha, MergeRequest] = field(default_factory=dict)
    contained: frozenset[Sha] = frozenset()
    own: tuple[Commit, ...] = ()
    unwanted: tuple[MergeRequest, ...] = ()

    def waited_for(self) -> tuple[MrId, ...]:
        """Those that are open: they land first."""
        found = (mr.id for mr in self.below.values() if not mr.closed)
        return tuple(dict.fromkeys(found))

    def told(self, key: str) -> tuple[str, ...]:
        """What its own commits say in a trailer, those with commas apart."""
        return listed_names(
            value
            for commit in reversed(self.own)
            for name, value in trailers(commit.message)
            if name.lower() == key.lower()
        )


def footing(repo: Repository, view: View, branch: Branch, target: Branch, head: Sha) -> Footing:
    """What the head of a branch stands on, as far as the view knows of others.

    A head that others have too stands on none of them, and nobody stands on what was only
    announced.
    """
    parents = lacking(repo, view.targets[target], [head])
    others = _heads_below(view, branch, target, parents.keys() - {head})
    stays = {oid: mr for oid, mr in others.items() if not mr.closed or mr.close_reason in LANDED}
    found, own = nearest(parents, head, stays)
    below = {oid: stays[oid] for oid in found}
    unwanted = [mr for mr in others.values() if mr.close_reason is CloseReason.REJECTED]
    own_commits = _messages(repo, head, parents, own)
    return Footing(below, frozenset(parents), own_commits, tuple(unwanted))


def _heads_below(
    view: View, branch: Branch, target: Branch, contained: Collection[Sha]
) -> dict[Sha, MergeRequest]:
    """The heads of other branches for the target, each with what stands for it now."""
    found: dict[Sha, MergeRequest] = {}
    for mr in view.mrs.values():
        if mr.head not in contained or mr.branch == branch or mr.intent:
            continue
        is_concerned = target in (mr.target, mr.branch)
        if is_concerned and (mr.head not in found or found[mr.head].closed):
            found[mr.head] = stands_for(view, mr.id) or mr
    return found


def _messages(
    repo: Repository, head: Sha, parents: Mapping[Sha, Sequence[Sha]], own: set[Sha]
) -> tuple[Commit, ...]:
    """Its own commits along the first parents, down to what a queue has put there."""
    line: list[Sha] = []
    oid: Sha | None = head
    while oid in own and len(line) < _MOST_READ:
        line.append(oid)
        oid = next(iter(parents[oid]), None)
    found = []
    for commit in repo.reader.commits(line):
        if any(key == MR for key, _ in trailers(commit.message)):
            break
        found.append(commit)
    return tuple(found)
