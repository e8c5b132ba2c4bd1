"""Whether a queue has moved is asked of its own refs alone."""

from __future__ import annotations

from refinery.records.names import Ref
from refinery.store.edit import Applied, Edit, Event
from refinery.store.peeking import moved
from refinery.store.ref_store import RefStore
from tests.decisions.makers import a_claim, an_id
from tests.store.places import Place

EVENT = Event("tested", "a test")


def applied(store: RefStore, edit: Edit) -> None:
    assert isinstance(store.swap(store.read(), edit)[0], Applied)


def test_each_write_to_the_queue_is_seen(remote: Place) -> None:
    store, other = remote.open_refs(), remote.open_refs()
    pins = {an_id("a"): remote.heads["a"]}
    for edit in (
        Edit(EVENT, put=(remote.mr("a"),), pins=pins),
        Edit(EVENT, submit=(remote.mr("b"),)),
        Edit(EVENT, claim={an_id("a"): a_claim("a")}),
        Edit(EVENT, release=(an_id("a"),)),
    ):
        view = store.read()
        assert not moved(store, view)
        applied(other, edit)
        assert moved(store, view)
        assert not moved(store, store.read())


def test_other_refs_are_of_no_account(remote: Place) -> None:
    store = remote.open_refs()
    applied(store, Edit(EVENT, put=(remote.mr("a"),), pins={an_id("a"): remote.heads["a"]}))
    view = store.read()
    assert Ref("refs/heads/main") in view.leases
    box = remote.box
    head = remote.heads["d"]
    for ref in ("refs/heads/main", "refs/heads/new", "refs/refinery/other/x"):
        box.git("update-ref", ref, head, cwd=box.origin)
    assert not moved(store, view)
