"""Testing elsewhere: one job takes a candidate, another tests it, a third settles the verdict.

Who tests holds no right to write, so the code under test cannot reach any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.config.config import Config
from refinery.config.resolve import Regenerate
from refinery.engine import landing
from refinery.engine.building import build_members
from refinery.engine.checks import Abandoned
from refinery.engine.engine import Engine
from refinery.engine.judging import Judged, Stop, judge
from refinery.engine.process import prepare, process, tell
from refinery.engine.regenerating import Made
from refinery.engine.run import End, Orders, Run
from refinery.engine.testing import Subject
from refinery.errors import RefineryError, TryAgain
from refinery.queue.candidate import Built
from refinery.records.claim import Claim
from refinery.records.handed_over import HandedOver
from refinery.records.names import Sha, derive_candidate_id
from refinery.records.verdict import Result, Verdict, VerdictKey
from refinery.values import dataclass, replace


class WorldMoved(TryAgain):
    """What was handed over can no longer be made or landed as it was."""

    code = "world-moved"
    usual_hint = "take another: refinery candidate take"


class NotTheVerdict(RefineryError):
    """The verdict is about another tree, or about other checks."""

    code = "wrong-verdict"


@dataclass(slots=True)
class _Elsewhere:
    """A bench that tests nothing, and remembers what it was asked to test."""

    subject: Subject | None = None

    def run(
        self, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        self.subject = subject
        return Abandoned(Stop.ELSEWHERE)

    def regenerate(
        self,
        subject: Subject,
        config: Config,
        generators: Sequence[Regenerate],
        *,
        tick: Callable[[], str | None],
    ) -> Made | str | Abandoned:
        return "commands do not run in a job that may write"

    def ensure_possible(self) -> None:
        """Another job tests."""

    def close(self) -> None:
        """There is nothing to free."""


def take(engine: Engine, orders: Orders) -> tuple[HandedOver | None, End]:
    """Process until something has to be tested, and hand that over with its claims held."""
    bench = _Elsewhere()
    engine.bench.close()
    engine.bench = bench
    end = process(engine, orders)
    if end is not End.HANDED_OVER or bench.subject is None:
        return None, end
    subject = bench.subject
    name = derive_candidate_id(subject.target, subject.base, subject.ids)
    claim = engine.view.claims.get(name)
    token = claim.token if claim is not None else None  # it may have been taken away just now
    fingerprint = engine.config(subject.target).fingerprint
    handed = HandedOver(subject.target, subject.base, subject.tree, fingerprint, subject.ids, token)
    return handed, end


def put_back(engine: Engine, handed: HandedOver) -> None:
    """Give up what was taken: nobody can be told of it, and its claims would hold it for long."""
    _give_back(engine, _held(engine, handed))


def test(engine: Engine, handed: HandedOver, orders: Orders) -> Judged:
    """Make the very same tree again, and run the checks on it; nothing is written."""
    engine.bench.ensure_possible()
    config = _config(engine, handed)
    subject = Subject(
        handed.target, handed.base, _commit(engine, handed, config), handed.tree, handed.members
    )
    return judge(engine, subject, config, tick=orders.abandon)


test.__test__ = False  # type: ignore[attr-defined]  # its name is no test's


def _config(engine: Engine, handed: HandedOver) -> Config:
    config = engine.store.configs.at(handed.base, target=handed.target)
    if config.fingerprint != handed.fingerprint:
        raise NotTheVerdict(f"the checks at {handed.base[:12]} are not those that were asked for")
    return config


def _commit(engine: Engine, handed: HandedOver, config: Config) -> Sha:
    """The commit to check out: the target's own, or the candidate made once more."""
    if handed.members:
        return _built(engine, handed, config).commit
    tree = engine.repo.reader.commit(handed.base).tree
    if tree != handed.tree:
        raise WorldMoved(f"the target's tree is {tree[:12]} here, not {handed.tree[:12]}")
    return handed.base


def _built(engine: Engine, handed: HandedOver, config: Config) -> Built:
    """The candidate, made once more of the same commits."""
    gone = [id for id in handed.members if id not in engine.view.mrs]
    if gone:
        raise WorldMoved(f"{', '.join(gone)}: not in the queue any more")
    built = build_members(engine, handed.target, handed.members, config, base=handed.base).built
    if built is None or built.ids != handed.members:
        raise WorldMoved("the candidate cannot be built any more as it was handed over")
    if built.tree != handed.tree:
        raise WorldMoved(f"the candidate's tree is {built.tree[:12]} here, not {handed.tree[:12]}")
    return built


def settle(engine: Engine, handed: HandedOver, verdict: Verdict | None, orders: Orders) -> End:
    """Land or blame by the verdict that came back; without one, everything is given back."""
    prepare(engine)
    held = _held(engine, handed)
    if verdict is None or verdict.result is Result.ERROR:
        _give_back(engine, held)
        return End.CANNOT_CHECK
    if verdict.key != VerdictKey(handed.tree, handed.fingerprint):
        _give_back(engine, held)
        raise NotTheVerdict(
            f"the verdict is about tree {verdict.tree[:12]}, the candidate's is {handed.tree[:12]}",
            hint="both files have to come from the same run",
        )
    about_it = replace(
        verdict,
        target=handed.target,
        base=handed.base,
        candidate=handed.members,
        runs=min(verdict.runs, 2),
    )
    if held is None:
        landing.remember(engine, about_it)
        raise WorldMoved("the claim was lost: the verdict is kept")
    if not handed.members:
        landing.remember(engine, about_it, held)
        return End.ONCE
    return _settled(engine, handed, about_it, held, orders)


def _settled(
    engine: Engine, handed: HandedOver, verdict: Verdict, held: Claim, orders: Orders
) -> End:
    config = _config(engine, handed)
    try:
        built = _built(engine, handed, config)
    except WorldMoved:
        landing.remember(engine, verdict, held)
        raise
    became = landing.settle(engine, built, verdict, held, config)
    tell(engine, End.ONCE, Run(), orders)
    if became is landing.Settled.STALE or (
        became is landing.Settled.KNOWN and verdict.result is Result.PASS
    ):
        raise WorldMoved("it passed, and does not land as it was tested: the verdict is kept")
    return End.ONCE


def _held(engine: Engine, handed: HandedOver) -> Claim | None:
    """The claim it was taken under, if it still stands."""
    claims = engine.view.claims.values()
    return next((each for each in claims if each.token == handed.token), None)


def _give_back(engine: Engine, held: Claim | None) -> None:
    if held is not None:
        landing.give_back(engine, held)
