"""SIGKILL at every call that renames, links or unlinks: of the worker, its gits, the server."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from enum import Enum
from itertools import count

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


Attempt = Callable[[Ground, Sandbox, Fault], list[str]]
"""Lets a fault happen to a run, then a healthy one follow; what is wrong after it."""


def server_dies(how: Server, ground: Ground, box: Sandbox, fault: Fault) -> list[str]:
    """Its receive-pack, or what that started; the locks that are left are removed by hand."""
    with _SERVED[how](box, fault):
        drain(box)
    remove_locks(box.origin)
    box.git("config", "remote.origin.url", str(box.origin))
    return ground.wrong(box, by="bob")


def git_dies(ground: Ground, box: Sandbox, fault: Fault) -> list[str]:
    """A git of the worker; the worker lives, and runs again later in the same clone."""
    spare_the_server(box)
    with fault.injected():
        drain(box)
    age_locks(box.path / ".git", 100)
    return ground.wrong(box)


def worker_dies(ground: Ground, box: Sandbox, fault: Fault) -> list[str]:
    """The worker, at a call of its own or together with the git that makes it."""
    spare_the_server(box)
    box.run("process", "--drain", env=replace(fault, parent_dies=True).environment)
    age_locks(box.path / ".git", 100)
    return ground.wrong(box)


def at_each_call(
    ground: Ground, tally: Tally, attempt: Attempt, fault: Fault, *, every: int = 1
) -> None:
    """From the first call until there are no more of them; `every` leaves some out."""
    for at in count(1, every):
        with ground.fresh() as box:
            here = replace(fault, log=box.root / "calls", at=at)
            wrong = attempt(ground, box, here)
            if not here.was_met:
                return
            tally.add(f"{at}: {here.kind} {here.call}", wrong)


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


_SERVED: Mapping[Server, Callable[[Sandbox, Fault], AbstractContextManager[None]]] = {
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


def spare_the_server(box: Sandbox) -> None:
    """What is injected into the worker is not for the programs at the other end."""
    for name in ("receivepack", "uploadpack"):
        program = name.replace("pack", "-pack")
        box.git("config", f"remote.origin.{name}", f"env -u LD_PRELOAD git-{program}")
