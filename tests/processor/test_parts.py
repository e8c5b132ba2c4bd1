"""What a processor speaks and listens through: its log, its pipe, the service manager's socket."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from refinery.cli.commands import start
from refinery.processor.asking import Ear, Request, ask
from refinery.processor.log import OLD_ONES, Log
from refinery.processor.notifying import ServiceManager

# The log


def test_lines_of_the_log_say_when(tmp_path: Path) -> None:
    log = Log(tmp_path / "processor.log")
    log("landed mr-0a1b\non main")
    log.close()
    log("and on")
    said = (tmp_path / "processor.log").read_text().splitlines()
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert [re.sub(f"^{when}", "WHEN", line) for line in said] == [
        "WHEN landed mr-0a1b on main",
        "WHEN and on",
    ]


def test_a_log_that_is_full_is_put_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    log = Log(tmp_path / "processor.log", most_bytes=1000)
    for number in range(500):
        log(f"line {number} of a long night")
    log.close()
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 1 + OLD_ONES
    assert all(file.stat().st_size <= 1000 for file in kept)
    assert "line 499" in (tmp_path / "processor.log").read_text()


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    log = Log(tmp_path / "no-such-folder" / "processor.log")
    log("is anybody there?")
    log.close()


# The pipe


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[SimpleQueue[Request]]:
    """What is heard at `tmp_path / ask`."""
    requests: SimpleQueue[Request] = SimpleQueue()
    ear = Ear(tmp_path / "ask")
    listener = Thread(target=ear.listen, args=(requests.put,))
    listener.start()
    yield requests
    ear.close()
    listener.join(timeout=30)
    assert not listener.is_alive()


def test_requests_are_heard_in_turn(tmp_path: Path, heard: SimpleQueue[Request]) -> None:
    assert [ask(tmp_path / "ask", request) for request in Request] == [True] * len(Request)
    assert [heard.get(timeout=30) for _ in Request] == list(Request)


def test_what_is_no_request_is_not_heard(tmp_path: Path, heard: SimpleQueue[Request]) -> None:
    with (tmp_path / "ask").open("wb") as pipe:
        pipe.write(b"rm -rf /\n\xff\xff\nstop\n")
    assert heard.get(timeout=30) is Request.STOP
    assert heard.empty()


def test_only_its_owner_may_ask(tmp_path: Path, heard: SimpleQueue[Request]) -> None:
    assert (tmp_path / "ask").stat().st_mode & 0o777 == 0o600


def test_nobody_hears_where_nobody_listens(tmp_path: Path) -> None:
    assert not ask(tmp_path / "ask", Request.STOP)
    os.mkfifo(tmp_path / "ask")
    assert not ask(tmp_path / "ask", Request.STOP)


# The journal


def test_the_journal_is_told_what_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "journal").open("w+") as journal:
        monkeypatch.setattr("sys.stderr", journal)
        known = os.fstat(journal.fileno())
        for stream in (f"{known.st_dev}:{known.st_ino}", "1:2"):
            monkeypatch.setenv("JOURNAL_STREAM", stream)
            aloud = start._aloud()
            aloud("warning: it is away")
            aloud("error: a bug")
            aloud("landed")
        journal.flush()
    assert (tmp_path / "journal").read_text().splitlines() == [
        *("<4>warning: it is away", "<3>error: a bug", "landed"),
        *("warning: it is away", "error: a bug", "landed"),
    ]


# The service manager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager's end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


def test_a_service_manager_hears_how_it_is(tmp_path: Path, manager: socket.socket) -> None:
    environ = {
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
        "WATCHDOG_USEC": "3000000",
        "WATCHDOG_PID": str(os.getpid()),
        "PATH": "/bin",
    }
    given = dict(environ)
    told = ServiceManager.of(environ)
    assert environ == {"PATH": "/bin"}  # checks have no business with it
    assert told.watchdog == 3.0
    told.ready()
    told.status("two\nlines")
    told.alive()
    told.stopping()
    said = [manager.recv(1000).decode() for _ in range(4)]
    assert said == ["READY=1", "STATUS=two lines", "WATCHDOG=1", "STOPPING=1"]
    told.reloading()
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", manager.recv(1000).decode())
    told.into(environ)
    assert environ == given


def test_a_socket_may_have_a_name_without_a_file() -> None:
    name = f"refinery-test-{os.getpid()}-{os.urandom(4).hex()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(30)
        ServiceManager.of({"NOTIFY_SOCKET": f"@{name}"}).ready()
        assert listening.recv(1000) == b"READY=1"


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"NOTIFY_SOCKET": ""},
        {"NOTIFY_SOCKET": "vsock:2:1234"},
        {"NOTIFY_SOCKET": "/nobody/listens"},
        {"WATCHDOG_USEC": "1000"},
    ],
)
def test_where_nobody_listens_nothing_is_said(environ: dict[str, str]) -> None:
    told = ServiceManager.of(environ)
    assert told.watchdog is None
    told.ready()
    told.status("alone")


def test_anothers_watchdog_is_not_fed(tmp_path: Path) -> None:
    environ = {"NOTIFY_SOCKET": str(tmp_path), "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}
    assert ServiceManager.of(environ).watchdog is None
