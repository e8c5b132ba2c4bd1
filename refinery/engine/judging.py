"""The verdict on a tree: a pass that is known, or one more run of the checks."""

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
    USELESS = "of no more use"


def judge(
    engine: Engine,
    subject: Subject,
    config: Config,
    *,
    tick: Callable[[], str | None],
    afresh: bool = False,
) -> Judged:
    """What the checks say of the subject's tree; None where the target declares no checks.

    A tree that passed is never tested again.  One that failed is, as often as the planner asks:
    the runs add up to one verdict.  `afresh` asks although the answer is known: whether the checks
    can run at all changes.
    """
    if not config.checks:
        return None
    known = None if afresh else engine.view.verdict(subject.tree, config.fingerprint)
    if known is not None and known.result is Result.PASS:
        engine.tell(Tested(known, subject.ids, cached=True))
        return known
    ran = engine.bench.run(subject, engine.guarded(config), tick=tick)
    if isinstance(ran, Abandoned):
        return ran
    verdict = combined(known, replace(ran, fingerprint=config.fingerprint))
    engine.tell(Tested(verdict, subject.ids, cached=False))
    return verdict
