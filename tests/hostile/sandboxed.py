"""A machine on which checks run in a sandbox, and what a hostile one would be after."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.programs import IS_REQUIRED
from tests.sandbox import CHECKOUT, Result, Sandbox

TOOLS = ("bubblewrap", pytest.param("systemd-run", marks=pytest.mark.soak))
CANARY = "canary-4711"

# A manager of its own for one command, in mounts of its own; only root can have that.
MANAGED = """\
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0
MANAGERS_TOKEN=canary-4711 {manager} --user >/dev/null 2>&1 &
manager=$!
for _ in $(seq 100); do
    [ -S /run/user/0/bus ] && break
    sleep 0.05
done
code=0
"$@" || code=$?
kill $manager
exit $code
"""
MANAGER = "/lib/systemd/systemd"


@cache
def has_manager() -> bool:
    programs = (MANAGER, "systemd-run", "unshare", "dbus-daemon")
    if os.name != "posix" or os.geteuid() != 0 or not all(map(shutil.which, programs)):
        return False
    done = _run(["true"], managed=True)
    tried = ["systemd-run", "--user", "--wait", "--pipe", "--collect", "-p", "PrivateUsers=yes"]
    return done.code == 0 and _run([*tried, "true"], managed=True).code == 0


def needs(tool: str) -> None:
    """Skip where there is no such sandbox; one that is required and is not there fails."""
    if tool == "systemd-run" and not has_manager():
        pytest.skip("no manager of systemd can be started here: that needs root")
    if tool == "bubblewrap" and shutil.which("bwrap") is None and not IS_REQUIRED:
        pytest.skip("there is no bwrap here: scripts/programs")


def process(
    box: Sandbox, *options: str, tool: str = "bubblewrap", command: str = "process"
) -> Result:
    """Run `refinery process` as a process of its own."""
    argv = [sys.executable, "-m", "refinery", command, *options]
    return _run(argv, managed=tool == "systemd-run", cwd=box.path)


def _run(argv: list[str], *, managed: bool, cwd: Path | None = None) -> Result:
    if managed:
        script = MANAGED.format(manager=MANAGER)
        argv = ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh", *argv]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        argv, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def show_python(box: Sandbox) -> None:
    """Let checks have the Python of the tests."""
    for place in {sys.prefix, sys.base_prefix}:
        box.git("config", "--add", "refinery.sandboxReadable", place)


def logs(box: Sandbox) -> str:
    """What checks printed."""
    folder = box.path / ".git/refinery/logs"
    return "".join(log.read_text() for log in sorted(folder.glob("*.log")))


VICTIM = """\
import ctypes, signal, time
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
ctypes.CDLL(None).prctl(0x59616d61, -1, 0, 0, 0)
print("ready", flush=True)
time.sleep(300)
"""


@contextmanager
def victims(box: Sandbox) -> Iterator[dict[str, Any]]:
    """Files, sockets and a process outside, all for the taking; where each of them is."""
    outside = box.root / "outside"
    home = Path(os.environ["HOME"])
    secrets = {
        "read a key of the user": home / ".ssh/id_ed25519",
        "read stored passwords": home / ".netrc",
        "read the clone's settings": box.path / ".git/config",
        "read a file elsewhere": outside / "secret",
        "read another worktree": box.path / ".git/refinery/worktrees/check-7/secret",
    }
    hook = box.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    store = box.path / ".git/objects"
    gone = {name: outside / name for name in ("gone", "made")}
    for place in [*secrets.values(), gone["gone"]]:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a") as file:
            file.write(f"# {CANARY}\n")
    with ExitStack() as ending:
        victim = subprocess.Popen(
            [sys.executable, "-c", VICTIM, "a-word-of-the-victim"],
            env={"TOKEN": CANARY},
            stdout=subprocess.PIPE,
        )
        ending.callback(victim.wait)
        ending.callback(victim.kill)
        assert victim.stdout is not None
        ending.enter_context(victim.stdout).readline()
        sockets = {
            "address": _served(ending, socket.AF_INET, ("127.0.0.1", 0)),
            "socket": _served(ending, socket.AF_UNIX, str(outside / "s")),
            "abstract": _served(ending, socket.AF_UNIX, f"\0{os.urandom(8).hex()}"),
        }
        yield {
            **{name: str(place) for name, place in secrets.items()},
            "read the environment of a process": f"/proc/{victim.pid}/environ",
            "write a hook of the clone": str(hook),
            "write into the clone's objects": str(store / "owned"),
            "write a file elsewhere": str(gone["made"]),
            "write into the home of the user": str(home / ".profile"),
            "remove a file elsewhere": str(gone["gone"]),
            **sockets,
            "victim": victim.pid,
            "word": "a-word-of-the-victim",
            "survivor": f"survivor-{os.urandom(6).hex()}",
        }


def _served(ending: ExitStack, family: socket.AddressFamily, where: Any) -> Any:
    """A socket at which whoever connects is told a secret."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    ending.enter_context(closing(listener))
    listener.bind(where)
    listener.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                line.sendall(CANARY.encode())

    threading.Thread(target=serve, daemon=True).start()
    ending.callback(listener.shutdown, socket.SHUT_RDWR)
    return listener.getsockname() if family is socket.AF_INET else where


def alive(word: str) -> list[int]:
    """The processes whose command line has the word."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and word.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def attempted(box: Sandbox) -> dict[str, bool]:
    """What the attempts in the check's worktree came to."""
    found = box.path / ".git/refinery/worktrees/check-0/attempted.json"
    had: dict[str, bool] = json.loads(found.read_text())
    return had


def which(program: str) -> str:
    found = shutil.which(program)
    assert found is not None, f"there is no {program}"
    return found


def is_there(program: str) -> bool:
    return shutil.which(program) is not None


def comes_true(fact: Callable[[], bool], within: float = 30.0) -> bool:
    until = time.monotonic() + within
    while not fact():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
