"""Repairs of what an inspection found: those that need no guess, each a decision of its own.

What only a person can decide (which of two histories is right, whose dependency to drop) is left to
the advice that the finding carries.
"""

from __future__ import annotations

from collections.abc import Callable

from refinery.audit.findings import TIDIED, Evidence, Finding
from refinery.audit.inspected_records import lacking
from refinery.audit.versions import versions
from refinery.queue.submission import superseded
from refinery.records.header import QueueHeader
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MR_ID, MrId, Ref, Sha
from refinery.records.verdict import VerdictKey
from refinery.store import layout
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.issue_store import issue_path
from refinery.store.view import View
from refinery.values import dataclass, replace

EVENT = "repaired"

Decide = Callable[[View], Edit | None]


@dataclass(frozen=True, slots=True)
class Repair:
    """What would put a finding right, in words.

    `decide` makes the edit from what is there by then, None where it is no longer needed; `issue`
    is put back into the tracker.  A repair without either is one that the next run makes anyway.
    """

    finding: Finding
    words: str
    decide: Decide | None = None
    issue: Issue | None = None


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


def _claim_dropped(evidence: Evidence, finding: Finding) -> Repair:
    """Nobody can say whose it is: who still works under it notices, and lands nothing."""
    ref = Ref(finding.where.partition(":")[0])
    words = f"drop the claim {ref}, which nobody can read"
    move = RefMove(ref, evidence.present[ref], None)
    return Repair(finding, words, lambda _: _edit(words, moves=(move,)))


def _endless_claim_released(evidence: Evidence, finding: Finding) -> Repair | None:
    name = MrId(finding.where.rpartition("/")[2])
    held = evidence.view.claims.get(name)
    if held is None:
        return None
    words = f"release the claim of {held.worker}, which would not run out"

    def decide(view: View) -> Edit | None:
        now = view.claims.get(name)
        is_it = now is not None and now.token == held.token
        return _edit(words, release=(name,)) if is_it else None

    return Repair(finding, words, decide)


def _memory_forgotten(evidence: Evidence, finding: Finding) -> Repair | None:
    """Losing it costs the same work once more; the other refs hold what is nowhere else."""
    if finding.where != evidence.refs.resolutions:
        return None
    return _stray_ref_removed(evidence, finding)


# Records


def _unreadable(evidence: Evidence, finding: Finding) -> Repair | None:
    ref, _, path = finding.where.partition(":")
    if ref.startswith(evidence.refs.below("claims")):
        return _claim_dropped(evidence, finding)
    if ref == evidence.refs.issues:
        return _issue_read_again(evidence, finding, path)
    if path == layout.HEADER:
        return _header_read_again(evidence, finding)
    if path.startswith(f"{layout.VERDICTS}/"):
        return _verdict_forgotten(evidence, finding)
    return _read_again(evidence, finding)


def _verdict_forgotten(evidence: Evidence, finding: Finding) -> Repair | None:
    """What is not known is tested again."""
    ref, _, path = finding.where.partition(":")
    name = path.rpartition("/")[2].removesuffix(layout.SUFFIX)
    tree, _, fingerprint = name.partition("-")
    key = VerdictKey(Sha(tree), fingerprint)
    if ref != evidence.refs.queue or layout.verdict_path(key) != path:
        return None
    words = f"forget what is said of the tree {tree[:12]}: it is tested again"
    return Repair(finding, words, lambda _: _edit(words, forget=(key,)))


def _issue_read_again(evidence: Evidence, finding: Finding, path: str) -> Repair | None:
    known = versions(evidence, evidence.refs.issues, path, Issue)
    good = next((issue for issue in known if issue_path(issue) == path), None)
    if good is None:
        return None
    return Repair(finding, f"put back the last good record of {good.id}", issue=good)


def _read_again(evidence: Evidence, finding: Finding) -> Repair | None:
    """The last version that could be read, and that was whole, is put in its place."""
    ref, _, path = finding.where.partition(":")
    id = MrId(path.rpartition("/")[2].removesuffix(layout.SUFFIX))
    if ref != evidence.refs.queue or not MR_ID.fullmatch(id) or layout.mr_path(id) != path:
        return None
    known = versions(evidence, evidence.refs.queue, path, MergeRequest)
    good = next((mr for mr in known if mr.id == id and not lacking(mr)), None)
    if good is None:
        return None
    words = f"put back the last good record of {id}"
    return Repair(finding, words, lambda _: _edit(words, id, put=(good,)))


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


def _issue_opened_again(evidence: Evidence, finding: Finding) -> Repair | None:
    """Who is blocked and names no issue gets one."""
    mr = _named_in_queue(evidence, finding)
    if mr is None:
        return None
    words = f"open the issue of {mr.id} again"
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


def _header_read_again(evidence: Evidence, finding: Finding) -> Repair | None:
    """The last that could be read: a landing since then is found on its target."""
    known = versions(evidence, evidence.refs.queue, layout.HEADER, QueueHeader)
    good = next(known, None)
    if good is None:
        return None
    words = "put back the last good header"
    return Repair(finding, words, lambda _: _edit(words, header=good, mends=True))


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
    "claim-endless": _endless_claim_released,
    "depends-unknown": _without_unknown_dependencies,
    "duplicate": _older_superseded,
    "header-missing": _header_written,
    "issue-missing": _issue_opened_again,
    "issue-without-block": _tried_again,
    "pin-elsewhere": _pinned_again,
    "pin-missing": _pinned_again,
    "record-incomplete": _read_again,
    "record-unreadable": _unreadable,
    "ref-unreadable": _memory_forgotten,
    "stray-file": _verdict_forgotten,
    "stray-ref": _stray_ref_removed,
}
