"""`refinery simulate`: the same changes under several policies, for people and for programs."""

from __future__ import annotations

import json
import sys

import pytest

from tests.sandbox import Sandbox

SHAPE = {
    "policy": str,
    "p50": float,
    "p95": float,
    "p99": float,
    "builds_per_landed": float,
    "ci_minutes_per_landed": float,
    "landed": int,
    "wrongly_refused": int,
}


def test_programs_get_one_row_a_policy_in_the_order_they_asked_for(box: Sandbox) -> None:
    asked = ("--arrivals", "20", "--workers", "4", "--changes", "60", "--duration", "5")
    rates = ("--fail", "0.1", "--flake", "0.02", "--interact", "0.001", "--seed", "3")
    policies = ("refinery", "oracle", "single", "bors", "chain", "submitqueue")
    shown = box.cli("simulate", *asked, *rates, "--policies", ",".join(policies), "--json")
    assert (shown.code, shown.err) == (0, "")
    rows = json.loads(shown.out)["policies"]
    assert tuple(row["policy"] for row in rows) == policies
    for row in rows:
        assert {name: type(value) for name, value in row.items()} == SHAPE


def test_the_same_seed_shows_the_same_table(box: Sandbox) -> None:
    asked = (
        "simulate",
        "--preset",
        "small-team",
        "--changes",
        "40",
        "--policies",
        "chain,refinery",
    )
    first = box.cli(*asked)
    assert first.out.startswith(
        "40 changes, 5 an hour, builds of 10 minutes; "
        "8.0% bad, 0.00% flaky, 0.000% of pairs disagree\n\n2 workers\n"
    )
    assert [line.split()[0] for line in first.out.splitlines()[4:6]] == ["chain", "refinery"]
    assert box.cli(*asked).out == first.out
    assert box.cli(*asked, "--seed", "2").out != first.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policies", "luck"), "error: no such policy: 'luck'"),
        (("--preset", "huge"), "error: no such preset: 'huge'"),
        (("--fail", "1.5"), "error: --fail: a share, from 0 to less than 1"),
        (("--workers", "0"), "error: --workers: more than 0, and less than a million"),
        (("--workers", "2,x"), "error: --workers: a number, or several as in 1,2,4: '2,x'"),
        (("--json", "--chart"), "error: --json and --chart: only one of them"),
        (
            ("--from-history", "--arrivals", "3"),
            "error: --arrivals: with --from-history, the past tells it",
        ),
        (("here",), "error: here: a repository is only read with --from-history"),
    ],
)
def test_what_cannot_be_simulated_is_said(
    box: Sandbox, arguments: tuple[str, ...], said: str
) -> None:
    shown = box.cli("simulate", *arguments)
    assert shown.code == 2
    assert shown.err.splitlines()[0] == said


def test_what_if_tries_every_combination(box: Sandbox) -> None:
    asked = ("--changes", "30", "--policies", "bors,refinery", "--workers", "1,2", "--batch", "2,8")
    shown = box.cli("simulate", *asked, "--json")
    rows = json.loads(shown.out)["policies"]
    assert [(row["workers"], row["batch"], row["policy"]) for row in rows] == [
        (workers, batch, policy)
        for workers in (1, 2)
        for batch in (2, 8)
        for policy in ("bors", "refinery")
    ]
    assert len({json.dumps(row) for row in rows}) == len(rows)
    lines = box.cli("simulate", *asked).out.splitlines()
    assert [line for line in lines if line.endswith("in a build")] == [
        "1 worker, at most 2 in a build",
        "1 worker, at most 8 in a build",
        "2 workers, at most 2 in a build",
        "2 workers, at most 8 in a build",
    ]


def test_conflicts_are_shown_where_there_are_any(box: Sandbox) -> None:
    asked = ("simulate", "--changes", "60", "--conflict", "0.05", "--policies", "oracle,refinery")
    for row in json.loads(box.cli(*asked, "--json").out)["policies"]:
        assert row["conflicts"] > 0
    assert "conflict\n" in box.cli(*asked).out


def test_a_chart_shows_each_policy_by_a_letter_where_there_is_no_colour(box: Sandbox) -> None:
    asked = ("simulate", "--changes", "40", "--policies", "chain,refinery", "--chart")
    spread = box.cli(*asked)
    assert (spread.code, spread.err) == (0, "")
    assert "% of the changes that are decided after so many minutes" in spread.out
    assert spread.out.endswith("     c chain   r refinery\n")
    assert "\x1b" not in spread.out
    over_workers = box.cli(*asked, "--workers", "1,2,4").out
    assert "minutes until 50% of the changes are decided" in over_workers
    assert "minutes until 95% of the changes are decided" in over_workers


def test_on_a_terminal_a_chart_is_in_colour(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = box.cli("simulate", "--changes", "40", "--policies", "chain,refinery", "--chart")
    assert "\x1b[38;5;10mchain\x1b[0m" in shown.out


def test_who_cannot_draw_is_told_how_to_learn_it(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    shown = box.cli("simulate", "--chart")
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.splitlines() == [
        "error: what draws charts is not installed",
        "hint: pip install 'git-refinery[charts]'",
    ]


def test_nothing_is_drawn_unless_asked_for(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    assert box.cli("simulate", "--changes", "20", "--policies", "refinery").code == 0


def test_a_queue_without_a_past_says_so(box: Sandbox) -> None:
    shown = box.cli("simulate", "--from-history")
    assert shown.code == 2
    assert shown.err.splitlines()[0] == (
        "error: nothing has landed or failed in this queue yet: there is no history"
    )


def test_the_past_of_a_queue_is_a_trace(box: Sandbox) -> None:
    for name in ("one", "two"):
        box.request(name)
    box.cli("process")
    shown = box.cli(
        "simulate", "--from-history", "--workers", "2", "--policies", "refinery", "--json"
    )
    (row,) = json.loads(shown.out)["policies"]
    assert row["landed"] == 2
    assert shown.err.splitlines() == [
        "Only 2 changes landed or failed in this queue so far: these figures say little."
    ]
