"""SIGKILL at every call that renames, links or unlinks: of the worker, its gits, the server."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from tests.faults.ground import Ground, age_locks, drain, remove_locks
from tests.faults.shim import Fault
from tests.faults.tally import Tally
from tests.sandbox import Sandbox
from tests.servers.daemon import git_daemon
from tests.servers.smart_http import GitServer
from tests.servers.tools import free_port


class Server(Enum):
    """How pushes arrive."""

    PATH = "a path"
    DAEMON = "git daemon"
    HTTP = "smart HTTP"


def of_server(ground: Ground, tally: Tally, how: Server, *, every: int = 1) -> None:
    """Its receive-pack, and what that starts, dies after the N-th such call."""

    def attempt(box: Sandbox, fault: Fault) -> list[str]:
        with _SERVED[how](box, fault):
            drain(box)
        remove_locks(box.origin)
        _back_to_path(box)
        return ground.wrong(box, by="bob")

    at_each_call(ground, tally, attempt, Fault(Path()), every=every)


def of_clients_git(ground: Ground, tally: Tally, *, every: int = 1) -> None:
    """A git of the worker dies; the worker lives, and runs again in the same clone."""

    def attempt(box: Sandbox, fault: Fault) -> list[str]:
        _spare_the_server(box)
        with fault.injected():
            drain(box)
        age_locks(box.path / ".git", 100)
        return ground.wrong(box)

    at_each_call(ground, tally, attempt, Fault(Path()), every=every)


def of_worker(ground: Ground, tally: Tally, *, every: int = 1) -> None:
    """The worker dies, at a call of its own or together with the git that makes it."""

    def attempt(box: Sandbox, fault: Fault) -> list[str]:
        _spare_the_server(box)
        box.run("process", "--drain", env=fault.environment)
        age_locks(box.path / ".git", 100)
        return ground.wrong(box)

    fault = Fault(Path(), parent_dies=True)
    at_each_call(ground, tally, attempt, fault, every=every)


def at_each_call(
    ground: Ground,
    tally: Tally,
    attempt: Callable[[Sandbox, Fault], list[str]],
    fault: Fault,
    *,
    every: int,
) -> None:
    """From the first call until there are no more of them; `every` leaves some out."""
    at = 1
    is_over = False
    while not is_over:
        with ground.fresh() as box:
            here = Fault(**{**vars(fault), "log": box.root / "calls", "at": at})
            found = attempt(box, here)
            is_over = not here.was_met
            if not is_over or found:
                name = "nobody" if is_over else f"{here.kind} {here.call}"
                tally.add(f"{at}: {name}", found, was_injected=not is_over)
        at += every


@contextmanager
def _by_path(box: Sandbox, fault: Fault) -> Iterator[None]:
    box.git("config", "remote.origin.receivepack", f"{fault.words} git-receive-pack")
    yield
    box.git("config", "--unset", "remote.origin.receivepack")


@contextmanager
def _by_daemon(box: Sandbox, fault: Fault) -> Iterator[None]:
    port = free_port()
    # What asks whether it is up is a fetch, and calls nothing that counts.
    with fault.injected():
        daemon = git_daemon(box, port)
    box.git("config", "remote.origin.url", f"git://127.0.0.1:{port}/origin.git")
    try:
        yield
    finally:
        end_daemon(daemon)


@contextmanager
def _by_http(box: Sandbox, fault: Fault) -> Iterator[None]:
    box.git("config", "http.receivepack", "true", cwd=box.origin)
    server = GitServer(box.root, "ada")
    server.environment = dict(fault.environment)
    box.git("config", "remote.origin.url", server.url("ada"))
    box.git("config", "http.proxy", "")
    try:
        yield
    finally:
        server.close()


_SERVED: Mapping[Server, Callable[[Sandbox, Fault], object]] = {
    Server.PATH: _by_path,
    Server.DAEMON: _by_daemon,
    Server.HTTP: _by_http,
}


def end_daemon(daemon: subprocess.Popen[bytes]) -> None:
    """`git daemon` starts another program that listens: that one ends with it."""
    from tests.soak.processes import below, strike

    for each in below([daemon.pid]):
        strike(each)
    daemon.kill()
    daemon.wait()


def _back_to_path(box: Sandbox) -> None:
    box.git("config", "remote.origin.url", str(box.origin))


def _spare_the_server(box: Sandbox) -> None:
    for name in ("receivepack", "uploadpack"):
        program = name.replace("pack", "-pack")
        box.git("config", f"remote.origin.{name}", f"env -u LD_PRELOAD git-{program}")
