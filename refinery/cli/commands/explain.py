"""`refinery explain`: what a code means, why it comes, and what to run next."""

from __future__ import annotations

import argparse

from refinery.cli.command import add_json
from refinery.cli.output import folded, print_json, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refinery.codes.meaning import Meaning

HELP = """\
What one of the stable codes in answers and errors means, why it comes, and what to run next.
Without a code, all of them."""
EXAMPLES = """\
  refinery explain                      every code, by where it stands in answers
  refinery explain blocked-by-issue
  refinery explain tests_fail
  refinery explain contention --json | jq -r '.[].next'
"""

_WIDTH = 26


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `explain`."""
    parser.add_argument("code", nargs="?", help="a code, as `why` or an error shows it")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain it."""
    from refinery.answers.explained import document, meanings

    found = meanings(arguments.code)
    if arguments.json:
        print_json(document(found))
    else:
        print("\n".join(_list(found) if arguments.code is None else _each(found)))
    return 0


def _each(found: Iterable[Meaning]) -> list[str]:
    """A paragraph for each kind that has the code."""
    from refinery.codes.meaning import WHERE

    lines: list[str] = []
    for each in found:
        lines += [""] if lines else []
        lines.append(f"{style(each.code, 'bold')} ({WHERE[each.kind].replace('`', '')})")
        lines.append(folded(each.means, indent=2))
        lines.append(folded(f"why: {each.why}", indent=2))
        if each.next is not None:
            lines.append(f"  next: {style(each.next, 'cyan')}")
    return lines


def _list(found: Iterable[Meaning]) -> list[str]:
    """A line for each, below its kind."""
    from itertools import groupby

    from refinery.codes.meaning import WHERE

    lines: list[str] = []
    for kind, group in groupby(found, key=lambda each: each.kind):
        lines += ["", style(WHERE[kind].replace("`", ""), "bold")]
        lines += [
            folded(f"{each.code:<{_WIDTH}}{each.means}", indent=2, hang=_WIDTH) for each in group
        ]
    return lines[1:]
