"""The view on a terminal, and where there is none: it starts, it leaves everything as it was."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from refinery.errors import TryAgain
from refinery.live.ink import Pen
from refinery.live.printing import print_frames
from tests.decisions.makers import a_view, an_mr
from tests.live.paper import PATIENCE, PaperDesk
from tests.sandbox import CHECKOUT, Sandbox

pytestmark = pytest.mark.journey

LEFT = b"\x1b[?1049l"  # the alternate screen
CURSOR = b"\x1b[?25h"


@dataclass
class Terminal:
    """A command on a terminal of 80x24."""

    pid: int
    fd: int
    said: bytes = b""
    code: int | None = None

    @classmethod
    def running(cls, box: Sandbox, *argv: str, env: Mapping[str, str]) -> Terminal:
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(box.path)
            told = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm-256color", **env}
            os.execve(sys.executable, [sys.executable, "-m", "refinery", *argv], told)
        termios.tcsetwinsize(fd, (24, 80))
        return cls(pid, fd)

    def until(self, words: str) -> None:
        """Read on until this was printed."""
        deadline = time.monotonic() + PATIENCE
        while words.encode() not in self.said:
            assert time.monotonic() < deadline, self.said.decode(errors="replace")
            assert self.read(), self.said.decode(errors="replace")

    def read(self) -> bool:
        if not select.select([self.fd], [], [], PATIENCE)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.said += data
        return bool(data)

    def end(self) -> int:
        """Read all that is left; the exit code."""
        while self.read():
            pass
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code


@pytest.fixture
def terminals(box: Sandbox) -> Iterator[Any]:
    """Starts commands on terminals, and ends what is left of them."""
    open_ones: list[Terminal] = []

    def start(*argv: str, **env: str) -> Terminal:
        open_ones.append(Terminal.running(box, *argv, env=env))
        return open_ones[-1]

    yield start
    for each in open_ones:
        if each.code is None:
            os.kill(each.pid, signal.SIGKILL)
            os.waitpid(each.pid, 0)
        os.close(each.fd)


@pytest.mark.parametrize("how", ["q", "\x03", "SIGTERM"])
def test_however_it_is_left_the_terminal_is_as_it_was(
    box: Sandbox, terminals: Any, how: str
) -> None:
    box.request("feat")
    live = terminals("top")
    before = termios.tcgetattr(live.fd)
    live.until("feat")
    assert termios.tcgetattr(live.fd) != before
    if how == "SIGTERM":
        os.kill(live.pid, signal.SIGTERM)
    else:
        os.write(live.fd, how.encode())
    assert live.end() == 0
    assert LEFT in live.said
    assert CURSOR in live.said
    assert b"Traceback" not in live.said


def test_a_terminal_that_can_do_nothing_gets_plain_frames(box: Sandbox, terminals: Any) -> None:
    box.request("feat")
    plain = terminals("top", TERM="dumb")
    plain.until("Ended lately")
    assert b"\x1b" not in plain.said
    os.kill(plain.pid, signal.SIGINT)
    assert plain.end() == 130


def test_once_prints_one_frame_without_colour_into_a_pipe(box: Sandbox) -> None:
    id = box.request("feat")
    done = box.cli("top", "--once")
    assert (done.code, done.err) == (0, "")
    assert f"○ P2 {id} feat" in done.out
    assert "○ processor stopped" in done.out
    assert "\x1b" not in done.out
    assert all(len(line) <= 120 for line in done.out.splitlines())


def test_once_is_as_wide_as_it_is_told_and_in_ascii_where_asked(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.request("feature/with-a-name-that-is-longer-than-there-is-room-for")
    monkeypatch.setenv("COLUMNS", "60")
    done = box.cli("top", "--once", "--ascii")
    assert done.out.isascii()
    assert max(map(len, done.out.splitlines())) == 60


def test_once_says_why_it_has_nothing_to_show(box: Sandbox) -> None:
    box.git("config", "remote.origin.url", str(box.root / "gone.git"))
    done = box.cli("top", "--once")
    assert (done.code, done.out) == (75, "")
    assert done.err.startswith("error: remote 'origin'")


def test_without_a_screen_a_frame_is_printed_for_each_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    def story() -> Iterator[None]:
        yield  # nothing new: nothing is printed
        desk.trouble = TryAgain("remote 'origin': gone")
        yield
        desk.trouble = None
        desk.view = a_view(an_mr("b"))
        yield
        raise KeyboardInterrupt

    after = story()
    with pytest.raises(KeyboardInterrupt):
        print_frames(
            desk,  # type: ignore[arg-type]
            Pen(),
            colour=False,
            every=2.0,
            once=False,
            wait=lambda _: next(after),
        )
    said = capsys.readouterr()
    assert [("mr-a" in part, "mr-b" in part) for part in said.out.split("\n\n")[:-1]] == [
        (True, False),
        (False, True),
    ]
    assert said.err == "warning: remote 'origin': gone\n"


def test_without_textual_the_command_to_install_it_is_told() -> None:
    script = """
import sys
sys.modules["textual"] = None
from refinery.live.installed import NotInstalled, live_view
try:
    live_view()
except NotInstalled as missing:
    print(missing.hint)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        "pip install 'git-refinery[top]', or `refinery top --once` for one frame as text\n"
    )


def test_attach_starts_the_processor_and_shows_the_queue(box: Sandbox, terminals: Any) -> None:
    box.request("feat")
    live = terminals("attach", "--every", "50ms")
    try:
        live.until("Refinery started")
        live.until("landed")
        os.write(live.fd, b"q")
        assert live.end() == 0
        assert box.run("status", "--json").json["state"] == "running"
    finally:
        box.run("stop", "--wait", "20s")
