"""A push whose answer was lost: the remote's refs say what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from refinery.errors import TryAgain
from refinery.records.names import Ref, Sha
from refinery.repo.answers import Pushed, Unknown
from refinery.repo.refs import RefUpdate
from refinery.repo.remote import RefTransport
from refinery.store.edit import Applied, Edit, Event, Lost
from refinery.store.ref_store import OutcomeUnknown
from refinery.store.update import Committed, update
from refinery.store.view import View
from tests.decisions.makers import a_claim, a_verdict, an_id
from tests.store.places import Place

EVENT = Event("tested", "a test")
A = an_id("a")


@dataclass
class Deaf:
    """A transport that hears no answer to its next push, which may have arrived or not."""

    inner: RefTransport
    arrives: bool
    after: Callable[[], object] = lambda: None
    answers: int = 0

    def fetch(self, refspecs: Sequence[str], **options: Any) -> None:
        self.inner.fetch(refspecs, **options)

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        return self.inner.list(*patterns, timeout=timeout)

    def push(self, updates: Sequence[RefUpdate], **options: Any) -> Pushed:
        self.answers -= 1
        if self.answers >= 0:
            return self.inner.push(updates, **options)
        self.answers = 1000
        if self.arrives:
            self.inner.push(updates, **options)
        self.after()
        return Unknown("the remote end hung up unexpectedly")


EDITS = {
    "queue": lambda place: Edit(EVENT, put=(place.mr("b"),), pins={an_id("b"): place.heads["b"]}),
    "submission": lambda place: Edit(EVENT, submit=(place.mr("b"),)),
    "claim": lambda place: Edit(EVENT, claim={A: a_claim("a")}),
}


def prepared(place: Place) -> None:
    store = place.open()
    store.swap(store.read(), Edit(EVENT, put=(place.mr("a"),)))


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_it_arrived(remote: Place, edit: Callable[[Place], Edit]) -> None:
    prepared(remote)
    store = remote.open(lambda way: Deaf(way, arrives=True))
    outcome, after = store.swap(store.read(), edit(remote))
    assert outcome == Applied(edit(remote))
    assert after == store.read()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_it_did_not_arrive(remote: Place, edit: Callable[[Place], Edit]) -> None:
    prepared(remote)
    store = remote.open(lambda way: Deaf(way, arrives=False))
    before, view = remote.state(), store.read()
    outcome, after = store.swap(view, edit(remote))
    assert outcome == Lost("the push did not arrive: the remote end hung up unexpectedly", ())
    assert after is view
    assert remote.state() == before


def test_it_arrived_and_others_went_on_from_there(remote: Place) -> None:
    prepared(remote)
    other = remote.open()

    def goes_on() -> None:
        other.swap(other.read(), Edit(EVENT, verdicts=(a_verdict("a"),)))

    store = remote.open(lambda way: Deaf(way, arrives=True, after=goes_on))
    outcome, _ = store.swap(store.read(), EDITS["queue"](remote))
    assert isinstance(outcome, Applied)
    view = store.read()
    assert (set(view.mrs), len(view.verdicts)) == ({A, an_id("b")}, 1)


def test_it_did_not_arrive_and_others_were_faster(remote: Place) -> None:
    prepared(remote)
    other = remote.open()

    def goes_on() -> None:
        other.swap(other.read(), Edit(EVENT, verdicts=(a_verdict("a"),)))

    store = remote.open(lambda way: Deaf(way, arrives=False, after=goes_on))
    outcome, _ = store.swap(store.read(), EDITS["queue"](remote))
    assert outcome == Lost("overtaken: the remote end hung up unexpectedly", ())
    assert set(store.read().mrs) == {A}


def test_where_the_remote_stays_away_nobody_says_what_became_of_it(
    remote: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(way: Deaf, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        raise TryAgain("connection refused")

    prepared(remote)
    store = remote.open(lambda way: Deaf(way, arrives=True))
    view = store.read()
    monkeypatch.setattr(Deaf, "list", away)
    with pytest.raises(OutcomeUnknown) as unknown:
        store.swap(view, EDITS["queue"](remote))
    assert unknown.value.message == "the remote went away during a push: connection refused"
    assert unknown.value.hint == (
        "it was done as a whole or not at all; run the command again to find out"
    )


@pytest.mark.parametrize("arrives", [True, False])
def test_a_transaction_is_done_once_either_way(remote: Place, arrives: bool) -> None:
    prepared(remote)
    store = remote.open(lambda way: Deaf(way, arrives=arrives))

    def add(view: View) -> Edit:
        count = view.header.archived + 1
        from dataclasses import replace

        return Edit(EVENT, header=replace(view.header, archived=count))

    done = update(store, add, pause=lambda seconds: None)
    assert isinstance(done, Committed)
    assert remote.open().read().header.archived == 1
