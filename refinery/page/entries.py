"""Merge requests as lists show them: enough to find one by, for all that there ever were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of a merge request; `base` and `commit` are those of its landing."""

    id: MrId
    branch: Branch
    target: Branch
    title: str
    worker: str
    head: Sha
    source_issue: str | None
    submitted_at: datetime
    closed_at: datetime | None
    close_reason: CloseReason | None
    base: Sha | None
    commit: Sha | None

    @property
    def waited_seconds(self) -> float:
        """From its submission until it ended."""
        if self.closed_at is None:
            return 0.0
        return max(0.0, (self.closed_at - self.submitted_at).total_seconds())


def entry(mr: MergeRequest) -> Entry:
    """The row of a record."""
    return Entry(
        id=mr.id,
        branch=mr.branch,
        target=mr.target,
        title=mr.title,
        worker=mr.worker,
        head=mr.head,
        source_issue=mr.source_issue,
        submitted_at=mr.submitted_at,
        closed_at=mr.closed_at,
        close_reason=mr.close_reason,
        base=mr.landing.base if mr.landing else None,
        commit=mr.merge_commit,
    )


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Those that have ended, the last one first."""
    ended = [each for each in entries if each.closed_at is not None]
    return sorted(ended, key=lambda each: (each.closed_at, each.id), reverse=True)


def found(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Those that a text is about: by id or branch first, then by any part of what they say."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    ranked = ((_rank(each, wanted), each) for each in entries)
    hits = [(rank, each) for rank, each in ranked if rank is not None]
    hits.sort(key=lambda pair: pair[1].submitted_at, reverse=True)
    hits.sort(key=lambda pair: pair[0])
    return [each for _, each in hits]


def exact(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Those whose id, with or without its first letters, or branch it is."""
    return [each for each in entries if text in (each.id, each.id.removeprefix("mr-"), each.branch)]


def _rank(each: Entry, wanted: str) -> int | None:
    """How well it fits, 0 best; None where it does not."""
    if wanted in (each.id, each.id.removeprefix("mr-"), each.branch.casefold()):
        return 0
    if each.id.startswith(wanted) or each.id.removeprefix("mr-").startswith(wanted):
        return 1
    if len(wanted) >= 4 and (
        each.head.startswith(wanted) or (each.commit or "").startswith(wanted)
    ):
        return 1
    if wanted in each.branch.casefold():
        return 2
    words = (each.title, each.worker, each.source_issue or "")
    return 3 if any(wanted in word.casefold() for word in words) else None
