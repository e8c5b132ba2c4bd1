"""Worker processes on one queue: each in its clone, started again and again until all is decided.

That is what a schedule does with CI jobs.  Some may be killed on the way, as runners are.
"""

from __future__ import annotations

import os
import random
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

DRAIN = ("process", "--drain")
_TAIL = 1500


@dataclass
class Shift:
    """How the work went: `complaints` are of processes that ended otherwise than with success.

    `cpu` are the processor seconds of the workers and all they started, `others` those of the rest
    of the machine meanwhile.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    others: float = 0.0
    starts: int = 0
    kills: int = 0
    exits: Counter[int] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Post:
    """One worker's place, and its process while one runs; `is_killed` by us."""

    clone: Path
    log: Path
    again: float = 0.0
    process: subprocess.Popen[str] | None = None
    watch: int = -1
    output: TextIO | None = None
    is_killed: bool = False


@dataclass
class Crew:
    """Workers named after their clones; `every` is how soon one that ended is started again.

    One that ends with a code that is not `accepted` is complained about.
    """

    clones: Sequence[Path]
    logs: Path
    arguments: Sequence[str] = DRAIN
    environment: Mapping[str, str] = field(default_factory=dict)
    every: float = 1.0
    patience: float = 900.0
    accepted: Collection[int] = (0,)

    def work(
        self,
        is_done: Callable[[], bool],
        *,
        murderer: random.Random | None = None,
        kills: int = sys.maxsize,
    ) -> Shift:
        """Until `is_done`, asked every second and whenever a worker ends; then all may finish.

        A murderer kills one of them each second, so many altogether: sometimes only the process,
        sometimes all of its group.
        """
        shift, began = Shift(), time.monotonic()
        spent, busy = _cpu(), _busy()
        with selectors.DefaultSelector() as selector:
            posts = [Post(clone, self.logs / f"{clone.name}.log") for clone in self.clones]
            try:
                self._supervise(posts, shift, selector, is_done, murderer, kills)
                self._let_finish(posts, shift, selector)
            finally:
                for post in posts:
                    kill(post, signal.SIGKILL, group=True)
                    self._ended(post, shift, selector)
        shift.seconds, shift.cpu = time.monotonic() - began, _cpu() - spent
        shift.others = max(0.0, _busy() - busy - shift.cpu)
        return shift

    def _supervise(
        self,
        posts: list[Post],
        shift: Shift,
        selector: selectors.BaseSelector,
        is_done: Callable[[], bool],
        murderer: random.Random | None,
        kills: int,
    ) -> None:
        began = time.monotonic()
        look = strike = began + 1
        while True:
            now = time.monotonic()
            for post in posts:
                if post.process is None and now >= post.again:
                    self._start(post, shift, selector)
            waiting = [post.again for post in posts if post.process is None]
            is_deadly = murderer is not None and shift.kills < kills
            until = min([look, strike if is_deadly else look, *waiting])
            ended = self._wait(selector, until - now)
            for post in ended:
                self._ended(post, shift, selector)
            now = time.monotonic()
            if murderer is not None and is_deadly and now >= strike:
                strike = now + self.between_kills()
                shift.kills += self.murder(murderer, posts)
            if ended or now >= look:
                look = now + 1
                if is_done():
                    return
            if now - began > self.patience:
                shift.complaints.append(f"not done after {self.patience:g} s")
                return

    def words(self, post: Post) -> Sequence[str]:
        """What a worker is started with."""
        return self.arguments

    def murder(self, murderer: random.Random, posts: Sequence[Post]) -> int:
        """Kill somebody; how many died."""
        alive = [post for post in posts if post.process and not post.is_killed]
        if not alive:
            return 0
        victim = murderer.choice(alive)
        kill(victim, signal.SIGKILL, group=murderer.random() < 0.5)
        victim.again = 0.0
        return 1

    def between_kills(self) -> float:
        """Seconds until the next one."""
        return 1.0

    def _let_finish(
        self, posts: list[Post], shift: Shift, selector: selectors.BaseSelector
    ) -> None:
        last = time.monotonic() + 60
        while any(post.process for post in posts):
            if time.monotonic() > last:
                names = [post.clone.name for post in posts if post.process]
                shift.complaints.append(f"all is decided, but {names} go on")
                return
            for post in self._wait(selector, last - time.monotonic()):
                self._ended(post, shift, selector)

    def _start(self, post: Post, shift: Shift, selector: selectors.BaseSelector) -> None:
        post.output = post.log.open("a")
        post.process = subprocess.Popen(
            [sys.executable, "-m", "refinery", *self.words(post)],
            cwd=post.clone,
            env={**os.environ, **self.environment, "REFINERY_WORKER": post.clone.name},
            stdout=post.output,
            stderr=post.output,
            text=True,
            start_new_session=True,
        )
        post.watch = os.pidfd_open(post.process.pid)
        selector.register(post.watch, selectors.EVENT_READ, post)
        post.again = time.monotonic() + self.every
        shift.starts += 1

    def _wait(self, selector: selectors.BaseSelector, seconds: float) -> list[Post]:
        return [key.data for key, _ in selector.select(max(0.0, seconds))]

    def _ended(self, post: Post, shift: Shift, selector: selectors.BaseSelector) -> None:
        if post.process is None:
            return
        code = post.process.wait()
        selector.unregister(post.watch)
        os.close(post.watch)
        if post.output is not None:
            post.output.close()
        if not post.is_killed:
            shift.exits[code] += 1
            if code not in self.accepted:
                said = post.log.read_text(errors="replace")[-_TAIL:]
                shift.complaints.append(f"{post.clone.name} ended with {code}: {said}")
        post.process, post.output, post.is_killed = None, None, False


def kill(post: Post, number: signal.Signals, *, group: bool) -> None:
    """Send a signal to its process, or to all of its group."""
    if post.process is None:
        return
    post.is_killed = True
    try:
        (os.killpg if group else os.kill)(post.process.pid, number)
    except ProcessLookupError:
        post.is_killed = False


def _cpu() -> float:
    """Processor seconds of everything that this process started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _busy() -> float:
    """Processor seconds of the whole machine since it began, as far as it tells."""
    try:
        names = Path("/proc/stat").read_text().splitlines()[0].split()
    except OSError:
        return 0.0
    user, nice, system, _, _, *interrupts = map(int, names[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
