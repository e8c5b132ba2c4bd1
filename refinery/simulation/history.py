"""A queue's own past as a trace: when its merge requests came, and which of them were good.

Who landed was good; who was sent back by failing checks was bad.  Whoever left for another reason
(a conflict, a rejection, a newer revision) says nothing about checks, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from refinery.queue.planning.beliefs import Traits, beliefs_of, rates_of
from refinery.records.merge_request import AttemptOutcome, CloseReason, MergeRequest
from refinery.records.verdict import Verdict
from refinery.simulation.trace import Arrival, Setting, Trace, of_arrivals, run_minutes
from refinery.values import replace

_BAD = (AttemptOutcome.TESTS_FAIL, AttemptOutcome.BUILD_FAIL, AttemptOutcome.TIMEOUT)


def trace_of(mrs: Iterable[MergeRequest], verdicts: Sequence[Verdict], setting: Setting) -> Trace:
    """The past as a trace; what the setting says of workers and seed holds for it too.

    Each change is believed in as it would have been then, from those that came before it.
    """
    ended = sorted(
        (mr for mr in mrs if _was_good(mr) is not None), key=lambda mr: (mr.submitted_at, mr.id)
    )
    measured = _measured(ended, verdicts, setting)
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
            )
        )
        past.append((traits, good))
    return of_arrivals(arrivals, measured)


def _measured(
    ended: Sequence[MergeRequest], verdicts: Sequence[Verdict], setting: Setting
) -> Setting:
    """The setting with what the records tell of rates and durations."""
    rates = rates_of(verdicts)
    minutes = rates.minutes if verdicts else setting.duration
    bad = sum(not _was_good(mr) for mr in ended)
    hours = (
        (ended[-1].submitted_at - ended[0].submitted_at).total_seconds() / 3600 if ended else 0.0
    )
    return replace(
        setting,
        arrivals=len(ended) / hours if hours else float(len(ended)),
        changes=len(ended),
        duration=minutes,
        shortest=0.6 * minutes,
        longest=2 * minutes,
        fail=bad / len(ended) if ended else setting.fail,
        flake=rates.flake,
        interact=rates.interaction,
    )


def _was_good(mr: MergeRequest) -> bool | None:
    if mr.close_reason is CloseReason.MERGED:
        return True
    return False if any(each.outcome in _BAD for each in mr.attempts) else None
