"""Answers with what is tested now on each target, what comes next, and what waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.answers.asking import Say, report
from refinery.answers.finding import remote_of
from refinery.app import Queue
from refinery.config.config import Config
from refinery.foresight.foresight import Foresight
from refinery.queue.board import targets_of
from refinery.queue.candidate import Candidate
from refinery.queue.claiming import under_test
from refinery.queue.explaining import Explanation, explain
from refinery.queue.order import line_for
from refinery.queue.plan import Idle, line_up, next_candidate, waits
from refinery.queue.planning.facts import Candidate as Planned
from refinery.queue.planning.facts import Facts, Profile
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.taking_turns import Turn, turns_of
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.schema import InvalidRecord
from refinery.records.times import format_time
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.store.view import View
from refinery.typed import Any
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Lane:
    """One target: what is tested, what free workers would take, and all else with its reason.

    `turns` are those that taking turns brings forward or back.
    """

    choice: Candidate | Idle
    running: tuple[Claim, ...]
    next: tuple[Planned, ...]
    waiting: tuple[tuple[MergeRequest, Explanation], ...]
    turns: Mapping[MrId, Turn] = field(default_factory=dict)


def lanes(queue: Queue, *, workers: int, say: Say) -> list[Lane]:
    """One for each target; the queue has to be opened with its pins."""
    view = queue.whole_view()
    report(view.damage, say=say)
    now, foresight = queue.now(), Foresight(queue.repo)
    return [_lane(queue, view, target, now, foresight, workers) for target in targets_of(view)]


def _lane(
    queue: Queue, view: View, target: Branch, now: datetime, foresight: Foresight, workers: int
) -> Lane:

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
    following = () if facts is None else line_up(facts)
    chosen = {id for each in following for id in each.members}
    chosen |= set() if isinstance(choice, Idle) else {*choice.members}
    running = tuple(each for each in under_test(view, now) if each.target == target)
    remote, turns = remote_of(queue), turns_of(view, target, now, config)
    waiting = [
        (mr, explain(view, mr, config, now, remote=remote, turn=turns.get(mr.id)))
        for mr in line_for(view, target, now, config)
        if mr.id not in chosen
    ]
    moved = {id: turn for id, turn in turns.items() if turn.words}
    return Lane(choice, running, following, tuple(waiting), moved)


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


def document(lanes: list[Lane]) -> list[dict[str, Any]]:
    """The answer of `plan`."""
    return [_lane_document(each) for each in lanes]


def _lane_document(lane: Lane) -> dict[str, Any]:
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
        "turns": [{"id": id, "words": turn.words} for id, turn in lane.turns.items()],
    }
