"""Marks the files that were generated, so that what people changed in one is never written over."""

from __future__ import annotations

import hashlib
import re
from enum import Enum

from refinery.values import dataclass

_STAMP = re.compile(
    r"^# Made by: refinery init(?P<options>[^\n(]*)"
    r" \(content (?P<digest>[0-9a-f]{16})\)[^\n]*\n"
)
_WORKERS = re.compile(r"--workers (\d{1,3})\b")


class Standing(Enum):
    """What a file is to the one that would be generated now."""

    CURRENT = "current"
    OLDER = "older"
    EDITED = "edited"
    """Changed by a person since this very text was generated."""
    EDITED_OLDER = "edited, older"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Options:
    """What a workflow was made with; None: nobody has said."""

    workers: int | None = None
    two_jobs: bool | None = None


def stamped(text: str, command: str) -> str:
    """The text below a line that says what made it and what it was."""
    made = f"# Made by: refinery init {command} (content {_digest(text)})"
    return f"{made}; run that again to renew it.\n{text}"


def standing(found: str, wanted: str) -> Standing:
    """How a file that was found compares to what `stamped` makes now."""
    found, wanted = _plain(found), _plain(wanted)
    stamp, now = _STAMP.match(found), _STAMP.match(wanted)
    assert now is not None, "the wanted text is stamped"
    if found == wanted:
        return Standing.CURRENT
    if stamp is None:
        return Standing.FOREIGN
    if stamp["digest"] == _digest(found[stamp.end() :]):
        return Standing.OLDER
    return Standing.EDITED if stamp["digest"] == now["digest"] else Standing.EDITED_OLDER


def options_of(found: str) -> Options:
    """The options a file was made with, so that renewing it keeps them."""
    stamp = _STAMP.match(_plain(found))
    if stamp is None:
        return Options()
    workers = _WORKERS.search(stamp["options"])
    return Options(int(workers[1]) if workers else None, "--two-jobs" in stamp["options"])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
