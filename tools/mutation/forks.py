"""Work done in forks of this process, some at a time, each within a time of its own."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OUT_OF_TIME = "out of time"
DIED = "died"


@dataclass(frozen=True)
class Task:
    what: Any
    work: Callable[[], Any]
    """What it returns is handed over as JSON."""
    seconds: float
    """Of processor time; ten times as much by the clock, for the machine may be busy."""


@dataclass
class _Child:
    task: Task
    number: int
    pid: int
    deadline: float
    told: bytes = field(default=b"")


def done_in_forks(tasks: Iterator[Task], *, jobs: int, scratch: Path) -> Iterator[tuple[Any, Any]]:
    """What each was about, and what came of it: its result, OUT_OF_TIME or DIED."""
    waiting = selectors.DefaultSelector()
    children: dict[int, _Child] = {}
    for number, task in enumerate(tasks):
        child, pipe = _start(task, number, scratch)
        children[pipe] = child
        waiting.register(pipe, selectors.EVENT_READ)
        while len(children) >= jobs:
            yield from _ended(waiting, children, scratch)
    while children:
        yield from _ended(waiting, children, scratch)


def _start(task: Task, number: int, scratch: Path) -> tuple[_Child, int]:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return _Child(task, number, pid, time.monotonic() + 1.5 * task.seconds + 20), ours
    with contextlib.suppress(BaseException):
        os.setpgid(0, 0)
        os.close(ours)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nowhere, standard)
        limit = int(task.seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        own = scratch / str(number)
        own.mkdir(parents=True)
        os.environ["TMPDIR"] = str(own)
        result = json.dumps(task.work()).encode()
        while result:
            result = result[os.write(theirs, result) :]
        os._exit(0)
    os._exit(1)


def _ended(
    waiting: selectors.BaseSelector, children: dict[int, _Child], scratch: Path
) -> Iterator[tuple[Any, Any]]:
    ready = {key.fd for key, _ in waiting.select(timeout=1)}
    for pipe, child in list(children.items()):
        if pipe in ready:
            data = os.read(pipe, 1 << 16)
            child.told += data
            if data:
                continue
        elif time.monotonic() < child.deadline:
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        waiting.unregister(pipe)
        os.close(pipe)
        del children[pipe]
        shutil.rmtree(scratch / str(child.number), ignore_errors=True)
        yield child.task.what, _result(child, status, late=pipe not in ready)


def _result(child: _Child, status: int, *, late: bool) -> Any:
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU,)):
        return OUT_OF_TIME
    try:
        return json.loads(child.told)
    except ValueError:
        return DIED
