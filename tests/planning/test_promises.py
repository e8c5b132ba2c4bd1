"""What the planner promises of any queue: all is tested, all ends, nobody is wronged or starved."""

from __future__ import annotations

from itertools import combinations, islice
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.records.names import MrId
from tests.planning.driver import MINUTES, Queue, Truth, an_id

WORKERS = st.sampled_from([1, 2, 3, 5, 8, 16])


def pairs_of(changes: int) -> st.SearchStrategy[frozenset[frozenset[MrId]]]:
    pairs = [frozenset(map(an_id, pair)) for pair in combinations(range(changes), 2)]
    return st.frozensets(st.sampled_from(pairs), max_size=3) if pairs else st.just(frozenset())


@st.composite
def truths(draw: st.DrawFn, *, flaky: bool = False, disagree: bool = True) -> Truth:
    changes = draw(st.integers(1, 12))
    ids = [an_id(number) for number in range(changes)]
    needs = {
        ids[number]: frozenset(draw(st.sets(st.sampled_from(ids[:number]), max_size=1)))
        for number in range(1, changes)
        if draw(st.integers(0, 3)) == 0
    }
    stacked = {frozenset({id, below}) for id, them in needs.items() for below in them}
    truth = Truth(changes, needs=needs, flaky=flaky)
    truth.bad = draw(st.frozensets(st.sampled_from(ids), max_size=4))
    truth.disagree = (draw(pairs_of(changes)) if disagree else frozenset()) - stacked
    clash = draw(pairs_of(changes))
    truth.clash = frozenset(
        pair
        for pair in clash
        if not any(pair - {id} <= truth.all_needs(id) for id in pair) and not _share(truth, pair)
    )
    return truth


def _share(truth: Truth, pair: frozenset[MrId]) -> bool:
    """Whether somebody stands on both: such a stack could never be built."""
    return any(pair <= truth.all_needs(id) | {id} for id in map(an_id, range(truth.changes)))


SEEDS = st.integers(0, 1_000_000)
fewer = settings(max_examples=max(30, settings().max_examples // 3))


def worked_off(seed: int, truth: Truth, workers: int) -> Queue:
    queue = Queue(truth, workers, Random(seed).randrange)
    queue.run()
    return queue


@fewer
@given(SEEDS, truths(disagree=False), WORKERS)
def test_exactly_the_bad_are_refused(seed: int, truth: Truth, workers: int) -> None:
    queue = worked_off(seed, truth, workers)
    assert {*queue.refused} <= truth.bad
    assert not {*queue.landed} & truth.bad
    assert len(queue.landed) + len(queue.refused) + len(queue.left) == truth.changes


@fewer
@given(SEEDS, truths(), WORKERS)
def test_of_two_that_disagree_one_lands(seed: int, truth: Truth, workers: int) -> None:
    queue = worked_off(seed, truth, workers)
    assert not {*queue.landed} & truth.bad
    assert not any(pair <= {*queue.landed} for pair in truth.disagree)
    disagreeing = frozenset[MrId]().union(*truth.disagree)
    assert {*queue.refused} <= truth.bad | disagreeing


@fewer
@given(SEEDS, truths(flaky=True), WORKERS)
def test_flakes_delay_and_stop_nobody(seed: int, truth: Truth, workers: int) -> None:
    """The driver checks each step: evidence, conflicts, stacks, and that it ends."""
    queue = worked_off(seed, truth, workers)
    assert not {*queue.landed} & truth.bad


@fewer
@given(SEEDS, truths(disagree=False), WORKERS)
def test_workers_that_die_cost_time_and_nothing_else(seed: int, truth: Truth, workers: int) -> None:
    truth.killed = True
    queue = worked_off(seed, truth, workers)
    assert {*queue.refused} <= truth.bad
    assert not {*queue.landed} & truth.bad
    assert len(queue.landed) + len(queue.refused) + len(queue.left) == truth.changes


@settings(max_examples=12)
@given(SEEDS, st.sampled_from([1, 3]), st.sampled_from([2, 9]), st.booleans())
def test_nobody_starves_however_many_better_ones_come(
    seed: int, workers: int, stream: int, clashing: bool
) -> None:
    """More arrive than can be tested, and all of them go before the first; it is decided."""
    last, *others = map(an_id, range(1_000))
    random = Random(seed)
    truth = Truth(len(others), better=frozenset(others))
    truth.bad = frozenset(id for id in (last, *others) if random.random() < 0.1)
    if clashing:
        truth.clash = frozenset(
            frozenset({last, rival}) for rival in others if random.random() < 0.02
        )
    queue = Queue(truth, workers, random.randrange)
    coming = iter(others)
    queue.arrive(*islice(coming, 2 * workers))
    queue.arrive(last)
    while last in queue.pending:
        assert queue.now < 20 * MINUTES, "it starves"
        queue.arrive(*islice(coming, stream))
        queue.end_one()


@given(st.integers(1, 30), WORKERS)
def test_good_changes_all_land(changes: int, workers: int) -> None:
    queue = Queue(Truth(changes), workers, lambda _: 0)
    queue.run()
    assert sorted(queue.landed) == [an_id(number) for number in range(changes)]
    assert queue.builds <= 2 * changes
