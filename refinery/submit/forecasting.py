"""Tries merges nobody has asked for yet, so that a conflict is known at once and not in an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from refinery.foresight.path_sets import path_sets
from refinery.queue.forecasting import (
    Forecast,
    ForecastClash,
    Pair,
    Subject,
    own_clash,
    pairs_that_touch,
)
from refinery.queue.stacks import settled_below
from refinery.queue.standing import LANDED
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.history import lacked
from refinery.repo.merging import Merge, Merged, files_in_conflict, merge_many, merge_tree
from refinery.repo.repository import Repository
from refinery.store.view import View

__all__ = ["Forecast", "ForecastClash", "Subject", "forecast", "forecast_one"]

Merges = Mapping[tuple[Sha, Sha], Merge]


def forecast(
    repo: Repository,
    view: View,
    line: Sequence[Subject],
    *,
    only: Collection[Subject] | None = None,
    stands_on: Mapping[Sha, Sequence[Sha]] | None = None,
) -> tuple[Forecast, ...]:
    """What each head runs into: the target as it is, and those ahead of it in `line`.

    `only` answers for some of them.  `stands_on` is what heads that no record tells of stand on: of
    that, as of what the records tell, all that has landed under other commits counts as there.
    Nothing stays in the repository but a cache of path sets.
    """
    asked = [each for each in line if only is None or each in only]
    why_not = _unknown(repo, view, line)
    known = [each for each in line if each not in why_not]
    touching: dict[Subject, list[Pair]] = defaultdict(list)
    for pair in pairs_that_touch(known, path_sets(repo, view.targets, known)):
        if pair.behind in asked:
            touching[pair.behind].append(pair)
    tried = [each for each in asked if each not in why_not]
    grounds = _grounds(repo, view, stands_on or {})
    pairs = [pair for each in touching.values() for pair in each]
    merged = _merged(repo, view, tried, pairs, grounds)
    return tuple(
        Forecast(each, unknown=why_not[each])
        if each in why_not
        else Forecast(
            each,
            tuple(_clashes(each, touching[each], merged, view.targets[each.target])),
            untried=_untried(each, line, why_not),
        )
        for each in asked
    )


def forecast_one(
    repo: Repository,
    view: View,
    head: Sha,
    target: Branch,
    exclude_ids: Collection[MrId] = (),
    *,
    branch: Branch | None = None,
    stands_on: Sequence[Sha] = (),
) -> Forecast:
    """What a head would run into if it were queued last: its target, and every live merge request.

    `exclude_ids` are not asked about: its own earlier revisions.
    """
    others = [
        Subject(mr.id, mr.branch, mr.target, mr.pin)
        for mr in sorted(view.mrs.values(), key=lambda mr: (mr.created_at, mr.id))
        if not mr.closed and mr.target == target and mr.id not in exclude_ids
    ]
    new = Subject(None, branch or Branch(""), target, head)
    return forecast(repo, view, [*others, new], only=(new,), stands_on={head: stands_on})[0]


def _unknown(repo: Repository, view: View, line: Sequence[Subject]) -> dict[Subject, str]:
    """Of whom nothing can be said, and why; one commit that is missing would spoil the batch."""
    commits = [each.head for each in line]
    found = repo.reader.read_many([f"{oid}^{{commit}}" for oid in commits])
    here = {oid for oid, commit in zip(commits, found, strict=True) if commit is not None}
    why = {}
    for each in line:
        if each.target not in view.targets:
            why[each] = f"the target {each.target!r} does not exist on the remote"
        elif each.head not in here:
            why[each] = f"the commit {each.head[:12]} is not here"
    return why


def _untried(
    each: Subject, line: Sequence[Subject], why_not: Mapping[Subject, str]
) -> tuple[MrId, ...]:
    ahead = line[: line.index(each)]
    return tuple(
        other.mr
        for other in ahead
        if other.mr is not None and other.target == each.target and other in why_not
    )


def _grounds(
    repo: Repository, view: View, told: Mapping[Sha, Sequence[Sha]]
) -> dict[Sha, tuple[Sha, ...]]:
    """What heads stand on that has landed, under whatever commits."""
    known = {mr.head: settled_below(view, mr) for mr in view.mrs.values() if not mr.closed}
    landed = {mr.head for mr in view.mrs.values() if mr.close_reason in LANDED}
    known |= {head: tuple(oid for oid in its if oid in landed) for head, its in told.items()}
    return {head: its for head, its in known.items() if its}


def _merged(
    repo: Repository,
    view: View,
    tried: Sequence[Subject],
    pairs: Sequence[Pair],
    grounds: Mapping[Sha, tuple[Sha, ...]],
) -> Merges:
    """Every merge that is asked about: each head, and each one ahead of it, with the target too."""
    alone = dict.fromkeys([*tried, *(pair.ahead for pair in pairs)])
    wanted = [(view.targets[each.target], each.head) for each in alone]
    wanted += [(pair.ahead.head, pair.behind.head) for pair in pairs]
    unique = list(dict.fromkeys(wanted))
    merged = dict(zip(unique, merge_many(repo, unique), strict=True))
    for each in alone:
        tip = view.targets[each.target]
        below = lacked(repo, grounds.get(each.head, ()), tip)
        if below:
            merged[tip, each.head] = merge_tree(repo, tip, each.head, having=below)
    return merged


def _clashes(each: Subject, pairs: Sequence[Pair], merged: Merges, tip: Sha) -> list[ForecastClash]:
    with_target = merged[tip, each.head]
    clashes = []
    if not isinstance(with_target, Merged):
        clashes.append(ForecastClash(None, files_in_conflict(with_target)))
    for pair in pairs:
        drifted = {
            *files_in_conflict(with_target),
            *files_in_conflict(merged[tip, pair.ahead.head]),
        }
        clash = own_clash(pair, files_in_conflict(merged[pair.ahead.head, each.head]), drifted)
        if clash is not None:
            clashes.append(clash)
    return clashes
