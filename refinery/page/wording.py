"""What templates say things with: lengths of time, short names, and text that cannot harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from refinery.looks import ENDINGS, HEALTH, ISSUES, RESULTS, Look, Role, of_merge_request
from refinery.page.signs import drawing
from refinery.queue.freeze_words import coming_words, hotfix_words, why_frozen
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.times import format_time
from refinery.typed import Any

# Control characters, and those that make a line read differently from what it says.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
_OPEN = Look("open", "○", "o", Role.PLAIN)
_TEXT_SIGN = "\N{VARIATION SELECTOR-15}"  # else some signs come as coloured pictures


def clean(value: Any) -> Any:
    """Whatever a template writes: None is nothing, and no character does more than show."""
    if value is None:
        return ""
    if isinstance(value, str):
        if hasattr(value, "__html__"):
            return value
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return value


def begun(words: str) -> str:
    """The words with a capital letter, as a line begins."""
    return f"{words[:1].upper()}{words[1:]}"


def short(sha: str | None) -> str:
    """A commit as people say it."""
    return (sha or "")[:10]


def lasting(seconds: float | None) -> str:
    """A length of time in at most two units."""
    if seconds is None:
        return "unknown"
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    hours = round(minutes / 60)
    return f"{hours // 24} d" + (f" {hours % 24} h" if hours % 24 else "")


def rough(seconds: float | None) -> str:
    """A length of time in its largest unit, as `5 min`."""
    if seconds is None:
        return "unknown"
    whole = max(0.0, seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= size * 0.95:
            return f"{round(whole / size)} {unit}"
    return f"{round(whole)} s"


def since(at: datetime, now: datetime) -> str:
    """How long ago."""
    seconds = (now - at).total_seconds()
    return "just now" if seconds < 5 else f"{rough(seconds)} ago"


def exact(at: datetime) -> str:
    """An instant for people, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def clock(at: datetime, now: datetime) -> str:
    """The time of day in UTC, with the day where it is not today."""
    day = "" if at.astimezone(UTC).date() == now.astimezone(UTC).date() else "%a "
    return at.astimezone(UTC).strftime(f"{day}%H:%M UTC")


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 merge request`, `2,000 merge requests`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def look_of(mr: MergeRequest, code: str) -> Any:
    """The look of where it stands or how it ended."""
    return of_merge_request(code, mr.close_reason.value if mr.close_reason else None)


def ending(reason: CloseReason | None) -> Any:
    """The look of how one ended, or that it is open."""
    return _OPEN if reason is None else ENDINGS[reason.value]


def sign(look: Any) -> str:
    """Its sign, never as a coloured picture."""
    return f"{look.sign}{_TEXT_SIGN}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "short": short,
    "lasting": lasting,
    "rough": rough,
    "since": since,
    "clock": clock,
    "exact": exact,
    "iso": format_time,
    "counted": counted,
    "sign": sign,
    "drawing": drawing,
    "why_frozen": why_frozen,
    "coming_words": coming_words,
    "hotfix_words": hotfix_words,
}
GLOBALS: Mapping[str, Any] = {
    "look_of": look_of,
    "ending": ending,
    "RESULTS": RESULTS,
    "HEALTH": HEALTH,
    "ISSUES": ISSUES,
}
