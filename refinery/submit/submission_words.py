"""What authors are told about a submission: pure functions, the same lines at every door."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.queue.freeze_words import for_one
from refinery.queue.freezing import frozen
from refinery.queue.submission import NothingToLand, Novelty, Relation
from refinery.records.merge_request import MergeRequest
from refinery.store.message import one_line
from refinery.submit.prospects import Place
from refinery.submit.submitting import Outcome, StillQueued, Submitted
from refinery.typed import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from refinery.queue.forecasting import Forecast, ForecastClash

_SHOWN_FILES = 4
_SHOWN_CLASHES = 5


def told(outcome: Outcome, place: Place | None) -> list[str]:
    """What came of it."""
    match outcome:
        case Submitted():
            return [*_submitted(outcome, place), *outcome.notes]
        case StillQueued():
            return _still_queued(outcome, place)
        case NothingToLand():
            return [nothing(outcome)]
        case _:
            assert_never(outcome)


def _submitted(outcome: Submitted, place: Place | None) -> Iterator[str]:
    mr = outcome.mr
    if mr.intent:
        yield f"{mr.id} announced: it is queued once {one_line(mr.branch)} shows {mr.head[:12]}"
    else:
        yield f"{mr.id} queued: {_where(mr)}{_after(mr)}{_in_place(place)}"
    freeze = frozen(outcome.view, mr, mr.submitted_at)
    if freeze is not None:
        yield one_line(for_one(freeze, mr))
    match outcome.novelty, outcome.before:
        case Novelty.REVISION, MergeRequest() as before:
            yield f"a new revision of {before.id}, which it replaces at its age"
        case Novelty.RESUBMITTED, MergeRequest() as before:
            how = before.close_reason.value if before.close_reason else "closed"
            yield f"the same commit as {before.id}, which was {how}, once more"
    if mr.unit:
        yield f"lands as one of unit {one_line(mr.unit)}, or none of them does"


def _still_queued(outcome: StillQueued, place: Place | None) -> list[str]:
    mr = outcome.mr
    state = "announced" if mr.intent else "queued"
    if outcome.regrouped:
        what = _grouped(mr)
    else:
        what = "only the branch was pushed" if outcome.pushed else "nothing changed"
    return [f"{mr.id} is {state} already{_in_place(place)}: {what}", *outcome.notes]


def _grouped(mr: MergeRequest) -> str:
    unit = [f"lands as one of unit {one_line(mr.unit)}"] if mr.unit else []
    after = [f"waits for {', '.join(mr.depends_on)}"] if mr.depends_on else []
    return f"it {' and '.join([*unit, *after]) or 'lands by itself'} now"


def nothing(outcome: NothingToLand) -> str:
    """Why there is nothing to queue."""
    request = outcome.request
    head, target = request.head[:12], one_line(request.target)
    match outcome.relation:
        case Relation.IN_TARGET:
            return f"{head} is already in {target}: there is nothing to land"
        case Relation.EMPTY:
            return f"merging {head} changes nothing: {target} has all of it"
        case Relation.UNRELATED:
            return f"{head} has no history in common with {target}: it cannot be merged"
        case Relation.AHEAD:
            raise AssertionError("a head that is ahead has something to land")


def nothing_hint(outcome: NothingToLand) -> str:
    """What an author does about it."""
    target = one_line(outcome.request.target)
    if outcome.relation is Relation.UNRELATED:
        return f"begin the branch at {target}, or name another target with --target"
    return f"`git log {target}..{one_line(outcome.request.branch)}` shows what the branch adds"


def still_pinned(mr: MergeRequest) -> list[str]:
    """A deleted branch withdraws nothing."""
    return [
        f"{mr.id} stays queued: {mr.head[:12]} is pinned, with or without {one_line(mr.branch)}",
        f"to withdraw it: refinery reject {mr.id}",
    ]


def foreseen(forecast: Forecast) -> list[str]:
    """What it runs into; a clean forecast is said too."""
    if forecast.unknown:
        return [f"no forecast: {forecast.unknown}"]
    target = one_line(forecast.subject.target)
    shown = [clash_words(clash, target) for clash in forecast.conflicts[:_SHOWN_CLASHES]]
    more = len(forecast.conflicts) - len(shown)
    lines = [*shown, *([f"and with {more} more: refinery forecast"] if more else [])]
    if forecast.untried:
        lines.append(f"not tried against {len(forecast.untried)} whose commits are not here")
    return lines or [f"merges cleanly with {target} and with all that is queued for it"]


def clash_words(clash: ForecastClash, target: str) -> str:
    """One conflict to come."""
    whom = clash.mr or target
    if not clash.files:
        return f"conflicts with {whom}: no history in common"
    files = ", ".join(one_line(file) for file in clash.files[:_SHOWN_FILES])
    more = len(clash.files) - _SHOWN_FILES
    return f"conflicts with {whom} in {files}" + (f" and {more} more" if more > 0 else "")


def _where(mr: MergeRequest) -> str:
    return f"{one_line(mr.branch)} at {mr.head[:12]} for {one_line(mr.target)}"


def _after(mr: MergeRequest) -> str:
    if not mr.depends_on:
        return ""
    more = len(mr.depends_on) - 3
    return f" after {', '.join(mr.depends_on[:3])}" + (f" and {more} more" if more > 0 else "")


def _in_place(place: Place | None) -> str:
    if place is None:
        return ""
    if place.position == 0:
        return ", being processed"
    return f", place {place.position} of {place.of}"
