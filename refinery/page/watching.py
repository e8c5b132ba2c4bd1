"""The one reader of the queue for everybody who looks: it reads while somebody does."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.page.snapshot import Snapshot, snapshot
from refinery.store.peeking import moved
from refinery.store.view import View
from refinery.values import dataclass, field

PERIOD = 2.0  # seconds between looks at the remote, or as many times as long as one took:
PATIENCE = 10.0
AWAY = 15.0  # seconds between them while the remote is away
LINGERS = 60.0  # seconds for which it goes on reading after the last one asked
FRESH = 10.0  # seconds for which nobody waits for newer news
BRIEF = 0.15  # seconds, where something is known: the first byte of an answer is due
LAST_LOOK = 5.0
BOARD = 15.0  # seconds after which ages and estimates are reckoned anew, though nothing moved


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known: the newest snapshot, its `number`, and why there is no newer one."""

    snapshot: Snapshot
    number: int
    trouble: str = ""

    @property
    def version(self) -> str:
        """Changes whenever a page that shows it would."""
        return self.snapshot.version + ("-" if self.trouble else "")


@dataclass(slots=True)
class Watch:
    """`open` opens the queue; it is opened anew after trouble."""

    open: Callable[[], Queue]
    log: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _seen: Seen | None = None
    _trouble: str = ""
    _checked: float = float("-inf")
    _begun: int = 0
    _looks: int = 0
    _asked: float = float("-inf")
    _hurry: bool = False
    _watchers: int = 0
    _stopped: bool = False
    _changed: Condition = field(default_factory=Condition)
    _thread: Thread | None = None
    _view: View | None = None
    _queue: Queue | None = None

    def start(self) -> None:
        """Begin to look, before anybody asks."""
        self._thread = Thread(target=self._run, name="page-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more, and let everybody who waits for news go."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait for the look that is under way."""
        self.stop()
        if self._thread is not None:
            self._thread.join(LAST_LOOK)

    @property
    def stopped(self) -> bool:
        """Whether there will be no more news."""
        return self._stopped

    @property
    def trouble(self) -> str:
        """Why the queue cannot be read, if so."""
        return self._trouble

    def newest(self, *, wait: float = 1.5) -> Seen | None:
        """What is known; what is too old is waited for, but not for long.  None: nothing yet."""
        with self._changed:
            now = self._asked = self.clock()
            if now - self._checked > FRESH and not self._trouble:
                self._changed.notify_all()
                looks = self._looks
                wait = wait if self._seen is None else min(wait, BRIEF)
                self._changed.wait_for(lambda: self._looks > looks or self._stopped, wait)
            return self._seen

    def refresh(self, *, wait: float = 5.0) -> None:
        """Look again now, and let the caller wait for what is seen: it has just changed something.

        A look that is under way may have begun before the change.
        """
        with self._changed:
            self._hurry, begun = True, self._begun
            self._asked = self.clock()
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._looks > begun or self._stopped, wait)

    def news(self, version: str, *, wait: float) -> str | None:
        """The version once it is another one; None if it is still the same after the wait."""
        with self._changed:
            self._asked = self.clock()
            self._changed.wait_for(lambda: self._stopped or self._version() != version, wait)
            found = self._version()
            return found if found != version else None

    def join(self) -> None:
        """Somebody waits for news from now on."""
        with self._changed:
            self._watchers += 1
            self._changed.notify_all()

    def leave(self) -> None:
        """And no longer."""
        with self._changed:
            self._watchers -= 1

    def look(self) -> None:
        """Ask the remote, and make a new snapshot of what has changed."""
        with self._changed:
            self._begun += 1
        try:
            seen = self._looked()
        except RefineryError as trouble:
            self._fail(trouble.message)
        except Exception as error:
            self._fail(f"a bug in refinery: {type(error).__name__}: {error}")
        else:
            with self._changed:
                self._seen, self._trouble, self._checked = seen, "", self.clock()
                self._looks += 1
                self._changed.notify_all()

    def _version(self) -> str:
        return self._seen.version if self._seen is not None else ""

    def _run(self) -> None:
        try:
            while not self._stopped:
                began = self.clock()
                self.look()
                self._nap(self.clock() - began)
        finally:
            self._let_go()

    def _nap(self, took: float) -> None:
        """Until it is time to look again; for ever while nobody is there."""
        pause = AWAY if self._trouble else max(PERIOD, PATIENCE * took)
        with self._changed:
            until = self.clock() + pause
            while not self._stopped and not self._hurry:
                now = self.clock()
                is_watched = self._watchers > 0 or now - self._asked < LINGERS
                if is_watched and now >= until:
                    return
                self._changed.wait(until - now if is_watched else None)
            self._hurry = False

    def _looked(self) -> Seen:
        if self._queue is None:
            self._queue, self._view = self.open(), None
        queue, view, seen = self._queue, self._view, self._seen
        if view is None or moved(queue.store, view):
            view = self._view = queue.whole_view()
        elif seen is not None and not self._trouble and not self._is_old(seen, queue):
            return seen
        return Seen(snapshot(queue, view), seen.number + 1 if seen else 1)

    def _is_old(self, seen: Seen, queue: Queue) -> bool:
        return (queue.now() - seen.snapshot.at).total_seconds() >= BOARD

    def _fail(self, why: str) -> None:
        if why != self._trouble:
            self.log(f"warning: page: {why}")
        self._let_go()
        with self._changed:
            self._trouble, seen = why, self._seen
            if seen is not None and seen.trouble != why:
                self._seen = Seen(seen.snapshot, seen.number + 1, why)
            self._looks += 1
            self._changed.notify_all()

    def _let_go(self) -> None:
        queue, self._queue, self._view = self._queue, None, None
        if queue is not None:
            queue.close()
