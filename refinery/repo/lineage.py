"""Lists the commits of a history by their ids alone, in one process however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refinery.records.names import Sha

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


def first_parents(repo: Repository, tip: Sha) -> tuple[Sha, ...]:
    """The line of first parents from the tip down, newest first: what the branch itself was."""
    return _rev_list(repo, "--first-parent", tip=tip)


def ancestors(repo: Repository, tip: Sha) -> frozenset[Sha]:
    """Every commit the tip contains, itself included."""
    return frozenset(_rev_list(repo, tip=tip))


def _rev_list(repo: Repository, *options: str, tip: Sha) -> tuple[Sha, ...]:
    listing = repo.git.text("rev-list", *options, "--end-of-options", tip, timeout=600)
    return tuple(Sha(oid) for oid in listing.split())
