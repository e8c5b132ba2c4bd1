"""Tries on real commits whether two heads fit together, as a build would find it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.queue.forecasting import Pair, own_clash
from refinery.records.names import Sha
from refinery.repo.history import newest_first
from refinery.repo.merging import (
    Conflict,
    Merged,
    files_in_conflict,
    merge_in_turn,
    merge_many,
)
from refinery.repo.repository import Repository


def tried(repo: Repository, pairs: Sequence[Pair], bases: Mapping[Sha, Sha]) -> dict[Pair, bool]:
    """Whether each two clash: the one ahead is on the target, and the one behind conflicts.

    `bases` is where each head left the target.  The merge of the two heads answers for most, and
    for good: heads never change.  It also holds what the target got between the two bases.  So the
    one that left earlier is put where the other left: if that conflicts, its own differences with
    the target are left out; if not, and it is the one ahead, the one behind is put on top of it.
    """
    together = dict(zip(pairs, merge_many(repo, [_heads(pair) for pair in pairs]), strict=True))
    found = {pair: isinstance(merge, Conflict) for pair, merge in together.items()}
    turns = _turns(repo, [pair for pair in pairs if found[pair]], bases)
    results = merge_in_turn(repo, list(turns.values()))
    for (pair, (_, earlier, _)), (first, second) in zip(turns.items(), results, strict=True):
        if not isinstance(first, Merged):
            files, drifted = files_in_conflict(together[pair]), files_in_conflict(first)
            found[pair] = own_clash(pair, files, drifted) is not None
        elif earlier == pair.ahead.head:
            found[pair] = isinstance(second, Conflict)
    return found


def _turns(
    repo: Repository, pairs: Sequence[Pair], bases: Mapping[Sha, Sha]
) -> dict[Pair, tuple[Sha, Sha, Sha]]:
    """Where two left at different commits: the later one, who left earlier, and the other."""
    apart = [pair for pair in pairs if len({bases[head] for head in _heads(pair)}) > 1]
    wanted = {bases[head] for pair in apart for head in _heads(pair)}
    place = {oid: at for at, oid in enumerate(newest_first(repo, wanted))}
    turns = {}
    for pair in apart:
        later, earlier = sorted(_heads(pair), key=lambda head: place[bases[head]])
        turns[pair] = (bases[later], earlier, later)
    return turns


def _heads(pair: Pair) -> tuple[Sha, Sha]:
    return pair.ahead.head, pair.behind.head
