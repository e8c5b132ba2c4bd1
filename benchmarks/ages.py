"""A queue of any age, streamed into git: so many live, so many ended, so many transactions.

Records are those that the product writes, with other names in their places: a million of them take
a minute. What is ended lies in the archive in groups as large as the queue makes them.
"""

from __future__ import annotations

import subprocess
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha1
from pathlib import Path

from benchmarks.world import BEGAN, git
from refinery.queue.archiving import GROUP
from refinery.records import document
from refinery.records.header import QueueHeader
from refinery.records.merge_request import (
    CloseReason,
    Hold,
    Landing,
    MergeRequest,
    Method,
    Status,
)
from refinery.records.names import Branch, MrId, Sha
from refinery.records.times import format_time
from refinery.store.layout import HEADER, mr_path
from refinery.values import replace

_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz"
)
_QUEUE, _ARCHIVE = b"refs/refinery/queue", b"refs/refinery/archive"
_MAIN = Branch("main")
_ID, _NUMBER, _HEAD = MrId("mr-idididid0i"), "424242424242", Sha("ab" * 20)


@dataclass(frozen=True)
class Age:
    """How much there is: `live` are held, so that nobody works on them; each of the `transactions`
    changes one of the first hundred live ones."""

    live: int = 100
    ended: int = 0
    transactions: int = 0


def write(origin: Path, age: Age) -> None:
    """Write the queue into a bare repository whose main has a commit."""
    importer = subprocess.Popen(
        ["git", "fast-import", "--quiet", "--force"], cwd=origin, stdin=subprocess.PIPE
    )
    assert importer.stdin is not None
    head = Sha(git(origin, "rev-parse", "refs/heads/main"))
    with importer.stdin as stream:
        for part in _stream(age, head):
            stream.write(part)
    if importer.wait() != 0:
        raise RuntimeError("git fast-import failed")
    git(origin, "pack-refs", "--all")


def mr_id(number: int, *, ended: bool) -> MrId:
    """The id of one of them; they are in no order, as the queue's own."""
    digest = sha1(b"%d %d" % (ended, number)).digest()
    return MrId("mr-" + b32encode(digest[:10]).translate(_CROCKFORD)[:10].decode())


def _stream(age: Age, head: Sha) -> Iterator[bytes]:
    groups = -(-age.ended // GROUP)
    yield from _ended(age.ended, head)
    header = QueueHeader(default_target=_MAIN, archived=groups, landed={_MAIN: head})
    record = _template(_live(head))
    files = [(HEADER, document.write(header))]
    files += [
        (mr_path(id), _filled(record, id, number))
        for number in range(age.live)
        for id in (mr_id(number, ended=False),)
    ]
    yield _commit(_QUEUE, 0, "init", [], files)
    for number in range(age.live):
        pin = f"reset refs/refinery/heads/{mr_id(number, ended=False)}\nfrom {head}\n\n"
        yield pin.encode()
    for number in range(age.transactions):
        one = number % min(age.live, 100)
        id = mr_id(one, ended=False)
        changed = _filled(record, id, age.live + number)  # a text that was never there before
        yield _commit(_QUEUE, number + 1, "priority", [id], [(mr_path(id), changed)])


def _ended(count: int, head: Sha) -> Iterator[bytes]:
    record = _template(_closed(head))
    for group, start in enumerate(range(0, count, GROUP)):
        numbers = range(start, min(count, start + GROUP))
        ids = [mr_id(number, ended=True) for number in numbers]
        files = [
            (f"{id}.yaml", _filled(record, id, number, sha1(id.encode()).hexdigest()))
            for id, number in zip(ids, numbers, strict=True)
        ]
        yield _commit(_ARCHIVE, group, "archived", ids, files, afresh=True)


def _live(head: Sha) -> MergeRequest:
    return MergeRequest(
        id=_ID,
        branch=Branch(f"polecat/worker/gt-{_NUMBER}"),
        target=_MAIN,
        head=head,
        status=Status.OPEN,
        priority=2,
        title=f"Change number {_NUMBER}, with a title of usual length",
        worker="worker",
        created_at=BEGAN,
        submitted_at=BEGAN,
        retry_count=0,
        source_issue=f"gt-{_NUMBER}",
        rig="origin",
        hold=Hold(by="bench", reason="to be there", at=BEGAN),
    )


def _closed(head: Sha) -> MergeRequest:
    landing = Landing(
        base=head,
        commit=_HEAD,
        tree=Sha("cd" * 20),
        candidate=(_ID,),
        method=Method.MERGE,
        fingerprint="0123456789abcdef",
        result="pass",
        worker="ci-1",
        mode="push",
    )
    return replace(
        _live(_HEAD),
        status=Status.CLOSED,
        hold=None,
        close_reason=CloseReason.MERGED,
        closed_at=BEGAN + timedelta(hours=1),
        merge_commit=_HEAD,
        landing=landing,
    )


def _template(mr: MergeRequest) -> bytes:
    return document.write(mr)


_TIMES = tuple(format_time(BEGAN + timedelta(hours=hours)).encode() for hours in (0, 1))


def _filled(record: bytes, id: MrId, number: int, head: str = "") -> bytes:
    made = record.replace(_ID.encode(), id.encode()).replace(_NUMBER.encode(), b"%d" % number)
    if not head:
        return made
    made = made.replace(_HEAD.encode(), head.encode())
    for before, hours in zip(_TIMES, (0, 1), strict=True):
        after = BEGAN + timedelta(hours=hours, seconds=number)
        made = made.replace(before, format_time(after).encode())
    return made


def _commit(
    ref: bytes,
    number: int,
    event: str,
    ids: list[MrId],
    files: list[tuple[str, bytes]],
    *,
    afresh: bool = False,
) -> bytes:
    """One transaction; `afresh`: without the files of the one before it."""
    named = "".join(f"Refinery-MR: {id}\n" for id in ids)
    operation = sha1(ref + b"%d" % number).hexdigest()[:32]
    message = (
        f"{event} {len(ids)}\n\nRefinery-Event: {event}\n{named}"
        f"Refinery-Worker: ci-1\nRefinery-Op: {operation}\n"
    ).encode()
    second = int(BEGAN.timestamp()) + 3600 + number * (GROUP if afresh else 1)
    parts = [
        b"commit %s\ncommitter Ada Author <ada@example.com> %d +0000\n" % (ref, second),
        b"data %d\n" % len(message) + message,
        b"deleteall\n" if afresh else b"",
    ]
    for path, content in files:
        parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    return b"".join(parts) + b"\n"
