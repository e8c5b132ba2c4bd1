"""All that is known of one merge request, or of an issue, as the lines of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from refinery.config.config import Config
from refinery.live.snapshot import Snapshot
from refinery.live.words import ago, clock_to_the_second
from refinery.looks import ATTEMPTS
from refinery.queue.estimate_words import in_full
from refinery.queue.explaining import explain
from refinery.queue.freeze_words import hotfix_words
from refinery.queue.resolving import in_words
from refinery.queue.standing_words import ordinal
from refinery.records.issue import Issue
from refinery.records.merge_request import Attempt, MergeRequest


def story_of(snapshot: Snapshot, mr: MergeRequest, now: datetime) -> list[str]:
    """Where it stands and why, what to do, when it lands, what was tried; then the record."""
    config = snapshot.configs.get(mr.target) or Config()
    told = explain(snapshot.view, mr, config, now, remote=snapshot.remote)
    lines = [mr.title, "", *told.words.split("\n")]
    lines += [f"  | {line}" for line in told.evidence.splitlines()]
    if told.suspects:
        lines.append(f"suspects: {', '.join(told.suspects)}")
    if told.next:
        lines.append(f"next: {told.next}")
    lines += ["", *_fields(_facts(snapshot, mr, now))]
    if mr.attempts:
        lines += ["", "Attempts", *(f"  {_attempt(each)}" for each in mr.attempts)]
    return [_clean(line) for line in lines]


def _facts(snapshot: Snapshot, mr: MergeRequest, now: datetime) -> Iterator[tuple[str, str | None]]:
    line = snapshot.board.of(mr.id)
    if line is not None and line.place is not None:
        yield "Place", f"{ordinal(line.place.number)} of {line.place.of} for {mr.target}"
    if line is not None:
        yield "Lands", in_full(line.estimate)
    yield "Branch", mr.branch
    yield "Target", mr.target
    yield "Head", mr.head
    yield "Worker", mr.worker
    yield "Source issue", mr.source_issue
    yield "Priority", str(mr.priority)
    yield "Submitted", f"{_day(mr.submitted_at)} ({ago(mr.submitted_at, now)} ago)"
    yield "Blocked by", mr.blocked_by
    yield "Conflicts in", ", ".join(mr.block.files) if mr.block else None
    yield "Resolved", in_words(mr.resolution.ways) if mr.resolution else None
    yield "Depends on", ", ".join(mr.depends_on)
    yield "Unit", mr.unit
    yield "Held", f"by {mr.hold.by}: {mr.hold.reason}" if mr.hold else None
    yield "Labels", ", ".join(mr.labels)
    yield "Hotfix", hotfix_words(mr)
    yield "Landed as", mr.merge_commit
    if mr.landing is not None:
        yield "Tested with", ", ".join(each for each in mr.landing.candidate if each != mr.id)
    yield "Retries", str(mr.retry_count) if mr.retry_count else None


def _attempt(attempt: Attempt) -> str:
    base = f" on {attempt.base[:12]}" if attempt.base else ""
    note = f": {attempt.note}" if attempt.note else ""
    return f"{_day(attempt.at)} {ATTEMPTS[attempt.outcome].word}{base}{note} ({attempt.worker})"


def story_of_issue(issue: Issue) -> list[str]:
    """State and title, the text, what was said since."""
    facts = [("State", issue.state.value), ("Opened", _day(issue.created_at)), ("Blocks", issue.mr)]
    lines = [issue.title, "", *_fields(facts), "", *issue.body.splitlines()]
    for comment in issue.comments:
        lines += ["", f"{comment.author}, {_day(comment.at)}:", *comment.body.splitlines()]
    return [_clean(line) for line in lines]


def _fields(facts: Iterable[tuple[str, str | None]]) -> list[str]:
    return [f"{title + ':':<14}{value}" for title, value in facts if value]


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d} {clock_to_the_second(at)}"


def _clean(line: str) -> str:
    return "".join(each if each.isprintable() else " " for each in line)
