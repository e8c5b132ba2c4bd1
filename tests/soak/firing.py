"""A crew of workers that loses a process each second: theirs, or one that they depend on."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.crew import Crew, Post
from tests.soak.processes import Process, below, strike

KINDS = {"worker": 4, "all": 2, "git": 4, "receive-pack": 4, "check": 1}


@dataclass
class FiringSquad(Crew):
    """A crew whose members lose a process each second, theirs or somebody's they depend on.

    `servers` are what listens: it lives, and what it starts may die.
    """

    servers: Sequence[int] = ()
    deaths: Counter[str] = field(default_factory=Counter)
    interval: float = 1.0

    def between_kills(self) -> float:
        """A second of a machine that these workers have for themselves."""
        self.interval = max(1.0, _starvation() * (os.cpu_count() or 1) / len(self.clones))
        return self.interval

    def words(self, post: Post) -> Sequence[str]:
        """Every second one stops after each candidate: those tell people on the way."""
        return (*self.arguments, *(("--once",) if post.clone.name[-1] in "02468" else ()))

    def murder(self, murderer: random.Random, posts: Sequence[Post]) -> int:
        """One of them, or one of theirs, of a kind that is drawn first."""
        kind = murderer.choices(list(KINDS), list(KINDS.values()))[0]
        alive = [post for post in posts if post.process and not post.is_killed]
        if not alive:
            return 0
        if kind in ("worker", "all"):
            self._kill_worker(murderer.choice(alive), with_all=kind == "all")
            self.deaths[kind] += 1
            return 1
        victim = self._met(kind, murderer, alive)
        if victim is None or not strike(victim):
            return 0
        self.deaths[kind] += 1
        return 1

    def _kill_worker(self, post: Post, *, with_all: bool) -> None:
        assert post.process is not None
        post.is_killed = True
        post.again = 0.0
        theirs = below([post.process.pid]) if with_all else []
        post.process.kill()
        for each in theirs:
            strike(each)

    def _met(self, kind: str, murderer: random.Random, alive: Sequence[Post]) -> Process | None:
        """One of a kind, as soon as there is one: most of them live for milliseconds."""
        roots = [*(post.process.pid for post in alive if post.process), *self.servers]
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            found = [process for process in below(roots) if process.kind == kind]
            if found:
                return murderer.choice(found)
        return None


def _starvation() -> float:
    """How many times longer than its processor time a little work takes."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.02:
        sum(range(1000))
    return (time.perf_counter() - began) / 0.02
