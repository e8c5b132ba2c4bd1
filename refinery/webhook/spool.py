"""Keeps deliveries from the moment they are accepted until they are done, through any crash."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path
from threading import Lock

from refinery.errors import RefineryError, TryAgain
from refinery.repo.locking import FileLock, try_lock
from refinery.values import dataclass, field
from refinery.webhook.events import Forge

KNOWN_FOR = 7 * 24 * 3600.0  # seconds in which a delivery that comes again is recognised
FAILED_FOR = 30 * 24 * 3600.0
MOST_WAITING = 100_000
MOST_WAITING_BYTES = 1_000_000_000
MOST_KNOWN = 1_000_000
_SWEEP_EVERY = 3600.0
_HEALTH_EVERY = 1.0

_FORMAT = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  forge TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT,
  digest BLOB NOT NULL,
  received REAL NOT NULL,
  state TEXT NOT NULL,
  due REAL NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  size INTEGER NOT NULL,
  body BLOB
);
CREATE INDEX IF NOT EXISTS by_id ON deliveries (forge, id);
CREATE INDEX IF NOT EXISTS by_digest ON deliveries (forge, name, digest);
CREATE INDEX IF NOT EXISTS by_due ON deliveries (due, size) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS by_age ON deliveries (received);
CREATE TABLE IF NOT EXISTS health (only INTEGER PRIMARY KEY CHECK (only = 1), at REAL NOT NULL);
"""


class SpoolUnusable(RefineryError):
    """The file that keeps deliveries cannot be opened, read or written."""

    code = "spool-unusable"


class SpoolInUse(RefineryError):
    """Another receiver works on the same file."""

    code = "spool-in-use"


class SpoolFull(TryAgain):
    """Too much waits to take more."""

    code = "spool-full"


