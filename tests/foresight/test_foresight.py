"""Foresight does what is new since it was last asked, and tells what records do not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.foresight import clashes
from refinery.foresight.foresight import Foresight
from refinery.queue.planning.beliefs import Traits
from refinery.queue.planning.facts import Profile
from refinery.queue.planning.from_view import Known
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Landing,
    MergeRequest,
    Method,
    Status,
)
from refinery.records.names import MrId, Sha
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import MAIN, a_hold, ago, an_id
from tests.foresight.histories import History, view_of


def apart_by_file(*names: str) -> History:
    """Heads that each add a file of their own."""
    history = History()
    base = history.commit("main", {"x": ["x"]})
    for name in names:
        history.commit(name, {"x": ["x"], name: [name]}, base)
    return history


def only(view: View, *names: str) -> View:
    return replace(view, mrs={an_id(name): view.mrs[an_id(name)] for name in names})


def clashing(foresight: Foresight, view: View) -> dict[MrId, set[MrId]]:
    return {id: {*others} for id, others in foresight.known(view, MAIN).clashes.items()}


def test_with_fewer_than_two_that_could_land_no_git_is_started(
    tmp_path: Path, started: list[str]
) -> None:
    with apart_by_file("a", "b").write(tmp_path) as repo:
        view, foresight = view_of(repo), Foresight(repo)
        started.clear()
        for mrs in ({}, only(view, "a").mrs, held(view, "b").mrs):
            found = foresight.known(
                replace(view, mrs=mrs), MAIN, me="ada", workers=3, profile=Profile.FAST
            )
            assert found == Known(me="ada", workers=3, profile=Profile.FAST)
        skip = frozenset({an_id("a")})
        assert foresight.known(view, MAIN, skip=skip) == Known(skip=skip)
    assert started == []


def held(view: View, name: str) -> View:
    mr = replace(view.mrs[an_id(name)], hold=a_hold())
    return replace(view, mrs={**view.mrs, mr.id: mr})


def test_asked_again_only_the_new_is_looked_at(tmp_path: Path, started: list[str]) -> None:
    with apart_by_file("a", "b", "c").write(tmp_path) as repo:
        foresight, full = Foresight(repo), view_of(repo)
        view = only(full, "a", "b")
        foresight.known(view, MAIN)
        started.clear()
        foresight.known(view, MAIN)
        foresight.known(replace(view), MAIN)
        assert started == []
        foresight.known(full, MAIN)
        assert started == ["rev-list", "diff-tree"]


def test_a_target_that_moves_makes_nothing_new(tmp_path: Path, started: list[str]) -> None:
    with apart_by_file("a", "b").write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        foresight.known(view, MAIN)
        started.clear()
        foresight.known(replace(view, targets={MAIN: view.mrs[an_id("a")].head}), MAIN)
        assert started == []


def test_who_did_not_fit_in_a_build_is_kept_apart_from_all_it_was_built_on(tmp_path: Path) -> None:
    a, b, c, d = map(an_id, "abcd")
    with apart_by_file("a", "b", "c", "d").write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        assert clashing(foresight, view) == {}
        foresight.apart(c, [a, b, MrId("mr-unknown")])
        assert clashing(foresight, view) == {a: {c}, b: {c}, c: {a, b}}
        assert clashing(foresight, only(view, "b", "c", "d")) == {b: {c}, c: {b}}
        moved = replace(view.mrs[c], head=view.mrs[d].head)
        again = replace(view, mrs={**view.mrs, c: moved})
        assert clashing(foresight, again) == {}


def test_the_cause_is_looked_for_first_and_then_the_others_fit_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History()
    base = history.commit("main", {"x": ["x"], "y": ["y"]})
    for name, files in (("a", ("y",)), ("b", ("y",)), ("c", ("x",)), ("d", ()), ("e", ("x",))):
        its = {path: [name if path in files else path] for path in ("x", "y")}
        history.commit(name, {**its, name: [name]}, base)
    with history.write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        a, b, c, d, e = map(an_id, "abcde")
        monkeypatch.setattr(clashes, "TRIED_AT_ONCE", 0)
        assert clashing(foresight, view) == {}
        foresight.apart(e, [c, d])
        assert clashing(foresight, view) == {c: {e}, d: {e}, e: {c, d}}
        monkeypatch.setattr(clashes, "TRIED_AT_ONCE", 1)
        assert clashing(foresight, replace(view)) == {c: {e}, e: {c}}
        assert clashing(foresight, replace(view)) == {a: {b}, b: {a}, c: {e}, e: {c}}


def test_traits_tell_files_authors_and_failures_of_the_living_and_the_ended(tmp_path: Path) -> None:
    history = apart_by_file("a", "b", "bad", "good")
    base, good = 1, 5
    history.commit("main", {**history.at[good - 1], "own": ["own"]}, base, good)
    blamed = Attempt(ago(minutes=3), "ada", AttemptOutcome.TESTS_FAIL, tree=Sha("7" * 40))
    with history.write(tmp_path) as repo:
        view = view_of(repo)
        tip = view.targets[MAIN]
        mrs = dict(view.mrs)
        mrs[an_id("bad")] = replace(
            mrs[an_id("bad")], **ended(CloseReason.SUPERSEDED), attempts=(blamed,)
        )
        mrs[an_id("good")] = landed(mrs[an_id("good")], repo.reader.commit(tip).parents[0], tip)
        mrs[an_id("b")] = replace(mrs[an_id("b")], worker="bob", supersedes=an_id("bad"))
        found = Foresight(repo).known(replace(view, mrs=mrs), MAIN).traits
    assert found == {
        an_id("a"): Traits("ada", frozenset({"a"})),
        an_id("b"): Traits("bob", frozenset({"b"}), failures=1),
        an_id("bad"): Traits("ada", frozenset({"bad"})),
        an_id("good"): Traits("ada", frozenset({"good", "own"})),
    }


def ended(reason: CloseReason) -> dict[str, object]:
    return {"status": Status.CLOSED, "close_reason": reason, "closed_at": ago(minutes=1)}


def landed(mr: MergeRequest, base: Sha, tip: Sha) -> MergeRequest:
    landing = Landing(
        base=base,
        commit=tip,
        tree=tip,
        candidate=(mr.id,),
        method=Method.MERGE,
        fingerprint="0" * 16,
        result="pass",
        worker="ada",
        mode="push",
    )
    return replace(mr, **ended(CloseReason.MERGED), landing=landing, merge_commit=tip)
