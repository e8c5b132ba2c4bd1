"""`refinery doctor` says the same of every forge: that it is well, and by name what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.forges.benches import RemoteBench, Trouble
from tests.sandbox import Sandbox

TROUBLES = {
    Trouble.SERVER_ERROR: {"forge-away": "error"},
    Trouble.CUT: {"forge-away": "error"},
    Trouble.HANGS: {"forge-away": "error"},
    Trouble.BAD_TOKEN: {"token-refused": "error"},
    Trouble.FORBIDDEN: {"token-scope": "error"},
    Trouble.RATE_LIMITED: {"forge-rate-limited": "warning"},
    Trouble.NO_REPOSITORY: {"forge-no-repository": "error"},
}
TIME_OF_FAKES = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Theirs stands still, the emulator's goes on."""


@pytest.fixture
def hub(box: Sandbox, remote_bench: Any) -> Sandbox:
    """A set-up on the forge, by `init` alone and the name of its repository."""
    kind = remote_bench.name
    if kind != "github":
        box.clock.now = TIME_OF_FAKES
    assert box.cli("init", "--yes", f"--{kind}", "--check", "true").code == 0
    repository = remote_bench.place().repository or remote_bench.repository
    box.config(f"{box.tree()['.refinery.yaml']}repository: {repository}\n")
    box.git("config", "refinery.timeout", "2")
    return box


def unwell(box: Sandbox) -> dict[str, str]:
    done = box.cli("doctor", "--json")
    assert done.out, done.err
    return {each["code"]: each["severity"] for each in done.json if each["severity"] != "ok"}


def test_a_forge_that_is_well_is_told(hub: Sandbox) -> None:
    assert unwell(hub) == {}
    topics = [line.split()[1] for line in hub.cli("doctor").out.splitlines()]
    assert {"workflow", "forge", "tracker"} <= set(topics)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name.lower())
def test_a_trouble_is_named(hub: Sandbox, remote_bench: RemoteBench, trouble: Trouble) -> None:
    if trouble is Trouble.HANGS:
        hub.git("config", "refinery.timeout", "0.5")
    remote_bench.troubles.break_down(trouble)
    assert unwell(hub) == TROUBLES[trouble]
    remote_bench.troubles.heal()
    assert unwell(hub) == {}


def test_disabled_issues_are_named(hub: Sandbox, remote_bench: Any) -> None:
    if remote_bench.name == "github":
        remote_bench.api("PATCH", "", {"has_issues": False})
    else:
        remote_bench.disable_issues()
    assert unwell(hub) == {"tracker-issues-disabled": "error"}


def test_a_token_that_is_missing_is_named(
    hub: Sandbox, remote_bench: RemoteBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{remote_bench.name.upper()}_TOKEN"
    monkeypatch.delenv(name)
    done = hub.cli("doctor")
    assert done.code == 0
    assert f"fix: set {name} to a token for " in done.out
