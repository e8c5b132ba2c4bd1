"""Every interleaving of a few workers and merge requests keeps every promise and comes to an end.

The small worlds are explored each time, the larger ones as journeys, the largest as soaks.  That
the search can find what it looks for is shown by bugs that are planted into the decisions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from refinery.queue import healing, settling
from refinery.queue.planning import blame
from tests.decisions.makers import an_id
from tests.model import protocol
from tests.model.explorer import Explored, Violation, explore
from tests.model.promises import promises
from tests.model.protocol import Protocol
from tests.model.world import State, Truth, begin


def explored(
    count: int,
    workers: int,
    *outside: str,
    bad: str = "",
    disagree: str = "",
    clash: str = "",
    folded: bool = True,
) -> Explored:
    """All that can happen to so many merge requests (a, b, c, ...) and so many workers."""
    truth = Truth(
        bad=frozenset(map(an_id, bad)),
        disagree=frozenset({frozenset(map(an_id, disagree))}) if disagree else frozenset(),
        clash=frozenset({frozenset(map(an_id, clash))}) if clash else frozenset(),
    )
    first = begin(count, workers, outside=outside, folded=folded)
    return explore(Protocol(truth), first, promises(truth))


def fates(end: State) -> dict[str, str]:
    """How each stands where nobody has anything left to do."""
    return {id.removeprefix("mr-"): _fate(mr) for id, mr in end.remote.view.mrs.items()}


def _fate(mr: Any) -> str:
    if mr.close_reason is not None:
        return str(mr.close_reason.value)
    if mr.failure is not None:
        return "refused"
    return "held" if mr.hold else "blocked" if mr.block else "waiting"


def all_fates(found: Explored) -> set[tuple[str, ...]]:
    """The different ways in which it can end, in the order of the ids."""
    assert found.ends
    return {tuple(fate for _, fate in sorted(fates(end).items())) for end in found.ends}


@pytest.mark.parametrize(("count", "workers"), [(1, 1), (2, 2), (3, 2), (2, 3), (3, 3)])
def test_what_is_fine_lands_however_the_workers_interleave(count: int, workers: int) -> None:
    found = explored(count, workers)
    assert all_fates(found) == {("merged",) * count}


def test_submissions_are_folded_once_whoever_folds_them() -> None:
    assert all_fates(explored(2, 2, folded=False)) == {("merged", "merged")}


def test_a_lie_of_the_network_lands_nothing_twice() -> None:
    assert all_fates(explored(2, 2, "unheard")) == {("merged", "merged")}


def test_a_landing_that_tears_is_finished() -> None:
    assert all_fates(explored(2, 2, "torn")) == {("merged", "merged")}


def test_a_worker_that_dies_anywhere_delays_and_loses_nothing() -> None:
    assert all_fates(explored(2, 2, "crash")) == {("merged", "merged")}


def test_what_is_held_does_not_land_whenever_the_word_comes() -> None:
    assert all_fates(explored(2, 2, "hold a")) <= {("merged", "merged"), ("held", "merged")}


def test_a_paused_queue_lands_nothing_until_it_goes_on() -> None:
    ends = all_fates(explored(1, 2, "pause"))
    assert ends == {("merged",), ("waiting",)}


def test_one_that_conflicts_goes_on_once_its_issue_is_closed() -> None:
    stays = ("merged", "blocked")
    assert all_fates(explored(2, 1, clash="ab")) == {stays}
    assert all_fates(explored(2, 1, "close", clash="ab")) == {stays}
    goes_on = ("merged", "superseded", "merged")
    assert all_fates(explored(2, 1, "revise b", "close", clash="ab")) == {goes_on}


@pytest.mark.journey
@pytest.mark.parametrize("bad", ["a", "b"])
def test_exactly_the_bad_one_is_refused(bad: str) -> None:
    expected = tuple("refused" if name == bad else "merged" for name in "ab")
    assert all_fates(explored(2, 2, bad=bad)) == {expected}


@pytest.mark.soak
@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_exactly_the_bad_one_of_three_is_refused(bad: str) -> None:
    expected = tuple("refused" if name == bad else "merged" for name in "abc")
    assert all_fates(explored(3, 2, bad=bad)) == {expected}


def test_a_claim_that_runs_out_under_a_worker_that_lives_harms_nobody() -> None:
    assert all_fates(explored(2, 2, "time")) == {("merged", "merged")}


@pytest.mark.journey
def test_of_two_that_do_not_work_together_one_is_refused() -> None:
    assert all_fates(explored(2, 2, disagree="ab")) <= {
        ("merged", "refused"),
        ("refused", "merged"),
    }


@pytest.mark.soak
@pytest.mark.parametrize(
    "outside",
    [
        ("torn", "unheard"),
        ("crash",),
        ("push",),
        ("reject a", "hold b"),
        ("revise b",),
        ("pause", "resume"),
    ],
    ids=" and ".join,
)
def test_a_bad_one_among_whatever_happens(outside: tuple[str, ...]) -> None:
    found = explored(2, 2, *outside, bad="a")
    assert all(end[0] in ("refused", "rejected", "waiting") for end in all_fates(found))


# The search finds what it looks for


def _always(_view: object, _claim: object) -> bool:
    return True


def _never(*_: object, **__: object) -> None:
    return None


def _without(ref: str) -> Callable[..., Any]:
    real = protocol.footprint

    def footprint(refs: Any, edit: Any) -> Any:
        return {name: stays for name, stays in real(refs, edit).items() if not name.endswith(ref)}

    return footprint


def _first_member(facts: Any, failed: Any, changes: Any) -> Any:
    return changes.get(min(failed.members))


@pytest.mark.parametrize(
    ("where", "name", "bug", "world", "found"),
    [
        (settling, "holds", _always, {"outside": ("time",)}, "without its claim"),
        (
            protocol,
            "footprint",
            _without("heads/main"),
            {"outside": ("push",)},
            "was on the target",
        ),
        (protocol, "footprint", _without("/queue"), {"outside": ("hold a",)}, "which may not"),
        (healing, "roll_forward", _never, {"outside": ("torn",)}, "landed twice"),
        (blame, "culprit_of", _first_member, {"bad": "b"}, "is fine, and was refused"),
    ],
    ids=["no fencing", "no lease on the target", "no lease on the queue", "no healing", "guessing"],
)
def test_a_planted_bug_is_found(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, bug: Any, world: Any, found: str
) -> None:
    monkeypatch.setattr(where, name, bug)
    with pytest.raises(Violation, match=found):
        explored(2, 2, *world.pop("outside", ()), **world)
