"""Examines the queue as it stands: readable, taken care of, by clocks that agree."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import timedelta

from refinery.audit.points import Patient, Point, error, warning, well
from refinery.errors import RefineryError
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import target_frozen
from refinery.queue.halting import pause_of
from refinery.queue.health import oldest_ready, waiting_since
from refinery.records.schema import UPGRADE
from refinery.records.times import span
from refinery.repo.liveness import is_dead_worker
from refinery.repo.repository import IN_PLACE
from refinery.repo.signature import Signature
from refinery.setup.setup_plan import fetches_queue, queue_exists
from refinery.store.reading import QueueTooNew
from refinery.store.view import View

TOLERATED_SKEW = timedelta(seconds=60)
LONG_WAIT = timedelta(hours=1)
PROCESS = "refinery process, or: refinery start"


def queue(patient: Patient) -> Generator[Point, None, View | None]:
    """Everything the queue's refs tell; what they held, where they can be read."""
    ref = patient.refs.queue
    try:
        view = patient.store.read() if patient.online else patient.store.cached()
    except QueueTooNew as newer:
        yield error("queue", "newer", newer.message, fix=UPGRADE, where=ref)
        return None
    except RefineryError as trouble:
        fix = trouble.hint or "refinery fsck"
        yield error("queue", "unreadable", trouble.message, fix=fix, where=ref)
        return None
    if not queue_exists(view, patient.store):
        yield _absent(patient)
        yield from _waiting(patient, view)  # submitted, and never looked at by anybody
        return view
    yield _records(patient, view)
    yield from _waiting(patient, view)
    yield from _claims(patient, view)
    yield _clock(patient, view)
    yield from _refspec(patient)
    return view


def _absent(patient: Patient) -> Point:
    ref = patient.refs.queue
    if patient.online:
        return error("queue", "absent", f"{ref} is not there", fix="refinery init", where=ref)
    words = f"{ref} was never fetched"
    return warning("queue", "unfetched", words, fix="refinery doctor, online", where=ref)


def _records(patient: Patient, view: View) -> Point:
    ref = patient.refs.queue
    if view.damage:
        first = view.damage[0]
        words = f"{len(view.damage)} records cannot be read: {first.where}: {first.problem}"
        return error("queue", "damaged", words, fix="refinery fsck", where=first.where)
    alive = sum(not mr.closed for mr in view.mrs.values())
    paused = pause_of(view, patient.clock())
    if paused is not None:
        words = f"{alive} open, paused by {paused.by}: {paused.reason}"
        return warning("queue", "paused", words, fix="refinery resume", where=ref)
    frozen = (target_frozen(view, target, patient.clock()) for target in sorted(view.targets))
    known = "".join(f"; {frozen_words(each)}" for each in frozen if each is not None)
    if known:
        return well("queue", f"{alive} open merge requests{known}", where=ref)
    return well("queue", f"{alive} open merge requests", where=ref)


def _waiting(patient: Patient, view: View) -> Iterator[Point]:
    """What is ready and waits tells a queue that stands idle from one that works."""
    now = patient.clock()
    oldest = oldest_ready(view, now)
    if oldest is not None and now - waiting_since(oldest) > LONG_WAIT:
        minutes = (now - waiting_since(oldest)).total_seconds() // 60
        words = f"{oldest.id} has been ready for {minutes:.0f} minutes and nobody takes it"
        yield warning("waiting", "long", words, fix=PROCESS, where=oldest.id)


def _claims(patient: Patient, view: View) -> Iterator[Point]:
    """A claim of a worker that is gone is dropped by the next pass: there seems to be none."""
    now = patient.clock()
    for name, claim in sorted(view.claims.items()):
        where = patient.refs.claim(name)
        id = ", ".join(claim.candidate) or claim.target
        if is_dead_worker(claim.worker):
            words = f"{id} is claimed by {claim.worker}, which ended on this machine"
            yield warning("claims", "dead", words, fix=PROCESS, where=where)
        elif now - claim.expires_at > LONG_WAIT:
            ago = span((now - claim.expires_at).total_seconds())
            words = f"the claim of {claim.worker} on {id} ran out {ago} ago, and nobody took it up"
            yield warning("claims", "expired", words, fix=PROCESS, where=where)


def _clock(patient: Patient, view: View) -> Point:
    """Claims run out by the clock, so clocks that differ let one worker take another's claim."""
    tip = patient.repo.reader.commit(view.leases[patient.refs.queue])
    ahead = Signature.parse(tip.committer).when - patient.clock().timestamp()
    where = patient.refs.queue
    if ahead > TOLERATED_SKEW.total_seconds():
        words = f"the queue was last written {ahead:.0f} seconds in the future of this machine"
        fix = "set this machine's clock, or the other's: NTP"
        return warning("clock", "behind", words, fix=fix, where=where)
    return well("clock", "not behind the queue's last writer", where=where)


def _refspec(patient: Patient) -> Iterator[Point]:
    remote, ref = patient.remote, patient.refs.queue
    if remote is None or remote == IN_PLACE or ref.startswith("refs/heads/"):
        return
    where = f"remote.{remote}.fetch"
    if fetches_queue(patient.repo, remote, patient.store):
        yield well("fetch", f"`git fetch` brings {ref}", where=where)
        return
    fix = f"git config --add {where} +{ref}:{ref}"
    yield warning("fetch", "missing", f"`git fetch` does not bring {ref}", fix=fix, where=where)
