"""`refinery plan`: what is tested now, what comes next, what waits for what; changes nothing."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.finding import remote_of
from refinery.cli.listing import report_damage, show_title
from refinery.cli.output import folded, plain, print_json, style
from refinery.config.config import Config
from refinery.queue.board import targets_of
from refinery.queue.claiming import under_test
from refinery.queue.order import queue as in_order
from refinery.queue.plan import Idle, next_candidate, waits
from refinery.queue.planning.facts import Candidate as Planned
from refinery.queue.planning.facts import Facts, Profile
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.pick import plan
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.records.times import format_time, span
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.foresight.foresight import Foresight
    from refinery.queue.candidate import Candidate
    from refinery.queue.explaining import Explanation
    from refinery.records.claim import Claim
    from refinery.records.merge_request import MergeRequest
    from refinery.store.view import View

HELP = """\
What is tested now on each target, what the next free workers would take, what waits, and why.
Changes nothing."""
EXAMPLES = """\
  refinery plan
  refinery plan --workers 8             what eight workers would test
  refinery plan --json | jq '.[].members'
"""


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


@dataclass(frozen=True, slots=True)
class _Lane:
    """One target: what is tested, what free workers would take, and all else with its reason."""

    choice: Candidate | Idle
    running: tuple[Claim, ...]
    next: tuple[Planned, ...]
    waiting: tuple[tuple[MergeRequest, Explanation], ...]


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    with open_queue(arguments.rig, pins=True) as queue:
        from refinery.foresight.foresight import Foresight

        view = queue.whole_view()
        report_damage(view)
        now, foresight = queue.now(), Foresight(queue.repo)
        lanes = [
            _lane(queue, view, target, now, foresight, arguments.workers)
            for target in targets_of(view)
        ]
        if arguments.json:
            print_json([_json(lane) for lane in lanes])
            return 0
        show_title(f"🧭 Plan for '{queue.name}':")
        for lane in lanes:
            print("\n".join(_lines(lane, now)))
    return 0


def _lane(
    queue: Queue, view: View, target: Branch, now: datetime, foresight: Foresight, workers: int
) -> _Lane:
    from refinery.queue.explaining import explain

    config, facts = Config(), None
    choice: Candidate | Idle | None = waits(view, target, now=now)
    try:
        config = queue.config(view, target)
        if choice is None:
            facts = _facts(view, target, config, now, foresight, workers)
            choice = next_candidate(target, facts)
    except InvalidRecord as error:
        choice = Idle(target, f"its configuration is broken: {error.message}")
    assert choice is not None
    following = () if facts is None else plan(facts)
    chosen = {id for each in following for id in each.members}
    chosen |= set() if isinstance(choice, Idle) else {*choice.members}
    running = tuple(each for each in under_test(view, now) if each.target == target)
    waiting = [
        (entry.mr, explain(view, entry.mr, config, now, remote=remote_of(queue)))
        for entry in in_order(view, now, config.score)
        if entry.mr.target == target and entry.mr.id not in chosen
    ]
    return _Lane(choice, running, following, tuple(waiting))


def _facts(
    view: View, target: Branch, config: Config, now: datetime, foresight: Foresight, workers: int
) -> Facts:
    at_work = {each.worker for each in under_test(view, now) if each.target == target}
    some, profile = max(workers, len(at_work) + 1), Profile(config.profile)
    try:
        known = foresight.known(view, target, workers=some, profile=profile)
    except (GitError, BadObject):
        known = Known(workers=some, profile=profile)  # then it may show two that conflict
    return facts_of(view, target, config, now, known=known)


def _json(lane: _Lane) -> dict[str, Any]:
    choice = lane.choice
    idle = isinstance(choice, Idle)
    return {
        "target": choice.target,
        "idle": idle,
        "members": [] if isinstance(choice, Idle) else [*choice.members],
        "purpose": None if isinstance(choice, Idle) else choice.purpose.value,
        "why": choice.why,
        "running": [
            {
                "worker": each.worker,
                "members": [*each.candidate],
                "purpose": each.purpose,
                "base": each.base,
                "since": format_time(each.claimed_at),
            }
            for each in lane.running
        ],
        "next": [
            {
                "members": [*each.members],
                "purpose": each.purpose.value,
                "why": each.why,
                "assumed": each.assumed,
            }
            for each in lane.next
        ],
        "waiting": [
            {"id": mr.id, "code": explained.code.value, "words": explained.words}
            for mr, explained in lane.waiting
        ],
    }


def _lines(lane: _Lane, now: datetime) -> list[str]:
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
    for mr, explained in lane.waiting:
        words = f"{mr.id} {plain(mr.branch)}: {plain(explained.words)}"
        lines.append(folded(words, indent=4, hang=2))
    return lines


def _members(target: Branch, members: tuple[str, ...]) -> str:
    return ", ".join(members) or f"{plain(target)} itself"
