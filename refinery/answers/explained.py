"""Answers with what a code means."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.codes.catalogue import ALL, find
from refinery.codes.meaning import WHERE, Meaning
from refinery.errors import UsageError
from refinery.typed import Any


def meanings(code: str | None) -> tuple[Meaning, ...]:
    """What a code means, once for each kind that has it; without one, all of them."""
    if code is None:
        return ALL
    found = find(code)
    if not found:
        raise UsageError(
            f"there is no code {code!r}",
            hint=_close(code) or "`refinery explain` lists them",
            code="no-such-code",
        )
    return found


def document(found: Iterable[Meaning]) -> list[dict[str, Any]]:
    """The answer of `explain`."""
    return [
        {
            "kind": each.kind.value,
            "code": each.code,
            "means": each.means,
            "why": each.why,
            "next": each.next,
            "where": WHERE[each.kind].replace("`", ""),
        }
        for each in found
    ]


def _close(code: str) -> str | None:
    """The code that was probably meant; one that begins with the same letter counts more."""
    from difflib import get_close_matches

    found = get_close_matches(code.lower(), sorted({each.code for each in ALL}))
    close = sorted(found, key=lambda each: each[:1] != code[:1])
    return f"did you mean `refinery explain {close[0]}`?" if close else None
