"""Who decides how checks are walled in: the strictest word, whoever says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.config.config import parse
from refinery.config.sandbox import Sandbox, Tool
from refinery.engine.check_walls import Walls
from refinery.records.schema import InvalidRecord

NONE, BUBBLEWRAP, SYSTEMD = Tool.NONE, Tool.BUBBLEWRAP, Tool.SYSTEMD_RUN


@pytest.mark.parametrize(
    ("own", "above", "comes_to"),
    [
        (Sandbox(), Sandbox(), Sandbox()),
        (Sandbox(BUBBLEWRAP, True), Sandbox(), Sandbox(BUBBLEWRAP, True)),
        (Sandbox(BUBBLEWRAP, True), Sandbox(NONE, False), Sandbox(BUBBLEWRAP, False)),
        (Sandbox(), Sandbox(BUBBLEWRAP), Sandbox(BUBBLEWRAP)),
        (Sandbox(NONE, True), Sandbox(BUBBLEWRAP), Sandbox(BUBBLEWRAP)),
        (Sandbox(SYSTEMD, True), Sandbox(BUBBLEWRAP), Sandbox(BUBBLEWRAP)),
        (Sandbox(SYSTEMD, True), Sandbox(BUBBLEWRAP, False), Sandbox(BUBBLEWRAP, False)),
        (Sandbox(), Sandbox(BUBBLEWRAP, True), Sandbox(BUBBLEWRAP, True)),
        (Sandbox(NONE, False), Sandbox(BUBBLEWRAP, True), Sandbox(BUBBLEWRAP, False)),
    ],
)
def test_nobody_takes_a_wall_away_that_somebody_above_has_put_up(
    own: Sandbox, above: Sandbox, comes_to: Sandbox
) -> None:
    assert own.under(above) == comes_to


def configured(section: str) -> Sandbox:
    return parse(f"version: 1\n{section}\n".encode(), where=".refinery.yaml").sandbox


def test_a_configuration_asks_for_none_unless_it_says_so() -> None:
    assert configured("") == configured("sandbox: {}") == Sandbox()
    assert configured("sandbox: {with: bubblewrap}") == Sandbox(BUBBLEWRAP)
    assert configured("sandbox: {with: systemd-run, network: true}") == Sandbox(SYSTEMD, True)


@pytest.mark.parametrize("section", ["sandbox: docker", "sandbox: {with: docker}", "sandbox: 1"])
def test_a_sandbox_that_is_none_of_ours_is_refused(section: str) -> None:
    with pytest.raises(InvalidRecord):
        configured(section)


def test_a_verdict_is_good_for_the_sandbox_it_was_found_in() -> None:
    """A check may pass with the network and fail without; of old configurations nothing changes."""
    plain = "checks:\n  - {name: test, run: make}\n"
    sections = (
        *("", "sandbox: {with: bubblewrap}\n", "sandbox: {with: systemd-run}\n"),
        "sandbox: {with: bubblewrap, network: true}\n",
    )
    prints = [
        parse(f"version: 1\n{each}{plain}".encode(), where="x").fingerprint for each in sections
    ]
    assert len(set(prints)) == 4
    unused = parse(f"version: 1\nsandbox: {{with: none}}\n{plain}".encode(), where="x")
    assert unused.fingerprint == prints[0] == "13cb6747a77101ad"


@pytest.mark.parametrize(
    ("told", "home"),
    [("/home/ci", "/home/ci"), ("/", "/tmp"), ("/usr", "/tmp"), ("", "/tmp"), ("x", "/tmp")],
)
def test_a_home_that_would_hide_the_system_is_another(told: str, home: str) -> None:
    walls = Walls.around(writable=(), readable=(), network=False, home=told)
    given = {"HOME": told, "TMPDIR": "/var/x", "XDG_RUNTIME_DIR": "/run/user/1", "A": "b"}
    assert walls.environment(given) == {"HOME": home, "TMPDIR": "/tmp", "A": "b"}
    assert Path(home) in walls.emptied
