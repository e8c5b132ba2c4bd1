"""`refinery plan`: what would be tested next, and what waits for what; changes nothing."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.finding import remote_of
from refinery.cli.listing import report_damage, show_title
from refinery.cli.output import plain, print_json, style
from refinery.config.config import Config
from refinery.queue.order import queue as in_order
from refinery.queue.plan import Idle, next_candidate
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.queue.candidate import Candidate
    from refinery.queue.explaining import Explanation
    from refinery.records.merge_request import MergeRequest
    from refinery.store.view import View

HELP = "What would be tested next on each target, what waits, and why. Changes nothing."
EXAMPLES = """\
  refinery plan
  refinery plan --json | jq '.[].members'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `plan`."""
    add_rig(parser)
    add_json(parser)


@dataclass(frozen=True, slots=True)
class _Lane:
    """One target: what a free worker would take, and everything else with its reason."""

    choice: Candidate | Idle
    waiting: tuple[tuple[MergeRequest, Explanation], ...]


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    with open_queue(arguments.rig) as queue:
        view = _with_all_targets(queue)
        report_damage(view)
        now = queue.now()
        lanes = [_lane(queue, view, target, now) for target in _targets(view)]
        if arguments.json:
            print_json([_json(lane) for lane in lanes])
            return 0
        show_title(f"🧭 Plan for '{queue.name}':")
        for lane in lanes:
            print("\n".join(_lines(lane)))
    return 0


def _with_all_targets(queue: Queue) -> View:
    view = queue.view()
    new = {*_targets(view)} - queue.store.targets
    if not new:
        return view
    queue.store.targets |= new
    return queue.view()


def _targets(view: View) -> list[Branch]:
    """The default target, then those that live merge requests name."""
    named = sorted({mr.target for mr in view.mrs.values() if not mr.closed})
    return list(dict.fromkeys([view.header.default_target, *named]))


def _lane(queue: Queue, view: View, target: Branch, now: datetime) -> _Lane:
    from refinery.queue.explaining import explain

    try:
        config = queue.config(view, target)
        choice = next_candidate(view, target, config, now)
    except InvalidRecord as error:
        config, choice = Config(), Idle(target, f"its configuration is broken: {error.message}")
    chosen = () if isinstance(choice, Idle) else choice.members
    waiting = [
        (entry.mr, explain(view, entry.mr, config, now, remote=remote_of(queue)))
        for entry in in_order(view, now, config.score)
        if entry.mr.target == target and entry.mr.id not in chosen
    ]
    return _Lane(choice, tuple(waiting))


def _json(lane: _Lane) -> dict[str, Any]:
    return {
        "target": lane.choice.target,
        "idle": isinstance(lane.choice, Idle),
        "members": [] if isinstance(lane.choice, Idle) else [*lane.choice.members],
        "why": lane.choice.why,
        "waiting": [
            {"id": mr.id, "code": explained.code.value, "words": explained.words}
            for mr, explained in lane.waiting
        ],
    }


def _lines(lane: _Lane) -> list[str]:
    choice = lane.choice
    if isinstance(choice, Idle):
        what = "nothing to test"
    else:
        what = f"test {', '.join(choice.members) or plain(choice.target) + ' itself'}"
    lines = [f"  {style(plain(choice.target), 'bold')}: {what} ({plain(choice.why)})"]
    for mr, explained in lane.waiting:
        lines.append(f"    {mr.id} {plain(mr.branch)}: {plain(explained.words)}")
    return lines
