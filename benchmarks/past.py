"""A queue with a past: months of landings, refusals and conflicts, as a busy queue leaves them.

Written straight into the refs with one fast-import: the same seed gives the same past.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha1
from heapq import merge
from pathlib import Path

from benchmarks.world import git
from refinery.queue.spending import spent
from refinery.records import document
from refinery.records.header import QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    Failure,
    FailureType,
    Landing,
    MergeRequest,
    Method,
    Status,
)
from refinery.records.names import Branch, IssueRef, MrId, Sha, derive_id
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.edit import Event
from refinery.store.layout import HEADER, mr_path
from refinery.store.message import compose
from refinery.values import replace

QUEUE, ARCHIVE = "refs/refinery/queue", "refs/refinery/archive"
GROUP = 64
_FINGERPRINT = "0123456789abcdef"
_MAIN = Branch("main")
_AUTHORS = ("ada", "grace", "linus", "margaret", "polecat/ember", "polecat/jasper", "polecat/onyx")
_PATHS = (
    *("src/checkout/cart.py", "src/checkout/prices.py", "src/billing/invoice.py"),
    *("package-lock.json", "docs/changelog.md", "src/api/routes.py", "db/schema.sql"),
)
_WORDS = (
    *("Round prices to cents", "Retry the payment once", "Cache the catalogue"),
    *("Name the missing field", "Drop Python 3.10", "Show taxes in the cart", "Pin the parser"),
)


@dataclass(frozen=True)
class Past:
    """How much there is: `closed` ended in the `days` before `now`, `live` are in the queue."""

    now: datetime
    closed: int
    live: int = 0
    days: int = 90
    seed: int = 1


@dataclass
class _Told:
    """One transaction: what it says, and which files it puts (text) or removes (None)."""

    at: datetime
    event: Event
    files: dict[str, bytes | None] = field(default_factory=dict)
    archives: list[MergeRequest] = field(default_factory=list)


def write(origin: Path, past: Past) -> None:
    """Write the past into a bare repository whose main has commits."""
    line = [Sha(oid) for oid in git(origin, "rev-list", "--first-parent", "main").split()]
    lot = random.Random(past.seed)
    born = sorted(_born(past, lot) for _ in range(past.closed))
    ended = [_ended(number, at, line, lot, past) for number, at in enumerate(born)]
    stories = sorted((each for story in ended for each in story), key=lambda each: each.at)
    told = [*merge(stories, _archivings(stories), key=lambda each: each.at)]
    told.append(_now(past, line, lot, archived=sum(bool(each.archives) for each in told)))
    git(origin, "fast-import", "--quiet", stdin=b"".join(_stream(told)))


def _born(past: Past, lot: random.Random) -> datetime:
    """In working hours mostly, and little at weekends."""
    while True:
        at = past.now - timedelta(days=lot.uniform(0, past.days), minutes=30)
        busy = (0.2 if at.weekday() >= 5 else 1.0) * (1.0 if 7 <= at.hour < 19 else 0.15)
        if lot.random() < busy:
            return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _ended(
    number: int, born: datetime, line: Sequence[Sha], lot: random.Random, past: Past
) -> list[_Told]:
    """The transactions of one that ended: it conflicts, fails, lands, or is given up."""
    mr = _request(number, born, line[number % len(line)], lot)
    told = [_Told(born, Event("queued", f"queue {mr.id}", (mr.id,)))]
    at = born + timedelta(minutes=lot.lognormvariate(1.6, 1.1))
    seconds = lot.lognormvariate(5.6, 0.4)
    if lot.random() < 0.09:
        mr = _conflicted(mr, at, line[0], lot)
        told.append(_conflict(mr, at))
        at += timedelta(minutes=lot.lognormvariate(4.3, 0.8))
        mr = replace(mr, block=None, blocked_by=None, was_blocked_by=mr.blocked_by)
    if lot.random() < 0.08:
        at += timedelta(seconds=2 * seconds)
        verdict = _verdict(mr, at, seconds, Result.FAIL, line[0])
        mr = _blamed(mr, verdict, at)
        told.append(_tested("merge_failed", mr, verdict, at, runs=2))
        if lot.random() < 0.5:
            at += timedelta(minutes=1)
            given_up = _closed(mr, CloseReason.SUPERSEDED, at, line)
            return _until([*told, _ending("superseded", given_up, at, {})], past)
        at += timedelta(minutes=lot.lognormvariate(4.0, 0.9))
        mr = replace(mr, failure=None)
    flaky = lot.random() < 0.03
    at += timedelta(seconds=seconds * (2 if flaky else 1))
    verdict = replace(_verdict(mr, at, seconds, Result.PASS, line[0]), flaky=flaky)
    details = {"Refinery-Target": _MAIN, **spent(verdict, runs=2 if flaky else 1)}
    if lot.random() < 0.05:
        details |= spent(None, abandoned_seconds=seconds / 2)
    merged = _closed(mr, CloseReason.MERGED, at, line, verdict)
    return _until([*told, _ending("merged", merged, at, details)], past)


def _until(story: list[_Told], past: Past) -> list[_Told]:
    """None of it is still to come: what would be is pulled to just before now."""
    return [replace_time(each, min(each.at, past.now)) for each in story]


def replace_time(told: _Told, at: datetime) -> _Told:
    """The same transaction at another time."""
    ended = [replace(mr, closed_at=at) for mr in told.archives]
    return _Told(at, told.event, told.files, ended)


def _request(number: int, born: datetime, head: Sha, lot: random.Random) -> MergeRequest:
    author = lot.choice(_AUTHORS)
    branch = f"{author}/gt-{number}"
    return MergeRequest(
        id=derive_id(branch, _MAIN, head, ""),
        branch=Branch(branch),
        target=_MAIN,
        head=head,
        status=Status.OPEN,
        priority=lot.choice((1, 2, 2, 2, 3)),
        title=f"{lot.choice(_WORDS)} (gt-{number})",
        worker=author,
        created_at=born,
        submitted_at=born,
        retry_count=0,
        source_issue=f"gt-{number}",
    )


def _conflicted(mr: MergeRequest, at: datetime, base: Sha, lot: random.Random) -> MergeRequest:
    weights = [2.0**-place for place in range(len(_PATHS))]
    files = tuple(sorted(set(lot.choices(_PATHS, weights, k=lot.choice((1, 1, 2))))))
    attempt = Attempt(at, mr.worker, AttemptOutcome.CONFLICT, base, note=", ".join(files))
    return replace(
        mr,
        attempts=(attempt,),
        retry_count=1,
        block=Block("conflict", mr.head, base, files),
        blocked_by=IssueRef(f"local#{1 + lot.randrange(900)}"),
    )


def _conflict(mr: MergeRequest, at: datetime) -> _Told:
    words = ", ".join(mr.block.files if mr.block else ())
    event = Event("conflict", f"{mr.id} conflicts with {mr.target}: {words}", (mr.id,), "bench")
    return _Told(at, event, {mr_path(mr.id): document.write(mr)})


def _verdict(mr: MergeRequest, at: datetime, seconds: float, said: Result, base: Sha) -> Verdict:
    tree = Sha(sha1(f"{mr.id} {said} {at}".encode()).hexdigest())
    check = CheckReport("unit", said, seconds, 0 if said is Result.PASS else 1)
    return Verdict(
        tree,
        _FINGERPRINT,
        said,
        1,
        mr.target,
        base,
        (mr.id,),
        seconds,
        at,
        "bench",
        checks=(check,),
    )


def _blamed(mr: MergeRequest, verdict: Verdict, at: datetime) -> MergeRequest:
    words = "check unit: exit 1"
    attempt = Attempt(
        at,
        "bench",
        AttemptOutcome.TESTS_FAIL,
        verdict.base,
        verdict.tree,
        (mr.id,),
        words,
    )
    return replace(
        mr,
        attempts=(*mr.attempts, attempt),
        retry_count=mr.retry_count + 1,
        failure=Failure(FailureType.TESTS_FAIL, at, words, verdict.base, verdict.tree),
    )


def _tested(name: str, mr: MergeRequest, verdict: Verdict, at: datetime, *, runs: int) -> _Told:
    subject = f"{mr.id} needs rework: check unit: exit 1"
    return _Told(at, Event(name, subject, (mr.id,), "bench", spent(verdict, runs=runs)))


def _closed(
    mr: MergeRequest,
    reason: CloseReason,
    at: datetime,
    line: Sequence[Sha],
    verdict: Verdict | None = None,
) -> MergeRequest:
    closed = replace(mr, status=Status.CLOSED, close_reason=reason, closed_at=at)
    if verdict is None:
        return closed
    landing = Landing(
        base=line[-1],
        commit=line[0],
        tree=verdict.tree,
        candidate=(mr.id,),
        method=Method.MERGE,
        fingerprint=_FINGERPRINT,
        result=Result.PASS.value,
        worker="bench",
        mode="push",
    )
    return replace(closed, landing=landing, merge_commit=line[0], failure=None)


def _ending(name: str, mr: MergeRequest, at: datetime, details: dict[str, str]) -> _Told:
    words = f"land {mr.id} on {mr.target}: {mr.title}" if name == "merged" else f"{mr.id} {name}"
    event = Event(name, words, (mr.id,), "bench", details)
    return _Told(at, event, {mr_path(mr.id): None} if mr.attempts else {}, [mr])


def _archivings(stories: Sequence[_Told]) -> Iterator[_Told]:
    """Groups of those that ended, as the queue moves them out."""
    ended = [mr for each in stories for mr in each.archives]
    for told in stories:
        told.archives = []
    for start in range(0, len(ended), GROUP):
        group = ended[start : start + GROUP]
        at = group[-1].closed_at
        assert at is not None
        names = tuple(mr.id for mr in group)
        yield _Told(at, Event("archived", f"archive {len(group)} merge requests", names), {}, group)


def _now(past: Past, line: Sequence[Sha], lot: random.Random, *, archived: int) -> _Told:
    """The last transaction: the queue as it is."""
    header = QueueHeader(default_target=_MAIN, archived=archived, landed={_MAIN: line[0]})
    files: dict[str, bytes | None] = {HEADER: document.write(header)}
    for number in range(past.closed, past.closed + past.live):
        born = past.now - timedelta(seconds=30 + 20 * (past.closed + past.live - number))
        mr = _request(number, born, line[number % len(line)], lot)
        kind = number % 20
        if kind == 0:
            mr = _conflicted(mr, born + timedelta(seconds=5), line[0], lot)
        elif kind == 1:
            at = min(past.now, born + timedelta(minutes=20))
            mr = _blamed(mr, _verdict(mr, at, 300, Result.FAIL, line[0]), at)
        files[mr_path(mr.id)] = document.write(mr)
    return _Told(past.now, Event("queued", f"queue {past.live} merge requests"), files)


def _stream(told: Sequence[_Told]) -> Iterator[bytes]:
    for number, each in enumerate(told):
        message = compose(each.event, f"{number:032x}")
        yield _commit(QUEUE, each.at, message, each.files, fresh=False)
        if each.archives:
            files = {f"{mr.id}.yaml": document.write(mr) for mr in each.archives}
            yield _commit(ARCHIVE, each.at, message, files, fresh=True)


def _commit(
    ref: str, at: datetime, message: str, files: dict[str, bytes | None], *, fresh: bool
) -> bytes:
    text = message.encode()
    parts = [
        f"commit {ref}\ncommitter Bench <bench@example.com> {int(at.timestamp())} +0000\n".encode(),
        b"data %d\n%s\n" % (len(text), text),
        b"deleteall\n" if fresh else b"",
    ]
    for path, content in files.items():
        if content is None:
            parts.append(f"D {path}\n".encode())
        else:
            parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content)
            parts.append(b"\n")
    return b"".join(parts) + b"\n"


def ids(past: Past) -> int:
    """How many merge requests there ever were."""
    return past.closed + past.live


__all__ = ["MrId", "Past", "ids", "write"]
