"""The pace of a target as the view shows it: its verdicts, and the closed ones not archived yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.evidence import verdicts_on
from refinery.queue.pace import Pace, Tested, Way, pace_of
from refinery.queue.passages import passages_of
from refinery.queue.planning.beliefs import GOOD, GOOD_WEIGHT, LONGEST_MINUTES, Share
from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View

_PURPOSES = {each.value: each for each in Purpose}


def pace_from(
    view: View,
    target: Branch,
    config: Config,
    now: datetime,
    *,
    waiting: Iterable[MergeRequest],
) -> Pace | None:
    """The pace of a target; `waiting` are those that can land."""
    verdicts = verdicts_on(view, target, config.fingerprint)
    ended = [
        mr
        for mr in view.mrs.values()
        if mr.target == target and (mr.closed or mr.failure is not None)
    ]
    landings = [mr for mr in ended if mr.landing is not None and mr.closed_at is not None]
    trees = {mr.landing.tree for mr in landings if mr.landing is not None}
    since = min((mr.closed_at for mr in landings if mr.closed_at is not None), default=now)
    good = Share()
    ways = []
    for each in passages_of(ended, (), ()):
        if each.decided is not None:
            good.count(each.landed)
            came, left = each.submitted.timestamp() / 60, each.decided.timestamp() / 60
            ways.append(Way(each.id, came, left, each.landed and each.unhindered))
    return pace_of(
        [_tested(each, trees, since) for each in verdicts if each.candidate],
        ways,
        waiting=[mr.submitted_at.timestamp() / 60 for mr in waiting],
        belief=good.mixed(GOOD, GOOD_WEIGHT),
        most=config.batch_max,
        now=now.timestamp() / 60,
    )


def _tested(verdict: Verdict, landed: Collection[Sha], since: datetime) -> Tested:
    """What ended before the first landing that is known may have landed or not."""
    minutes = max(verdict.seconds, verdict.took or 0.0) / 60
    minutes = min(LONGEST_MINUTES, max(1e-3, minutes))
    known = verdict.at >= since and verdict.purpose in _PURPOSES
    return Tested(
        members=verdict.candidate,
        began=verdict.at.timestamp() / 60 - minutes,
        minutes=minutes,
        purpose=_PURPOSES[verdict.purpose] if known and verdict.purpose else None,
        passed=verdict.result is Result.PASS,
        landed=verdict.tree in landed,
    )
