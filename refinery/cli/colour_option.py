"""`--color auto|always|never`, which every command takes wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refinery.cli import output
from refinery.errors import UsageError

OPTION = "--color"
CHOICES = {"auto": None, "always": True, "never": False}


def taken_out(arguments: Sequence[str]) -> list[str]:
    """The arguments without it; what is coloured from now on is as it said."""
    return list(_others(iter(arguments)))


def _others(arguments: Iterator[str]) -> Iterator[str]:
    for each in arguments:
        if each == "--":
            yield each
            yield from arguments
        elif each == OPTION:
            _obey(next(arguments, ""))
        elif each.startswith(f"{OPTION}="):
            _obey(each.removeprefix(f"{OPTION}="))
        else:
            yield each


def _obey(when: str) -> None:
    if when not in CHOICES:
        raise UsageError(
            f"--color: {when!r} is none of {', '.join(CHOICES)}",
            hint="`refinery --color=never queue` shows it without colour",
        )
    output.colour_asked = CHOICES[when]
