"""Says that a command failed: in words on stderr, and with --json as one document on stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from refinery.answers.error import error_document, next_command
from refinery.cli.output import plain, print_json, style
from refinery.errors import RefineryError


class Interrupted(RefineryError):
    """Somebody pressed ^C."""

    code = "interrupted"
    exit_code = 130


def fail(error: RefineryError, arguments: Sequence[str]) -> int:
    """Say it; the exit code."""
    again = _as_typed(arguments)
    hint = error.hint or f"`{next_command(error, again=again)}`"
    sys.stdout.flush()
    from refinery.repo.masking import masked  # a message may quote an address that was typed

    print(
        f"{style('error:', 'bold', 'red', stream=sys.stderr)} {plain(masked(error.message))}",
        file=sys.stderr,
    )
    print(f"{style('hint:', 'cyan', stream=sys.stderr)} {plain(masked(hint))}", file=sys.stderr)
    answer(error, arguments)
    return error.exit_code


def answer(error: RefineryError, arguments: Sequence[str]) -> None:
    """The document, where programs asked for one."""
    if wants_json(arguments):
        print_json(error_document(error, again=_as_typed(arguments)))


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether the answer has to be a document, however the rest of the arguments is to be read."""
    words = list(arguments)
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def _as_typed(arguments: Sequence[str]) -> str:
    """The call, as it can be repeated; a password in an address is not."""
    from shlex import join

    from refinery.repo.masking import masked

    return masked(join(["refinery", *arguments]))
