"""Runs a command of refinery in this process and kills it with SIGKILL at its N-th step.

    python -m tests.engine.dying N before|after ARGUMENT...

A step is the start of a git, its end, what was asked of the object reader, or one object written:
between any two of them a real crash can come.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from refinery.cli.main import main
from refinery.repo.objects import ObjectReader
from refinery.repo.process import Git, Running
from refinery.repo.writing import ObjectWriter

STEPS = (
    (Git, "begin"),
    (Running, "finish"),
    (ObjectReader, "read_many"),
    (ObjectWriter, "_write"),
)


def _dying(call: Callable[..., Any], steps: count[int], last: int, when: str) -> Callable[..., Any]:
    def stepped(*arguments: Any, **options: Any) -> Any:
        step = next(steps)
        if step == last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*arguments, **options)
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return stepped


def run(*steps: tuple[type, str]) -> int:
    """Run what the command line says; `steps` are more methods whose calls are steps."""
    number, moment, *arguments = sys.argv[1:]
    counter = count(1)
    for owner, name in (*STEPS, *steps):
        setattr(owner, name, _dying(getattr(owner, name), counter, int(number), moment))
    return main(arguments)


if __name__ == "__main__":
    sys.exit(run())
