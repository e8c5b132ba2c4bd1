"""What a history says was merged into a branch, and what of it could have waited together."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.errors import RefineryError
from refinery.records.names import Sha
from refinery.repo.mainline import built_on, since_merges
from refinery.repo.merging import Merged, merge_many
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.values import dataclass


class NothingMerged(RefineryError):
    """The branch has no merge commits to replay."""

    code = "nothing-merged"


@dataclass(frozen=True, slots=True)
class PastMerge:
    """One merge of the history: `head` was merged into `onto` with the result `tree`.

    `place` counts the commits of the branch's line; `builds_on` is the place of the newest of them
    that the head contains, and `fork_tree` its tree.  `by_hand`: git itself gives another tree.
    """

    number: int
    place: int
    commit: Sha
    onto: Sha
    head: Sha
    tree: Sha
    subject: str
    builds_on: int
    fork_tree: Sha
    by_hand: bool
    changes: bool

    @property
    def name(self) -> str:
        """Its branch in the replay."""
        return f"history/{self.number:04d}"


@dataclass(frozen=True, slots=True)
class PastMerges:
    """The last merges of a line, oldest first, and what else came onto it in between."""

    base: Commit
    merges: tuple[PastMerge, ...]
    direct: int
    octopus: tuple[Sha, ...]


def read_history(repo: Repository, tip: Sha, count: int) -> PastMerges:
    """The last `count` merges below `tip`, or as many as there are."""
    line = since_merges(repo, tip, count)
    if not line:
        raise NothingMerged(
            "no commit of the branch's first-parent line merges another",
            hint="history that was squashed or rebased does not say which heads there were",
        )
    found = [(place, commit) for place, commit in enumerate(line) if _merges(place, commit)]
    places = built_on(
        repo, [commit.oid for commit in line], [commit.parents[1] for _, commit in found]
    )
    again = merge_many(repo, [(commit.parents[0], commit.parents[1]) for _, commit in found])
    merges = tuple(
        PastMerge(
            number=number,
            place=place,
            commit=commit.oid,
            onto=commit.parents[0],
            head=commit.parents[1],
            tree=commit.tree,
            subject=commit.subject,
            builds_on=below,
            fork_tree=line[below].tree,
            by_hand=merged != Merged(commit.tree),
            changes=commit.tree != line[place - 1].tree,
        )
        for number, ((place, commit), below, merged) in enumerate(
            zip(found, places, again, strict=True), start=1
        )
    )
    octopus = tuple(commit.oid for commit in line[1:] if len(commit.parents) > 2)
    return PastMerges(line[0], merges, len(line) - 1 - len(merges) - len(octopus), octopus)


def _merges(place: int, commit: Commit) -> bool:
    return place > 0 and len(commit.parents) == 2


def waves(past: PastMerges, most: int) -> Iterator[tuple[PastMerge, ...]]:
    """Runs of merges that could have waited in the queue at the same time, in history's order.

    A wave ends before a commit that somebody pushed directly, before a head that builds on one of
    its merges, since that head cannot have waited with it, and after a merge that was done by hand.
    """
    wave: list[PastMerge] = []
    for merge in past.merges:
        if wave and not _together(wave, merge, most):
            yield tuple(wave)
            wave = []
        wave.append(merge)
    if wave:
        yield tuple(wave)


def _together(wave: list[PastMerge], merge: PastMerge, most: int) -> bool:
    return (
        len(wave) < most
        and merge.onto == wave[-1].commit
        and merge.builds_on < wave[0].place
        and not wave[-1].by_hand
    )
