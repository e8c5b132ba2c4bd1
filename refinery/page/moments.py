"""The moments of a story: each event, attempt, verdict and issue in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from refinery.looks import ATTEMPTS, ISSUES, RESULTS, Role
from refinery.page.wording import begun, lasting
from refinery.queue.spending import Spending
from refinery.records.issue import Issue
from refinery.records.merge_request import Attempt, AttemptOutcome, MergeRequest
from refinery.records.names import MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.events import Happened
from refinery.values import dataclass

_TOGETHER = timedelta(seconds=90)  # an attempt is written at most so long before its event

_EVENTS: Mapping[str, tuple[str, Role]] = {
    "queued": ("Queued", Role.PLAIN),
    "tested": ("Tested", Role.ACTIVE),
    "merged": ("Landed", Role.GOOD),
    "conflict": ("Conflicts", Role.ATTENTION),
    "resolved": ("Conflict resolved", Role.GOOD),
    "merge_failed": ("Failed", Role.BAD),
    "blocked": ("Blocked", Role.ATTENTION),
    "unblocked": ("Unblocked", Role.GOOD),
    "answered": ("The issue was closed", Role.PLAIN),
    "held": ("Held", Role.ATTENTION),
    "unheld": ("Let go on", Role.PLAIN),
    "hotfix": ("Asks to pass freezes", Role.ATTENTION),
    "hotfix_allowed": ("May pass freezes", Role.ATTENTION),
    "hotfix_revoked": ("Passes no freezes", Role.PLAIN),
    "lapsed": ("Ended by itself", Role.PLAIN),
    "retried": ("To be tried again", Role.PLAIN),
    "rejected": ("Rejected", Role.BAD),
    "prioritised": ("Given another priority", Role.PLAIN),
    "closed": ("Closed", Role.MUTED),
    "proposed": ("Proposed in a pull request", Role.ACTIVE),
    "pushed": ("Pushed", Role.PLAIN),
    "archived": ("Archived", Role.MUTED),
}
_QUIET_WORDS = frozenset({"queued", "merged", "tested", "retried", "unheld"})
"""Events whose title says everything."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened.

    `company` are the others that it happened to, `checks` what each check said, `facts` what else
    is known, `text` somebody's own words.
    """

    at: datetime
    title: str
    role: Role
    by: str = ""
    words: str = ""
    company: tuple[MrId, ...] = ()
    base: Sha | None = None
    commit: Sha | None = None
    facts: tuple[str, ...] = ()
    checks: tuple[CheckReport, ...] = ()
    text: str = ""


def taken(attempts: list[Attempt], event: Happened) -> Attempt | None:
    """The attempt that the event is about, taken out of those that are left to tell."""
    for each in attempts:
        if abs(event.at - each.at) <= _TOGETHER and _fits(each.outcome, event.event):
            attempts.remove(each)
            return each
    return None


def _fits(outcome: AttemptOutcome, event: str) -> bool:
    match outcome:
        case AttemptOutcome.LANDED:
            return event == "merged"
        case AttemptOutcome.CONFLICT:
            return event == "conflict"
        case _:
            return event == "merge_failed"


def told(
    mr: MergeRequest,
    event: Happened,
    spent: Spending,
    attempt: Attempt | None,
    verdict: Verdict | None,
) -> Moment:
    """An event, with the attempt and the verdict behind it."""
    title, role = _EVENTS.get(event.event, (event.event.replace("_", " ").capitalize(), Role.PLAIN))
    if event.event == "tested" and spent.result is not None:
        look = RESULTS[spent.result.value]
        what = "Tested" if spent.members else f"{mr.target} itself"
        title, role = f"{what}: {look.word}", look.role
    if event.event == "merge_failed" and attempt is not None:
        title = begun(ATTEMPTS[attempt.outcome.value].word)
    return Moment(
        at=event.at,
        title=title,
        role=role,
        by=event.worker,
        words=_words(mr, event, attempt),
        company=() if event.event == "queued" else _company(mr, event.mrs),
        base=attempt.base if attempt else None,
        commit=mr.merge_commit if event.event == "merged" else None,
        facts=tuple(_facts(spent)),
        checks=_checks(verdict),
    )


def attempted(mr: MergeRequest, attempt: Attempt) -> Moment:
    """An attempt that no event tells of."""
    look = ATTEMPTS[attempt.outcome.value]
    return Moment(
        at=attempt.at,
        title=begun(look.word),
        role=look.role,
        by=attempt.worker,
        words=attempt.note,
        company=_company(mr, attempt.candidate),
        base=attempt.base,
    )


def judged(mr: MergeRequest, verdict: Verdict) -> Moment:
    """A verdict that no event tells of."""
    look = RESULTS[verdict.result.value]
    return Moment(
        at=verdict.at,
        title=f"{'Tested' if verdict.candidate else mr.target + ' itself'}: {look.word}",
        role=look.role,
        by=verdict.worker,
        company=_company(mr, verdict.candidate),
        base=verdict.base,
        facts=(f"checks took {lasting(verdict.seconds)}",),
        checks=_checks(verdict),
    )


def of_issue(issue: Issue) -> Iterator[Moment]:
    """When it was opened, what was said on it, when it was closed."""
    opened = f"{issue.id} was opened"
    yield Moment(issue.created_at, opened, ISSUES["open"].role, words=issue.title)
    for said in issue.comments:
        yield Moment(said.at, f"Comment on {issue.id}", Role.PLAIN, by=said.author, text=said.body)
    if issue.closed_at is not None:
        yield Moment(issue.closed_at, f"{issue.id} was closed", ISSUES["closed"].role)


def _company(mr: MergeRequest, ids: tuple[MrId, ...]) -> tuple[MrId, ...]:
    return tuple(id for id in ids if id != mr.id)


def _words(mr: MergeRequest, event: Happened, attempt: Attempt | None) -> str:
    """The attempt's, or the event's without what the title or the page says already."""
    if attempt is not None and attempt.note:
        return attempt.note
    if event.event in _QUIET_WORDS:
        return ""
    _, found, after = event.subject.partition(f"{mr.id}")
    return after.lstrip(": ").removeprefix("is ") if found else event.subject


def _facts(spent: Spending) -> Iterator[str]:
    if spent.result is not None:
        yield f"checks took {lasting(spent.seconds)}"
        if spent.runs > 1:
            yield f"run {spent.runs} times"
        if spent.flaky:
            yield "flaky: it failed before it passed"


def _checks(verdict: Verdict | None) -> tuple[CheckReport, ...]:
    """Those that did not pass: they say why."""
    checks = verdict.checks if verdict is not None else ()
    return tuple(each for each in checks if each.verdict is not Result.PASS)
