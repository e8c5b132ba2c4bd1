"""One repository of a processor: its right to the clone, its watch, and the thread they live in."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from enum import Enum
from functools import partial
from threading import Event, Thread

from refinery.app import Queue, open_queue, worker_name
from refinery.engine.happenings import Chosen, Happening, Tell
from refinery.engine.run import Orders
from refinery.processor.asking import Ear, Request
from refinery.processor.log import Log
from refinery.processor.place import Place, ProcessorState
from refinery.processor.tenancy import Tenancy, worker_lock
from refinery.processor.watching import Watch
from refinery.queue.pauses import Pauses
from refinery.records.times import now
from refinery.values import dataclass

STUCK_AFTER = 1800.0  # seconds without a sign of life beyond what it said it would pause
BUG_PAUSE = 60.0
STARTING = "starting"
IDLE = "nothing to do"
GIVEN_UP = "the processor stops"


class Ending(Enum):
    """How soon a hand is to end."""

    NOT = 0
    AFTER_THE_CANDIDATE = 1
    AFTER_THE_LANDING = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """How a processor was started: the same for each of its repositories."""

    pauses: Pauses
    every: str
    longest: str
    in_foreground: bool


class Hand:
    """Serves one repository from `start` until it is told to end; any thread may tell it."""

    def __init__(
        self,
        rig: str | None,
        terms: Terms,
        *,
        narrate: Callable[[Callable[[str], None]], Tell],
        aloud: Callable[[Hand, str], None],
        changed: Callable[[], None],
        asked: Callable[[Hand, Request], None],
    ) -> None:
        self.rig = rig
        self._aloud = aloud
        self._changed = changed
        self._asked = asked
        worker = worker_name(outlives_process=False)
        opening: Callable[[], Queue] = partial(open_queue, rig, engine=True, worker=worker)
        with opening() as queue:
            self.name, self.path = queue.name, queue.repo.path
            self.place = Place.of(queue.repo)
            state = _state(worker, terms)
            self._tenancy = Tenancy.take(
                self.place, state, worker_lock=worker_lock(queue.repo, worker)
            )
        self._log = Log(self.place.log)
        self._ear = _ear(self.place)
        self._ending = Ending.NOT
        self._is_over = False
        self._woken = Event()
        self._alive_until = time.monotonic()
        self.doing = STARTING
        self._watch = Watch(
            opening,
            tell=self._telling(narrate(self.say)),
            say=self.say,
            orders=Orders(stop=self._stops, abandon=self._abandons, wait=self._wait),
            pauses=terms.pauses,
            looked=self._looked,
        )
        self._thread = Thread(target=self._run, name=self.name, daemon=True)

    # What others ask of it

    def start(self) -> None:
        """Begin to serve, and to listen."""
        self.say(f"refinery watches {self.name} as {self._tenancy.worker}, pid {os.getpid()}")
        if self._ear is not None:
            ear = self._ear
            Thread(
                target=lambda: ear.listen(lambda request: self._asked(self, request)),
                name=f"{self.name}: requests",
                daemon=True,
            ).start()
        self._thread.start()

    def end(self, ending: Ending) -> None:
        """End, this soon; what was said before cannot be taken back."""
        if ending.value > self._ending.value:
            self._ending = ending
        self._woken.set()

    def look(self) -> None:
        """Look at the queue now."""
        self._watch.wake()
        self._woken.set()

    def reload(self) -> None:
        """Read the clone's settings again, once the candidate at hand is done with."""
        self._log.close()
        self._watch.reload()
        self._woken.set()

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end."""
        return self._ending is not Ending.NOT

    @property
    def is_over(self) -> bool:
        """Whether it has let go of the clone."""
        return self._is_over

    def serves(self, paths: tuple[str, ...]) -> None:
        """Let it be known which repositories the same process serves."""
        self._tenancy.serves(paths)

    def leave(self) -> None:
        """Let go of the clone."""
        if self._ear is not None:
            self._ear.close()
        self._tenancy.leave()
        self._log.close()
        self._is_over = True
        self._changed()

    @property
    def is_stuck(self) -> bool:
        """Whether it has given no sign of life for so long that something must be wrong."""
        return time.monotonic() > self._alive_until + STUCK_AFTER

    def say(self, line: str) -> None:
        """Into its log, and to whoever listens to the whole process."""
        self._log(line)
        self._aloud(self, line)

    # Its own thread

    def _run(self) -> None:
        try:
            while not self._stops():
                try:
                    self._watch.run()
                except Exception:
                    self._bug()
        finally:
            self.say(f"refinery no longer watches {self.name}")
            self.leave()

    def _bug(self) -> None:
        """Whatever it is, the other repositories are served, and this one again after a pause."""
        *trace, problem = traceback.format_exc().strip().splitlines()
        self.say(f"error: this is a bug in refinery, please report it: {problem}")
        for line in trace:
            self._log(line)
        self._wait(BUG_PAUSE)

    def _stops(self) -> bool:
        self._lives()
        return self.is_ending

    def _abandons(self) -> str | None:
        """Asked while checks run, between which the engine looks at the queue by itself."""
        self._lives()
        self._tenancy.looked()
        return GIVEN_UP if self._ending is Ending.AFTER_THE_LANDING else None

    def _wait(self, seconds: float) -> None:
        self._lives(seconds)
        if not self.is_ending:
            self._woken.wait(seconds)
        self._woken.clear()
        self._lives()

    def _lives(self, more: float = 0.0) -> None:
        self._alive_until = time.monotonic() + more

    def _telling(self, tell: Tell) -> Tell:
        def told(happening: Happening) -> None:
            self._lives()
            if isinstance(happening, Chosen):
                ids = ", ".join(happening.candidate.members) or happening.candidate.target
                self._does(f"testing {ids}")
            tell(happening)

        return told

    def _looked(self) -> None:
        outage = self._watch.outage
        if outage.since is None:
            self._tenancy.looked()
        self._does(f"waiting: {outage.what}" if outage.what else IDLE)

    def _does(self, doing: str) -> None:
        if doing != self.doing:
            self.doing = doing
            outage = self._watch.outage
            self._tenancy.tell(doing, outage.what, outage.since)
            self._changed()


def _state(worker: str, terms: Terms) -> ProcessorState:
    return ProcessorState(
        pid=os.getpid(),
        started_at=now(),
        life=os.urandom(8).hex(),
        worker=worker,
        in_foreground=terms.in_foreground,
        every=terms.every,
        longest=terms.longest,
        doing=STARTING,
    )


def _ear(place: Place) -> Ear | None:
    """Where there are no named pipes, signals have to do."""
    try:
        return Ear(place.ear)
    except (OSError, AttributeError):
        return None
