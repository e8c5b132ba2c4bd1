"""The verdict on a tree: the one that is known, or a run of the checks; a failure is run twice."""

from __future__ import annotations

from collections.abc import Callable

from refinery.config.config import Config
from refinery.engine.checks import Abandoned
from refinery.engine.engine import Engine
from refinery.engine.happenings import Tested
from refinery.engine.testing import Subject
from refinery.queue.settling import combined
from refinery.records.verdict import Result, Verdict
from refinery.values import replace

Judged = Verdict | Abandoned | None


class Stop:
    """Why checks are abandoned on somebody's word."""

    ASKED = "asked to stop"
    TIME = "the time is up"
    ELSEWHERE = "it is tested elsewhere"


def judge(
    engine: Engine,
    subject: Subject,
    config: Config,
    *,
    tick: Callable[[], str | None],
    afresh: bool = False,
) -> Judged:
    """What the checks say of the subject's tree; None where the target declares no checks.

    A tree that passed is never tested again.  A tree of one that failed once is run once more on
    the spot, since only a failure that repeats is evidence; a set of many is split instead.
    `afresh` asks although the answer is known: whether the checks can run at all changes.
    """
    if not config.checks:
        return None
    known = None if afresh else engine.view.verdict(subject.tree, config.fingerprint)
    if known is not None and _settled(known, subject, config):
        engine.tell(Tested(known, subject.ids, cached=True))
        return known
    # Any branch can be named as a target: whoever pushes one, with a configuration of their own,
    # must not learn the worker's secrets by that.
    shown = tuple(name for name in config.environment if name in engine.allowed_variables)
    guarded = replace(config, environment=shown)
    while True:
        ran = engine.bench.run(subject, guarded, tick=tick)
        if isinstance(ran, Abandoned):
            return ran
        known = combined(known, ran)
        engine.tell(Tested(known, subject.ids, cached=False))
        if _settled(known, subject, config):
            return known


def _settled(verdict: Verdict, subject: Subject, config: Config) -> bool:
    if verdict.result is Result.PASS:
        return True
    if len(subject.ids) > 1:
        return True
    return verdict.runs >= 2 or not config.retry_failing
