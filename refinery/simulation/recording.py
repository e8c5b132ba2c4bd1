"""A simulated queue with the records that a real one would have: what reads those can be tried.

recording = Recording(World(trace))
recording.world.run(recording)
recording.view()    at any time on the way: open and closed merge requests, verdicts, claims
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from refinery.config.config import Config
from refinery.config.fairness import Fairness
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Landing,
    MergeRequest,
    Method,
    Status,
)
from refinery.records.names import Branch, MrId, Sha
from refinery.records.verdict import Result, Verdict
from refinery.simulation.refinery import Refinery
from refinery.simulation.world import Build, World
from refinery.store.view import View, testing
from refinery.values import dataclass, replace

MAIN = Branch("main")
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KEPT_CLOSED, KEPT_VERDICTS = 96, 400  # about as many as a queue keeps before it archives
_CLAIM_LASTS = timedelta(minutes=10)


@dataclass(slots=True)
class _Test:
    """A run under way."""

    members: tuple[MrId, ...]
    base: int
    began: datetime
    purpose: str
    worker: str


class Recording:
    """The policy of this queue, and the records that it would have left."""

    def __init__(
        self,
        world: World,
        config: Config | None = None,
        *,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        # The simulated order knows no authors, so those of the records take no turns.
        self.config = replace(config or Config(), fairness=Fairness(points=0))
        self.world, self.watch = world, watch
        self.policy = Refinery(world)
        self.mrs: dict[MrId, MergeRequest] = {}
        self.verdicts: dict[Sha, Verdict] = {}
        self.tests: dict[int, _Test] = {}
        self.tree = _sha("tree of the beginning")
        self._landed = 0

    @property
    def now(self) -> datetime:
        """The time in the simulated world."""
        return self.at(self.world.now)

    def at(self, minutes: float) -> datetime:
        """An instant of the trace."""
        return BEGIN + timedelta(minutes=minutes)

    def landed_at(self, id: MrId) -> datetime | None:
        """When it landed, as it turned out."""
        mr = self.mrs[id]
        return mr.closed_at if mr.close_reason is CloseReason.MERGED else None

    def arrived(self, change: int) -> None:
        """It is submitted."""
        self.policy.arrived(change)
        id = next(reversed(self.policy.changes))
        self.mrs[id] = MergeRequest(
            id=id,
            branch=Branch(f"change-{change}"),
            target=MAIN,
            head=_sha(f"head {change}"),
            status=Status.OPEN,
            priority=2,
            title=f"Change {change}",
            worker=f"author-{change % 7}",
            created_at=self.now,
            submitted_at=self.now,
            retry_count=0,
        )

    def ended(self, build: Build, *, passed: bool) -> None:
        """Its verdict is recorded."""
        test = self.tests.pop(id(build))
        tree = _tree(test.members, test.base)
        seconds = (self.now - test.began).total_seconds()
        verdict = Verdict(
            tree=tree,
            fingerprint=self.config.fingerprint,
            result=Result.PASS if passed else Result.FAIL,
            runs=1,
            target=MAIN,
            base=_head(test.base),
            candidate=test.members,
            seconds=seconds,
            at=self.now,
            worker=test.worker,
            purpose=test.purpose,
            took=seconds,
        )
        before = self.verdicts.pop(tree, None)
        if before is not None:
            flaky = before.result is not verdict.result
            verdict = replace(verdict, runs=before.runs + 1, flaky=flaky)
        self.verdicts[tree] = verdict
        self.policy.ended(build, passed=passed)

    def decide(self) -> None:
        """What the policy does is recorded, and then seen by whoever watches."""
        self.policy.decide()
        self._record_landing()
        self._record_refusals()
        self._record_tests()
        if self.watch is not None:
            self.watch()

    def view(self) -> View:
        """Everything that a queue would show now."""
        closed = [mr for mr in self.mrs.values() if mr.closed]
        closed.sort(key=lambda mr: (mr.closed_at, mr.id))
        kept = [*closed[-KEPT_CLOSED:], *(mr for mr in self.mrs.values() if not mr.closed)]
        claims = [self._claim(each) for each in self.tests.values()]
        return View(
            header=QueueHeader(default_target=MAIN),
            mrs={mr.id: mr for mr in kept},
            claims={name: claim for claim in claims for name in claim.names},
            testing=testing(claims),
            verdicts={each.key: each for each in [*self.verdicts.values()][-KEPT_VERDICTS:]},
            targets={MAIN: _head(len(self.world.landed))},
            target_trees={MAIN: self.tree},
        )

    def _claim(self, test: _Test) -> Claim:
        return Claim(
            token=_sha(f"{test.worker} {test.began}")[:32],
            worker=test.worker,
            candidate=test.members,
            target=MAIN,
            claimed_at=test.began,
            expires_at=self.now + _CLAIM_LASTS,
            base=_head(test.base),
            purpose=test.purpose,
        )

    def _record_landing(self) -> None:
        """All that landed at one instant counts as one landing."""
        members = tuple(_id(each) for each in self.world.landed[self._landed :])
        if not members:
            return
        base, self._landed = self._landed, len(self.world.landed)
        self.tree = self._tested_tree(members, base)
        landing = Landing(
            base=_head(base),
            commit=_head(self._landed),
            tree=self.tree,
            candidate=members,
            method=Method.MERGE,
            fingerprint=self.config.fingerprint,
            result=Result.PASS.value,
            worker="w0",
            mode="push",
        )
        for id in members:
            self.mrs[id] = replace(
                self.mrs[id],
                status=Status.CLOSED,
                close_reason=CloseReason.MERGED,
                closed_at=self.now,
                merge_commit=landing.commit,
                landing=landing,
            )

    def _tested_tree(self, members: tuple[MrId, ...], base: int) -> Sha:
        """Of the newest run that passed with just these on top of what had landed."""
        for verdict in reversed(self.verdicts.values()):
            if verdict.result is Result.PASS and verdict.candidate[-1:] == members[-1:]:
                return verdict.tree
        return _tree(members, base)

    def _record_refusals(self) -> None:
        for change in self.world.outcome.refused:
            id = _id(change)
            if not self.mrs[id].closed:
                tree = _tree((id,), len(self.world.landed))
                attempt = Attempt(self.now, "w0", AttemptOutcome.TESTS_FAIL, tree=tree)
                self.mrs[id] = replace(
                    self.mrs[id],
                    status=Status.CLOSED,
                    close_reason=CloseReason.REJECTED,
                    closed_at=self.now,
                    attempts=(attempt,),
                )

    def _record_tests(self) -> None:
        known = {id(build): running for running, build in self.policy.running.items()}
        self.tests = {number: test for number, test in self.tests.items() if number in known}
        busy = {test.worker for test in self.tests.values()}
        for number, running in known.items():
            if number not in self.tests:
                worker = next(w for n in range(len(busy) + 1) if (w := f"w{n}") not in busy)
                busy.add(worker)
                began = self.at(running.started)
                self.tests[number] = _Test(
                    running.members, running.base, began, running.purpose.value, worker
                )


def _id(change: int) -> MrId:
    return MrId(f"mr-{change:06}")


def _head(place: int) -> Sha:
    return _sha(f"main after {place}")


def _tree(members: tuple[MrId, ...], base: int) -> Sha:
    return _sha(f"tree of {members} on {base}")


def _sha(text: str) -> Sha:
    return Sha(hashlib.sha1(text.encode()).hexdigest())
