"""All the decisions on a queue in memory: the good land, the bad are found, and nobody else."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.config.config import Config
from refinery.queue.candidate import Built, Candidate, Clean
from refinery.queue.claiming import Claimant, claim
from refinery.queue.plan import Idle, next_candidate
from refinery.queue.settling import combined, failed, land, record
from refinery.records.merge_request import CloseReason, Method
from refinery.records.names import MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.edit import Edit, Event
from refinery.store.memory_store import MemoryStore
from refinery.store.update import Committed, update
from refinery.store.view import View
from tests.decisions.makers import MAIN, NOW, a_sha, an_id, an_mr


@dataclass
class World:
    """What would really happen: who breaks the tree, alone or together, and what runs of it say."""

    bad: frozenset[MrId]
    clashing: frozenset[frozenset[MrId]] = frozenset()
    red_until: MrId | None = None  # the base fails without this one
    config: Config = field(default_factory=Config)
    on_main: tuple[MrId, ...] = ()
    builds: int = 0
    now: datetime = NOW
    store: MemoryStore = field(default_factory=MemoryStore)

    def start(self, count: int) -> None:
        mrs = tuple(an_mr(f"{n:03}", created_at=NOW + timedelta(seconds=n)) for n in range(count))
        self.store.set_target("main", self.commit(()))
        self.show_tree()
        self.apply(Edit(Event("queued", "queue"), put=mrs, pins={mr.id: mr.head for mr in mrs}))

    def commit(self, content: tuple[MrId, ...]) -> Sha:
        return a_sha(f"commit {content}")

    def tree(self, content: tuple[MrId, ...]) -> Sha:
        return a_sha(f"tree {sorted(content)}")

    def show_tree(self) -> None:
        """What a store in refs reads with the target's tip."""
        self.store._view = replace(self.store._view, target_trees={MAIN: self.tree(self.on_main)})

    def apply(self, edit: Edit) -> None:
        done = update(self.store, lambda view: edit)
        assert isinstance(done, Committed)

    def works(self, content: tuple[MrId, ...]) -> bool:
        present = set(content)
        if self.red_until is not None and self.red_until not in present:
            return False
        return not present & self.bad and not any(pair <= present for pair in self.clashing)

    def check(self, candidate: Candidate, before: Verdict | None) -> Verdict:
        self.builds += 1
        content = (*self.on_main, *candidate.members)
        result = Result.PASS if self.works(content) else Result.FAIL
        new = Verdict(
            tree=self.tree(content),
            fingerprint=self.config.fingerprint,
            result=result,
            runs=1,
            target=MAIN,
            base=self.commit(self.on_main),
            candidate=candidate.members,
            seconds=1.0,
            at=self.now,
            worker="ada",
            checks=(CheckReport("unit", result, 1.0),),
        )
        return combined(before, new)

    def step(self) -> bool:
        """One candidate, from the plan to the record; whether there was one."""
        self.now += timedelta(seconds=1)
        view = self.store.read()
        found = next_candidate(view, MAIN, self.config, self.now)
        if isinstance(found, Idle):
            return False
        content = (*self.on_main, *found.members)
        known = view.verdict(self.tree(content), self.config.fingerprint)
        if not found.members:
            self.apply(record(view, self.check(found, known)))
            return True
        by = Claimant("ada", f"{self.builds:032x}", self.now, timedelta(minutes=10))
        taken = claim(view, found.members, by)
        assert isinstance(taken, Edit), taken
        self.apply(taken)
        usable = known is not None and (known.result is Result.PASS or known.runs > 1)
        verdict = known if usable and known is not None else self.check(found, known)
        self.settle(self.built(found), verdict)
        return True

    def built(self, candidate: Candidate) -> Built:
        contents = [
            (*self.on_main, *candidate.members[:length])
            for length in range(1, len(candidate.members) + 1)
        ]
        return Built(
            target=MAIN,
            base=self.commit(self.on_main),
            commit=self.commit(contents[-1]),
            tree=self.tree(contents[-1]),
            method=Method.MERGE,
            members=tuple(
                Clean(id, self.commit(content))
                for id, content in zip(candidate.members, contents, strict=True)
            ),
        )

    def settle(self, built: Built, verdict: Verdict) -> None:
        view = self.store.read()
        held = view.claims[built.ids[0]]
        if verdict.result is not Result.PASS:
            self.apply(failed(view, built, verdict, held, self.config, self.now))
            return
        edit = land(view, built, verdict, held, self.config, self.now)
        assert isinstance(edit, Edit), edit
        self.apply(edit)
        self.on_main = (*self.on_main, *built.ids)
        self.show_tree()

    def run(self, most: int) -> View:
        for _ in range(most):
            if not self.step():
                return self.store.read()
        raise AssertionError(f"no end after {most} steps: {self}")


