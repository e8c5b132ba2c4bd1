"""Who clashes is what git finds when they are really merged one after the other."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from refinery.config.config import Config
from refinery.engine.building import build
from refinery.foresight import clashes, couples
from refinery.foresight.foresight import Foresight
from refinery.queue.candidate import Built
from refinery.records.merge_request import MergeRequest
from refinery.repo.merging import Conflict, merge_tree
from refinery.repo.repository import Repository
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import MAIN, a_sha
from tests.foresight.histories import Files, History, by_chance, request, view_of

Told = set[tuple[str, str]]
LINES = [str(number) for number in range(20)]


def told(foresight: Foresight, view: View) -> Told:
    """The pairs that clash, by branch; each is said of both."""
    found = foresight.known(view, MAIN).clashes
    assert all(one in found[other] for one, others in found.items() for other in others)
    return {
        (view.mrs[one].branch, view.mrs[other].branch)
        for one, others in found.items()
        for other in others
        if one < other
    }


def of(repo: Repository) -> Told:
    return told(Foresight(repo), view_of(repo))


def with_lines(**changed: str) -> Files:
    """A file `x` of twenty lines, of which some are changed: `_3="three"`."""
    return {"x": [changed.get(f"_{number}", line) for number, line in enumerate(LINES)]}


def side_by_side(**heads: Files) -> History:
    """Heads that all left the first commit."""
    history = History()
    base = history.commit("main", with_lines())
    for name, files in heads.items():
        history.commit(name, files, base)
    return history


@pytest.mark.parametrize("seed", range(5))
def test_two_clash_if_the_second_would_conflict_in_a_build_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(clashes, "TRIED_AT_ONCE", 100)
    with by_chance(seed).write(tmp_path) as repo:
        view = view_of(repo)
        alone = {mr.branch: made for mr in view.mrs.values() if (made := built(repo, view, mr))}
        really = {
            (one.branch, other.branch)
            for one, other in combinations(view.mrs.values(), 2)
            if alone.keys() >= {one.branch, other.branch}
            and isinstance(merge_tree(repo, alone[one.branch].commit, other.head), Conflict)
        }
        assert {two for two in of(repo) if alone.keys() >= {*two}} == really


def built(repo: Repository, view: View, mr: MergeRequest) -> Built | None:
    base = view.targets[MAIN]
    return build(repo, [mr], target=MAIN, base=base, config=Config(), when=0).built


def test_edits_of_one_text_that_are_not_near_are_not_even_tried(
    tmp_path: Path, started: list[str]
) -> None:
    history = side_by_side(a=with_lines(_2="a"), b=with_lines(_9="b"), c=with_lines(_17="c"))
    with history.write(tmp_path) as repo:
        assert of(repo) == set()
    assert "merge-tree" not in started


def test_edits_are_followed_to_the_text_that_the_target_has_now(
    tmp_path: Path, started: list[str]
) -> None:
    history = History()
    files = with_lines()
    base = history.commit("main", files)
    history.commit("early", with_lines(_2="early"), base)
    files = {"x": [*LINES[:10], "one", "more", *LINES[10:]]}
    base = history.commit("main", files, base)
    history.commit("late", {"x": [*files["x"][:-2], "late", "19"]}, base)
    with history.write(tmp_path) as repo:
        assert of(repo) == set()
    assert "merge-tree" not in started


def test_what_the_target_took_in_otherwise_is_no_clash_with_who_left_later(tmp_path: Path) -> None:
    history = History()
    base = history.commit("main", with_lines())
    below = history.commit("feature", with_lines(_5="feature"), base)
    history.commit("a", with_lines(_5="feature", _18="more"), below)
    squashed = history.commit("main", with_lines(_5="feature"), base)
    history.commit("better", with_lines(_5="feature, better"), squashed)
    history.commit("other", with_lines(_5="feature", _18="other"), squashed)
    with history.write(tmp_path) as repo:
        assert {two for two in of(repo) if "feature" not in two} == {("a", "other")}


def test_the_same_change_made_by_two_fits(tmp_path: Path) -> None:
    with side_by_side(a=with_lines(_5="same"), b=with_lines(_5="same")).write(tmp_path) as repo:
        assert of(repo) == set()


def test_a_head_that_is_not_here_clashes_with_nobody_until_it_comes(tmp_path: Path) -> None:
    history = side_by_side(a=with_lines(_5="a"), b=with_lines(_5="b"))
    with history.write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        away = request("away", a_sha("away"))
        assert told(foresight, replace(view, mrs={**view.mrs, away.id: away})) == {("a", "b")}
        base = history.at.index(with_lines()) + 1
        history.commit("c", with_lines(_5="c"), base)
        with history.write(tmp_path) as repo:
            assert told(foresight, view_of(repo)) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_a_head_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    heads = {name: with_lines(_5=name) for name in "abc"}
    with side_by_side(**heads).write(tmp_path) as repo:
        view = view_of(repo)
        (broken,) = (mr for mr in view.mrs.values() if mr.branch == "b")
        tree = repo.reader.commit(broken.head).tree
        (repo.object_dir / tree[:2] / tree[2:]).unlink()
        assert told(Foresight(repo), view) == {("a", "c")}


def test_only_the_front_is_tried_a_few_at_a_time_the_first_ones_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clashes, "FRONT", 3)
    monkeypatch.setattr(clashes, "TRIED_AT_ONCE", 2)
    heads = {name: with_lines(_5=name) for name in "abcd"}
    with side_by_side(**heads).write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        assert told(foresight, view) == {("a", "b"), ("a", "c")}
        assert told(foresight, view) == {("a", "b"), ("a", "c")}
        assert told(foresight, replace(view)) == {("a", "b"), ("a", "c"), ("b", "c")}
        moved = replace(view, mrs={id: mr for id, mr in view.mrs.items() if mr.branch != "a"})
        assert told(foresight, moved) == {("b", "c"), ("b", "d"), ("c", "d")}


def test_answers_are_kept_in_the_clone_and_a_broken_cache_is_an_empty_one(
    tmp_path: Path, started: list[str]
) -> None:
    heads = {name: with_lines(_5=name) for name in "abc"}
    with side_by_side(**heads).write(tmp_path) as repo:
        first = of(repo)
        assert "merge-tree" in started
        started.clear()
        assert of(repo) == first
        assert "merge-tree" not in started
        for text in ("{broken", "[]", '{"heads": ["a"], "fit": [0], "clash": []}'):
            (repo.state_dir / couples.FILE).write_text(text)
            assert of(repo) == first


def test_what_is_known_of_heads_that_are_gone_is_forgotten(tmp_path: Path) -> None:
    heads = {name: with_lines(_5=name) for name in "abcd"}
    with side_by_side(**heads).write(tmp_path) as repo:
        foresight, view = Foresight(repo), view_of(repo)
        mrs = list(view.mrs.values())
        told(foresight, replace(view, mrs={mr.id: mr for mr in mrs[:3]}))
        left = {mr.id: mr for mr in mrs[1:]}
        assert told(foresight, replace(view, mrs=left)) == {("b", "c"), ("b", "d"), ("c", "d")}
        kept = couples.Couples(repo)
        assert not kept.against(mrs[0].head)
        assert set(kept.against(mrs[1].head)) == {mrs[2].head, mrs[3].head}
