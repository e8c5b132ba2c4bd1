"""A refusal as programs see it: its stable code, the words, and the command to run next."""

from __future__ import annotations

from refinery.codes.catalogue import usual_next
from refinery.errors import RefineryError, TryAgain, UsageError
from refinery.typed import Any


def error_document(error: RefineryError, *, again: str | None = None) -> dict[str, Any]:
    """The one key `error`; `again` is the call that was refused, where it can be repeated."""
    from refinery.repo.masking import masked

    return {
        "error": {
            "code": error.code,
            "message": masked(error.message),
            "hint": masked(error.hint) if error.hint else error.hint,
            "next": next_command(error, again=again),
            "exit_code": error.exit_code,
        }
    }


def next_command(error: RefineryError, *, again: str | None = None) -> str:
    """What to run next: as whoever refused said, else what is usual after such a refusal."""
    if error.next is not None:
        return error.next
    if isinstance(error, UsageError):
        return f"{' '.join((again or 'refinery').split()[:2])} --help"
    if isinstance(error, TryAgain) and again is not None:
        return again
    return usual_next(error.code) or f"refinery explain {error.code}"
