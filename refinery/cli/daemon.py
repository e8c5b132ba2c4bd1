"""Starts and stops the processor of a clone, from another process: asks, and waits for it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from refinery.errors import RefineryError, TryAgain
from refinery.processor.asking import Request, ask
from refinery.processor.place import Place, ProcessorState, processor_state
from refinery.repo.repository import Repository
from refinery.typed import TypeVar

__all__ = [
    "DETACHED",
    "EVERY",
    "LONGEST",
    "ProcessorState",
    "ProcessorTrouble",
    "StillStopping",
    "log_file",
    "processor_state",
    "restart",
    "start",
    "start_together",
    "stop",
]

Found = TypeVar("Found")

DETACHED = "REFINERY_DETACHED"  # in the environment of one that speaks into its log only
EVERY = "10s"
LONGEST = "2m"
START_WAIT = 30.0  # seconds until a started processor has its lock
POLL = 0.02


class ProcessorTrouble(RefineryError):
    """The processor could not be started."""

    code = "processor-trouble"


class StillStopping(TryAgain):
    """It was asked to stop and is finishing what it has begun."""

    code = "still-stopping"


def log_file(repo: Repository) -> Path:
    """What the processor says."""
    return Place.of(repo).log


def start(repo: Repository, *, every: str = EVERY, longest: str = LONGEST) -> int | None:
    """Start a processor in the background; its pid, or None when one runs already."""
    started = start_together([repo], every=every, longest=longest)
    return started[0].pid if started else None


def start_together(
    repos: Sequence[Repository], *, every: str = EVERY, longest: str = LONGEST
) -> list[ProcessorState]:
    """Start one processor for those that have none; what it says of itself in each."""
    idle = [repo for repo in repos if processor_state(repo).pid is None]
    if not idle:
        return []
    last_words = Place.of(idle[0]).last_words
    rigs = [str(repo.path) for repo in idle]
    with last_words.open("wb") as output:
        process = subprocess.Popen(
            # -P: a module in the directory it is started in is not taken for one of Python's.
            [
                *(sys.executable, "-P", "-m", "refinery", "start", "--foreground"),
                *("--every", every, "--longest", longest, "--", *rigs),
            ],
            cwd=idle[0].path,
            env={**os.environ, DETACHED: "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def found() -> list[ProcessorState] | None:
        states = [processor_state(repo) for repo in idle]
        if all(state.pid is not None for state in states):
            return states
        if process.poll() is not None:
            raise ProcessorTrouble("the processor did not start", hint=_said(last_words))
        return None

    states = _wait_for(found, START_WAIT)
    if states is None:
        raise ProcessorTrouble(
            f"the processor (pid {process.pid}) is not ready after {START_WAIT:g} seconds",
            hint=f"its log may say why: {log_file(idle[0])}",
        )
    return states


def stop(repo: Repository, *, wait: float, finish: bool = False) -> bool:
    """Ask the processor to let go of a repository; False when none runs.

    It finishes a landing; checks it gives up, unless it may `finish` the candidate at hand.
    """
    state = processor_state(repo)
    if state.pid is None:
        return False
    request = Request.FINISH if finish else Request.STOP
    if not ask(Place.of(repo).ear, request):
        with contextlib.suppress(ProcessLookupError):
            os.kill(state.pid, signal.SIGTERM)
    if not _wait_for(lambda: _who(processor_state(repo)) != _who(state), wait):
        raise StillStopping(
            f"the processor (pid {state.pid}) is still finishing what it has begun",
            hint=f"wait, or end it at once: kill -9 {state.pid}",
        )
    return True


def restart(repo: Repository, *, every: str | None, longest: str | None, wait: float) -> bool:
    """Stop it and start it again, as it was started before where nothing else is said.

    One in the foreground belongs to a service manager, so it begins anew as the same process, with
    all that it serves: False then.
    """
    state = processor_state(repo)
    if state.in_foreground and ask(Place.of(repo).ear, Request.RESTART):
        if not _wait_for(lambda: processor_state(repo).life not in (state.life, ""), wait):
            raise StillStopping(
                f"the processor (pid {state.pid}) has not begun anew yet", hint="refinery status"
            )
        return False
    stop(repo, wait=wait)
    start(
        repo,
        every=every or state.every or EVERY,
        longest=longest or state.longest or LONGEST,
    )
    return True


def _who(state: ProcessorState) -> tuple[int | None, str]:
    return state.pid, state.life


def _wait_for(look: Callable[[], Found], wait: float) -> Found:
    """The first answer that says yes, or the last one before the time was up."""
    deadline = time.monotonic() + wait
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(POLL)
    return found


def _said(last_words: Path) -> str:
    try:
        lines = last_words.read_text(errors="replace").splitlines()[-5:]
    except OSError:
        lines = []
    return "it said: " + "\n".join(lines) if lines else f"nothing was said in {last_words}"
