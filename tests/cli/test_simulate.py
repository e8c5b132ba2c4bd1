"""`refinery simulate`: the same changes under several policies, for people and for programs."""

from __future__ import annotations

import json

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
        "40 changes, 5 an hour, 2 workers, builds of 10 minutes; "
        "8.0% bad, 0.00% flaky, 0.000% of pairs disagree\n"
    )
    assert [line.split()[0] for line in first.out.splitlines()[3:5]] == ["chain", "refinery"]
    assert box.cli(*asked).out == first.out
    assert box.cli(*asked, "--seed", "2").out != first.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policies", "luck"), "error: no such policy: 'luck'"),
        (("--preset", "huge"), "error: no such preset: 'huge'"),
        (("--fail", "1.5"), "error: --fail: a share, from 0 to less than 1"),
        (("--workers", "0"), "error: --workers: more than 0, and less than a million"),
        (("here",), "error: here: a repository is only read with --from-history"),
    ],
)
def test_what_cannot_be_simulated_is_said(
    box: Sandbox, arguments: tuple[str, ...], said: str
) -> None:
    shown = box.cli("simulate", *arguments)
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.splitlines()[0] == said


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
