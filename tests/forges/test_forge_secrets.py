"""Secrets are planted wherever a queue on a forge has them; then all that others can see is read:
command lines, logs, records, pages, figures, and what the forge and the channels were told."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.engine.test_notifications import Service
from tests.forges import fake_gitea
from tests.forges.gitea_bench import GiteaBench
from tests.hostile.test_secrets import NAMES, canary, found_in, objects
from tests.programs import IS_REQUIRED
from tests.sandbox import CHECKOUT, Sandbox
from tests.servers.smart_http import GitServer
from tests.webhook.served import Served

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="command lines are read as Linux has them"),
]

CONFIG = """\
version: 1
tracker: gitea
repository: {repository}
notify:
  - to: SLACK_CHANNEL
checks:
  - name: test
    run: "env; git config --list; git remote --verbose; cat .git; test ! -e bad"
"""
TOLD = ("REFINERY_WEBHOOK_SECRET", "REFINERY_WEBHOOK_SECRET_OLD", "REFINERY_PAGE_TOKEN")


@dataclass
class Places:
    """Where was looked, and what was seen there."""

    looked: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def look(self, where: str, data: bytes) -> None:
        """The commands' own words, a file, a request or all objects of a repository."""
        self.looked.append(where)
        self.seen += found_in(where, data)

    def look_below(self, folder: Path) -> None:
        for file in folder.rglob("*"):
            if file.is_file() and not file.is_symlink():
                self.look(str(file), file.read_bytes())


@pytest.fixture
def planted(gitea_bench: GiteaBench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Every secret is a canary, and those that are used work."""
    service = Service()
    for name in NAMES:
        monkeypatch.setenv(name, canary(name))
    monkeypatch.setitem(fake_gitea.TOKENS, canary("GITEA_TOKEN"), "refinery-bot")
    port = service.address.rpartition("@")[2].partition("/")[0]
    monkeypatch.setenv("SLACK_CHANNEL", f"json://ada:{canary('SLACK_CHANNEL')}@{port}/hook")
    yield service
    service.close()


def traced(argv: list[str], cwd: Path, trace: Path) -> subprocess.CompletedProcess[bytes]:
    """Run it, and write down each program that it or any of its children becomes."""
    strace = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "65536",
        "-e",
        "trace=execve",
        "-o",
        str(trace),
    ]
    return subprocess.run(
        [*(strace if shutil.which("strace") or IS_REQUIRED else []), *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        check=False,
        timeout=120,
    )


def command_lines(trace: Path) -> list[str]:
    """Without those by which git's parts call each other: they pass the address on as it is set,
    with a password if there is one (`refinery doctor` warns of it)."""
    lines = trace.read_text().splitlines() if trace.exists() else []
    return [line for line in lines if not re.search(_OF_GIT, line)]


_OF_GIT = r'\["(?:\S*/)?git(?:-|", ")(?:remote-https?|send-pack|fetch-pack)"'


def plant(box: Sandbox, gitea: GiteaBench, places: Places) -> None:
    """Merge requests that land, fail and conflict, with the forge told of each."""
    box.config(CONFIG.format(repository=gitea.repository.name))
    box.git("fetch", "-q", "origin")
    for branch, files in {
        "good": {"good.txt": "g\n"},
        "bad": {"bad": "b\n"},
        "one": {"README.md": "one\n"},
        "two": {"README.md": "two\n"},
    }.items():
        box.request(branch, files, onto="origin/main")
        gitea.branches[branch] = box.mr(branch).head


@pytest.mark.soak
def test_a_queue_on_a_forge_shows_its_secrets_to_nobody(
    box: Sandbox,
    gitea_bench: GiteaBench,
    planted: Service,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    places, told = Places(), tmp_path / "told"
    told.mkdir()
    monkeypatch.setenv("REFINERY_SUMMARY", str(told / "summary.md"))
    plant(box, gitea_bench, places)
    gitea_bench.asked()
    web = GitServer(box.root, "worker")
    web.passwords["worker"] = canary("PASSWORD")
    worker = web.clone(box, "worker")
    worker.git("config", "remote.origin.url", web.url("worker", password=canary("PASSWORD")))
    command = [sys.executable, "-m", "refinery"]
    try:
        for number, arguments in enumerate(
            (
                ["process", "--drain"], ["status"], ["doctor"], ["doctor", "--json"], ["reconcile"],
                ["show", "bad", "--json"], ["log", "--json"], ["report", "--out", f"{told}/report"],
                ["process", "no-such-rig"], ["submit", "no-such-branch", "--json"], ["fsck"],
            )
        ):  # fmt: skip
            done = traced([*command, *arguments], worker.path, tmp_path / f"trace-{number}")
            assert b"Traceback" not in done.stderr, done.stderr
            places.look(f"what {arguments} said", done.stdout + done.stderr)
            if arguments == ["process", "--drain"]:
                assert b"landed mr-" in done.stderr, done.stderr.decode()
        assert box.landed[:1] == ["good"]
        _serve(worker, places)
    finally:
        web.close()
    for trace in sorted(tmp_path.glob("trace-*")):
        for line in command_lines(trace):
            places.look("a command line", line.encode())
    for asked in gitea_bench.proxy.asked:
        places.look("what the forge was asked", f"{asked.target}".encode() + asked.body)
    for message in planted.got:
        places.look("what a channel was told", repr(message).encode())
    for folder in (told, *(each for each in box.root.rglob(".git/refinery") if each.is_dir())):
        places.look_below(folder)
    for repo in (box.origin, worker.path):
        places.look(f"objects of {repo}", objects(repo))
    assert not places.seen, "\n".join(places.seen)
    assert {"what the forge was asked", "what a channel was told", "a command line"} <= set(
        places.looked
    )
    assert len(places.looked) > 150
    record_property("planted", len(NAMES) + 1)
    record_property("looked", len(places.looked))


def _serve(worker: Sandbox, places: Places) -> None:
    """Pages, figures and answers of a receiver that processes as well."""
    environment = {name: canary(name) for name in TOLD}
    served = Served(worker, environment=environment).start("--process")
    try:
        address = f"http://127.0.0.1:{served.port}"
        ids = [mr.id for mr in worker.view().mrs.values()]
        pages = ["", "landed", "figures", "metrics", *(f"mr/{id}" for id in ids), "search?q=canary"]
        for page in pages:
            places.look(page, _got(f"{address}/{page}"))
        wrong = urllib.request.Request(
            f"{address}/webhook", data=b"{}", headers={"X-Gitea-Signature": "0" * 64}
        )
        places.look("a refusal", _got(wrong))
    finally:
        served.stop()
    places.look("the log of serve", served.log.read_bytes())


def _got(asked: str | urllib.request.Request) -> bytes:
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        return bytes(error.read())