class Taken(Enum):
    """What became of a delivery at the door."""

    NEW = "accepted"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as it came, proven but not understood."""

    forge: Forge
    name: str
    id: str | None
    digest: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is to be worked on; `tries` counts this one."""

    number: int
    tries: int
    received: float
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A delivery that was given up."""

    number: int
    forge: str
    name: str
    id: str | None
    received: float
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """What waits, and how long the oldest has waited."""

    waiting: int
    oldest: float | None
    failed: int


@dataclass(slots=True)
class _Entry:
    """A delivery between its thread and the commit that many of them share."""

    delivery: Delivery
    taken: Taken | None = None
    error: Exception | None = None


@dataclass(slots=True)
class Spool:
    """One file, for any number of threads of one process."""

    path: Path
    _connection: sqlite3.Connection
    _lock: FileLock
    _clock: Callable[[], float]
    _using: Lock = field(default_factory=Lock)
    _entering: Lock = field(default_factory=Lock)
    _entries: list[_Entry] = field(default_factory=list)
    _swept: float = 0.0
    _healthy: float = 0.0

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> Spool:
        """Open the file, or make it; one process at a time may."""
        lock = _locked(path)
        try:
            return cls(path, _connect(path), lock, clock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Let another process have it."""
        with self._using:
            self._connection.close()
        self._lock.release()

    # At the door

    def put(self, delivery: Delivery) -> Taken:
        """Keep a delivery unless it is known; what returns is on the disk.

        Threads that come while one commits are committed together by the next: the disk is asked
        once for all of them.
        """
        entry = _Entry(delivery)
        with self._entering:
            self._entries.append(entry)
        with self._using:
            if entry.taken is None and entry.error is None:
                with self._entering:
                    entries, self._entries = self._entries, []
                self._commit(entries)
        if entry.error is not None:
            raise entry.error
        assert entry.taken is not None
        return entry.taken

    def _commit(self, entries: Sequence[_Entry]) -> None:
        try:
            with self._transaction():
                self._make_room()
                taken = [self._insert(entry.delivery) for entry in entries]
        except Exception as error:  # those who share a commit share its failure
            for entry in entries:
                entry.error = error
            return
        for entry, what in zip(entries, taken, strict=True):
            entry.taken = what

    def _insert(self, new: Delivery) -> Taken:
        now = self._clock()
        known = self._known(new, now - KNOWN_FOR)
        if known is not None and known[1] == "failed":
            return self._revive(known[0], new)
        if known is not None:
            return Taken.KNOWN
        self._connection.execute(
            "INSERT INTO deliveries (forge, name, id, digest, received, state, due, size, body) "
            "VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)",
            (new.forge, new.name, new.id, new.digest, now, now, len(new.body), new.body),
        )
        return Taken.NEW

    def _known(self, new: Delivery, since: float) -> tuple[int, str] | None:
        for also, values in (("id = ?", (new.id,)), ("name = ? AND digest = ?", _same(new))):
            found: tuple[int, str] | None = self._connection.execute(
                f"SELECT number, state FROM deliveries WHERE forge = ? AND {also} "
                "AND received > ? LIMIT 1",
                (new.forge, *values, since),
            ).fetchone()
            if found is not None:
                return found
        return None

    def _revive(self, number: int, new: Delivery) -> Taken:
        """Somebody sends again what was given up: it gets another chance."""
        self._connection.execute(
            "UPDATE deliveries SET state = 'waiting', due = ?, tries = 0, reason = NULL, size = ?, "
            "body = ? WHERE number = ?",
            (self._clock(), len(new.body), new.body, number),
        )
        return Taken.NEW

    def _make_room(self) -> None:
        """Forget what is old; refuse where too much waits."""
        now = self._clock()
        if now - self._swept >= _SWEEP_EVERY:
            self._swept = now
            self._connection.execute(
                "DELETE FROM deliveries WHERE (state = 'done' AND received < ?) "
                "OR (state = 'failed' AND received < ?)",
                (now - KNOWN_FOR, now - FAILED_FOR),
            )
            self._connection.execute(
                "DELETE FROM deliveries WHERE state = 'done' AND number <= "
                "(SELECT max(number) FROM deliveries) - ?",
                (MOST_KNOWN,),
            )
        count, size = self._connection.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM deliveries WHERE state = 'waiting'"
        ).fetchone()
        if count >= MOST_WAITING or size >= MOST_WAITING_BYTES:
            raise SpoolFull(f"{count} deliveries wait: no more are taken")

    # At work

    def take(self, most: int) -> list[Waiting]:
        """The oldest that are due, each counted as tried: a crash in the work counts as well."""
        with self._using, self._transaction():
            rows = self._connection.execute(
                "SELECT number, forge, name, id, digest, received, tries, body FROM deliveries "
                "WHERE state = 'waiting' AND due <= ? ORDER BY number LIMIT ?",
                (self._clock(), most),
            ).fetchall()
            self._connection.executemany(
                "UPDATE deliveries SET tries = tries + 1 WHERE number = ?",
                [(row[0],) for row in rows],
            )
        return [
            Waiting(number, tries + 1, received, Delivery(Forge(forge), name, id, digest, body))
            for number, forge, name, id, digest, received, tries, body in rows
        ]

    def done(self, numbers: Sequence[int]) -> None:
        """Forget the bodies; that they came is remembered."""
        self._write(
            "UPDATE deliveries SET state = 'done', body = NULL, size = 0 WHERE number = ?",
            [(number,) for number in numbers],
        )

    def later(self, pauses: Mapping[int, float], *, counted: bool) -> None:
        """Try again after so many seconds; what is nobody's fault does not count as tried."""
        now = self._clock()
        self._write(
            "UPDATE deliveries SET due = ?, tries = max(0, tries - ?) WHERE number = ?",
            [(now + pause, 0 if counted else 1, number) for number, pause in pauses.items()],
        )

    def failed(self, reasons: Mapping[int, str]) -> None:
        """Give up, and keep body and reason for people."""
        self._write(
            "UPDATE deliveries SET state = 'failed', reason = ? WHERE number = ?",
            [(reason[:1000], number) for number, reason in reasons.items()],
        )

    def next_due(self) -> float | None:
        """Seconds until something has to be done; None while nothing waits."""
        with self._using, self._reading():
            [due] = self._connection.execute(
                "SELECT min(due) FROM deliveries WHERE state = 'waiting'"
            ).fetchone()
        return None if due is None else max(0.0, due - self._clock())

    # For people

    def health(self) -> Health:
        """How it is; `SpoolUnusable` where nothing can be written."""
        with self._using:
            now = self._clock()
            if now - self._healthy >= _HEALTH_EVERY:
                with self._transaction():
                    self._connection.execute("REPLACE INTO health VALUES (1, ?)", (now,))
                self._healthy = now
            with self._reading():
                waiting, oldest, failed = self._connection.execute(
                    "SELECT sum(state = 'waiting'), "
                    "min(CASE state WHEN 'waiting' THEN received END), sum(state = 'failed') "
                    "FROM deliveries WHERE state != 'done'"
                ).fetchone()
        age = None if oldest is None else max(0.0, now - oldest)
        return Health(waiting or 0, age, failed or 0)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            with self._using, self._transaction():
                self._connection.executemany(statement, rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._reading():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


def given_up(path: Path) -> list[FailedDelivery]:
    """What failed for good, oldest first; a receiver may be at work on the file."""
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            rows = connection.execute(
                "SELECT number, forge, name, id, received, reason FROM deliveries "
                "WHERE state = 'failed' ORDER BY number"
            ).fetchall()
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    return [FailedDelivery(*row) for row in rows]


def _same(delivery: Delivery) -> tuple[str, bytes]:
    return delivery.name, delivery.digest


def _locked(path: Path) -> FileLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = try_lock(path.with_name(f"{path.name}.lock"))
    except OSError as error:
        raise SpoolUnusable(
            f"{str(path)!r}: {error.strerror}", hint="name another place: --spool FILE"
        ) from error
    if lock is None:
        raise SpoolInUse(
            f"another receiver works on {str(path)!r}",
            hint="one `refinery serve` serves a clone; another needs a --spool of its own",
        )
    return lock


def _connect(path: Path) -> sqlite3.Connection:
    try:
        # Bodies may be of a private repository; the files beside it get the same permissions.
        path.touch(mode=0o600)
        # Autocommit: transactions are said. Threads share it, one at a time (`Spool._using`).
        connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, _FORMAT):
            raise SpoolUnusable(
                f"{str(path)!r} was written by another version of refinery (format {version})",
                hint="name another place with --spool, or upgrade",
            )
        connection.executescript(f"{_SCHEMA}PRAGMA user_version = {_FORMAT};")
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from error
    return connection


def _unusable(path: Path, error: sqlite3.Error | OSError) -> SpoolUnusable:
    return SpoolUnusable(
        f"{str(path)!r}: {error}",
        hint="move it away to begin a new one; `refinery reconcile` finds what it held",
    )
