"""Turns signals into orders: one SIGTERM finishes the candidate at hand, two give it up.

A worker that another process started as one of several also ends when that process is gone.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

from refinery.typed import Any

PARENT = "REFINERY_PARENT"
"""The variable that names the process whose end is a worker's own."""


class GracefulStop:
    """While entered, SIGTERM and SIGHUP are counted instead of ending the process.

    With `also_interrupts` SIGINT is counted too: for what must not end in the middle of an answer.
    """

    SIGNALS = tuple(
        getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
    )

    def __init__(self, *, also_interrupts: bool = False) -> None:
        self._signals = (*self.SIGNALS, *((signal.SIGINT,) if also_interrupts else ()))
        self._count = 0
        self._parent = os.environ.get(PARENT)
        self._before: dict[int, Any] = {}

    def asked(self) -> bool:
        """Whether to stop after the candidate at hand."""
        return self._count > 0 or self._is_left_alone()

    def at_once(self) -> str | None:
        """Why to give up the candidate at hand, if so."""
        return "asked to stop at once" if self._count > 1 else None

    def _is_left_alone(self) -> bool:
        return bool(self._parent) and str(os.getppid()) != self._parent

    def __enter__(self) -> GracefulStop:
        for number in self._signals:
            self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
