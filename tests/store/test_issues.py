"""The embedded tracker's records survive races and lost answers, and name what is broken."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from refinery.records.issue import Issue, IssueState
from refinery.records.names import IssueRef, Ref
from refinery.repo.answers import Pushed, Unknown
from refinery.repo.refs import Lost, Refused
from refinery.repo.remote import transport
from refinery.repo.repository import Repository
from refinery.store import issue_store
from refinery.store.edit import Event
from refinery.store.issue_store import IssueEdit, IssueStore, IssueView
from refinery.store.layout import RefNames
from refinery.store.update import MAX_LOSSES, Contention, PushRefused
from refinery.store.view import Damage
from tests.decisions.makers import NOW
from tests.store.places import Place
from tests.store.test_resolutions import Answering

REF = Ref("refs/refinery/issues")


def an_issue(number: int, title: str = "It conflicts") -> Issue:
    return Issue(IssueRef(f"local#{number}"), IssueState.OPEN, title, "two files clash", NOW)


def opened(view: IssueView) -> IssueEdit:
    issue = an_issue(int(view.next_id().partition("#")[2]))
    return IssueEdit(Event("opened", f"open {issue.id}"), (issue,))


@pytest.fixture
def open_store(remote: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[..., IssueStore]:
    """A store in a clone of its own, whose first pushes are answered with these."""
    monkeypatch.setattr(issue_store.time, "sleep", lambda seconds: None)

    def make(*answers: Callable[[Answering], Pushed]) -> IssueStore:
        repo = Repository.discover(remote.box.clone(f"clone-{len(remote._repos)}").path)
        remote._repos.append(repo)
        way = Answering(transport(repo))
        way.answers = [lambda each=each: each(way) for each in answers]
        return IssueStore(repo, way, refs=RefNames(), clock=remote.box.clock)

    return make


def put_by_hand(place: Place, blob: str, number: int) -> None:
    """Somebody puts the blob that a command names into the file of an issue."""
    script = (
        f"blob=$({blob}) && git read-tree {REF} && "
        f"git update-index --add --cacheinfo 100644,$blob,issues/{number}.yaml && "
        f"git update-ref {REF} $(git commit-tree -p {REF} -m x $(git write-tree))"
    )
    index = {**os.environ, "GIT_INDEX_FILE": str(place.box.root / "index")}
    subprocess.run(["sh", "-ec", script], cwd=place.box.origin, env=index, check=True)


def numbers(store: IssueStore) -> list[str]:
    return sorted(store.read().issues)


def test_an_empty_tracker_begins_with_one(open_store: Callable[..., IssueStore]) -> None:
    store = open_store()
    assert store.read() == IssueView({}, (), None)
    edit = store.update(opened)
    assert edit is not None
    assert edit.put == (an_issue(1),)
    assert store.read().issues == {"local#1": an_issue(1)}
    assert store.update(lambda view: None) is None


def test_who_loses_a_race_decides_again(open_store: Callable[..., IssueStore]) -> None:
    other = open_store()

    def lose(_: Answering) -> Pushed:
        other.update(opened)
        return Lost("somebody was faster", (REF,))

    store = open_store(lose, lose)
    edit = store.update(opened)
    assert edit is not None
    assert [issue.id for issue in edit.put] == ["local#3"]
    assert numbers(store) == ["local#1", "local#2", "local#3"]


def test_who_loses_all_races_says_so(open_store: Callable[..., IssueStore]) -> None:
    store = open_store(*[lambda _: Lost("somebody was faster", (REF,))] * MAX_LOSSES)
    with pytest.raises(Contention) as told:
        store.update(opened)
    assert str(told.value) == f"update 'open local#1': lost {MAX_LOSSES} races in a row"


def test_where_it_is_not_allowed_the_error_says_who_forbids_it(
    open_store: Callable[..., IssueStore],
) -> None:
    store = open_store(lambda _: Refused(REF, "a hook says no", ("not here", "nor there")))
    with pytest.raises(PushRefused) as told:
        store.update(opened)
    assert str(told.value) == (
        f"push to {REF}: the remote refuses it: a hook says no"
        "\n  remote: not here\n  remote: nor there"
    )
    assert told.value.hint == "`refinery doctor` shows what the remote allows"
    assert numbers(store) == []


@pytest.mark.parametrize("arrives", [True, False])
def test_an_issue_is_opened_once_though_the_answer_was_lost(
    open_store: Callable[..., IssueStore], arrives: bool
) -> None:
    store = open_store()
    way = store._transport
    assert isinstance(way, Answering)
    inner = way.inner

    def push(updates: object, **options: object) -> Pushed:
        way.push = Answering.push.__get__(way)  # type: ignore[method-assign]
        if arrives:
            inner.push(updates, **options)  # type: ignore[arg-type]
        return Unknown("the remote end hung up")

    way.push = push  # type: ignore[method-assign,assignment]
    edit = store.update(opened)
    assert edit is not None
    assert edit.put == (an_issue(1),)
    assert numbers(store) == ["local#1"]


def test_what_cannot_be_read_is_named_and_its_number_is_not_given_again(
    remote: Place, open_store: Callable[..., IssueStore]
) -> None:
    store = open_store()
    store.update(opened)
    put_by_hand(remote, 'printf "version: 1\\nid: 7\\n" | git hash-object -w --stdin', 4)
    view = store.read()
    assert list(view.issues) == ["local#1"]
    (damage,) = view.damage
    assert damage == Damage(f"{REF}:issues/4.yaml", damage.problem, damage.hint)
    assert damage.problem.endswith("is a required property")

    assert view.next_id() == "local#5"


def test_one_in_the_file_of_another_is_named_and_counts_for_nothing(
    remote: Place, open_store: Callable[..., IssueStore]
) -> None:
    store = open_store()
    store.update(opened)
    put_by_hand(remote, f"git rev-parse {REF}:issues/1.yaml", 9)
    for view in (open_store().read(), store.read()):
        assert view.damage == (
            Damage(f"{REF}:issues/9.yaml", "/id: 'local#1' does not belong in this file"),
        )
