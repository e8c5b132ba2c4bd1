"""Whose turn it is, as configured: what a turn counts, fleets of authors, and quotas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from refinery.records.schema import InvalidRecord
from refinery.typed import Any
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of one's own are tested at the same time, and how many may wait; None: any."""

    at_once: int | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """Authors who take turns as one: a person's turn weighs 1, theirs together `weight`."""

    name: str
    authors: tuple[str, ...]
    weight: int = 1
    quota: Quota = field(default_factory=Quota)


@dataclass(frozen=True, slots=True)
class Fairness:
    """`points` of the score is what one turn counts; without any, the score alone is the order.

    `author` is the quota of each single author, whether or not of a fleet.  Where nobody says which
    fleets there are (None), authors whose names differ only in a number are one.
    """

    points: float = 100.0
    author: Quota = field(default_factory=Quota)
    fleets: tuple[Fleet, ...] | None = None

    def fleet_of(self, author: str) -> Fleet | None:
        """The first fleet that counts this author as its own."""
        return _numbered(author) if self.fleets is None else _fleet_of(self.fleets, author)

    def weight_of(self, fleet: str) -> int:
        """The turns that it takes for each one of a single author."""
        return next((each.weight for each in self.fleets or () if each.name == fleet), 1)

    @property
    def has_quotas(self) -> bool:
        """Whether anybody's number at the same time is limited."""
        quotas = (self.author, *(each.quota for each in self.fleets or ()))
        return any(each.at_once is not None for each in quotas)


@lru_cache(maxsize=4096)
def _numbered(author: str) -> Fleet | None:
    """agent-7 and agent-3f are of agent-#, ada2 is of ada#, and ada of none."""
    import re

    found = re.sub(r"\b[0-9]\w*|[0-9]+", "#", author)
    return None if found == author else Fleet(found, ())


@lru_cache(maxsize=4096)
def _fleet_of(fleets: tuple[Fleet, ...], author: str) -> Fleet | None:
    from fnmatch import fnmatchcase

    return next(
        (
            fleet
            for fleet in fleets
            if any(fnmatchcase(author, pattern) for pattern in fleet.authors)
        ),
        None,
    )


def fairness_in(mapping: Mapping[str, Any], where: str) -> Fairness:
    """The section of a checked configuration."""
    defaults = Fairness()
    names = [each["name"] for each in mapping.get("fleets", ())]
    for index, name in enumerate(names):
        if name in names[:index]:
            pointer = f"/fairness/fleets/{index}/name"
            raise InvalidRecord(where, pointer, f"{name!r} is used twice")
    return Fairness(
        points=mapping.get("points", defaults.points),
        author=Quota(**mapping.get("author", {})),
        fleets=tuple(map(_fleet, mapping["fleets"])) if "fleets" in mapping else None,
    )


def _fleet(item: Mapping[str, Any]) -> Fleet:
    return Fleet(
        name=item["name"],
        authors=tuple(item["authors"]),
        weight=item.get("weight", 1),
        quota=Quota(item.get("at_once"), item.get("waiting")),
    )
