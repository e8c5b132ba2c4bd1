"""The board: a queue at one instant, as every screen shows it; a pure function of the view.

    board(view, now, configs={"main": config}) -> Board

Lists are in the order in which they are shown.  Times are instants and seconds, so that a screen
can count on by itself; words are in one line, and unescaped: who shows them escapes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.board_values import Board, Ended, Line, Place, Running, TargetLine
from refinery.queue.claiming import under_test
from refinery.queue.estimating import Estimate, NoLandingTime, estimates
from refinery.queue.evidence import base_verdict
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import next_freeze, target_frozen
from refinery.queue.halting import pause_of
from refinery.queue.health import waiting_since
from refinery.queue.order import interleaved, line_for, live
from refinery.queue.planning.beliefs import run_minutes
from refinery.queue.planning.facts import Health, Purpose
from refinery.queue.score import score
from refinery.queue.standing import BLOCKED, Code, standing
from refinery.queue.taking_turns import Turn, turns_of
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View

__all__ = [
    "Board",
    "Ended",
    "Line",
    "Place",
    "Running",
    "TargetLine",
    "board",
    "placed",
    "targets_of",
]

RECENT = 50

_PURPOSES = {
    Purpose.BASE: "is the target itself fine?",
    Purpose.CUT: "finds which of them do not go together",
    Purpose.TRAIN: "all shown fine: they land at once if it passes",
    Purpose.CHAIN: "on top of what is likely to land",
    Purpose.SPLIT: "finds the fault among those that failed together",
    Purpose.SCREEN: "is each fine by itself?",
    Purpose.HEDGE: "the other side of a doubtful line",
}


def board(
    view: View,
    now: datetime,
    *,
    configs: Mapping[Branch, Config] | None = None,
    broken: frozenset[Branch] = frozenset(),
    recent: int = RECENT,
) -> Board:
    """The queue at `now`; `configs` are those of the targets, the default ones where missing.

    `broken` are the targets whose configuration cannot be read.
    """
    targets = targets_of(view)
    known = dict.fromkeys([*targets, *(each.target for each in view.claims.values())], Config())
    known |= configs or {}
    line = _lines(view, now, known)
    ended = _ended(view)
    about = tuple(
        _target(view, each, line, known[each], now, is_broken=each in broken) for each in targets
    )
    oldest = min(
        (each.oldest_ready for each in about if each.oldest_ready is not None),
        key=lambda each: (waiting_since(each.mr), each.id),
        default=None,
    )
    return Board(
        at=now,
        paused=pause_of(view, now),
        targets=about,
        running=tuple(_running(view, each, known) for each in _claims(view, now)),
        line=line,
        blocked=tuple(each for each in line if each.code in BLOCKED),
        rework=tuple(each for each in line if each.code is Code.NEEDS_REWORK),
        recent=ended[:recent],
        workers=tuple(sorted({each.worker for each in view.claims.values() if each.live(now)})),
        oldest_ready=oldest,
        oldest_ready_seconds=_waited(oldest, now),
        damage=view.damage,
        more_ended=len(ended) > recent or view.header.archived > 0,
    )


def placed(
    view: View, mr: MergeRequest, config: Config, now: datetime
) -> tuple[Place | None, Estimate]:
    """Place and landing time of one open merge request, without all that a board holds."""
    line = line_for(view, mr.target, now, config)
    estimate = estimates(view, mr.target, config, now, line=line).get(mr.id)
    ready = [each.id for each in line if standing(view, each, now).code is Code.READY]
    place = Place(ready.index(mr.id) + 1, len(ready)) if mr.id in ready else None
    return place, estimate or NoLandingTime("it has ended")


def targets_of(view: View) -> list[Branch]:
    """The default target, then those that open merge requests name."""
    named = sorted({mr.target for mr in view.mrs.values() if not mr.closed})
    return list(dict.fromkeys([view.header.default_target, *named]))


def _lines(view: View, now: datetime, configs: Mapping[Branch, Config]) -> tuple[Line, ...]:
    """As `order.queue`, with the rules of each one's own target, and what else is known."""
    targets = sorted({mr.target for mr in live(view)})
    lines = {target: line_for(view, target, now, configs[target]) for target in targets}
    known: dict[MrId, Estimate] = {}
    turns: dict[MrId, Turn] = {}
    for target, line in lines.items():
        known |= estimates(view, target, configs[target], now, line=line)
        turns |= turns_of(view, target, now, configs[target])
    found = [
        (score(mr, now, configs[mr.target].score), mr, standing(view, mr, now))
        for mr in interleaved(lines.values(), now, configs)
    ]
    length = Counter(mr.target for _, mr, stands in found if stands.code is Code.READY)
    taken: Counter[Branch] = Counter()
    processing: list[Line] = []
    waiting: list[Line] = []
    for points, mr, stands in found:
        if stands.code is Code.CLAIMED:
            processing.append(Line(mr, 0, stands, points, None, known[mr.id]))
            continue
        place = None
        if stands.code is Code.READY:
            taken[mr.target] += 1
            place = Place(taken[mr.target], length[mr.target])
        waiting.append(
            Line(mr, len(waiting) + 1, stands, points, place, known[mr.id], turns.get(mr.id))
        )
    return (*processing, *waiting)


