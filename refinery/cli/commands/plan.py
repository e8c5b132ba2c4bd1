"""`refinery plan`: what is tested now, what comes next, what waits for what; changes nothing."""

from __future__ import annotations

import argparse
from datetime import datetime

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import show_title, warn
from refinery.cli.output import folded, plain, print_json, style
from refinery.queue.plan import Idle
from refinery.records.names import Branch
from refinery.records.times import span
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.answers.planned import Lane

HELP = """\
What is tested now on each target, what the next free workers would take, what waits, and why.
Changes nothing."""
EXAMPLES = """\
  refinery plan
  refinery plan --workers 8             what eight workers would test
  refinery plan --json | jq '.[].members'
"""

_SHOWN_TURNS = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `plan`."""
    add_rig(parser)
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        default=1,
        help="for so many workers altogether, those at work included (default: those and one more)",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.answers.planned import document, lanes

    with open_queue(arguments.rig, pins=True) as queue:
        found = lanes(queue, workers=arguments.workers, say=warn)
        if arguments.json:
            print_json(document(found))
            return 0
        show_title(f"🧭 Plan for '{queue.name}':")
        for lane in found:
            print("\n".join(_lines(lane, queue.now())))
    return 0


def _lines(lane: Lane, now: datetime) -> list[str]:
    choice = lane.choice
    if isinstance(choice, Idle):
        what = "nothing to test"
    elif choice.has_passed:
        what = f"land {', '.join(choice.members)}"
    else:
        what = f"test {_members(choice.target, choice.members)}"
    lines = [f"  {style(plain(choice.target), 'bold')}: {what} ({plain(choice.why)})"]
    for claim in lane.running:
        since = span((now - claim.claimed_at).total_seconds())
        members = _members(claim.target, claim.candidate)
        words = f"{plain(claim.worker)} has been testing {members} for {since}"
        lines.append(folded(words, indent=4, hang=2))
    for each in lane.next[1:]:
        words = f"then test {_members(choice.target, each.members)} ({plain(each.why)})"
        lines.append(folded(words, indent=4, hang=2))
    lines += [folded(words, indent=4, hang=2) for words in _brought_forward(lane)]
    for mr, explained in lane.waiting:
        words = f"{mr.id} {plain(mr.branch)}: {plain(explained.words)}"
        lines.append(folded(words, indent=4, hang=2))
    return lines


def _brought_forward(lane: Lane) -> list[str]:
    """Of those that are next, whom taking turns brought there; the others say so themselves."""
    chosen = {id for each in lane.next for id in each.members}
    turns = [(turn.up, id, turn) for id, turn in lane.turns.items() if id in chosen]
    most = sorted((each for each in turns if each[0] > each[2].down), key=lambda each: each[:2])[
        ::-1
    ]
    return [f"{id}: {plain(turn.words)}" for _, id, turn in most[:_SHOWN_TURNS]]


def _members(target: Branch, members: tuple[str, ...]) -> str:
    return ", ".join(members) or f"{plain(target)} itself"
