"""Turns signals into orders: one SIGTERM finishes the candidate at hand, two give it up."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any


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
        self._before: dict[int, Any] = {}

    def asked(self) -> bool:
        """Whether to stop after the candidate at hand."""
        return self._count > 0

    def at_once(self) -> str | None:
        """Why to give up the candidate at hand, if so."""
        return "asked to stop at once" if self._count > 1 else None

    def __enter__(self) -> GracefulStop:
        for number in self._signals:
            self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
