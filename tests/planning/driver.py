"""A queue in memory whose truth is known: every step of the planner is checked as it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Change, Evidence, Facts, Purpose, Rates, Running
from refinery.queue.planning.landing import cancelled, landable
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply
from refinery.queue.planning.pick import plan
from refinery.records.names import MrId
from refinery.values import replace

MINUTES = 10.0


def an_id(number: int) -> MrId:
    return MrId(f"mr-{number:03}")


@dataclass
class Truth:
    """Who is bad, who disagrees with whom in the code or in the text, who stands on whom.

    `better` go before all others, however late they come; `killed` workers leave no verdict.
    """

    changes: int
    bad: frozenset[MrId] = frozenset()
    disagree: frozenset[frozenset[MrId]] = frozenset()
    clash: frozenset[frozenset[MrId]] = frozenset()
    needs: dict[MrId, frozenset[MrId]] = field(default_factory=dict)
    flaky: bool = False
    killed: bool = False
    better: frozenset[MrId] = frozenset()

    def all_needs(self, id: MrId) -> frozenset[MrId]:
        direct = self.needs.get(id, frozenset())
        return direct.union(*(self.all_needs(each) for each in direct))

    def clashes_of(self, id: MrId) -> frozenset[MrId]:
        return frozenset[MrId]().union(*(pair - {id} for pair in self.clash if id in pair))


@dataclass
class Queue:
    """Workers, verdicts and landings; `choose` says which build ends next and whether it lies."""

    truth: Truth
    workers: int
    choose: Callable[[int], int]
    now: float = 0.0
    pending: dict[MrId, Change] = field(default_factory=dict)
    running: list[Running] = field(default_factory=list)
    landed: list[MrId] = field(default_factory=list)
    refused: list[MrId] = field(default_factory=list)
    left: list[MrId] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    passed: set[tuple[int, tuple[MrId, ...]]] = field(default_factory=set)
    failed: list[tuple[int, frozenset[MrId]]] = field(default_factory=list)
    shown_fine: set[MrId] = field(default_factory=set)
    builds: int = 0

    def facts(self) -> Facts:
        gone = {*self.landed}
        return Facts(
            pending=tuple(
                replace(each, needs=each.needs - gone, clashes=each.clashes & self.pending.keys())
                for each in sorted(
                    self.pending.values(), key=lambda each: each.id not in self.truth.better
                )
            ),
            workers=self.workers,
            now=self.now,
            running=tuple(self.running),
            evidence=self.evidence,
            landed=tuple(self.landed),
            head=len(self.landed),
            rates=Rates(
                MINUTES,
                flake=0.02 if self.truth.flaky else 0.0,
                interaction=0.001 if self.truth.disagree else 0.0,
            ),
        )

    def run(self) -> None:
        """Changes arrive one after the other; then whatever is left is worked off."""
        for number in range(self.truth.changes):
            self.arrive(an_id(number))
            for _ in range(self.choose(2)):
                self.end_one()
        for _ in range(60 * self.truth.changes + 200):
            if not self.pending:
                return
            assert self.running, "something waits, and nobody does anything"
            self.end_one()
        raise AssertionError("it does not end")

    def arrive(self, *ids: MrId) -> None:
        """They come, and free workers look whether there is something to do."""
        for id in ids:
            self._add(id)
        self._decide()

    def _add(self, id: MrId) -> None:
        needs = self.truth.all_needs(id)
        clashes = self.truth.clashes_of(id)
        if needs.intersection(self.refused + self.left) or clashes.intersection(self.landed):
            self.left.append(id)
            return
        self.pending[id] = Change(id, 0.9, self.now, needs, clashes)

    def end_one(self) -> None:
        """One of the builds ends, or the worker with it."""
        if not self.running:
            return
        build = self.running.pop(self.choose(len(self.running)))
        self.now += 1 + self.choose(6)
        self.builds += 1
        if self.truth.killed and self.choose(4) == 0:
            self._decide()
            return
        if self._passes(build):
            self.passed.add((build.base, build.members))
            self.shown_fine.update(build.members)
            self._learn(Passed(build.members, build.base, build.purpose))
        elif not {*build.members} & {*self.refused, *self.left}:
            self.failed.append((build.base, frozenset(build.members)))
            self._learn(Failed(build.members, build.base))
        self._decide()

    def _passes(self, build: Running) -> bool:
        tree = {*self.landed[: build.base], *build.members}
        if self.truth.flaky and self.choose(30) == 29:
            return False
        return not tree & self.truth.bad and not any(pair <= tree for pair in self.truth.disagree)

    def _decide(self) -> None:
        while (found := landable(self.facts())) is not None:
            self._land(found.members)
        while found := blamed(self.facts()):
            self._refuse(found[0].id)
        for stopped in cancelled(self.facts()):
            self.running.remove(stopped.running)
        facts = self.facts()
        chosen = plan(facts)
        assert chosen == plan(facts), "the same facts, another plan"
        assert len(self.running) + len(chosen) <= self.workers
        for candidate in chosen:
            self._check(candidate.members, candidate.why)
            running = Running(candidate.members, len(self.landed), self.now, candidate.purpose)
            self.running.append(running)

    def _check(self, members: tuple[MrId, ...], why: str) -> None:
        assert why
        assert members, "the target itself is fine"
        assert len({*members}) == len(members)
        for place, id in enumerate(members):
            change = self.pending[id]
            before = {*self.landed, *members[:place]}
            assert change.needs <= before, "it stands on one that is not there"
            assert change.clashes.isdisjoint(members), "two that conflict in one candidate"

    def _land(self, members: tuple[MrId, ...]) -> None:
        whole = [*self.landed, *members]
        assert any({*self.landed[:base], *tested} == {*whole} for base, tested in self.passed), (
            "what lands was not tested"
        )
        newest = max(members)
        overtook = tuple(
            id
            for id in self.pending
            if id not in members and id < newest and id in self.evidence.tested
        )
        self.landed += members
        self._learn(Landed(members, len(self.landed), overtook))
        for id in members:
            del self.pending[id]
        for id in [*self.pending]:
            if id in self.pending and self.truth.clashes_of(id) & {*members}:
                self._leave(id, self.left)

    def _refuse(self, id: MrId) -> None:
        """Only with a failing build in which all others have been shown to be fine."""
        others_fine = any(
            id in members and members - {id} <= {*self.shown_fine, *self.landed}
            for _, members in self.failed
        )
        assert others_fine, "refused without evidence"
        self._leave(id, self.refused)

    def _leave(self, id: MrId, where: list[MrId]) -> None:
        where.append(id)
        del self.pending[id]
        self._learn(Gone((id,)))
        for other in [*self.pending]:
            if other in self.pending and id in self.truth.all_needs(other):
                self._leave(other, self.left)

    def _learn(self, news: News) -> None:
        self.evidence = apply(self.evidence, news, pending=frozenset(self.pending))


def some_facts(*changes: Change, **fields: object) -> Facts:
    """Facts with four workers and nothing known, but for what is said."""
    values: dict[str, object] = {"workers": 4, "now": 0.0, "rates": Rates(MINUTES, 0.0, 0.0)}
    return Facts(pending=changes, **(values | fields))  # type: ignore[arg-type]


def a_change(number: int, **fields: object) -> Change:
    values: dict[str, object] = {"belief": 0.92, "since": 0.0}
    return Change(an_id(number), **(values | fields))  # type: ignore[arg-type]


def running(*numbers: int, purpose: Purpose = Purpose.CHAIN, **fields: object) -> Running:
    values: dict[str, object] = {"base": 0, "started": 0.0}
    members = tuple(an_id(number) for number in numbers)
    return Running(members, purpose=purpose, **(values | fields))  # type: ignore[arg-type]
