"""A queue's own past as a trace: when its merge requests came, and which of them were good.

Who landed was good; who was sent back by failing checks was bad.  Whoever left for another reason
(a conflict, a rejection, a newer revision) says nothing about checks, and is left out; conflicts
count for how often two changes cannot be merged.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from random import Random
from statistics import pstdev

from refinery.queue.planning.beliefs import Traits, beliefs_of, rates_of
from refinery.records.merge_request import AttemptOutcome, CloseReason, MergeRequest
from refinery.records.verdict import Result, Verdict
from refinery.simulation.trace import Arrival, Setting, Trace, lasting, of_arrivals, run_minutes
from refinery.values import replace

_BAD = (AttemptOutcome.TESTS_FAIL, AttemptOutcome.BUILD_FAIL, AttemptOutcome.TIMEOUT)
_ENOUGH_RUNS = 10  # to tell how much their lengths differ


def trace_of(mrs: Iterable[MergeRequest], verdicts: Sequence[Verdict], setting: Setting) -> Trace:
    """The past of the busiest target; what the setting says of workers and seed holds for it too.

    Each change is believed in as it would have been then, from those that came before it.
    """
    mrs = _of_busiest_target(mrs)
    targets = {mr.target for mr in mrs}
    ended = [mr for mr in mrs if _was_good(mr) is not None]
    measured = _measured(mrs, ended, [it for it in verdicts if it.target in targets], setting)
    random = Random(f"history {setting.seed}")
    past: list[tuple[Traits, bool]] = []
    arrivals = []
    for mr in ended:
        traits, good = Traits(author=mr.worker), bool(_was_good(mr))
        arrivals.append(
            Arrival(
                at=(mr.submitted_at - ended[0].submitted_at).total_seconds() / 60,
                minutes=run_minutes(random, measured),
                belief=beliefs_of(past).of(traits),
                good=good,
                author=mr.worker,
            )
        )
        past.append((traits, good))
    return of_arrivals(arrivals, measured)


def _of_busiest_target(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    """In order of arrival; another target would be another queue."""
    known = sorted(mrs, key=lambda mr: (mr.submitted_at, mr.id))
    ended = Counter(mr.target for mr in known if _was_good(mr) is not None)
    busiest = max(sorted(ended), key=ended.__getitem__, default=None)
    return [mr for mr in known if mr.target == busiest]


def _measured(
    mrs: Sequence[MergeRequest],
    ended: Sequence[MergeRequest],
    verdicts: Sequence[Verdict],
    setting: Setting,
) -> Setting:
    """The setting with what the records tell of rates and durations."""
    if not ended:
        return replace(setting, changes=0)
    hours = (ended[-1].submitted_at - ended[0].submitted_at).total_seconds() / 3600
    rates = rates_of(verdicts)
    return replace(
        _lasting_as(verdicts, setting),
        arrivals=(len(ended) - 1) / hours if hours else float(len(ended)),
        changes=len(ended),
        fail=sum(not _was_good(mr) for mr in ended) / len(ended),
        flake=rates.flake,
        interact=rates.interaction,
        conflict=_conflicts(mrs),
    )


def _lasting_as(verdicts: Sequence[Verdict], setting: Setting) -> Setting:
    """Runs as long as those that passed, and as different from each other."""
    minutes = sorted(
        each.seconds / 60
        for each in verdicts
        if each.result is Result.PASS and each.seconds > 0 and each.candidate
    )
    if not minutes:
        return setting
    setting = lasting(setting, minutes[len(minutes) // 2])
    if len(minutes) < _ENOUGH_RUNS:
        return setting
    spread = pstdev(log(each) for each in minutes)
    return replace(setting, spread=spread, shortest=minutes[0], longest=minutes[-1])


def _conflicts(mrs: Sequence[MergeRequest]) -> float:
    """The share of pairs that could not be merged, of those where one landed before the other."""
    landed = sorted(mr.closed_at for mr in mrs if _was_good(mr) and mr.closed_at is not None)
    until = landed[-1] if landed else None
    conflicts = pairs = 0
    for mr in mrs:
        end = mr.closed_at or until
        if end is None:
            continue
        pairs += max(0, bisect_left(landed, end) - bisect_right(landed, mr.submitted_at))
        conflicts += any(each.outcome is AttemptOutcome.CONFLICT for each in mr.attempts)
    return conflicts / max(pairs, 2 * conflicts, 1)


def _was_good(mr: MergeRequest) -> bool | None:
    if mr.close_reason is CloseReason.MERGED:
        return True
    return False if any(each.outcome in _BAD for each in mr.attempts) else None
