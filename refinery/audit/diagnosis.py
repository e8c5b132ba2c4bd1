"""Examines a set-up, from git's version to the queue's health: each point is fine or it is not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from refinery.config.config import FILE, parse
from refinery.errors import RefineryError
from refinery.queue.health import oldest_ready, waiting_since
from refinery.records.names import Ref, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.probing import OLDEST_GIT, git_version, probe_push, stale_locks
from refinery.repo.repository import IN_PLACE, Repository
from refinery.repo.signature import Signature
from refinery.repo.writing import fsyncs_loose_objects
from refinery.setup.setup_plan import PUSH_OPTIONS, fetches_queue
from refinery.store.layout import RefNames, target_ref
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass

MANY_REFS = 10_000
OLDEST_PYTHON = (3, 11)
REFTABLE_GIT = (2, 45)
TOLERATED_SKEW = timedelta(seconds=60)
LONG_WAIT = timedelta(hours=1)


class Health(StrEnum):
    """How a point is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at, and the command that mends it."""

    name: str
    health: Health
    words: str
    fix: str = ""


def machine() -> Iterator[Point]:
    """What every repository on this machine needs."""
    version, said = git_version()
    oldest = ".".join(map(str, OLDEST_GIT))
    if version < OLDEST_GIT:
        yield Point("git", Health.FAIL, f"{said} is too old", f"install git {oldest} or later")
    else:
        yield Point("git", Health.OK, said)
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Point("python", Health.FAIL, f"{python} is too old", "install Python 3.11 or later")
    else:
        yield Point("python", Health.OK, python)


@dataclass(frozen=True, slots=True)
class Patient:
    """The repository whose set-up is examined."""

    repo: Repository
    store: RefStore
    clock: Callable[[], datetime]

    @property
    def remote(self) -> str | None:
        """Where the queue is."""
        return self.repo.remote_name()

    @property
    def refs(self) -> RefNames:
        """The queue's refs."""
        return self.store.refs


def examine(patient: Patient) -> Iterator[Point]:
    """All points of one repository, each as soon as it is known; the remote's come last."""
    yield _repository(patient)
    yield from _history(patient)
    yield from _server(patient)
    present = yield from _remote(patient)
    if present is None:
        return
    yield from _pushing(patient)
    yield _number_of_refs(patient, present)
    yield from _queue(patient, present)


def _repository(patient: Patient) -> Point:
    repo = patient.repo
    kind = "bare" if repo.bare else "clone"
    where = "in place" if patient.remote == IN_PLACE else f"on {patient.remote}"
    return Point("repository", Health.OK, f"{repo.path} ({kind}), its queue {where}")


def _history(patient: Patient) -> Iterator[Point]:
    if patient.repo.shallow:
        words = "this clone is shallow: `process` and `verify` will fetch the rest"
        yield Point("history", Health.WARN, words, f"git fetch --unshallow {patient.remote}")


# On a server


def _server(patient: Patient) -> Iterator[Point]:
    repo = patient.repo
    locks = stale_locks(repo)
    if locks:
        names = ", ".join(str(lock) for lock in locks[:3])
        fix = f"when no git is running there: rm {' '.join(str(lock) for lock in locks)}"
        words = f"{len(locks)} left by a git that was killed, they block pushes: {names}"
        yield Point("locks", Health.FAIL, words, fix)
    elif patient.remote == IN_PLACE:
        yield Point("locks", Health.OK, "no stale lock files")
    if patient.remote == IN_PLACE and repo.bare:
        yield _durability(repo)
        yield from _advertised(repo)


def _durability(repo: Repository) -> Point:
    if repo.setting("extensions.refstorage") == "reftable":
        return Point("durability", Health.OK, "reftable: a push moves all of its refs or none")
    if not fsyncs_loose_objects(repo.config):
        words = "a power failure may lose what a push was told is done"
        return Point("durability", Health.WARN, words, "git config core.fsync committed")
    words = "core.fsync is on"
    if git_version()[0] >= REFTABLE_GIT:
        words += "; `git refs migrate --ref-format=reftable` would make landings tear-proof as well"
    return Point("durability", Health.OK, words)


def _advertised(repo: Repository) -> Iterator[Point]:
    if repo.setting("receive.advertiseatomic") == "false":
        words = "atomic pushes are switched off, and nothing can land without them"
        yield Point("atomic", Health.FAIL, words, "git config receive.advertiseAtomic true")
    if repo.setting(PUSH_OPTIONS.lower()) != "true":
        words = "`git push -o refinery.priority=0` is not accepted"
        yield Point("push options", Health.WARN, words, f"git config {PUSH_OPTIONS} true")


# Through the remote


def _remote(patient: Patient) -> Generator[Point, None, dict[Ref, Sha] | None]:
    """Says whether the remote answers; its refs, or None when it does not."""
    if patient.remote is None:
        words = "nothing says which remote the queue is in"
        yield Point("remote", Health.FAIL, words, "git config refinery.remote <name of the remote>")
        return None
    try:
        present = patient.store.transport.list()
    except RefineryError as error:
        yield Point("remote", Health.FAIL, error.message, error.hint or "")
        return None
    if patient.remote != IN_PLACE:
        yield Point("remote", Health.OK, f"{patient.remote} answers")
    return present


