"""Reads what the pages as files show, all of it with one look at the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from refinery.app import Queue
from refinery.config.config import Config
from refinery.page.entries import entry, newest_first
from refinery.page.history_keeping import known
from refinery.page.history_page import Chosen
from refinery.page.history_reading import Chronicle
from refinery.page.history_spans import Span, earliest
from refinery.page.report import Report
from refinery.page.snapshot import Snapshot, snapshot
from refinery.page.story import Past, Story, story
from refinery.queue.explaining import explain
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.events import Happened
from refinery.store.view import Damage
from refinery.typed import TypeVar
from refinery.values import dataclass

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The report, and what could not be read."""

    report: Report
    damage: tuple[Damage, ...]


def gather(queue: Queue, *, most: int) -> Gathered:
    """The report as of now, with the stories of at most so many merge requests.

    Those are the open ones in their order, then what ended last.
    """
    view = queue.whole_view()
    now = snapshot(queue, view)
    chronicle = Chronicle()
    chronicle.read(queue.store, view, earliest(now.at))
    records = {**chronicle.archived, **view.mrs}
    ended = newest_first(entry(mr) for mr in records.values())
    told = [each.mr for each in now.board.line] + [records[each.id] for each in ended]
    report = Report(
        name=now.name,
        at=now.at,
        board=now.board,
        ended=ended,
        stories=tuple(_stories(queue, now, chronicle.events, told[:most])),
        histories=tuple(known(view, chronicle, Chosen(span), now.at) for span in Span),
        forge=now.forge,
    )
    return Gathered(report, (*view.damage, *chronicle.damage))


def _stories(
    queue: Queue, now: Snapshot, events: Sequence[Happened], mrs: Sequence[MergeRequest]
) -> Iterator[Story]:
    view, board = now.view, now.board
    wanted = frozenset(mr.id for mr in mrs)
    happened = _by_mr(((id, each) for each in events for id in each.mrs), wanted)
    tested = _by_mr(
        ((id, each) for each in view.verdicts.values() for id in each.candidate), wanted
    )
    issues = _by_mr(((each.mr, each) for each in _issues(queue, mrs)), wanted)
    waiting = _by_mr(((id, each.id) for each in board.line for id in each.mr.depends_on), wanted)
    for mr in mrs:
        config, line = now.configs.get(mr.target) or Config(), now.lines.get(mr.id)
        place = (line.place.number, line.place.of) if line and line.place else None
        yield story(
            mr,
            explain(view, mr, config, now.at, remote=now.remote, place=place),
            Past(happened[mr.id], tested[mr.id], issues[mr.id]),
            line=line,
            running=board.running,
            dependents=waiting[mr.id],
        )


def _by_mr(
    told: Iterable[tuple[MrId | None, Thing]], wanted: Collection[MrId]
) -> dict[MrId, list[Thing]]:
    found: dict[MrId, list[Thing]] = {id: [] for id in wanted}
    for id, each in told:
        if id in found:
            found[id].append(each)
    return found


def _issues(queue: Queue, mrs: Iterable[MergeRequest]) -> list[Issue]:
    """Those of the embedded tracker; what a forge holds is not asked for."""
    named = [ref for mr in mrs for ref in (mr.blocked_by, mr.was_blocked_by) if ref is not None]
    if not any(ref.startswith("local#") for ref in named):
        return []
    issues = queue.local_tracker().store.read().issues.values()
    return sorted(issues, key=lambda each: each.number)
