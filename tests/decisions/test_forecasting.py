"""Only merges that can conflict are tried, and their answers go to the right people."""

from __future__ import annotations

import pytest

from refinery.config.config import Config
from refinery.queue.forecasting import (
    Forecast,
    ForecastClash,
    Pair,
    Subject,
    forecast_words,
    listed,
    own_clash,
    pairs_that_touch,
    subjects,
)
from refinery.records.names import Branch
from tests.decisions.makers import MAIN, NOW, a_claim, a_closed_mr, a_sha, a_view, an_id, an_mr


def a_subject(name: str, target: str = "main") -> Subject:
    return Subject(an_id(name), Branch(name), Branch(target), a_sha(f"head of {name}"))


A, B, C = a_subject("a"), a_subject("b"), a_subject("c")


def found(line: list[Subject], paths: dict[Subject, set[str]]) -> list[tuple[str, str, set[str]]]:
    pairs = pairs_that_touch(line, {each: frozenset(its) for each, its in paths.items()})
    return [(pair.ahead.branch, pair.behind.branch, set(pair.shared)) for pair in pairs]


def test_pairs_share_a_path_and_keep_the_order_of_the_line() -> None:
    paths = {A: {"x", "y"}, B: {"z"}, C: {"y", "x", "w"}}
    assert found([A, B, C], paths) == [("a", "c", {"x", "y"})]
    assert found([C, B, A], paths) == [("c", "a", {"x", "y"})]


def test_a_file_where_another_has_a_folder_is_a_shared_place() -> None:
    assert found([A, B], {A: {"lib"}, B: {"lib/a/b.txt"}}) == [("a", "b", {"lib", "lib/a/b.txt"})]
    assert found([B, A], {A: {"lib"}, B: {"lib/a/b.txt"}}) == [("b", "a", {"lib", "lib/a/b.txt"})]
    assert found([A, B], {A: {"lib"}, B: {"library/x"}}) == []


def test_other_targets_and_the_same_commit_never_touch() -> None:
    other = a_subject("b", target="release")
    twin = Subject(an_id("twin"), Branch("twin"), MAIN, A.head)
    assert found([A, other, twin], {A: {"x"}, other: {"x"}, twin: {"x"}}) == []


def test_a_head_whose_paths_are_unknown_is_in_no_pair() -> None:
    assert found([A, B], {A: {"x"}}) == []


@pytest.mark.parametrize(
    ("files", "drifted", "kept"),
    [
        (("x",), (), ("x",)),
        (("x", "drift"), ("drift",), ("x",)),
        (("x",), ("x",), ("x",)),
        (("drift",), ("drift",), None),
        (("moved-to",), (), ("moved-to",)),
        ((), (), None),
    ],
)
def test_what_conflicts_with_the_target_anyway_is_not_laid_on_another(
    files: tuple[str, ...], drifted: tuple[str, ...], kept: tuple[str, ...] | None
) -> None:
    pair = Pair(A, B, frozenset({"x"}))
    expected = None if kept is None else ForecastClash(A.mr, kept)
    assert own_clash(pair, files, drifted) == expected


def test_the_line_is_the_queue_without_what_has_ended() -> None:
    view = a_view(
        an_mr("low", priority=4),
        an_mr("high", priority=0),
        an_mr("running", priority=3),
        a_closed_mr("gone"),
        claims=[a_claim("running")],
    )
    line = subjects(view, NOW, Config())
    assert [each.branch for each in line] == ["running", "high", "low"]
    assert line[1] == Subject(an_id("high"), Branch("high"), MAIN, a_sha("head of high"))


@pytest.mark.parametrize(
    ("forecast", "words", "clean"),
    [
        (Forecast(B), "clean", True),
        (
            Forecast(B, (ForecastClash(None, ("a.py",)), ForecastClash(A.mr, ("b.py", "c.py")))),
            "conflicts with main in a.py; conflicts with mr-a in b.py, c.py",
            False,
        ),
        (Forecast(B, (ForecastClash(None, ()),)), "shares no history with main", False),
        (Forecast(B, unknown="it is not here"), "unknown: it is not here", False),
        (
            Forecast(B, untried=(an_id("a"),)),
            "not tried with mr-a: their commits are not here",
            False,
        ),
    ],
)
def test_words(forecast: Forecast, words: str, clean: bool) -> None:
    assert (forecast_words(forecast), forecast.clean) == (words, clean)


def test_long_lists_are_cut() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcdefgh")) == "a, b, c, d, e and 3 more"
