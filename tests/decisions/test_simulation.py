"""Several workers at a queue in memory: the good land as they were tested, and only the bad fail.

Each worker does what the engine does, with the same decisions: it looks, is given a candidate,
claims it, tests it and settles the verdict, from a view that others have long made old.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.config.config import Check, Config
from refinery.queue.candidate import Built, Candidate, Clean
from refinery.queue.claiming import (
    Claimant,
    NotFree,
    claim,
    claim_candidate,
    given_back,
    holds,
    renew,
)
from refinery.queue.healing import leftovers
from refinery.queue.plan import Idle, Stuck, next_candidate
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.landing import cancelled
from refinery.queue.settling import Moved, combined, record, refuse, settle
from refinery.records.claim import Claim
from refinery.records.merge_request import CloseReason, Method
from refinery.records.names import MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.edit import Edit, Event
from refinery.store.memory_store import MemoryStore
from refinery.store.update import Committed, update
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import MAIN, NOW, a_sha, an_id, an_mr

Tree = frozenset[MrId]

LASTS = timedelta(minutes=10)
CONFIG = Config(checks=(Check("unit", "make test"),), batch_max=8)


@dataclass
class Truth:
    """What would really happen: who breaks the tree, alone or together, and which run lies."""

    bad: Tree = frozenset()
    disagree: frozenset[Tree] = frozenset()
    red_until: MrId | None = None  # the target fails without this one
    lies_at: int | None = None  # the run that fails whatever it tests
    config: Config = CONFIG

    def works(self, tree: Tree) -> bool:
        if self.red_until is not None and self.red_until not in tree:
            return False
        return not tree & self.bad and not any(pair <= tree for pair in self.disagree)


@dataclass
class Job:
    """What a worker has claimed: it is built, and tested until `until`."""

    built: Built
    tree: Tree
    claim: Claim
    until: datetime


@dataclass
class Worker:
    """One of several: what it saw last, and what it is at."""

    name: str
    view: View
    job: Job | None = None
    idle: Idle | None = None
    losses: int = 0


@dataclass
class World:
    """The queue, its target, those that work at it, and everything that has been tested."""

    truth: Truth
    chance: Random
    now: datetime = NOW
    store: MemoryStore = field(default_factory=MemoryStore)
    on_main: tuple[MrId, ...] = ()
    workers: list[Worker] = field(default_factory=list)
    commits: dict[Sha, tuple[MrId, ...]] = field(default_factory=dict)
    trees: dict[Sha, Tree] = field(default_factory=dict)
    passed: set[Tree] = field(default_factory=set)
    builds: int = 0
    names: int = 0
    deaths: int = 0

    def start(self, count: int, workers: int) -> None:
        mrs = tuple(an_mr(f"{n:03}", created_at=NOW + timedelta(seconds=n)) for n in range(count))
        self.store.set_target("main", self.commit(()))
        self.show_tree()
        queued = Edit(Event("queued", "queue"), put=mrs, pins={mr.id: mr.head for mr in mrs})
        assert isinstance(update(self.store, lambda view: queued), Committed)
        for _ in range(workers):
            self.hire()

    def hire(self) -> None:
        self.names += 1
        self.workers.append(Worker(f"w{self.names}", self.store.read()))

    # What git would say.

    def commit(self, content: tuple[MrId, ...]) -> Sha:
        name = a_sha(f"commit {content}")
        self.commits[name] = content
        return name

    def tree(self, content: tuple[MrId, ...]) -> Sha:
        name = a_sha(f"tree {sorted(content)}")
        self.trees[name] = frozenset(content)
        return name

    def show_tree(self) -> None:
        """What a store in refs reads with the target's tip."""
        self.store._view = replace(self.store._view, target_trees={MAIN: self.tree(self.on_main)})

    def built(self, members: tuple[MrId, ...], view: View) -> Built:
        """The members on the target as somebody knows it."""
        before = self.commits[view.targets[MAIN]]
        contents = [(*before, *members[:length]) for length in range(1, len(members) + 1)]
        whole = (*before, *members)
        return Built(
            target=MAIN,
            base=self.commit(before),
            commit=self.commit(whole),
            tree=self.tree(whole),
            method=Method.MERGE,
            members=tuple(
                Clean(id, self.commit(content))
                for id, content in zip(members, contents, strict=True)
            ),
        )

    # What the engine does.

    def change(self, worker: Worker, decide: Callable[[View], object]) -> object:
        """A transaction from what the worker knows, which may be old; the model follows."""
        done = update(self.store, decide, view=worker.view, pause=lambda _: None)
        if isinstance(done, Committed):
            self.follow(done.edit)
            worker.view = self.store.read()
            self.agree()
        return done

    def follow(self, edit: Edit) -> None:
        for move in edit.moves:
            assert move.old == self.commit(self.on_main), "landed on what the target is not"
            self.on_main = (*self.on_main, *(mr.id for mr in edit.put))
            assert move.new == self.commit(self.on_main)
            assert frozenset(self.on_main) in self.passed, "landed untested"
            self.show_tree()

    def agree(self) -> None:
        """The store is what the model says, and nothing in it contradicts itself."""
        view = self.store.read()
        landed = {mr.id for mr in view.mrs.values() if mr.close_reason is CloseReason.MERGED}
        assert landed == {*self.on_main}
        assert view.targets == {MAIN: self.commit(self.on_main)}
        assert view.header.landed == ({MAIN: view.targets[MAIN]} if self.on_main else {})
        refs = {ref for ref in view.leases if ref.startswith(self.store.refs.below("claims"))}
        assert refs == {self.store.refs.claim(name) for name in view.claims}
        assert all(claim.names == (name,) for name, claim in view.claims.items())
        tests = [each for each in view.claims.values() if each.base is not None]
        by_member = {(id, each) for id, claims in view.testing.items() for each in claims}
        assert by_member == {(id, each) for each in tests for id in each.candidate}
        live = {ref for ref in view.leases if ref.startswith(self.store.refs.below("heads"))}
        assert live == {self.store.refs.pin(mr.id) for mr in view.mrs.values() if not mr.closed}
        for key, verdict in view.verdicts.items():
            tree = self.trees[key.tree]
            assert verdict.result is not Result.PASS or self.truth.works(tree)

    def facts(self, worker: Worker, view: View) -> Facts:
        known = Known(me=worker.name)
        return facts_of(view, MAIN, self.truth.config, self.now, known=known)

    def look(self, worker: Worker) -> None:
        """Find something to do; whoever finds nothing asks the remote before it says so."""
        if self.chance.randrange(3):
            worker.view = self.store.read()
        for fresh in (False, True):
            if fresh:
                worker.view = self.store.read()
                self.tidy(worker)
            if blamed(self.facts(worker, worker.view)):
                self.refuse(worker)
            facts = self.facts(worker, worker.view)
            place = self.chance.randrange(4**worker.losses) if worker.losses else 0
            found = next_candidate(MAIN, facts, place=place)
            if isinstance(found, Candidate):
                worker.idle = None
                self.take(worker, found)
                return
            worker.idle = found

    def tidy(self, worker: Worker) -> None:
        refs = self.store.refs
        self.change(worker, lambda view: leftovers(view, refs, worker.name, self.now))

    def refuse(self, worker: Worker) -> None:
        def decide(view: View) -> Edit | None:
            facts = self.facts(worker, view)
            return refuse(view, facts, self.truth.config, self.now, worker=worker.name)

        self.change(worker, decide)

    def take(self, worker: Worker, found: Candidate) -> None:
        built = self.built(found.members, worker.view)
        by = Claimant(worker.name, f"{self.chance.getrandbits(128):032x}", self.now, LASTS)
        done = self.change(
            worker,
            lambda view: claim_candidate(
                view, MAIN, built.base, found.members, by, purpose=found.purpose
            ),
        )
        if isinstance(done, NotFree):
            worker.losses += 1
            worker.view = self.store.read()
            return
        assert isinstance(done, Committed)
        worker.losses = 0
        (mine,) = done.edit.claim.values()
        known = worker.view.verdict(built.tree, self.truth.config.fingerprint)
        is_known = known is not None and known.result is Result.PASS
        assert is_known or not found.has_passed, "another tree than the one that passed"
        minutes = 0 if is_known else self.chance.randrange(1, 25)
        until = self.now + timedelta(minutes=minutes)
        worker.job = Job(built, self.trees[built.tree], mine, until)

    def tick(self, worker: Worker, job: Job) -> None:
        """While the checks run: renew the claim, and stop when it is lost or of no more use."""
        due = job.claim.expires_at - LASTS * (2 / 3)
        if self.now >= due and self.chance.randrange(10):  # sometimes the remote is away
            done = self.change(
                worker, lambda view: renew(view, job.claim, now=self.now, lasts=LASTS)
            )
            if not isinstance(done, Committed):
                worker.job = None
                return
            (job.claim,) = done.edit.claim.values()
        worker.view = self.store.read()
        if not holds(worker.view, job.claim):
            worker.job = None
            return
        if self.chance.randrange(3):
            return
        useless = [each.running for each in cancelled(self.facts(worker, worker.view))]
        if any((each.members, each.worker) == (job.built.ids, worker.name) for each in useless):
            self.change(worker, lambda view: given_back(view, job.claim))
            worker.job = None

    def finish(self, worker: Worker, job: Job) -> None:
        worker.job = None
        known = worker.view.verdict(job.built.tree, self.truth.config.fingerprint)
        if known is not None and known.result is Result.PASS:
            said = known
        else:
            said = combined(known, self.run(worker, job))
        said = replace(
            said,
            candidate=job.built.ids,
            base=job.built.base,
            purpose=job.claim.purpose,
        )
        if not job.built.members:
            self.change(worker, lambda view: record(view, said, job.claim))
            return
        built = job.built
        for _ in range(20):
            done = self.change(worker, self.settling(worker, built, said, job.claim))
            if not isinstance(done, Moved):
                return
            worker.view = self.store.read()
            built = self.built(done.members, worker.view)
            if built.tree != said.tree:
                self.change(worker, lambda view: record(view, said, job.claim))
                return
        raise AssertionError("it moves for ever")

    def settling(
        self, worker: Worker, built: Built, said: Verdict, mine: Claim
    ) -> Callable[[View], Edit | Moved]:
        known = Known(me=worker.name)
        config = self.truth.config
        return lambda view: settle(view, built, said, mine, config, self.now, known=known)

    def run(self, worker: Worker, job: Job) -> Verdict:
        self.builds += 1
        lies = self.builds == self.truth.lies_at
        result = Result.PASS if self.truth.works(job.tree) and not lies else Result.FAIL
        if result is Result.PASS:
            self.passed.add(job.tree)
        return Verdict(
            tree=job.built.tree,
            fingerprint=self.truth.config.fingerprint,
            result=result,
            runs=1,
            target=MAIN,
            base=job.built.base,
            candidate=job.built.ids,
            seconds=600.0,
            at=self.now,
            worker=worker.name,
            checks=(CheckReport("unit", result, 600.0),),
        )

    # Time.

    def step(self) -> None:
        """A little later somebody does something, or is gone."""
        self.now += timedelta(seconds=self.chance.randrange(1, 90))
        worker = self.chance.choice(self.workers)
        job = worker.job
        if self.deaths and job is not None and not self.chance.randrange(12):
            self.deaths -= 1  # its claim stays, and somebody else comes
            self.workers.remove(worker)
            self.hire()
        elif job is None:
            self.look(worker)
        elif self.now >= job.until:
            self.finish(worker, job)
        else:
            self.tick(worker, job)

    def take_by_hand(self, id: MrId) -> None:
        """Somebody claims one, and forgets it."""
        by = Claimant("eve", "e" * 32, self.now, LASTS)
        taken = claim(self.store.read(), [id], by)
        assert isinstance(taken, Edit)
        assert isinstance(update(self.store, lambda view: taken), Committed)

    def all_idle(self) -> bool:
        """Whether nobody tests anything, dead ones' claims included."""
        view = self.store.read()
        if any(each.job is not None or each.idle is None for each in self.workers):
            return False
        return not any(each.live(self.now) for each in view.claims.values())

    def work(self, most: int) -> View:
        """Until nobody finds anything to do, however often they look."""
        quiet = 0
        for _ in range(most):
            before = self.store.read()
            self.step()
            is_quiet = self.all_idle() and self.store.read() is before
            quiet = quiet + 1 if is_quiet else 0
            if quiet > 4 * len(self.workers):
                return self.store.read()
        raise AssertionError(f"no end after {most} steps: {self.builds} builds, {self.on_main}")


