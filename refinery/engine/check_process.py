"""Processes of checks: started as groups, watched together, and ended to the last one."""

from __future__ import annotations

import contextlib
import io
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType

from refinery.engine.check_output import CheckLog
from refinery.values import dataclass

MARK = "REFINERY_CHECK_RUN"

if sys.platform == "win32":
    raise ImportError("there are no process groups")

# Seconds that output may still come after the end of the check's own process: `> >(tee log)`
# writes its last lines then. A background process that holds the pipe costs no more than this.
_LINGER = 0.2
# Seconds to wait for what SIGKILL did not end (a process stuck in the kernel) before going on.
_STUCK = 5.0
_CHUNK = 1 << 16


class _Phase(Enum):
    RUNNING = "running"
    LINGERING = "its own process ended, output may follow"
    STOPPING = "asked to end"
    KILLED = "killed"
    DONE = "done"


class CheckProcess:
    """One check's process group, led by the check's own process in a session of its own."""

    seconds: float
    timed_out: bool

    def __init__(
        self,
        argv: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        timeout: float,
        grace: float,
        log: CheckLog,
        selector: selectors.BaseSelector,
        clock: Callable[[], float],
    ) -> None:
        self.status: int | None = None
        """The exit status, -N after signal N, None when it could not be learned."""
        self.seconds = 0.0
        self.timed_out = False
        self._mark = f"{MARK}={environment[MARK]}".encode() + b"\0"
        self._grace = grace
        self._log = log
        self._selector = selector
        self._phase = _Phase.RUNNING
        self._exited = False
        self._reaped = False
        self._group_over = False
        self._clock = clock
        self._began = clock()
        self._deadline = self._began + timeout
        self._output, entrance = os.pipe()
        try:
            self._process = subprocess.Popen(
                argv,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=entrance,
                stderr=entrance,
                start_new_session=True,
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(entrance)
        os.set_blocking(self._output, False)
        selector.register(self._output, selectors.EVENT_READ, self._read)
        self._pidfd = _open_pidfd(self._process.pid)
        if self._pidfd is not None:
            selector.register(self._pidfd, selectors.EVENT_READ, self._see_exit)

    @property
    def done(self) -> bool:
        return self._phase is _Phase.DONE

    @property
    def ended(self) -> bool:
        """False when even SIGKILL had no effect in time."""
        return self._reaped

    def pause(self, now: float) -> float:
        """Seconds until `advance` must be called, whatever happens."""
        until = max(self._deadline - now, 0.0)
        if self._pidfd is not None or self._exited:
            return until
        return min(until, max(0.005, min(0.05, (now - self._began) / 10)))

    def advance(self, now: float) -> None:
        """Take the step that is due; an exit counts before a deadline that passed meanwhile."""
        if self._has_exited():
            if self._phase is _Phase.RUNNING:
                self._phase, self._deadline = _Phase.LINGERING, now + _LINGER
            if self._output < 0 or self._phase is _Phase.KILLED or now >= self._deadline:
                self.finish()
        elif now >= self._deadline:
            self._escalate(now)

    def stop(self, now: float) -> None:
        """Ask the whole group to end; SIGKILL follows after the grace."""
        if self._phase is _Phase.RUNNING:
            self._signal_group(signal.SIGTERM)
            self._phase, self._deadline = _Phase.STOPPING, now + self._grace

    def finish(self) -> None:
        """End what is left, now: the group, what escaped from it, and the pipe."""
        if self._phase is _Phase.DONE:
            return
        self._signal_group(signal.SIGKILL)
        for _ in range(100):
            if self._reap():
                break
            time.sleep(0.001)
        self._group_over = True
        sweep(self._mark)
        self._drain()
        self._close_output()
        self._close_pidfd()
        self.seconds = self._clock() - self._began
        self._phase = _Phase.DONE

    def _escalate(self, now: float) -> None:
        if self._phase is _Phase.RUNNING:
            self.timed_out = True
            self.stop(now)
        elif self._phase is _Phase.STOPPING:
            self._signal_group(signal.SIGKILL)
            self._phase, self._deadline = _Phase.KILLED, now + _STUCK
        else:
            self.finish()

    def _signal_group(self, number: signal.Signals) -> None:
        # Until the leader is reaped no other group can get its number: `finish` kills, then reaps.
        # Without waitid it is reaped on sight, and whoever is left of the group keeps the number.
        if not self._group_over:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _has_exited(self) -> bool:
        if not self._exited and self._pidfd is None:
            self._exited = self._look_for_exit()
        return self._exited

    def _look_for_exit(self) -> bool:
        if not hasattr(os, "waitid"):
            return self._reap()
        try:
            seen = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return True
        return seen is not None

    def _reap(self) -> bool:
        # Not Popen.wait: where SIGCHLD is ignored it invents the status 0, which would be a pass.
        if self._reaped:
            return True
        try:
            pid, status = os.waitpid(self._process.pid, 0 if self._exited else os.WNOHANG)
        except ChildProcessError:
            pid, self._process.returncode = self._process.pid, 0
        else:
            if pid:
                self.status = self._process.returncode = os.waitstatus_to_exitcode(status)
        self._reaped = pid != 0
        return self._reaped

    def _see_exit(self) -> None:
        self._exited = True
        self._close_pidfd()

    def _read(self) -> bool:
        try:
            chunk = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return False
        self._log.add(chunk)
        if not chunk:
            self._close_output()
        return bool(chunk)

    def _drain(self) -> None:
        # Bounded, because what could not be ended may write for ever. A pipe holds 1 MiB at most.
        for _ in range((1 << 20) // _CHUNK):
            if self._output < 0 or not self._read():
                return

    def _close_output(self) -> None:
        if self._output >= 0:
            self._selector.unregister(self._output)
            os.close(self._output)
            self._output = -1

    def _close_pidfd(self) -> None:
        if self._pidfd is not None:
            self._selector.unregister(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = None


@dataclass(slots=True)
class Pulse:
    """Calls `tick` whenever it is due; what it returns is a reason to abandon the run."""

    tick: Callable[[], str | None]
    every: float
    clock: Callable[[], float]
    due: float

    def beat(self) -> str | None:
        if self.clock() < self.due:
            return None
        reason = self.tick()
        self.due = self.clock() + self.every
        return reason


class CheckHerd:
    """The processes of one run; when the block is left for any cause, none of them is."""

    def __init__(self, *, clock: Callable[[], float], grace: float) -> None:
        self._clock = clock
        self._grace = grace
        self._run = os.urandom(16).hex()
        self._started = 0
        self._running: list[CheckProcess] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> CheckHerd:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.end()
        finally:
            self._selector.close()

    def start(
        self,
        argv: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        timeout: float,
        log: CheckLog,
    ) -> CheckProcess:
        """Raises OSError or ValueError when the command cannot be started."""
        self._started += 1
        mark = f"{self._run}-{self._started}"
        try:
            process = CheckProcess(
                argv,
                directory=directory,
                environment={**environment, MARK: mark},
                timeout=timeout,
                grace=self._grace,
                log=log,
                selector=self._selector,
                clock=self._clock,
            )
            self._running.append(process)
        except BaseException:
            # An interrupt may come after the start and before anybody knows the process.
            sweep(f"{MARK}={mark}".encode() + b"\0")
            raise
        return process

    def wait(self, pulse: Pulse | None) -> str | None:
        """Return when all have ended (None), or as soon as the pulse gives a reason to stop."""
        while self._running:
            if pulse is not None and (reason := pulse.beat()) is not None:
                return reason
            for key, _ in self._selector.select(self._pause(pulse)):
                key.data()
            now = self._clock()
            for process in self._running:
                process.advance(now)
            self._running = [process for process in self._running if not process.done]
        return None

    def end(self) -> None:
        """SIGTERM to every group, the grace, SIGKILL; an interrupt meanwhile skips the grace."""
        try:
            now = self._clock()
            for process in self._running:
                process.stop(now)
            self.wait(None)
        finally:
            for process in self._running:
                process.finish()
            self._running = []

    def _pause(self, pulse: Pulse | None) -> float | None:
        now = self._clock()
        until = min(process.pause(now) for process in self._running)
        if pulse is not None:
            until = min(until, max(pulse.due - now, 0.0))
        return None if until == float("inf") else until


def sweep(mark: bytes) -> None:
    """Kill what carries the mark in its environment: it left the group by setsid (Linux only).

    Best effort: a process that also emptied its environment is not found.
    """
    for pause in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1):
        bearers = _bearers(mark)
        for pid in bearers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not bearers:
            return
        time.sleep(pause)


def _bearers(mark: bytes) -> list[int]:
    try:
        pids = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]
    except OSError:
        return []
    return [pid for pid in pids if mark in _environ(pid)]


def _environ(pid: int) -> bytes:
    # Permission decides whose processes are seen; a zombie's environment reads as empty.
    try:
        with io.FileIO(f"/proc/{pid}/environ") as environ:
            return environ.readall()
    except OSError:
        return b""


def _open_pidfd(pid: int) -> int | None:
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # before 5.3, forbidden by a container, no descriptors left
        return None
