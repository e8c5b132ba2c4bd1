"""Secrets are planted wherever a user may set one; then everything that is left behind is read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.engine.checks import check_environment
from tests.sandbox import CHECKOUT, Sandbox

NAMES = (
    *("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN"),
    *("GITLAB_TOKEN", "CI_JOB_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"),
    *("REFINERY_WEBHOOK_SECRET", "REFINERY_WEBHOOK_SECRET_OLD", "REFINERY_PAGE_TOKEN"),
    *("SLACK_CHANNEL", "AWS_SECRET_ACCESS_KEY", "NPM_TOKEN", "PYPI_PASSWORD"),
)
CONFIG = """\
version: 1
notify:
  - to: SLACK_CHANNEL
checks:
  - name: test
    run: "env; git config --list; test ! -e bad"
"""


def canary(name: str) -> str:
    return f"canary-{name.lower().replace('_', '-')}-4711"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, canary(name))
    monkeypatch.setenv("SLACK_CHANNEL", f"json://ada:{canary('SLACK_CHANNEL')}@127.0.0.1:9/x")


def found_in(name: str, data: bytes) -> Iterator[str]:
    if b"canary-" in data:
        at = data.index(b"canary-")
        yield f"{name}: {data[max(0, at - 60) : at + 60]!r}"


def objects(repo: Path) -> bytes:
    """All that was ever committed or recorded, whether a ref still names it or not."""
    listing = ("cat-file", "--batch-all-objects", "--batch", "--unordered")
    return subprocess.run(["git", *listing], cwd=repo, capture_output=True, check=True).stdout


@pytest.mark.journey
@pytest.mark.usefixtures("planted")
def test_a_secret_of_the_environment_is_nowhere_afterwards(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output, logs, records, pages, reports of errors, and what each git was called with."""
    told = tmp_path / "told"
    told.mkdir()
    monkeypatch.setenv("REFINERY_SUMMARY", str(told / "summary.md"))
    header = "http.https://forge.example/.extraheader"
    box.git("config", header, f"AUTHORIZATION: basic {canary('header')}")
    box.config(CONFIG)
    good = box.request("good", {"good.txt": "g\n"}, onto="main")
    bad = box.request("bad", {"bad": "b\n"}, onto="main")
    box.request("one", {"README.md": "one\n"}, onto="main")
    box.request("two", {"README.md": "two\n"}, onto="main")
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(told / "gits"))  # each git writes its arguments
    commands = [
        ("process", "--drain"), ("list", "--all"), ("list", "--all", "--json"), ("show", bad),
        ("why", bad), ("why", good, "--json"), ("queue",), ("log",), ("status",), ("plan",),
        ("stats",), ("doctor",), ("doctor", "--json"), ("fsck",), ("verify",), ("issue", "list"),
        ("report", "--out", str(told / "report")),
        # What is typed is seen by everybody on the machine; what is answered, in logs as well.
        ("submit", f"https://ada:{canary('typed')}@forge.example/x"),
        ("submit", f"https://ada:{canary('typed')}@forge.example/x", "--json"),
    ]  # fmt: skip
    seen: list[str] = []
    for command in commands:
        if command[0] == "submit":
            monkeypatch.delenv("GIT_TRACE2_EVENT", raising=False)
        done = box.cli(*command)
        assert "Traceback" not in done.err
        seen += found_in(" ".join(command), (done.out + done.err).encode())
    places = [told, *(place for place in box.root.rglob("refinery") if place.is_dir())]
    for place in places:
        for file in (file for file in place.rglob("*") if file.is_file()):
            seen += found_in(str(file), file.read_bytes())
    for repo in (box.origin, box.path):
        seen += found_in(str(repo), objects(repo))
    assert not seen, "\n".join(seen)
    assert "good" in box.landed
    assert (told / "gits").stat().st_size > 1000
    assert list((told / "report").glob("*.html"))


@pytest.mark.usefixtures("planted")
def test_no_secret_reaches_the_environment_of_a_check() -> None:
    seen = check_environment(os.environ, extra={})
    assert [name for name, value in seen.items() if "canary" in value] == []


BROKEN = (
    "import sys, refinery.cli.commands.list as command\n"
    "def broken(arguments):\n"
    "    token = __import__('os').environ['GITHUB_TOKEN']\n"
    "    raise ZeroDivisionError('https://ada:canary-in-an-address@forge.example/x')\n"
    "command.run = broken\n"
    "from refinery.cli.main import main\n"
    "sys.exit(main(['list']))\n"
)


@pytest.mark.journey
@pytest.mark.usefixtures("planted")
def test_the_report_of_a_bug_holds_no_secret(box: Sandbox, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], cwd=box.path, env=environment, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    [report] = tmp_path.glob("refinery-bug-*.txt")
    assert b"ZeroDivisionError: https://***@forge.example/x" in report.read_bytes()
    assert report.stat().st_mode & 0o77 == 0
    for data in (done.stdout, done.stderr, report.read_bytes()):
        assert b"canary-" not in data