def worked_off(
    truth: Truth, count: int, *, workers: int = 1, seed: int = 0, deaths: int = 0
) -> World:
    world = World(truth, Random(seed), deaths=deaths)
    world.start(count, workers)
    world.work(most=400 + 300 * count)
    return world


def outcome(view: View) -> tuple[set[MrId], set[MrId]]:
    landed = {mr.id for mr in view.mrs.values() if mr.close_reason is CloseReason.MERGED}
    refused = {mr.id for mr in view.mrs.values() if mr.failure is not None}
    return landed, refused


def ids(numbers: set[int]) -> Tree:
    return frozenset(an_id(f"{n:03}") for n in numbers)


SEEDS = st.integers(0, 1_000_000)
COUNTS = st.integers(1, 10)
WORKERS = st.sampled_from([1, 2, 3, 5])
DEATHS = st.integers(0, 4)
CULPRITS = st.sets(st.integers(0, 9), max_size=4)
fewer = settings(max_examples=max(6, settings().max_examples // 10))


@fewer
@given(SEEDS, COUNTS, WORKERS, DEATHS, CULPRITS)
def test_exactly_the_bad_are_refused_and_everybody_else_lands(
    seed: int, count: int, workers: int, deaths: int, bad: set[int]
) -> None:
    culprits = ids({n for n in bad if n < count})
    world = worked_off(Truth(culprits), count, workers=workers, seed=seed, deaths=deaths)
    view = world.store.read()
    landed, refused = outcome(view)
    assert refused == culprits
    assert landed == set(view.mrs) - culprits
    assert not [each for each in view.claims.values() if each.live(world.now)]


@fewer
@given(SEEDS, COUNTS, WORKERS, DEATHS, CULPRITS, st.data())
def test_of_two_that_do_not_fit_one_lands_and_one_is_refused(
    seed: int, count: int, workers: int, deaths: int, bad: set[int], data: st.DataObject
) -> None:
    numbers = st.integers(0, count - 1)
    pairs = data.draw(st.sets(st.tuples(numbers, numbers), max_size=3))
    disagree = frozenset(ids({one, two}) for one, two in pairs if one != two)
    culprits = ids({n for n in bad if n < count})
    truth = Truth(culprits, disagree)
    world = worked_off(truth, count, workers=workers, seed=seed, deaths=deaths)
    landed, refused = outcome(world.store.read())
    assert landed | refused == set(world.store.read().mrs)
    assert not landed & refused
    assert culprits <= refused
    for id in refused - culprits:
        # It breaks what is there now, and what is there is the target's own business.
        assert any(id in pair and pair <= landed | {id} for pair in disagree)


@fewer
@given(SEEDS, COUNTS, WORKERS, st.integers(0, 9), CULPRITS, st.booleans())
def test_a_red_target_blames_nobody_and_its_repair_is_found_in_the_queue(
    seed: int, count: int, workers: int, repair: int, bad: set[int], retry: bool
) -> None:
    fix = an_id(f"{repair % count:03}")
    culprits = ids({n for n in bad if n < count}) - {fix}
    truth = Truth(culprits, red_until=fix, config=replace(CONFIG, retry_failing=retry))
    world = worked_off(truth, count, workers=workers, seed=seed)
    landed, refused = outcome(world.store.read())
    assert refused == culprits
    assert landed == set(world.store.read().mrs) - culprits


@fewer
@given(SEEDS, COUNTS, WORKERS)
def test_a_red_target_that_nothing_repairs_blames_nobody_and_stops(
    seed: int, count: int, workers: int
) -> None:
    truth = Truth(red_until=MrId("mr-nobody"))
    world = worked_off(truth, count, workers=workers, seed=seed)
    assert outcome(world.store.read()) == (set(), set())
    stuck = {each.idle.stuck for each in world.workers if each.idle}
    assert Stuck.RED in stuck  # others may have looked while one still tested


@fewer
@given(SEEDS, COUNTS, WORKERS, CULPRITS, st.integers(1, 12))
def test_one_run_that_lies_refuses_nobody(
    seed: int, count: int, workers: int, bad: set[int], lies_at: int
) -> None:
    culprits = ids({n for n in bad if n < count})
    world = worked_off(Truth(culprits, lies_at=lies_at), count, workers=workers, seed=seed)
    landed, refused = outcome(world.store.read())
    assert refused == culprits
    assert landed == set(world.store.read().mrs) - culprits


@fewer
@given(SEEDS, COUNTS, WORKERS, CULPRITS)
def test_where_one_failing_run_is_enough_the_same_are_refused(
    seed: int, count: int, workers: int, bad: set[int]
) -> None:
    culprits = ids({n for n in bad if n < count})
    truth = Truth(culprits, config=replace(CONFIG, retry_failing=False))
    world = worked_off(truth, count, workers=workers, seed=seed)
    landed, refused = outcome(world.store.read())
    assert refused == culprits
    assert landed == set(world.store.read().mrs) - culprits


def test_eight_good_ones_take_one_build_of_one_worker() -> None:
    assert worked_off(Truth(), 8).builds == 1


def test_one_bad_one_takes_two_runs_of_its_own_and_one_of_the_target() -> None:
    assert worked_off(Truth(ids({0})), 1).builds == 3


def test_one_that_was_taken_by_hand_and_forgotten_lands_once_that_ran_out() -> None:
    world = World(Truth(), Random(0))
    world.start(3, workers=2)
    world.take_by_hand(an_id("001"))
    world.work(most=1000)
    landed, _ = outcome(world.store.read())
    assert landed == ids({0, 1, 2})
