"""Testing elsewhere: one job takes a candidate, another tests it, a third settles the verdict.

Who tests holds no right to write, so the code under test cannot reach any.
"""

from __future__ import annotations

from collections.abc import Callable

from refinery.config.config import Config
from refinery.engine import landing
from refinery.engine.building import build
from refinery.engine.checks import Abandoned
from refinery.engine.engine import Engine
from refinery.engine.judging import Judged, Stop, judge
from refinery.engine.process import End, Orders, prepare, process, settle_claimed
from refinery.engine.testing import Subject
from refinery.errors import RefineryError, TryAgain
from refinery.queue.candidate import Candidate
from refinery.queue.settling import given_back
from refinery.records.claim import Claim
from refinery.records.handed_over import HandedOver
from refinery.records.names import Sha
from refinery.records.verdict import Result, Verdict
from refinery.values import dataclass, replace


class WorldMoved(TryAgain):
    """What was handed over can no longer be made or landed as it was."""


class NotTheVerdict(RefineryError):
    """The verdict is about another tree, or about other checks."""


@dataclass(slots=True)
class _Elsewhere:
    """A bench that tests nothing, and remembers what it was asked to test."""

    subject: Subject | None = None

    def run(
        self, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        self.subject = subject
        return Abandoned(Stop.ELSEWHERE)

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
    claim = engine.view.claims.get(subject.ids[0]) if subject.ids else None
    token = claim.token if claim is not None else None  # it may have been taken away just now
    fingerprint = engine.config(subject.target).fingerprint
    handed = HandedOver(subject.target, subject.base, subject.tree, fingerprint, subject.ids, token)
    return handed, end


def put_back(engine: Engine, handed: HandedOver) -> None:
    """Give up what was taken: nobody can be told of it, and its claims would hold it for long."""
    _give_back(engine, handed, _held(engine, handed)[0], "it could not be handed over")


def test(engine: Engine, handed: HandedOver, orders: Orders) -> Judged:
    """Make the very same tree again, and run the checks on it; nothing is written."""
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
    if not handed.members:
        commit, tree = handed.base, engine.repo.reader.commit(handed.base).tree
    else:
        gone = [id for id in handed.members if id not in engine.view.mrs]
        if gone:
            raise WorldMoved(f"{', '.join(gone)}: not in the queue any more")
        built = build(
            engine.repo,
            [engine.view.mrs[id] for id in handed.members],
            target=handed.target,
            base=handed.base,
            config=config,
            when=int(engine.clock().timestamp()),
        ).built
        if built is None or built.ids != handed.members:
            raise WorldMoved("the candidate cannot be built any more as it was handed over")
        commit, tree = built.commit, built.tree
    if tree != handed.tree:
        raise WorldMoved(f"the candidate's tree is {tree[:12]} here, not {handed.tree[:12]}")
    return commit


def settle(engine: Engine, handed: HandedOver, verdict: Verdict | None, orders: Orders) -> End:
    """Land or blame by the verdict that came back; without one, everything is given back."""
    prepare(engine)
    held, is_whole = _held(engine, handed)
    if verdict is None or verdict.result is Result.ERROR:
        _give_back(engine, handed, held, "the checks could not run")
        return End.CANNOT_CHECK
    if verdict.key != (handed.tree, handed.fingerprint):
        _give_back(engine, handed, held, "the verdict was about something else")
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
    landing.remember(engine, about_it)
    if not handed.members:
        return End.ONCE
    if held is None or not is_whole or engine.view.targets.get(handed.target) != handed.base:
        _give_back(engine, handed, held, "the world moved on")
        raise WorldMoved("the target moved or the claim was lost: the verdict is kept")
    engine.bench.close()
    engine.bench = _Elsewhere()
    candidate = Candidate(handed.target, handed.members, "it was tested elsewhere")
    end = settle_claimed(engine, candidate, held, orders)
    if end is End.HANDED_OVER:  # built from other members than before
        _give_back(engine, handed, held, "it is not what was tested")
        raise WorldMoved("the candidate is not what was tested: it is tested anew")
    return end


def _held(engine: Engine, handed: HandedOver) -> tuple[Claim | None, bool]:
    """The claim it was taken under, and whether it stands under every member."""
    claims = [engine.view.claims.get(id) for id in handed.members]
    ours = [each for each in claims if each is not None and each.token == handed.token]
    return (ours[0] if ours else None), len(ours) == len(claims)


def _give_back(engine: Engine, handed: HandedOver, held: Claim | None, why: str) -> None:
    if held is not None:
        engine.change(lambda view: given_back(view, handed.members, held, why))
