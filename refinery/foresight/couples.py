"""What is known of pairs of heads: which fit and which do not, kept in the clone's own folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from refinery.foresight.remembering import recall, remember
from refinery.records.names import Sha
from refinery.repo.repository import Repository

FILE = "clashes.json"

Couple = tuple[Sha, Sha]
"""Two heads, the lesser first."""


def couple(one: Sha, other: Sha) -> Couple:
    """The two, whichever comes first in line."""
    return (one, other) if one < other else (other, one)


class Couples:
    """Answers by couple, for good: heads never change."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._clash: dict[Couple, bool] = {}
        self._against: dict[Sha, set[Sha]] = {}
        for two, clash in _load(repo).items():
            self._know(two, clash)

    def __contains__(self, two: Couple) -> bool:
        return two in self._clash

    def against(self, head: Sha) -> Collection[Sha]:
        """Everyone it does not fit together with."""
        return self._against.get(head, ())

    def learn(self, found: Mapping[Couple, bool], *, live: Collection[Sha]) -> None:
        """More answers: do they clash?  Couples of heads that are not live are forgotten."""
        for two, clash in found.items():
            self._know(two, clash)
        for two in [each for each in self._clash if not (each[0] in live and each[1] in live)]:
            del self._clash[two]
        for gone in self._against.keys() - live:
            for other in self._against.pop(gone):
                self._against.get(other, set()).discard(gone)
        _save(self._repo, self._clash)

    def _know(self, two: Couple, clash: bool) -> None:
        self._clash[two] = clash
        if clash:
            one, other = two
            self._against.setdefault(one, set()).add(other)
            self._against.setdefault(other, set()).add(one)


def _load(repo: Repository) -> dict[Couple, bool]:
    """A cache that cannot be read is an empty one."""
    try:
        told = recall(repo, FILE)
        heads = [Sha(head) for head in told["heads"]]
        return {
            (heads[one], heads[other]): clash
            for name, clash in (("fit", False), ("clash", True))
            for one, other in zip(told[name][::2], told[name][1::2], strict=True)
        }
    except (LookupError, ValueError, TypeError):
        return {}


def _save(repo: Repository, clash: Mapping[Couple, bool]) -> None:
    """Heads once, couples as their places: a hundred thousand of them are a megabyte."""
    heads = sorted({head for two in clash for head in two})
    place = {head: at for at, head in enumerate(heads)}
    fit: list[int] = []
    unfit: list[int] = []
    for (one, other), clashing in clash.items():
        (unfit if clashing else fit).extend((place[one], place[other]))
    remember(repo, FILE, {"heads": heads, "fit": fit, "clash": unfit})
