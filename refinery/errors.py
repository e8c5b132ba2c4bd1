"""The root of every error refinery raises, and the exit code each kind stands for."""

from __future__ import annotations

from typing import ClassVar


class RefineryError(Exception):
    """Something was refused or failed: one sentence, and the command to run next.

    Expected results (a conflict, a red check, a lost race that was retried) are values, not errors.
    """

    exit_code: ClassVar[int] = 1
    usual_hint: ClassVar[str | None] = None
    """What to do next where whoever raises it knows nothing better."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.usual_hint


class UsageError(RefineryError):
    """The command was called in a way that cannot mean anything."""

    exit_code = 2


class TryAgain(RefineryError):
    """Nothing was changed and the same call may succeed later (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75
    usual_hint = "nothing was changed; the same command may succeed later"