def bound(count: int, bad: int, batch: int) -> int:
    """Builds that are enough: the batches, and for each culprit its bisection and two runs."""
    return 3 + math.ceil(count / batch) + bad * (2 * math.ceil(math.log2(batch + 1)) + 5)


def outcome(view: View) -> tuple[set[MrId], set[MrId]]:
    landed = {mr.id for mr in view.mrs.values() if mr.close_reason is CloseReason.MERGED}
    blamed = {mr.id for mr in view.mrs.values() if mr.failure is not None}
    return landed, blamed


def ids(numbers: set[int]) -> frozenset[MrId]:
    return frozenset(an_id(f"{n:03}") for n in numbers)


counts = st.integers(1, 20)
fewer = settings(max_examples=max(30, settings().max_examples // 3))


@fewer
@given(counts, st.sets(st.integers(0, 19), max_size=6), st.sampled_from([1, 2, 3, 4, 8, 16]))
def test_every_good_one_lands_and_every_bad_one_is_found(
    count: int, bad: set[int], batch: int
) -> None:
    culprits = ids({n for n in bad if n < count})
    world = World(culprits, config=Config(batch_max=batch))
    world.start(count)
    view = world.run(most=1000)
    landed, blamed = outcome(view)
    assert blamed == culprits
    assert landed == set(view.mrs) - culprits
    assert set(world.on_main) == landed
    assert view.claims == {}
    assert world.builds <= bound(count, len(culprits), batch)


@fewer
@given(counts, st.sets(st.integers(0, 19), max_size=3), st.data())
def test_of_two_that_do_not_fit_one_lands_and_one_is_found(
    count: int, bad: set[int], data: st.DataObject
) -> None:
    numbers = st.integers(0, count - 1)
    pairs = data.draw(st.sets(st.tuples(numbers, numbers), max_size=3))
    clashing = frozenset(ids({one, two}) for one, two in pairs if one != two)
    culprits = ids({n for n in bad if n < count})
    world = World(culprits, clashing, config=Config(batch_max=8))
    world.start(count)
    view = world.run(most=1000)
    landed, blamed = outcome(view)
    assert landed | blamed == set(view.mrs)
    assert not landed & blamed
    assert world.works(world.on_main)
    for id in blamed - culprits:
        # It breaks what is there now, and what is there is the target's own business.
        assert any(id in pair and pair <= landed | {id} for pair in clashing)
    assert culprits <= blamed


@fewer
@given(counts, st.integers(0, 19), st.sets(st.integers(0, 19), max_size=3))
def test_a_red_target_blames_nobody_and_its_repair_is_found_in_the_queue(
    count: int, repair: int, bad: set[int]
) -> None:
    fix = an_id(f"{repair % count:03}")
    culprits = ids({n for n in bad if n < count}) - {fix}
    world = World(culprits, red_until=fix, config=Config(batch_max=4))
    world.start(count)
    landed, blamed = outcome(world.run(most=1000))
    assert fix in landed
    assert blamed == culprits
    assert len(landed) == count - len(culprits)


@fewer
@given(counts)
def test_a_red_target_that_nothing_repairs_blames_nobody_and_stops(count: int) -> None:
    world = World(frozenset(), red_until=MrId("mr-nobody"), config=Config(batch_max=4))
    world.start(count)
    view = world.run(most=1000)
    assert outcome(view) == (set(), set())
    assert isinstance(next_candidate(view, MAIN, world.config, world.now), Idle)
    assert world.builds <= 3 + count + 1


def test_sixteen_good_ones_take_one_build() -> None:
    world = World(frozenset(), config=Config(batch_max=16))
    world.start(16)
    world.run(most=10)
    assert world.builds == 1


def test_nobody_is_blamed_on_one_run_alone() -> None:
    world = World(ids({0}))
    world.start(1)
    for _ in itertools.takewhile(lambda _: world.step(), range(100)):
        _, blamed = outcome(world.store.read())
        if blamed:
            found = [each for each in world.store.read().verdicts.values() if each.candidate]
            assert [each.runs for each in found] == [2]
    assert outcome(world.store.read()) == (set(), ids({0}))
