"""A history that is begun anew: nothing of it is lost, whoever dies, lies or races meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from refinery.audit.counting import counted
from refinery.audit.inspection import inspect
from refinery.records.merge_request import CloseReason, Status
from refinery.records.names import Ref, Sha
from refinery.repo.answers import Pushed, Unknown
from refinery.repo.refs import RefUpdate
from refinery.repo.remote import RefTransport
from refinery.repo.walking import length
from refinery.store.archive import fetch_archive
from refinery.store.compaction import Compacted, Overtaken, compact, long_lines
from refinery.store.edit import Applied, Edit, Event, Lost
from refinery.store.events import read_events
from refinery.store.ref_store import RefStore
from refinery.store.trail import HistoryMissing, Trail
from refinery.store.update import PushRefused
from refinery.values import replace
from tests.decisions.makers import an_id
from tests.store.places import Place

journey = pytest.mark.journey

QUEUE, ARCHIVE = Ref("refs/refinery/queue"), Ref("refs/refinery/archive")
KEPT = "refs/refinery/history/"


def change(store: RefStore, place: Place, number: int, name: str = "a") -> None:
    """One transaction, which says its number."""
    view = store.read()
    mr = place.mr(name, retry_count=number)
    edit = Edit(Event("changed", f"change {number}", (mr.id,)), put=(mr,), pins={mr.id: mr.head})
    place.box.clock.tick()
    assert store.swap(view, edit)[0] == Applied(edit)


def end(store: RefStore, place: Place, name: str) -> None:
    """One that was queued ends, and is put into the archive in a group of its own."""
    change(store, place, 0, name)
    now = place.box.clock.tick()
    fields = {"status": Status.CLOSED, "close_reason": CloseReason.REJECTED, "closed_at": now}
    closed = place.mr(name, **fields)
    view = store.read()
    pins = {closed.id: None}
    assert isinstance(
        store.swap(view, Edit(Event("ended", "end", (closed.id,)), put=(closed,), pins=pins))[0],
        Applied,
    )
    view = store.read()
    header = replace(view.header, archived=view.header.archived + 1)
    edit = Edit(Event("archived", "archive", (closed.id,)), archive=(closed,), header=header)
    assert isinstance(store.swap(view, edit)[0], Applied)


def begin_anew(store: RefStore, ref: Ref = QUEUE) -> list[Compacted | Overtaken]:
    """Compact a ref, however short it is."""
    view = store.read()
    return [compact(store, view, line, worker="w") for line in long_lines(store, {ref: 1})]


def said(store: RefStore, **options: Any) -> list[str]:
    """The subjects of all transactions, newest first, without those that begin a line."""
    events = read_events(store, store.read(), **options)
    return [each.subject for each in events if each.event != "compacted"]


def changes(*numbers: int) -> list[str]:
    return [f"change {number}" for number in reversed(numbers)]


def kept(place: Place) -> dict[str, str]:
    return place.box.refs(KEPT)


def findings(store: RefStore, place: Place) -> list[tuple[str, str]]:
    found = inspect(store, clock=place.box.clock).findings
    return [(each.code, each.where) for each in found]


def commits(place: Place, ref: str = QUEUE) -> int:
    return int(place.box.git("rev-list", "--count", ref, cwd=place.box.origin))


@dataclass
class Broken:
    """A transport whose pushes do not all go well: `faults` says which, and how."""

    inner: RefTransport
    faults: dict[int, str]
    before: Callable[[int], object] = lambda _: None
    pushes: int = field(default=0)

    def fetch(self, refspecs: Sequence[str], **options: Any) -> None:
        self.inner.fetch(refspecs, **options)

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        return self.inner.list(*patterns, timeout=timeout)

    def push(self, updates: Sequence[RefUpdate], **options: Any) -> Pushed:
        number, self.pushes = self.pushes, self.pushes + 1
        self.before(number)
        fault = self.faults.get(number)
        if fault == "die before":
            raise KeyboardInterrupt
        if fault == "lost":
            return Unknown("the remote end hung up unexpectedly")
        done = self.inner.push(updates, **options)
        if fault == "die after":
            raise KeyboardInterrupt
        return Unknown("the remote end hung up unexpectedly") if fault == "unheard" else done


# What stays


def test_records_and_log_are_what_they_were_and_a_fresh_clone_fetches_little(
    remote: Place,
) -> None:
    store = remote.open_refs()
    for number in range(5):
        change(store, remote, number)
    before = store.read()
    [done] = begin_anew(store)
    assert isinstance(done, Compacted)
    assert (done.line.commits, done.kept) == (5, f"{KEPT}queue-1")
    change(store, remote, 5)
    fresh = remote.open_refs(path=remote.box.clone("fresh").path)
    after = fresh.read()
    assert (after.header, {*after.mrs}) == (before.header, {*before.mrs})
    assert commits(remote) == 2
    assert fresh.repo.reader.read(done.line.tip) is None
    assert said(fresh, limit=1) == changes(5)
    assert fresh.repo.reader.read(done.line.tip) is None, "nothing older is fetched in vain"
    assert said(fresh) == changes(*range(6))
    assert said(fresh, about=an_id("a")) == changes(*range(6))
    assert findings(fresh, remote) == []


@journey
def test_lines_are_chained_back_to_the_first(remote: Place) -> None:
    store = remote.open_refs()
    for number in range(6):
        change(store, remote, number)
        if number % 2:
            begin_anew(store)
    assert list(kept(remote)) == [f"{KEPT}queue-{number}" for number in (1, 2, 3)]
    assert said(store) == changes(*range(6))
    assert said(store, limit=5) == changes(3, 4, 5)  # two of the five only begin a line
    trail = Trail(store, QUEUE, store.read().leases[QUEUE])
    assert [length(store.repo, tip) for tip in trail.lines()] == [1, 3, 3, 2]
    assert trail.length() == 6
    assert findings(store, remote) == []


@journey
def test_what_was_counted_before_is_not_counted_again_nor_forgotten(remote: Place) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    assert counted(store, store.read()).transactions == 1
    change(store, remote, 1)
    begin_anew(store)
    change(store, remote, 2)
    assert counted(store, store.read()).transactions == 4
    fresh = remote.open_refs()
    assert counted(fresh, fresh.read()) == counted(store, store.read())


def test_the_archive_begins_anew_and_holds_all_that_it_held(remote: Place) -> None:
    store = remote.open_refs()
    end(store, remote, "a")
    end(store, remote, "b")
    begin_anew(store, ARCHIVE)
    end(store, remote, "c")
    fresh = remote.open_refs()
    archive = fetch_archive(fresh)
    ids = [an_id(name) for name in "abc"]
    assert {*archive.read().mrs} == {*ids}
    assert next(id for some in fetch_archive(fresh).newest() for id in some.mrs) == ids[2]
    assert sorted(id for some in fetch_archive(fresh).newest() for id in some.mrs) == ids
    assert {*fetch_archive(fresh).find(ids[0])} == {ids[0]}
    assert findings(fresh, remote) == []


def test_what_is_short_is_left_alone(remote: Place) -> None:
    store = remote.open_refs()
    assert long_lines(store, {QUEUE: 1}) == []
    change(store, remote, 0)
    assert long_lines(store, {QUEUE: 2, ARCHIVE: 1}) == []
    assert [line.commits for line in long_lines(store, {QUEUE: 1})] == [1]
    assert long_lines(store) == []


@journey
def test_it_is_so_in_place(four_branches: tuple[Path, dict[str, Sha]], tmp_path: Path) -> None:
    from tests.store.places import places

    for place in places("in place", four_branches, tmp_path):
        store = place.open_refs()
        for number in range(3):
            change(store, place, number)
            begin_anew(store)
        assert commits(place) == 1
        assert said(store) == changes(0, 1, 2)
        assert findings(store, place) == []


# Others at work


def test_a_worker_that_is_about_to_push_loses_once_and_goes_on(remote: Place) -> None:
    store, other = remote.open_refs(), remote.open_refs()
    change(store, remote, 0)
    view = other.read()
    begin_anew(store)
    mr = remote.mr("a", retry_count=1)
    edit = Edit(Event("changed", "change 1", (mr.id,)), put=(mr,))
    assert isinstance(other.swap(view, edit)[0], Lost)
    assert other.swap(other.read(), edit)[0] == Applied(edit)
    assert said(other) == changes(0, 1)


def test_a_transaction_that_slips_in_between_is_kept_with_the_next_attempt(
    remote: Place,
) -> None:
    other = remote.open_refs()

    def slips_in(number: int) -> None:
        if number == 1:
            change(other, remote, 1)

    change(other, remote, 0)
    store = remote.open_refs(lambda way: Broken(way, {}, slips_in))
    assert [type(each) for each in begin_anew(store)] == [Overtaken]
    assert findings(other, remote) == []
    assert [type(each) for each in begin_anew(store)] == [Compacted]
    assert list(kept(remote)) == [f"{KEPT}queue-1"]
    assert said(other) == changes(0, 1)
    assert findings(other, remote) == []


@journey
def test_of_two_at_once_one_does_it(remote: Place) -> None:
    store, other = remote.open_refs(), remote.open_refs()
    change(store, remote, 0)
    view, lines = store.read(), long_lines(store, {QUEUE: 1})
    assert [type(each) for each in begin_anew(other)] == [Compacted]
    assert [type(compact(store, view, line, worker="w")) for line in lines] == [Overtaken]
    assert said(store) == changes(0)
    assert findings(store, remote) == []


@journey
def test_a_push_whose_answer_was_lost_is_found_behind_the_beginning(remote: Place) -> None:
    other = remote.open_refs()
    change(other, remote, 0)

    def after() -> None:
        change(other, remote, 2)
        begin_anew(other)

    @dataclass
    class Unheard(Broken):
        def push(self, updates: Sequence[RefUpdate], **options: Any) -> Pushed:
            done = super().push(updates, **options)
            after()
            return done

    store = remote.open_refs(lambda way: Unheard(way, {0: "unheard"}))
    change(store, remote, 1)
    assert said(other) == changes(0, 1, 2)


@journey
@pytest.mark.parametrize("push", [0, 1])
@pytest.mark.parametrize("fault", ["die before", "die after", "lost", "unheard"])
def test_whatever_happens_at_a_push_the_next_attempt_ends_it(
    remote: Place, push: int, fault: str
) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    change(store, remote, 1)
    unlucky = remote.open_refs(lambda way: Broken(way, {push: fault}))
    with suppress(KeyboardInterrupt):
        begin_anew(unlucky)
    assert said(store) == changes(0, 1)
    assert findings(store, remote) == []
    change(store, remote, 2)
    begin_anew(store)
    change(store, remote, 3)
    assert said(remote.open_refs()) == changes(*range(4))
    assert findings(store, remote) == []


@journey
def test_a_remote_that_does_not_allow_it_says_so_and_loses_nothing(remote: Place) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    remote.box.hook("update", 'case $1 in refs/refinery/queue) echo "never"; exit 1 ;; esac\n')
    with pytest.raises(PushRefused, match="never"):
        begin_anew(store)
    assert findings(store, remote) == []
    assert said(store) == changes(0)


@journey
def test_any_sequence_of_it_all_loses_nothing(remote: Place) -> None:
    """What three clones do in any order, with pushes that fail in any way: the log has it all."""
    lot = random.Random(7)
    faults = ["lost", "unheard", "die before", "die after"]
    stores = [remote.open_refs() for _ in range(2)]
    done = []
    for number in range(16):
        store = lot.choice(stores)
        match lot.randrange(3):
            case 0:
                fault = {lot.randrange(2): lot.choice(faults)}
                store.mirror._transport = store.transport = Broken(store.transport, fault)
                with suppress(KeyboardInterrupt):
                    begin_anew(store)
                store.mirror._transport = store.transport = store.transport.inner
            case _:
                change(store, remote, number)
                done.append(number)
    assert said(remote.open_refs()) == changes(*done)
    assert findings(stores[0], remote) == []


# What is wrong with a history


def test_a_kept_line_that_is_gone_is_named_and_the_queue_goes_on(remote: Place) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    begin_anew(store)
    remote.box.git("update-ref", "-d", f"{KEPT}queue-1", cwd=remote.box.origin)
    fresh = remote.open_refs()
    change(fresh, remote, 1)
    with pytest.raises(HistoryMissing):
        said(fresh)
    assert said(fresh, limit=1) == changes(1)
    assert findings(fresh, remote) == [("history-missing", QUEUE)]


@journey
def test_a_line_that_begins_with_something_else_is_found(remote: Place) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    begin_anew(store)
    git = remote.box.git
    origin = remote.box.origin
    message = git("log", "-1", "--format=%B", QUEUE, cwd=origin)
    tree = git("mktree", cwd=origin)
    forged = git("commit-tree", tree, "-m", message, cwd=origin).strip()
    git("update-ref", QUEUE, forged, cwd=origin)
    found = findings(remote.open_refs(), remote)
    assert ("history-broken", f"{QUEUE} at {forged[:12]}") in found


@journey
def test_a_kept_history_that_is_nobodys_is_found(remote: Place) -> None:
    store = remote.open_refs()
    change(store, remote, 0)
    head = remote.heads["a"]
    remote.box.git("update-ref", f"{KEPT}queue-1", head, cwd=remote.box.origin)
    assert findings(store, remote) == [("history-stray", f"{KEPT}queue-1")]
    begin_anew(store)
    assert list(kept(remote)) == [f"{KEPT}queue-1", f"{KEPT}queue-2"]
    assert said(store) == changes(0)
