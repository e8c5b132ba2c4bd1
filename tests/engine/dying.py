"""Runs a command of refinery in this process and kills it with SIGKILL at its N-th step.

    python -m tests.engine.dying N before|after ARGUMENT...

A step is one git process, one answer of the object reader, or one object written: between any two
of them a real crash can come.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from refinery.cli.main import main
from refinery.repo.process import Git
from refinery.repo.writing import ObjectWriter


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


if __name__ == "__main__":
    number, moment, *arguments = sys.argv[1:]
    counter = count(1)
    Git.run = _dying(Git.run, counter, int(number), moment)  # type: ignore[method-assign]
    ObjectWriter._write = _dying(  # type: ignore[method-assign]
        ObjectWriter._write, counter, int(number), moment
    )
    sys.exit(main(arguments))