def _pushing(patient: Patient) -> Iterator[Point]:
    if patient.remote is None or patient.remote == IN_PLACE:
        return
    probe = probe_push(patient.repo, patient.remote, Ref(f"{patient.refs.prefix}/doctor/probe"))
    if not probe.atomic:
        fix = "on a server of your own: git config receive.advertiseAtomic true"
        yield Point("push", Health.FAIL, f"no atomic pushes: {probe.reason}", fix)
    elif not probe.allowed:
        fix = "ask for the right to push, or see `git remote -v` for the URL that is used"
        yield Point("push", Health.FAIL, f"not allowed: {probe.reason}", fix)
    else:
        words = f"atomic, to {patient.refs.prefix}/ (dry run: the server's hooks were not asked)"
        yield Point("push", Health.OK, words)


def _number_of_refs(patient: Patient, present: dict[Ref, Sha]) -> Point:
    foreign = sum(not ref.startswith(f"{patient.refs.prefix}/") for ref in present)
    if foreign <= MANY_REFS:
        return Point("refs", Health.OK, f"{foreign} besides the queue's")
    words = f"{foreign} besides the queue's: each push names them all and is slow"
    return Point("refs", Health.WARN, words, "on the server: git config transfer.hideRefs <folder>")


def _queue(patient: Patient, present: dict[Ref, Sha]) -> Iterator[Point]:
    if patient.refs.queue not in present:
        words = f"{patient.refs.queue} is not there"
        yield Point("queue", Health.FAIL, words, "refinery init")
        view = patient.store.read()
        yield from _waiting(patient, view)  # submitted, and never looked at by anybody
        yield from _config(patient, view, present)
        return
    try:
        view = patient.store.read()
    except RefineryError as error:
        yield Point("queue", Health.FAIL, error.message, error.hint or "refinery fsck")
        return
    yield _records(patient, view)
    yield from _waiting(patient, view)
    yield _skew(patient, view)
    yield from _refspec(patient)
    yield from _config(patient, view, present)


def _records(patient: Patient, view: View) -> Point:
    if view.damage:
        first = view.damage[0]
        words = f"{len(view.damage)} records cannot be read: {first.where}: {first.problem}"
        return Point("queue", Health.FAIL, words, "refinery fsck")
    alive = sum(not mr.closed for mr in view.mrs.values())
    paused = view.header.paused
    if paused is not None:
        words = f"{alive} open, paused by {paused.by}: {paused.reason}"
        return Point("queue", Health.WARN, words, "refinery resume")
    return Point("queue", Health.OK, f"{alive} open merge requests")


def _waiting(patient: Patient, view: View) -> Iterator[Point]:
    """What is ready and waits tells a queue that stands idle from one that works."""
    now = patient.clock()
    oldest = oldest_ready(view, now)
    if oldest is not None and now - waiting_since(oldest) > LONG_WAIT:
        minutes = (now - waiting_since(oldest)).total_seconds() // 60
        words = f"{oldest.id} has been ready for {minutes:.0f} minutes and nobody takes it"
        yield Point("waiting", Health.WARN, words, "refinery process, or: refinery start")


def _skew(patient: Patient, view: View) -> Point:
    """Claims run out by the clock, so clocks that differ let one worker take another's claim."""
    tip = patient.repo.reader.commit(view.leases[patient.refs.queue])
    ahead = Signature.parse(tip.committer).when - patient.clock().timestamp()
    if ahead > TOLERATED_SKEW.total_seconds():
        words = f"the queue was last written {ahead:.0f} seconds in the future of this machine"
        return Point("clock", Health.WARN, words, "set this machine's clock, or the other's: NTP")
    return Point("clock", Health.OK, "not behind the queue's last writer")


def _refspec(patient: Patient) -> Iterator[Point]:
    remote, queue = patient.remote, patient.refs.queue
    if remote is None or remote == IN_PLACE or queue.startswith("refs/heads/"):
        return
    if fetches_queue(patient.repo, remote, patient.store):
        yield Point("fetch", Health.OK, f"`git fetch` brings {queue}")
        return
    fix = f"git config --add remote.{remote}.fetch +{queue}:{queue}"
    yield Point("fetch", Health.WARN, f"`git fetch` does not bring {queue}", fix)


def _config(patient: Patient, view: View | None, present: dict[Ref, Sha]) -> Iterator[Point]:
    """The target and its .refinery.yaml."""
    if view is None:
        view = patient.store.read()
    target = view.header.default_target
    tip = view.targets.get(target)
    if tip is None or target_ref(target) not in present:
        words = f"there is no branch {target}"
        yield Point("target", Health.FAIL, words, f"push {target}, or: refinery init --target T")
        return
    yield Point("target", Health.OK, f"{target} at {tip[:12]}")
    data = patient.repo.reader.blob(f"{tip}:{FILE}")
    if data is None:
        words = f"{target} has no {FILE}: whatever merges lands, untested"
        yield Point("config", Health.WARN, words, "refinery init")
        return
    try:
        config = parse(data, where=f"{target}:{FILE}")
    except InvalidRecord as error:
        hint = error.hint or f"mend it and push it to {target}"
        yield Point("config", Health.FAIL, error.message, hint)
        return
    if not config.checks:
        words = f"{FILE} declares no checks: whatever merges lands, untested"
        yield Point("config", Health.WARN, words, f"add `checks:` to {FILE} on {target}")
        return
    names = ", ".join(check.name for check in config.checks)
    yield Point("config", Health.OK, f"{config.method.value}, checks: {names}")