def _claims(view: View, now: datetime) -> list[Claim]:
    """Those of candidates, and those taken by hand, oldest first; each once."""
    by_hand = {
        each.token: each for each in view.claims.values() if each.base is None and each.live(now)
    }
    found = [*under_test(view, now), *by_hand.values()]
    return sorted(found, key=lambda each: (each.claimed_at, each.token))


def _running(view: View, claim: Claim, configs: Mapping[Branch, Config]) -> Running:
    purpose = _purpose(claim)
    return Running(
        name=claim.names[0],
        members=claim.candidate,
        target=claim.target,
        base=claim.base,
        worker=claim.worker,
        since=claim.claimed_at,
        expires_at=claim.expires_at,
        purpose=purpose,
        expected_seconds=_usual_seconds(_verdicts(view, claim.target, configs)),
        why=_PURPOSES[purpose] if purpose is not None else "taken by hand",
    )


def _purpose(claim: Claim) -> Purpose | None:
    known = {each.value: each for each in Purpose}
    return known.get(claim.purpose or "")


def _verdicts(view: View, target: Branch, configs: Mapping[Branch, Config]) -> list[Verdict]:
    fingerprint = configs[target].fingerprint
    return [
        each
        for each in view.verdicts.values()
        if each.target == target and each.fingerprint == fingerprint
    ]


def _usual_seconds(verdicts: Sequence[Verdict]) -> float | None:
    if not any(each.result is Result.PASS for each in verdicts):
        return None
    return run_minutes(verdicts) * 60


def _target(
    view: View,
    target: Branch,
    line: Iterable[Line],
    config: Config,
    now: datetime,
    *,
    is_broken: bool,
) -> TargetLine:
    mine = [each for each in line if each.mr.target == target]
    codes = Counter(each.code for each in mine)
    health = _health(view, target, config)
    oldest = _oldest(mine)
    return TargetLine(
        target=target,
        tip=view.targets.get(target),
        health=health,
        why=_why(view, target, health, now, is_broken=is_broken),
        waiting=len(mine),
        ready=codes[Code.READY],
        under_test=codes[Code.CLAIMED],
        blocked=sum(codes[code] for code in BLOCKED),
        held=codes[Code.HELD],
        rework=codes[Code.NEEDS_REWORK],
        oldest_ready_seconds=_waited(oldest, now),
        oldest_ready=oldest,
        waiting_for_thaw=codes[Code.FROZEN],
        frozen=target_frozen(view, target, now),
        freezes_next=next_freeze(view, target, now),
    )


def _health(view: View, target: Branch, config: Config) -> Health:
    if not config.checks:
        return Health.GREEN if target in view.targets else Health.UNKNOWN
    verdict = base_verdict(view, target, config.fingerprint)
    if verdict is None:
        return Health.UNKNOWN
    return Health.GREEN if verdict.result is Result.PASS else Health.RED


def _why(view: View, target: Branch, health: Health, now: datetime, *, is_broken: bool) -> str:
    pause = pause_of(view, now)
    if pause is not None:
        return f"the queue is paused by {pause.by}: {pause.reason}"
    if target not in view.targets:
        return "the branch does not exist on the remote"
    if is_broken:
        return "its configuration is broken: `refinery doctor` says how"
    still = next((each for each in view.header.stuck if each.target == target), None)
    if health is Health.RED:
        return f"{target} itself fails its checks"
    freeze = target_frozen(view, target, now)
    if freeze is not None:
        return frozen_words(freeze)
    return still.words if still is not None and still.why.value != "moving" else ""


def _ended(view: View) -> tuple[Ended, ...]:
    ended = [mr for mr in view.mrs.values() if mr.closed and mr.closed_at is not None]
    ended.sort(key=lambda mr: (mr.closed_at, mr.id), reverse=True)
    return tuple(
        Ended(
            mr=mr,
            how=mr.close_reason,
            when=mr.closed_at,
            commit=mr.merge_commit,
            waited_seconds=max(0.0, (mr.closed_at - mr.submitted_at).total_seconds()),
        )
        for mr in ended
        if mr.closed_at is not None
    )


def _oldest(line: Iterable[Line]) -> Line | None:
    ready = [each for each in line if each.code is Code.READY]
    return min(ready, key=lambda each: (waiting_since(each.mr), each.id), default=None)


def _waited(line: Line | None, now: datetime) -> float | None:
    if line is None:
        return None
    return max(0.0, (now - waiting_since(line.mr)).total_seconds())
