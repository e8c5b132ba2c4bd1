"""The processor as a process: services, signals, several repositories, and never two of one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.sandbox import CHECKOUT, Sandbox
from tests.servers.daemon import git_daemon
from tests.servers.tools import free_port

pytestmark = pytest.mark.journey

PATIENCE = 20.0
SLOW = "version: 1\nchecks:\n- name: slow\n  run: touch {going}; read x < {gate}\n"


def until(done: Callable[[], object]) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "it took too long"


@dataclass
class Service:
    """`refinery start --foreground` under a service manager that keeps what it is told."""

    process: subprocess.Popen[str]
    listening: socket.socket
    heard: list[str] = field(default_factory=list)

    def hears(self, message: str) -> None:
        """Wait for a message that begins so."""
        while not any(each.startswith(message) for each in self.heard):
            self.heard.append(self.listening.recv(4096).decode())

    def ends(self) -> tuple[int, str]:
        """Its exit code, and what it said."""
        said = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, said


@contextmanager
def service(
    box: Sandbox, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """Started as systemd would; ended whatever happens."""
    address = box.root / f"notify-{os.urandom(3).hex()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(address))
        listening.settimeout(PATIENCE)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "refinery", "start", "--foreground", "--every", "50ms"),
                *arguments,
            ],
            cwd=cwd or box.path,
            env={
                **os.environ,
                "PYTHONPATH": str(CHECKOUT),
                "NOTIFY_SOCKET": str(address),
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Service(process, listening)
        finally:
            process.kill()
            process.communicate()


def slow_check(box: Sandbox) -> tuple[Path, Path]:
    """A check that begins by touching the first, and ends once the second is written to."""
    going, gate = box.root / "going", box.root / "gate"
    os.mkfifo(gate)
    box.config(SLOW.format(going=going, gate=gate))
    return going, gate


def another(box: Sandbox, template: Path, name: str) -> Sandbox:
    """A second project."""
    (box.root / name).mkdir()
    return Sandbox.copied(template, box.root / name)


# A service


def test_a_service_says_when_it_is_ready_what_it_does_and_that_it_ends(box: Sandbox) -> None:
    id = box.request("feat", {"a.txt": "a\n"})
    with service(box, env={"WATCHDOG_USEC": "200000"}) as running:
        running.hears("READY=1")
        running.hears(f"STATUS=origin: testing {id}")
        running.hears("STATUS=origin: nothing to do")
        running.hears("WATCHDOG=1")
        running.process.terminate()
        running.hears("STOPPING=1")
        code, said = running.ends()
    assert code == 0, said
    assert box.landed == ["feat"]
    assert running.heard.index("READY=1") < running.heard.index("WATCHDOG=1")
    assert said.splitlines()[-1] == "refinery no longer watches origin"
    log = (box.path / ".git" / "refinery" / "processor.log").read_text()
    assert [line.split(" ", 1)[1] for line in log.splitlines()] == said.splitlines()


def test_neither_git_nor_checks_can_speak_to_the_service_manager(box: Sandbox) -> None:
    box.config('version: 1\nchecks:\n- name: c\n  run: test -z "$NOTIFY_SOCKET$WATCHDOG_USEC"\n')
    box.request("feat", {"a.txt": "a\n"})
    with service(box, env={"WATCHDOG_USEC": "9000000"}) as running:
        running.hears("READY=1")
        until(lambda: box.landed == ["feat"])
        running.process.terminate()
        assert running.ends()[0] == 0


def test_a_service_is_ready_also_while_its_remote_is_away(box: Sandbox) -> None:
    box.origin.rename(box.root / "gone.git")
    with service(box) as running:
        running.hears("READY=1")
        running.hears("STATUS=origin: waiting: ")
        shown = box.run("status")
        assert (shown.code, "  Trouble: for " in shown.out) == (75, True)
        assert "Last look" not in shown.out
        (box.root / "gone.git").rename(box.origin)
        running.hears("STATUS=origin: nothing to do")
        running.process.terminate()
        code, said = running.ends()
    assert code == 0
    assert said.count("warning: ") == 1
    assert said.count("it works again, after ") == 1


def test_stopping_gives_up_checks_and_gives_back_what_they_were_for(box: Sandbox) -> None:
    going, _ = slow_check(box)
    id = box.request("feat", {"a.txt": "a\n"})
    with service(box) as running:
        until(going.exists)
        assert box.run("stop", "--wait", "30s").code == 0
        code, said = running.ends()
    assert code == 0
    assert f"gave back {id}: asked to stop" in said
    assert box.view().claims == {}
    assert [mr["id"] for mr in box.cli("ready", "--json").json] == [id]


def test_stopping_finishes_the_landing_in_progress(box: Sandbox) -> None:
    """The server takes its time with the push that lands."""
    going, gate = box.root / "going", box.root / "gate"
    os.mkfifo(gate)
    box.config("version: 1\nbatch: {max: 1}\n")
    box.request("feat", {"a.txt": "a\n"})
    box.request("next", {"b.txt": "b\n"})
    box.hook("pre-receive", f"if grep -q refs/heads/main; then touch {going}; read x < {gate}; fi")
    with service(box) as running:
        until(going.exists)
        asked = box.run("stop", "--wait", "100ms")
        assert (asked.code, "still finishing" in asked.err) == (75, True)
        gate.write_text("go\n")
        code, said = running.ends()
    assert (code, box.landed) == (0, ["feat"]), said
    assert box.view().claims == {}


def test_it_may_be_let_finish_the_candidate_at_hand(box: Sandbox) -> None:
    going, gate = slow_check(box)
    box.request("feat", {"a.txt": "a\n"})
    box.request("next", {"b.txt": "b\n"})
    with service(box) as running:
        until(going.exists)
        asked = box.run("stop", "--finish", "--wait", "100ms")
        assert (asked.code, "still finishing" in asked.err) == (75, True)
        gate.write_text("go\n")
        code, _ = running.ends()
    assert (code, box.landed != []) == (0, True)
    assert box.view().claims == {}


def test_a_second_signal_ends_it_at_once(box: Sandbox) -> None:
    going, gate = box.root / "going", box.root / "gate"
    os.mkfifo(gate)
    box.request("feat", {"a.txt": "a\n"})
    box.hook("pre-receive", f"touch {going}; read x < {gate}")
    with service(box) as running:
        until(going.exists)
        running.process.terminate()
        running.hears("STOPPING=1")
        running.process.terminate()
        code, _ = running.ends()
    gate.write_text("go\n")
    assert code == 1


def test_a_hangup_reads_the_settings_again(box: Sandbox) -> None:
    box.origin.rename(box.root / "moved.git")
    with service(box) as running:
        running.hears("STATUS=origin: waiting: ")
        box.git("config", "remote.origin.url", str(box.root / "moved.git"))
        running.heard.clear()
        running.process.send_signal(signal.SIGHUP)
        running.hears("RELOADING=1")
        running.hears("READY=1")
        running.hears("STATUS=origin: nothing to do")
        running.process.terminate()
        assert running.ends()[0] == 0


def test_an_interrupt_ends_it_too(box: Sandbox) -> None:
    with service(box) as running:
        running.hears("READY=1")
        running.process.send_signal(signal.SIGINT)
        assert running.ends()[0] == 130


def test_restarting_a_service_keeps_its_process(box: Sandbox) -> None:
    with service(box) as running:
        running.hears("READY=1")
        before = box.run("status", "--json").json
        running.heard.clear()
        done = box.run("restart", "--wait", "30s")
        assert (done.code, "✓ Refinery restarted for origin" in done.out) == (0, True)
        running.hears("READY=1")
        after = box.run("status", "--json").json
        assert before["pid"] == after["pid"] == running.process.pid
        assert before["started_at"] != after["started_at"]
        running.process.terminate()
        assert running.ends()[0] == 0


def test_what_is_submitted_in_the_same_clone_need_not_wait_for_the_next_look(box: Sandbox) -> None:
    with service(box, "--every", "1h") as running:
        running.hears("STATUS=origin: nothing to do")
        box.request("feat", {"a.txt": "a\n"})
        running.hears("STATUS=origin: testing ")
        running.process.terminate()
        assert running.ends()[0] == 0


def test_what_is_pushed_to_a_server_need_not_wait_either(box: Sandbox) -> None:
    box.hook("post-receive", f"exec {sys.executable} -m refinery hook post-receive")
    box.commit("feat", {"a.txt": "a\n"})
    with service(box, str(box.origin), "--every", "1h") as running:
        running.hears("STATUS=origin: nothing to do")
        box.push("feat", push_options={"refinery.priority": "1"})
        running.hears("STATUS=origin: testing ")
        running.process.terminate()
        assert running.ends()[0] == 0


# Never two


def test_there_are_never_two_for_one_repository(box: Sandbox) -> None:
    with service(box) as running:
        running.hears("READY=1")
        second = box.run("start", "--foreground")
        assert (second.code, second.err) == (
            1,
            "error: a processor runs for this repository already\nhint: refinery status\n",
        )
        inside = box.run("start", "--foreground", cwd=box.path / ".git")
        assert inside.code == 1


def test_two_clones_serve_one_repository_only_under_two_names(box: Sandbox) -> None:
    bob = box.clone("bob")
    with service(box, env={"REFINERY_WORKER": "landing"}) as running:
        running.hears("READY=1")
        second = bob.run("start", "--foreground", env={"REFINERY_WORKER": "landing"})
        assert second.code == 1
        assert "a processor that is called 'landing' serves this repository already" in second.err
        with service(box, cwd=bob.path, env={"REFINERY_WORKER": "other"}) as third:
            third.hears("READY=1")


# Several repositories


def test_one_process_serves_several_repositories(box: Sandbox, sandbox_template: Path) -> None:
    two = another(box, sandbox_template, "two")
    going, _ = slow_check(two)
    two.request("slow", {"s.txt": "s\n"})
    with service(box, str(box.path), str(two.path)) as running:
        until(going.exists)
        box.request("feat", {"a.txt": "a\n"})
        until(lambda: box.landed == ["feat"])  # whatever the other one is busy with
        states = [each.run("status", "--json").json for each in (box, two)]
        assert {state["pid"] for state in states} == {running.process.pid}
        assert states[0]["processor"]["serves"] == [str(box.path), str(two.path)]
        stopped = two.run("stop", "--wait", "30s")
        assert stopped.code == 0, stopped.err
        assert box.run("status", "--json").json["state"] == "running"
        assert box.run("stop", "--wait", "30s").code == 0
        assert running.ends()[0] == 0


def test_the_rig_list_is_read_again_at_a_hangup(box: Sandbox, sandbox_template: Path) -> None:
    two = another(box, sandbox_template, "two")
    config = box.root / "config"
    rigs = config / "refinery" / "rigs.yaml"
    rigs.parent.mkdir(parents=True)
    rigs.write_text(f"one: {box.path}\nnowhere: {box.root / 'nowhere'}\n")
    with service(box, "--all", env={"XDG_CONFIG_HOME": str(config)}) as running:
        running.hears("READY=1")
        running.heard.clear()
        rigs.write_text(f"two: {two.path}\n")
        running.process.send_signal(signal.SIGHUP)
        until(lambda: two.run("status", "--json").json["state"] == "running")
        until(lambda: box.run("status", "--json").json["state"] == "stopped")
        running.process.terminate()
        code, said = running.ends()
    assert code == 0
    assert said.count("warning: nowhere is not served: no such directory") == 1


def test_of_several_in_the_background_each_is_stopped_by_itself(
    box: Sandbox, sandbox_template: Path
) -> None:
    two = another(box, sandbox_template, "two")
    both = (str(box.path), str(two.path))
    try:
        started = box.run("start", *both, "--every", "50ms")
        assert started.code == 0, started.err
        assert started.out.count("✓ Refinery started for origin") == 2
        again = box.run("start", *both)
        assert again.out.count("⚠ Refinery is already running for origin") == 2
        assert two.run("stop", "--wait", "30s").out == "✓ Refinery stopped for origin\n"
        assert box.run("status", "--json").json["state"] == "running"
    finally:
        stopped = box.run("stop", *both, "--wait", "30s")
    assert stopped.out == ("✓ Refinery stopped for origin\n⚠ Refinery is not running for origin\n")


def test_what_cannot_start_says_why(box: Sandbox) -> None:
    box.git("remote", "remove", "origin")
    box.git("remote", "add", "one", str(box.origin))
    box.git("remote", "add", "two", str(box.origin))
    failed = box.run("start")
    assert failed.code == 1
    assert "no remote holds the queue of this clone" in failed.err


# A real server


def test_a_server_may_go_away_and_come_back(box: Sandbox) -> None:
    port = free_port()
    box.git("config", "remote.origin.url", f"git://127.0.0.1:{port}/origin.git")
    server = git_daemon(box, port)
    try:
        with service(box) as running:
            running.hears("STATUS=origin: nothing to do")
            server.terminate()
            server.wait()
            running.hears("STATUS=origin: waiting: remote 'origin'")
            shown = box.run("status")
            assert shown.code == 75
            assert "unable to connect to 127.0.0.1" in shown.out
            server = git_daemon(box, port)
            running.heard.clear()
            box.request("feat", {"a.txt": "a\n"})
            running.hears("STATUS=origin: testing ")
            until(lambda: box.landed == ["feat"])
            running.process.terminate()
            code, said = running.ends()
    finally:
        server.terminate()
        server.wait()
    assert code == 0
    assert said.count("warning: ") == said.count("it works again, after ") == 1
