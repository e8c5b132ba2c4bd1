"""What to test next: a pure function of the facts, with its reason in words.

1. Nothing, while the queue is paused.
2. If something failed, first the target itself: a red target blames nobody.
3. While the target is red, each merge request once by itself: only a fix can pass.
4. Half of the smallest set that failed together: failing sets shrink until one is left.
5. The best ready merge requests, up to the batch limit.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from refinery.config.config import Config
from refinery.queue.candidate import Candidate
from refinery.queue.evidence import (
    FailingSet,
    base_verdict,
    failed_alone_on,
    failing_sets,
)
from refinery.queue.order import ready
from refinery.queue.proposing import proposed_for
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result
from refinery.store.view import View
from refinery.values import dataclass


class Stuck(Enum):
    """Whether somebody has to act before this target goes on."""

    NO = "no"
    RED = "the target fails its own checks"
    BROKEN_CONFIG = "its configuration is broken"
    CANNOT_CHECK = "its checks cannot run"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is to be done for this target now, and why."""

    target: Branch
    why: str
    stuck: Stuck = Stuck.NO


def next_candidate(
    view: View,
    target: Branch,
    config: Config,
    now: datetime,
    *,
    skip: frozenset[MrId] = frozenset(),
) -> Candidate | Idle:
    """The candidate most worth testing now; `skip` are those this worker cannot help at present."""
    if view.header.paused is not None:
        return Idle(target, f"the queue is paused: {view.header.paused.reason}")
    if target not in view.targets:
        return Idle(target, f"the target {target!r} does not exist on the remote")
    proposal = proposed_for(view, target)
    if proposal is not None:
        named = f"pull request {proposal.number}" if proposal.number else proposal.branch
        return Idle(target, f"{named} is about to land")
    waiting = [
        mr for mr in ready(view, now, config.score) if mr.target == target and mr.id not in skip
    ]
    if not waiting:
        return Idle(target, "nothing is ready")
    failing = failing_sets(view, target, config.fingerprint, now)
    base = base_verdict(view, target, config.fingerprint)
    if failing and (base is None or _unconfirmed(base.result, base.runs, config)):
        return Candidate(target, (), f"something failed: is {target} itself fine?")
    if base is not None and base.result is not Result.PASS:
        return _fix(view, target, config, waiting)
    known = {mr.id for mr in waiting}
    for suspects in failing:
        if set(suspects.members) <= known:
            return _split(target, suspects, waiting)
    return _batch(target, config, waiting)


def _unconfirmed(result: Result, runs: int, config: Config) -> bool:
    return result is not Result.PASS and config.retry_failing and runs < 2


def _fix(
    view: View, target: Branch, config: Config, waiting: list[MergeRequest]
) -> Candidate | Idle:
    for mr in waiting:
        if not failed_alone_on(view, mr.id, view.targets[target], config.fingerprint):
            return Candidate(target, (mr.id,), f"{target} is red: does {mr.id} repair it?")
    return Idle(
        target,
        f"{target} itself fails its checks, and nothing in the queue repairs it",
        stuck=Stuck.RED,
    )


def _split(target: Branch, suspects: FailingSet, waiting: list[MergeRequest]) -> Candidate:
    ordered = [mr.id for mr in waiting if mr.id in suspects.members]
    if len(ordered) == 1:
        return Candidate(target, tuple(ordered), "it failed with others: does it fail by itself?")
    half = tuple(ordered[: (len(ordered) + 1) // 2])
    return Candidate(target, half, f"half of the {len(ordered)} that failed together")


def _batch(target: Branch, config: Config, waiting: list[MergeRequest]) -> Candidate:
    members = tuple(mr.id for mr in waiting[: config.batch_max])
    if len(members) == 1:
        return Candidate(target, members, "the best ready merge request")
    return Candidate(target, members, f"the best {len(members)} of {len(waiting)} ready")
