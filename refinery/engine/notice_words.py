"""The messages that channels get: plain text, and pure functions of facts."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.config.config import Topic
from refinery.records.fitting import in_a_line
from refinery.records.header import Standstill, Stillness
from refinery.records.merge_request import AttemptOutcome, MergeRequest
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: its title, and the rest."""

    title: str
    body: str


LISTED = 50
_SHOWN_OF_FAILURE = 12  # lines
_HEADINGS = {
    Topic.MERGED: "Landed",
    Topic.CONFLICT: "Conflict",
    Topic.FAILED: "Needs rework",
    Topic.REJECTED: "Rejected",
}


def notice(about: str, mr: MergeRequest) -> Notice:
    """What a channel is told of one merge request."""
    title = f"{_heading(about)}: {_unmentioning(in_a_line(mr.title))}"
    return Notice(title[:200], f"{_sentences(about, mr)}\n\n{_signature(mr)}")


def _heading(about: str) -> str:
    return _HEADINGS.get(Topic(about), about) if about in set(Topic) else about


def _sentences(about: str, mr: MergeRequest) -> str:
    branch, target = _unmentioning(mr.branch), _unmentioning(mr.target)
    if about == Topic.MERGED:
        commit = f" as {mr.merge_commit[:12]}" if mr.merge_commit else ""
        return f"{branch} landed on {target}{commit}."
    if about == Topic.CONFLICT:
        return f"{branch} does not merge into {target}: {_where(mr)}.{_blocked(mr)}"
    if about == Topic.FAILED:
        return f"{branch} did not pass for {target}.\n\n{_failure(mr)}"
    return f"{branch} will not land on {target}: {_unmentioning(in_a_line(mr.error or ''))}"


def _where(mr: MergeRequest) -> str:
    """The files of its conflict; those of its last one, where it goes on by now."""
    if mr.block is not None:
        shown = ", ".join(mr.block.files[:10]) or "no common history"
        more = len(mr.block.files) - 10
        return _unmentioning(f"{shown} and {more} more" if more > 0 else shown)
    notes = [each.note for each in mr.attempts if each.outcome is AttemptOutcome.CONFLICT]
    return _unmentioning(notes[-1]) if notes and notes[-1] else "conflicting changes"


def _blocked(mr: MergeRequest) -> str:
    if mr.closed or mr.block is None:
        return " That is over."
    issue = f"Issue {mr.blocked_by}" if mr.blocked_by else "Its issue"
    return f" {issue} blocks it: push a new revision and close the issue."


def _failure(mr: MergeRequest) -> str:
    """What failed; after a new start, what the last attempt that failed says of it."""
    if mr.failure is not None:
        lines = [in_a_line(line)[:300] for line in mr.failure.message.splitlines()]
        return _unmentioning("\n".join(lines[:_SHOWN_OF_FAILURE]))
    notes = [each.note for each in mr.attempts if each.note]
    return _unmentioning(notes[-1]) if notes else "It is tried again by now."


def _signature(mr: MergeRequest) -> str:
    source = f", for {mr.source_issue}" if mr.source_issue else ""
    return _unmentioning(f"{mr.id} by {mr.worker}{source}. More: refinery why {mr.id}")


def digest(about: str, mrs: Sequence[MergeRequest]) -> Notice:
    """Many of one kind as one message: a channel is no log."""
    rows = [
        _unmentioning(f"- {mr.id} {mr.branch}: {in_a_line(mr.title)[:120]}") for mr in mrs[:LISTED]
    ]
    rows += [f"- and {len(mrs) - LISTED} more"] if len(mrs) > LISTED else []
    return Notice(f"{_heading(about)}: {len(mrs)} merge requests", "\n".join(rows))


def standstill(still: Standstill) -> Notice:
    """What a channel is told of a queue that stands still, or goes on again."""
    target = _unmentioning(still.target)
    if still.why is Stillness.MOVING:
        return Notice(f"The queue for {target} goes on again", f"It stood still: {still.words}.")
    words = _unmentioning(still.words)
    advice = {
        Stillness.RED: "Nobody is blamed: what repairs it can be queued, and is tried by itself.",
        Stillness.BROKEN_CONFIG: "Repair .refinery.yaml by a push to the target.",
        Stillness.WAITING: "Ask: refinery status, refinery doctor",
    }[still.why]
    since = f"{still.since:%Y-%m-%d %H:%M} UTC"
    return Notice(
        f"The queue for {target} is stuck", f"{words.rstrip('.')}.\nSince {since}. {advice}"
    )


def perhaps_again(notice: Notice) -> Notice:
    """A message that was tried before: nobody knows whether it came through."""
    return Notice(
        notice.title,
        f"{notice.body}\n\n(You may have this already: it was tried before without an answer.)",
    )


def _unmentioning(text: str) -> str:
    """Text from outside that alarms nobody: services take @name and <!here> for calls."""
    text = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    return text.replace("@", "@\N{WORD JOINER}").replace("<", "<\N{WORD JOINER}")
