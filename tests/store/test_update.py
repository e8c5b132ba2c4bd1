"""The transaction: decide again after a lost race, stop at a refusal, give up in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.store.edit import Edit, Event, Lost, Swap
from refinery.store.memory_store import MemoryStore
from refinery.store.update import MAX_LOSSES, Committed, Contention, PushRefused, update
from refinery.store.view import View
from tests.store.places import Place

EVENT = Event("tested", "count")


def count(view: View) -> Edit:
    """One more."""
    return Edit(EVENT, header=replace(view.header, archived=view.header.archived + 1))


class Racing(MemoryStore):
    """A store where somebody else is faster so many times."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses
        self.reads = 0

    def read(self) -> View:
        self.reads += 1
        return super().read()

    def swap(self, view: View, edit: Edit) -> tuple[Swap, View]:
        if self.losses:
            self.losses -= 1
            super().swap(super().read(), count(super().read()))
        return super().swap(view, edit)


@pytest.fixture
def pauses() -> list[float]:
    return []


def test_a_decision_that_holds_is_committed_with_the_view_after_it(pauses: list[float]) -> None:
    store = Racing(losses=0)
    done = update(store, count, pause=pauses.append)
    assert done == Committed(count(View(store.read().header.__class__("main"))), store.read())
    assert pauses == []


def test_a_lost_race_decides_again_on_what_is_there_now(pauses: list[float]) -> None:
    store = Racing(losses=3)
    seen = []

    def decide(view: View) -> Edit:
        seen.append(view.header.archived)
        return count(view)

    done = update(store, decide, pause=pauses.append)
    assert isinstance(done, Committed)
    assert seen == [0, 1, 2, 3]
    assert store.read().header.archived == 4
    assert len(pauses) == 3


def test_pauses_are_random_and_grow_with_losses_up_to_a_second(pauses: list[float]) -> None:
    with pytest.raises(Contention):
        update(Racing(losses=MAX_LOSSES), count, pause=pauses.append)
    limits = [min(1.0, 0.01 * 2**loss) for loss in range(MAX_LOSSES)]
    assert all(0 <= pause <= limit for pause, limit in zip(pauses, limits, strict=True))
    assert len(set(pauses)) > MAX_LOSSES // 2


def test_a_race_may_be_won_by_having_nothing_to_do_any_more(pauses: list[float]) -> None:
    store = Racing(losses=1)

    def once(view: View) -> Edit | str:
        return "done already" if view.header.archived else count(view)

    assert update(store, once, pause=pauses.append) == "done already"
    assert store.read().header.archived == 1


@pytest.mark.parametrize("declined", [None, "no", 0, ()])
def test_what_is_no_edit_is_handed_back(declined: object, pauses: list[float]) -> None:
    store = MemoryStore()
    assert update(store, lambda view: declined, pause=pauses.append) is declined
    assert store.events == []


def test_a_view_that_is_known_saves_the_first_read(pauses: list[float]) -> None:
    store = Racing(losses=1)
    stale = MemoryStore.read(store)
    update(store, count, view=stale, pause=pauses.append)
    assert store.reads == 1


def test_endless_bad_luck_is_said_and_changes_nothing(pauses: list[float]) -> None:
    class Unlucky(MemoryStore):
        def swap(self, view: View, edit: Edit) -> tuple[Swap, View]:
            return Lost("refs/refinery/queue moved", ()), view

    store = Unlucky()
    with pytest.raises(Contention) as caught:
        update(store, count, pause=pauses.append)
    assert caught.value.message == (
        f"update 'count': lost {MAX_LOSSES} races in a row (refs/refinery/queue moved)"
    )
    assert caught.value.hint == "nothing was changed; run the command again"
    assert caught.value.exit_code == 75


def test_a_server_that_says_no_is_not_asked_again(remote: Place, pauses: list[float]) -> None:
    remote.box.hook("pre-receive", "echo only the refinery may do that >&2; exit 1")
    before = remote.state()
    with pytest.raises(PushRefused) as caught:
        update(remote.open(), count, pause=pauses.append)
    assert caught.value.message == (
        "push to refs/refinery/queue: the remote refuses it: pre-receive hook declined"
        "\n  remote: only the refinery may do that"
    )
    assert caught.value.exit_code == 1
    assert pauses == []
    assert remote.state() == before
