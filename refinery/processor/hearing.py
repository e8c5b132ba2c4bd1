"""Signals as letters: each is heard by a thread, whatever the main thread waits for."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from types import FrameType


@contextmanager
def hearing(numbers: Sequence[int], heard: Callable[[int], None]) -> Iterator[None]:
    """While entered, `heard` is called with each of these signals, in a thread of its own.

    A handler written in Python runs when the main thread is next at work.  If that is about to
    wait for a lock when the signal comes, it waits, and the signal with it.  So the handlers do
    nothing, and the number is read from a socket that the interpreter's own handler writes to
    (`signal.set_wakeup_fd`).  Only the main thread may enter.
    """
    mouth, hole = socket.socketpair()
    mouth.setblocking(False)
    thread = Thread(target=_listen, args=(hole, heard), name="signals", daemon=True)
    wakened_before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, _nothing) for number in numbers}
    thread.start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakened_before)
        mouth.close()
        thread.join()
        hole.close()


def _listen(hole: socket.socket, heard: Callable[[int], None]) -> None:
    while numbers := hole.recv(64):
        for number in numbers:
            heard(number)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Take the place of what the signal would do by itself."""
