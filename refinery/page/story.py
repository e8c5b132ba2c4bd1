"""The story of one merge request: everything that is known of it, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refinery.looks import Look, Role, of_merge_request
from refinery.page.moments import Moment, attempted, judged, of_issue, taken, told
from refinery.queue.board import Line, Running
from refinery.queue.explaining import Explanation
from refinery.queue.spending import read
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.records.verdict import Verdict
from refinery.store.events import Happened
from refinery.values import dataclass

_QUIET = frozenset({"told", "telling", "archived", "tidied", "submitted"})
"""What says something of the machinery, and nothing of the merge request."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was read of one merge request besides its record: events, verdicts and its issues."""

    events: Sequence[Happened] = ()
    verdicts: Sequence[Verdict] = ()
    issues: Sequence[Issue] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """All of it; `line` and `running` only while it is open, `dependents` wait for it."""

    mr: MergeRequest
    explained: Explanation
    look: Look
    moments: tuple[Moment, ...]
    line: Line | None = None
    running: tuple[Running, ...] = ()
    issues: tuple[Issue, ...] = ()
    dependents: tuple[MrId, ...] = ()


def story(
    mr: MergeRequest,
    explained: Explanation,
    past: Past,
    *,
    line: Line | None = None,
    running: Iterable[Running] = (),
    dependents: Iterable[MrId] = (),
) -> Story:
    """Put together what was read."""
    return Story(
        mr=mr,
        explained=explained,
        look=of_merge_request(
            explained.code.value, mr.close_reason.value if mr.close_reason else None
        ),
        moments=_moments(mr, past),
        line=line,
        running=tuple(each for each in running if mr.id in each.members),
        issues=tuple(past.issues),
        dependents=tuple(dependents),
    )


def _moments(mr: MergeRequest, past: Past) -> tuple[Moment, ...]:
    """Oldest first; what an event and an attempt or a verdict both tell is told once."""
    attempts = list(mr.attempts)
    verdicts = {each.key: each for each in past.verdicts}
    found = [Moment(mr.submitted_at, "Submitted", Role.PLAIN, by=mr.worker, commit=mr.head)]
    for event in reversed(past.events):  # they come newest first, many within one second
        if event.event not in _QUIET:
            spent = read(event.details)
            verdict = verdicts.pop(spent.verdict, None) if spent.verdict else None
            found.append(told(mr, event, spent, taken(attempts, event), verdict))
    found += [attempted(mr, each) for each in attempts]
    found += [judged(mr, each) for each in verdicts.values()]
    found += [moment for issue in past.issues for moment in of_issue(issue)]
    return tuple(sorted(found, key=lambda each: each.at))
