"""Reasons that people must give: as an option, or read from standard input."""

from __future__ import annotations

import argparse
import sys

from refinery.errors import UsageError


def add_reason(parser: argparse.ArgumentParser) -> None:
    """`--reason TEXT`, or `--reason -` for standard input."""
    parser.add_argument(
        "-r", "--reason", required=True, metavar="TEXT", help="why; - reads standard input"
    )


def given_reason(text: str) -> str:
    """The reason as one line."""
    from refinery.queue.deeds import LONGEST_REASON

    told = sys.stdin.read() if text == "-" else text
    reason = " ".join(told.split())
    if not reason:
        raise UsageError("the reason is empty", hint="say why: --reason 'text'")
    clean = "".join(letter if letter.isprintable() else " " for letter in reason)
    return clean[:LONGEST_REASON]
