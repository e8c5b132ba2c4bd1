"""`refinery why`: what one merge request waits for, what failed, and what to do."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.estimated import rows_of_estimate
from refinery.cli.listing import warn
from refinery.cli.output import folded, plain, print_json, style
from refinery.cli.rows import bracketed
from refinery.queue.standing import standing
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.queue.explaining import Explanation

HELP = """\
What one merge request waits for, what failed, when it is expected to land, and the command to run
next."""
EXAMPLES = """\
  refinery why                          of the branch you are on
  refinery why mr-0a1b
  refinery why mr-0a1b --json | jq -r .code
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `why`."""
    add_mr(parser)
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain it."""
    from refinery.answers.why import document, why

    with open_queue(arguments.rig) as queue:
        found = why(queue, arguments.id, say=warn)
    if arguments.json:
        print_json(document(found))
        return 0
    asked = found.asked
    mr, stands = asked.mr, standing(asked.view, asked.mr, asked.now)
    print(f"{style(mr.id, 'bold')} {bracketed(mr, stands)} {plain(mr.title)}")
    rows = rows_of_estimate(mr, found.place, found.estimate)[1:]
    print("\n".join(lines(found.explained, *rows)))
    return 0


def lines(explained: Explanation, *more: tuple[str, str | None]) -> list[str]:
    """The explanation for people, with more of what is known."""
    shown = [folded(plain(explained.words), indent=2)]
    shown += [f"    {style('|', 'dim')} {line}" for line in plain(explained.evidence).splitlines()]
    if explained.suspect:
        shown.append(f"  suspect: {explained.suspect}")
    if explained.suspects:
        shown.append(f"  suspects: {', '.join(explained.suspects)}")
    shown += [folded(f"{title.lower()}: {plain(said)}", indent=2) for title, said in more if said]
    if explained.next:
        shown.append(f"  next: {style(plain(explained.next), 'cyan')}")
    return shown
