"""What people are told of freezes: the same words on every screen, times as clocks show them."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.freezing import Frozen
from refinery.records.header import Cause, Freeze
from refinery.records.merge_request import MergeRequest


def told_time(moment: datetime, zone: str) -> str:
    """Mon 2026-11-30 08:00 CET."""
    from refinery.config.windows import on_the_wall

    return f"{on_the_wall(moment, zone):%a %Y-%m-%d %H:%M %Z}"


def why_frozen(frozen: Frozen) -> str:
    """Why the target takes nothing, and until when, for who has its name before them."""
    freeze = frozen.freeze
    until = f" until {told_time(frozen.until, frozen.zone)}" if frozen.until else ""
    if freeze is None:
        words = f"frozen{until} by the window {frozen.window!r}"
    elif freeze.cause is Cause.ORDERED:
        words = f"frozen{until} by {freeze.by}"
    elif freeze.cause is Cause.ISSUE:
        words = f"closed by {freeze.issue}"
    else:
        words = "closed, for all that is known"
    return f"{words}: {frozen.reason}" if frozen.reason else words


def frozen_words(frozen: Frozen) -> str:
    """The same with the target's name."""
    return f"{frozen.target} is {why_frozen(frozen)}"


def for_one(frozen: Frozen, mr: MergeRequest) -> str:
    """The same, to the author of one that waits for its end."""
    words = frozen_words(frozen)
    return f"{words} (a hotfix that nobody has allowed)" if mr.hotfix is not None else words


def hotfix_words(mr: MergeRequest) -> str | None:
    """Why it cannot wait, and who lets it pass, if it is a hotfix."""
    if mr.hotfix is None:
        return None
    allowed = mr.hotfix.allowed
    by = f"allowed by {allowed.by}: {allowed.reason}" if allowed else "allowed by nobody"
    return f"{mr.hotfix.reason} ({by})"


def coming_words(coming: Frozen) -> str:
    """What freezes a target next."""
    assert coming.until is not None
    reason = f": {coming.reason}" if coming.reason else ""
    when = told_time(coming.until, coming.zone)
    return f"freezes {when} by the window {coming.window!r}{reason}"


def way_out(frozen: Frozen) -> str | None:
    """The command that ends it now; None where only time or somebody elsewhere does."""
    freeze = frozen.freeze
    if freeze is None:
        return f"refinery thaw {quoted(frozen.target)}"
    if freeze.cause is Cause.ORDERED:
        return f"refinery thaw {quoted(freeze.target)}"
    return _issue_command(freeze)


def quoted(pattern: str) -> str:
    """As a shell takes it."""
    from shlex import quote

    return quote(pattern)


def _issue_command(freeze: Freeze) -> str | None:
    tracker, _, number = (freeze.issue or "").partition("#")
    return f"refinery issue close {number}" if tracker == "local" else None


def next_step(frozen: Frozen, mr: MergeRequest) -> str:
    """What to run: a hotfix is let pass, an order taken back; else one waits."""
    if mr.hotfix is not None:
        return f"refinery hotfix allow {mr.id} --reason {quoted(mr.hotfix.reason)}"
    if frozen.until is None:
        return way_out(frozen) or f"refinery wait {mr.id}"
    return f"refinery wait {mr.id}"


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]
