"""The configuration: what a file means, and what is wrong with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.config.config import Check, Config, ScoreWeights, parse, seconds
from refinery.records.merge_request import Method
from refinery.records.schema import InvalidRecord

FULL = b"""\
version: 1
method: squash
message: "{title} ({id})"
checks:
  - name: unit
    run: make test
    timeout: 90s
    parallel: true
    directory: src
  - name: lint
    run: [ruff, check]
keep: [node_modules]
environment: [DATABASE_URL]
batch: {max: 4}
profile: fast
claim: {minutes: 2.5}
attempts: {max: 3}
retry: {failing: false}
delete_branch: true
close_source_issue: true
branches: ["feature/**"]
worker_patterns: ["{worker}/{issue}"]
score: {base: 0, convoy_hour: 1, priority: 2, retry: 3, retry_cap: 4, hour: 5}
tracker: local
"""


def refusal(text: str) -> tuple[str, str | None]:
    with pytest.raises(InvalidRecord) as caught:
        parse(text.encode(), where="main:.refinery.yaml")
    return caught.value.message, caught.value.hint


def test_every_key_is_read() -> None:
    assert parse(FULL, where="x") == Config(
        method=Method.SQUASH,
        message="{title} ({id})",
        checks=(
            Check("unit", "make test", timeout=90, parallel=True, directory="src"),
            Check("lint", ("ruff", "check"), timeout=1800),
        ),
        keep=("node_modules",),
        environment=("DATABASE_URL",),
        batch_max=4,
        profile="fast",
        claim_for=timedelta(seconds=150),
        attempts_max=3,
        retry_failing=False,
        delete_branch=True,
        close_source_issue=True,
        branches=("feature/**",),
        worker_patterns=("{worker}/{issue}",),
        score=ScoreWeights(0, 1, 2, 3, 4, 5),
        tracker="local",
        present=True,
    )


def test_a_file_with_nothing_but_its_version_means_the_defaults() -> None:
    assert parse(b"version: 1\n", where="x") == replace(Config(), present=True)


def test_the_defaults_are_those_of_the_seed() -> None:
    config = Config()
    assert config.claim_for == timedelta(minutes=10)
    assert config.score == ScoreWeights(1000, 10, 100, 50, 300, 1)
    assert (config.checks, config.present, config.delete_branch) == ((), False, False)


def test_part_of_the_score_leaves_the_rest() -> None:
    assert parse(b"version: 1\nscore: {hour: 7}\n", where="x").score == ScoreWeights(hour=7)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((90, 90.0), (1.5, 1.5), ("90", 90.0), ("90s", 90.0), ("1.5m", 90.0)),
        *(("1h", 3600.0), ("250ms", 0.25), ("0.5s", 0.5)),
    ],
)
def test_durations(written: str | float, expected: float) -> None:
    assert seconds(written) == expected


@pytest.mark.parametrize(
    "timeout", ["0", "-1", '"1d"', '""', '"s"', '"1 m"', '"1m "', '"m1"', "null", "[]", '"1sm"']
)
def test_what_is_no_duration(timeout: str) -> None:
    message, _ = refusal(f"version: 1\nchecks: [{{name: a, run: a, timeout: {timeout}}}]\n")
    assert message.startswith("main:.refinery.yaml: /checks/0/timeout: ")


@pytest.mark.parametrize("timeout", ['"0"', '"0s"', '"0.0ms"'])
def test_a_check_has_more_than_no_time(timeout: str) -> None:
    message, _ = refusal(f"version: 1\nchecks: [{{name: a, run: a, timeout: {timeout}}}]\n")
    assert message.startswith("main:.refinery.yaml: /checks/0/timeout: ")


def test_unknown_keys_are_errors_with_a_suggestion() -> None:
    # A misspelt `checks` would otherwise land everything untested.
    assert refusal("version: 1\ncheks: []\n") == (
        "main:.refinery.yaml: /cheks: is not a known key",
        "did you mean 'checks'?",
    )
    assert refusal("version: 1\nchecks: [{name: a, run: a, time: 1}]\n") == (
        "main:.refinery.yaml: /checks/0/time: is not a known key",
        "did you mean 'timeout'?",
    )


def test_two_checks_of_one_name() -> None:
    assert refusal(
        "version: 1\nchecks: [{name: a, run: x}, {name: b, run: x}, {name: a, run: y}]\n"
    ) == (
        "main:.refinery.yaml: /checks/2/name: 'a' is used twice",
        None,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "main:.refinery.yaml: /version: is missing"),
        ("version: 2\n", "main:.refinery.yaml: /version: 2 was written by a newer refinery"),
        ("- a\n", "main:.refinery.yaml: not a mapping of names to values"),
        ("version: 1\nmethod: octopus\n", "main:.refinery.yaml: /method: 'octopus' is not one of"),
        (
            "version: 1\nbatch: {max: 0}\n",
            "main:.refinery.yaml: /batch/max: 0 is less than the minimum of 1",
        ),
        ("version: 1\nversion: 1\n", "main:.refinery.yaml: 'version' is used twice at line 2"),
        (
            "version: 1\nchecks: [{name: a}]\n",
            "main:.refinery.yaml: /checks/0: 'run' is a required property",
        ),
        ("version: 1\nchecks: [{name: a, run: ''}]\n", "main:.refinery.yaml: /checks/0/run: "),
        ("version: 1\nchecks: [{name: a, run: []}]\n", "main:.refinery.yaml: /checks/0/run: "),
        ("version: 1\nchecks: [{name: ../a, run: a}]\n", "main:.refinery.yaml: /checks/0/name: "),
        ("version: 1\nclaim: {minutes: 0}\n", "main:.refinery.yaml: /claim/minutes: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    assert refusal(text)[0].startswith(message)


class TestFingerprint:
    BASE = Config(checks=(Check("unit", "make"),), environment=("CI",))

    @pytest.mark.parametrize(
        "change",
        [
            {"checks": ()},
            {"checks": (Check("unit", "make", timeout=1),)},
            {"checks": (Check("unit", ("make",)),)},
            {"checks": (Check("unit", "make", directory="src"),)},
            {"checks": (Check("other", "make"),)},
            {"checks": (Check("unit", "make"), Check("lint", "ruff"))},
            {"environment": ()},
            {"environment": ("CI", "HOME")},
        ],
        ids=str,
    )
    def test_it_changes_with_what_the_checks_are(self, change: dict[str, object]) -> None:
        assert replace(self.BASE, **change).fingerprint != self.BASE.fingerprint  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "change",
        [
            {"checks": (Check("unit", "make", parallel=True),)},
            {"method": Method.REBASE},
            {"batch_max": 1},
            {"keep": ("cache",)},
            {"attempts_max": 1},
            {"delete_branch": True},
            {"score": ScoreWeights(hour=3)},
            {"claim_for": timedelta(hours=1)},
            {"present": True},
        ],
        ids=str,
    )
    def test_it_changes_with_nothing_else(self, change: dict[str, object]) -> None:
        assert replace(self.BASE, **change).fingerprint == self.BASE.fingerprint  # type: ignore[arg-type]

    def test_it_is_the_same_on_every_machine(self) -> None:
        assert Config().fingerprint == Config().fingerprint
        assert len(self.BASE.fingerprint) == 16

    @given(st.lists(st.text(max_size=3), min_size=2, max_size=2))
    def test_where_one_check_ends_and_another_begins_counts(self, parts: list[str]) -> None:
        one = Config(checks=(Check("a", " ".join(parts)),))
        other = Config(checks=(Check("a", tuple(parts)),))
        assert one.fingerprint != other.fingerprint
