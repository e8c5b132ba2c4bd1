"""The memory of resolved conflicts: one ref for all clones, no larger than is worth it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from refinery.records.names import Ref, Sha
from refinery.repo.answers import Pushed, Unknown
from refinery.repo.refs import Lost, RefUpdate, Refused
from refinery.repo.remote import RefTransport, transport
from refinery.repo.repository import Repository
from refinery.store.edit import Event
from refinery.store.layout import RefNames
from refinery.store.resolution_store import KEPT_MONTHS, LARGEST, ResolutionStore
from refinery.store.update import PushRefused
from tests.store.places import Place

EVENT = Event("learned", "a test", worker="ada")
REF = Ref("refs/refinery/resolutions")
A, B = "a" * 40, "b" * 40
MEMORY = {f"{A}/preimage": b"<<<<<<<\n", f"{A}/postimage": b"both\n"}
OTHER = {f"{B}/preimage": b"=======\n", f"{B}/postimage": b"neither\n"}


@dataclass
class Answering:
    """A transport that answers pushes with these instead, one after the other, and then works."""

    inner: RefTransport
    answers: list[Callable[[], Pushed]] = field(default_factory=list)
    pushes: int = 0

    def fetch(self, refspecs: Sequence[str], **options: Any) -> None:
        self.inner.fetch(refspecs, **options)

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        return self.inner.list(*patterns, timeout=timeout)

    def push(self, updates: Sequence[RefUpdate], **options: Any) -> Pushed:
        self.pushes += 1
        return self.answers.pop(0)() if self.answers else self.inner.push(updates, **options)


@dataclass
class Memories:
    """Stores of several clones, at one time."""

    place: Place
    now: datetime = datetime(2026, 3, 4, tzinfo=UTC)

    def store(self, *answers: Callable[[], Pushed]) -> tuple[ResolutionStore, Answering]:
        repo = Repository.discover(self.place.box.clone(f"clone-{len(self.place._repos)}").path)
        self.place._repos.append(repo)
        way = Answering(transport(repo), list(answers))
        return ResolutionStore(repo, way, refs=RefNames(), clock=lambda: self.now), way

    def files(self) -> list[str]:
        listed = self.place.box.git("ls-tree", "-r", "--name-only", REF, cwd=self.place.box.origin)
        return listed.splitlines()


@pytest.fixture
def memories(remote: Place) -> Memories:
    return Memories(remote)


def test_what_one_clone_learnt_another_recalls(memories: Memories) -> None:
    here, _ = memories.store()
    there, _ = memories.store()
    assert there.recall([A]) == {}
    assert here.learn(MEMORY, EVENT)
    assert there.learn(OTHER, EVENT)
    assert here.recall([]) == {}
    assert here.recall([A]) == MEMORY
    assert here.recall([A, B, "c" * 40]) == MEMORY | OTHER
    log = memories.place.box.git("log", "--format=%s", REF, cwd=memories.place.box.origin)
    assert log.splitlines() == ["a test", "a test"]


def test_what_is_known_is_not_learnt_again(memories: Memories) -> None:
    store, way = memories.store()
    assert store.learn(MEMORY, EVENT)
    assert not store.learn(MEMORY, EVENT)
    assert way.pushes == 1


def test_a_conflict_is_kept_in_the_month_in_which_it_was_last_resolved(memories: Memories) -> None:
    store, _ = memories.store()
    store.learn(MEMORY | OTHER, EVENT)
    memories.now = datetime(2026, 4, 1, tzinfo=UTC)
    changed = MEMORY | {f"{A}/postimage": b"another\n"}
    assert store.learn(changed, EVENT)
    assert memories.files() == [
        f"2026-03/{B}/postimage",
        f"2026-03/{B}/preimage",
        f"2026-04/{A}/postimage",
        f"2026-04/{A}/preimage",
    ]
    assert store.recall([A]) == changed


def test_after_a_year_it_is_forgotten(memories: Memories) -> None:
    store, _ = memories.store()
    store.learn(MEMORY, EVENT)
    assert KEPT_MONTHS == 12
    memories.now = datetime(2027, 3, 31, tzinfo=UTC)
    store.learn(OTHER, EVENT)
    assert set(store.recall([A, B])) == {*MEMORY, *OTHER}
    memories.now = datetime(2027, 4, 1, tzinfo=UTC)
    store.learn({f"{B}/preimage": b"new"}, EVENT)
    assert memories.files() == [f"2027-04/{B}/preimage"]


def test_of_a_file_that_is_too_large_nothing_is_kept(memories: Memories) -> None:
    store, _ = memories.store()
    most = {f"{B}/preimage": b"x" * LARGEST, f"{B}/postimage": b"y"}
    large = {f"{A}/preimage": b"x" * (LARGEST + 1), f"{A}/postimage": b"y"}
    assert not store.learn(large, EVENT)
    assert store.learn(large | most, EVENT)
    assert store.recall([A, B]) == most


def test_who_loses_a_race_tries_again_on_what_the_other_wrote(memories: Memories) -> None:
    other, _ = memories.store()

    def lose() -> Pushed:
        assert other.learn(OTHER, EVENT)
        return Lost("somebody was faster", (REF,))

    store, way = memories.store(lose)
    assert store.learn(MEMORY, EVENT)
    assert way.pushes == 2
    assert store.recall([A, B]) == MEMORY | OTHER


def test_after_five_lost_races_it_is_left_alone(memories: Memories) -> None:
    store, way = memories.store(*[lambda: Lost("somebody was faster", (REF,))] * 9)
    assert not store.learn(MEMORY, EVENT)
    assert way.pushes == 5


def test_where_nobody_answers_it_is_left_alone(memories: Memories) -> None:
    store, way = memories.store(lambda: Unknown("hung up"))
    assert not store.learn(MEMORY, EVENT)
    assert way.pushes == 1


def test_where_it_is_not_allowed_that_is_said(memories: Memories) -> None:
    store, way = memories.store(lambda: Refused(REF, "a hook says no"))
    with pytest.raises(PushRefused) as refused:
        store.learn(MEMORY, EVENT)
    assert refused.value.message == f"push to {REF}: the remote refuses it: a hook says no"
    assert way.pushes == 1


def test_what_others_put_there_is_neither_read_nor_kept_for_ever(memories: Memories) -> None:
    store, _ = memories.store()
    store.learn(MEMORY, EVENT)
    box = memories.place.box
    index = {**os.environ, "GIT_INDEX_FILE": str(box.root / "index")}
    blob = f"$(git rev-parse {REF}:2026-03/{A}/preimage)"
    rows = " ".join(
        f"--cacheinfo 100644,{blob},{path}"
        for path in ("README", f"2026-xx/{A}/preimage", f"2026-03/{A}/deep/er", "odd/one")
    )
    script = (
        f"git read-tree {REF} && git update-index --add {rows} && "
        f"git update-ref {REF} $(git commit-tree -p {REF} -m x $(git write-tree))"
    )
    subprocess.run(["sh", "-ec", script], cwd=box.origin, env=index, check=True)
    assert store.recall([A]) == MEMORY | {f"{A}/preimage": b"<<<<<<<\n"}
    memories.now = datetime(2026, 4, 4, tzinfo=UTC)
    assert store.learn(OTHER, EVENT)
    assert f"2026-xx/{A}/preimage" not in memories.files()
    assert "README" in memories.files()
