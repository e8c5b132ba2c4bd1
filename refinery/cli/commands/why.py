"""`refinery why`: what one merge request waits for, what failed, and what to do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from refinery.app import open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.finding import find, remote_of, with_target
from refinery.cli.listing import config_for_viewing, report_damage
from refinery.cli.output import folded, plain, print_json, style
from refinery.cli.rows import bracketed
from refinery.queue.standing import standing

if TYPE_CHECKING:
    from refinery.queue.explaining import Explanation
    from refinery.records.merge_request import MergeRequest

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
    from refinery.cli.estimated import json_of_estimate, rows_of_estimate
    from refinery.queue.board import placed
    from refinery.queue.explaining import explain

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        report_damage(view)
        mr = find(queue, view, arguments.id)
        view = with_target(queue, view, mr)
        now = queue.now()
        config = config_for_viewing(queue, view, mr.target)
        explained = explain(view, mr, config, now, remote=remote_of(queue))
        place, estimate = placed(view, mr, config, now)
        if arguments.json:
            print_json(json_of_explanation(mr, explained) | json_of_estimate(place, estimate))
        else:
            word = bracketed(mr, standing(view, mr, now))
            print(f"{style(mr.id, 'bold')} {word} {plain(mr.title)}")
            print("\n".join(lines(explained, *rows_of_estimate(mr, place, estimate)[1:])))
    return 0


def json_of_explanation(mr: MergeRequest, explained: Explanation) -> dict[str, Any]:
    """The explanation with its stable code."""
    return {
        "id": mr.id,
        "code": explained.code.value,
        "close_reason": mr.close_reason.value if mr.close_reason else None,
        "failure": mr.failure.type.value if mr.failure and not mr.closed else None,
        "words": explained.words,
        "evidence": explained.evidence,
        "suspect": explained.suspect,
        "suspects": [*explained.suspects],
        "files": [*explained.files],
        "waits_for": explained.waits_for,
        "next": explained.next,
    }


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
