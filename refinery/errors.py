"""The root of every error refinery raises: the exit code and the stable code of each kind."""

from __future__ import annotations

from refinery.typed import ClassVar

_COMMAND = r"`((?:refinery|git|pip) [^`]+)`|(?:^|: )((?:refinery|git|pip) [^`,;]+)"
_BLANK = r"[<>…]|\[-"  # to be filled in, so nothing that can be run


class RefineryError(Exception):
    """Something was refused or failed: one sentence, and the command to run next.

    Expected results (a conflict, a red check, a lost race that was retried) are values, not errors.
    """

    exit_code: ClassVar[int] = 1
    code: str = "refused"
    """What programs know it by; `refinery.codes` says what it means."""
    usual_hint: ClassVar[str | None] = None
    """What to do next where whoever raises it knows nothing better."""

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.usual_hint
        if code is not None:
            self.code = code

    @property
    def next(self) -> str | None:
        """The command that the hint names, as it can be run."""
        return command_in(self.hint)


class UsageError(RefineryError):
    """The command was called in a way that cannot mean anything."""

    exit_code = 2
    code = "wrong-usage"


class TryAgain(RefineryError):
    """Nothing was changed and the same call may succeed later (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75
    code = "try-again"
    usual_hint = "nothing was changed; the same command may succeed later"


def command_in(hint: str | None) -> str | None:
    """The first command in a hint: in backticks, or at its beginning, or after a colon."""
    import re  # who fails has the time for it

    for quoted, bare in re.findall(_COMMAND, hint or ""):
        command = str(quoted or bare).strip()
        if not re.search(_BLANK, command):
            return command
    return None
