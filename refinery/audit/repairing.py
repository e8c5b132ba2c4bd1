"""Repairs of what an inspection found: those that need no guess, each a decision of its own.

What only a person can decide (which of two histories is right, whose dependency to drop) is left to
the advice that the finding carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from refinery.audit.findings import TIDIED, Evidence, Finding
from refinery.audit.inspected_records import lacking
from refinery.queue.submission import superseded
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MR_ID, MrId, Ref
from refinery.records.schema import InvalidRecord
from refinery.store import layout
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.view import View
from refinery.values import dataclass, replace

EVENT = "repaired"

Decide = Callable[[View], Edit | None]


@dataclass(frozen=True, slots=True)
class Repair:
    """What would put a finding right, in words.

    `decide` makes the edit from what is there by then, None where it is no longer needed; a repair
    without it is one that the next run makes anyway.
    """

    finding: Finding
    words: str
    decide: Decide | None = None


def repair_of(evidence: Evidence, finding: Finding) -> Repair | None:
    """The repair of a finding; None where only a person can decide."""
    if finding.fix == TIDIED:
        return Repair(finding, "what every run begins with: fold, heal, tidy")
    make = _REPAIRS.get(finding.code)
    return make(evidence, finding) if make else None


def _edit(words: str, id: MrId | None = None, **changes: object) -> Edit:
    event = Event(EVENT, words, (id,) if id else ())
    return Edit(event, **changes)  # type: ignore[arg-type]


# Refs


def _pinned_again(evidence: Evidence, finding: Finding) -> Repair | None:
    id = MrId(finding.where.rpartition("/")[2])
    mr = evidence.view.mrs.get(id)
    if mr is None or mr.pin not in evidence.heads:
        return None
    words = f"pin the head of {id}, {mr.pin[:12]}"

    def decide(view: View) -> Edit | None:
        now = view.mrs.get(id)
        if now is None or now.closed or view.leases.get(evidence.refs.pin(id)) == now.pin:
            return None
        return _edit(words, id, pins={id: now.pin})

    return Repair(finding, words, decide)


def _stray_ref_removed(evidence: Evidence, finding: Finding) -> Repair:
    ref = Ref(finding.where)
    words = f"delete {ref}, which is at {evidence.present[ref][:12]}"
    move = RefMove(ref, evidence.present[ref], None)
    return Repair(finding, words, lambda _: _edit(words, moves=(move,)))


# Records


def _read_again(evidence: Evidence, finding: Finding) -> Repair | None:
    """The last version that could be read, and that was whole, is put in its place."""
    ref, _, path = finding.where.partition(":")
    id = MrId(path.rpartition("/")[2].removesuffix(layout.SUFFIX))
    if ref != evidence.refs.queue or not MR_ID.fullmatch(id) or layout.mr_path(id) != path:
        return None
    good = next(_good_versions(evidence, path, id), None)
    if good is None:
        return None
    words = f"put back the last good record of {id}"
    return Repair(finding, words, lambda _: _edit(words, id, put=(good,)))


def _good_versions(evidence: Evidence, path: str, id: MrId) -> Iterator[MergeRequest]:
    """The record's versions of the audit trail that are sound, newest first."""
    for commit in evidence.trail(evidence.refs.queue).commits():
        data = evidence.repo.reader.blob(f"{commit.oid}:{path}")
        if data is None:
            continue
        try:
            mr = document.read(MergeRequest, data, where=path)
        except InvalidRecord:
            continue
        if mr.id == id and not lacking(mr):
            yield mr


def _older_superseded(evidence: Evidence, finding: Finding) -> Repair | None:
    newest = _named_in_queue(evidence, finding)
    if newest is None:
        return None
    words = f"close the older ones for {newest.branch}: superseded by {newest.id}"

    def decide(view: View) -> Edit | None:
        older = _twins(view, newest)
        if not older:
            return None
        return _edit(
            words,
            newest.id,
            put=tuple(superseded(old, newest.id, evidence.now) for old in older),
            pins=dict.fromkeys(old.id for old in older),
            release=tuple(old.id for old in older if old.id in view.claims),
        )

    return Repair(finding, words, decide)


def _twins(view: View, newest: MergeRequest) -> list[MergeRequest]:
    return [
        mr
        for mr in view.mrs.values()
        if (mr.branch, mr.target) == (newest.branch, newest.target)
        and not mr.closed
        and mr.id != newest.id
        and mr.id not in view.unfolded
    ]


def _tried_again(evidence: Evidence, finding: Finding) -> Repair | None:
    """Nothing says what it is blocked for: if it does conflict, the next try finds out."""
    mr = _named_in_queue(evidence, finding)
    if mr is None:
        return None
    words = f"let {mr.id} go on: a conflict that is still there is found again"
    return Repair(
        finding, words, _changing(words, mr.id, lambda now: replace(now, blocked_by=None))
    )


def _without_unknown_dependencies(evidence: Evidence, finding: Finding) -> Repair | None:
    mr = _named_in_queue(evidence, finding)
    if mr is None:
        return None
    known = tuple(id for id in mr.depends_on if evidence.find(id) or evidence.is_damaged(id))
    words = f"forget what {mr.id} depends on and nobody knows"
    return Repair(
        finding, words, _changing(words, mr.id, lambda now: replace(now, depends_on=known))
    )


def _changing(words: str, id: MrId, change: Callable[[MergeRequest], MergeRequest]) -> Decide:
    def decide(view: View) -> Edit | None:
        now = view.mrs.get(id)
        if now is None or now.closed or change(now) == now:
            return None
        return _edit(words, id, put=(change(now),))

    return decide


def _named_in_queue(evidence: Evidence, finding: Finding) -> MergeRequest | None:
    ref, _, path = finding.where.partition(":")
    id = MrId(path.rpartition("/")[2].removesuffix(layout.SUFFIX))
    return evidence.view.mrs.get(id) if ref == evidence.refs.queue else None


# The header


def _header_written(evidence: Evidence, finding: Finding) -> Repair:
    groups = _groups(evidence)
    words = f"write the header: target {evidence.view.header.default_target}, {groups} groups"

    def decide(view: View) -> Edit:
        return _edit(words, header=replace(view.header, archived=groups))

    return Repair(finding, words, decide)


def _counted_up(evidence: Evidence, finding: Finding) -> Repair | None:
    groups = _groups(evidence)
    if groups < evidence.view.header.archived:
        return None  # a part of the archive is gone, and counting it down would hide that
    words = f"count the {groups} groups of the archive"

    def decide(view: View) -> Edit | None:
        if view.header.archived >= groups:
            return None
        return _edit(words, header=replace(view.header, archived=groups))

    return Repair(finding, words, decide)


def _groups(evidence: Evidence) -> int:
    return evidence.trail(evidence.refs.archive).length()


_REPAIRS: dict[str, Callable[[Evidence, Finding], Repair | None]] = {
    "archive-count": _counted_up,
    "depends-unknown": _without_unknown_dependencies,
    "duplicate": _older_superseded,
    "header-missing": _header_written,
    "issue-without-block": _tried_again,
    "pin-elsewhere": _pinned_again,
    "pin-missing": _pinned_again,
    "record-incomplete": _read_again,
    "record-unreadable": _read_again,
    "stray-ref": _stray_ref_removed,
}
