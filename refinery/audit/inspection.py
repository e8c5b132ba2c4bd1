"""Inspects a whole queue: gathers every ref and record, and runs the rules over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from refinery.audit import (
    inspected_history,
    inspected_records,
    inspected_refs,
    inspected_signatures,
)
from refinery.audit.findings import Evidence, Finding, Inspection, Severity
from refinery.doing import counted_off
from refinery.errors import RefineryError
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Ref, Sha
from refinery.repo.history import ensure_complete
from refinery.repo.objects import BadObject
from refinery.repo.repository import IN_PLACE
from refinery.store.archive import Archived, fetch_archive
from refinery.store.issue_store import IssueStore, IssueView
from refinery.store.reading import StoreUnreadable, tree_of
from refinery.store.ref_store import RefStore

RULES: tuple[Callable[[Evidence], Iterable[Finding]], ...] = (
    *inspected_records.RULES,
    *inspected_refs.RULES,
    *inspected_history.RULES,
    *inspected_signatures.RULES,
)


def inspect(
    store: RefStore, *, clock: Callable[[], datetime], tell: Callable[[str], None] | None = None
) -> Inspection:
    """Everything that is wrong with the queue, worst first; changes nothing.

    `store` has to follow the targets and bring the pinned heads.
    """
    return inspect_closely(store, clock=clock, tell=tell)[0]


def inspect_closely(
    store: RefStore, *, clock: Callable[[], datetime], tell: Callable[[str], None] | None = None
) -> tuple[Inspection, Evidence | None]:
    """The same, with what was looked at; None where the queue as a whole cannot be read."""
    remote = store.repo.remote_name()
    if remote is not None and remote != IN_PLACE:
        ensure_complete(store.repo, remote, tell=tell)
    present = store.transport.list(f"{store.refs.prefix}/")
    try:
        view = store.read()
    except StoreUnreadable as error:
        return Inspection(len(present), 0, (_unreadable(store.refs.queue, error),)), None
    findings: list[Finding] = []
    archived = _archived(store, findings)
    findings += _resolutions(store, present)
    issues = _issues(store, clock, findings)
    evidence = Evidence(
        store=store,
        now=clock(),
        view=view,
        present=present,
        archived=archived.mrs,
        archive_damage=archived.damage,
        issues=issues,
        heads=_heads(store, view.mrs.values()),
    )
    findings += [
        finding for rule in counted_off("checking rule", RULES) for finding in rule(evidence)
    ]
    findings.sort(key=lambda each: (list(Severity).index(each.severity), each.code, each.where))
    return Inspection(len(present), _count_records(evidence), tuple(findings)), evidence


def _archived(store: RefStore, findings: list[Finding]) -> Archived:
    try:
        return fetch_archive(store).read()
    except RefineryError as error:
        findings.append(_unreadable(store.refs.archive, error))
        return Archived()


def _issues(
    store: RefStore, clock: Callable[[], datetime], findings: list[Finding]
) -> IssueView | None:
    try:
        return IssueStore(store.repo, store.transport, refs=store.refs, clock=clock).read()
    except (BadObject, StoreUnreadable) as error:
        findings.append(_unreadable(store.refs.issues, error))
        return None


def _resolutions(store: RefStore, present: Mapping[Ref, Sha]) -> Iterator[Finding]:
    """The memory of resolved conflicts can be read; who looks for one in it finds out too late."""
    ref = store.refs.resolutions
    if ref not in present:
        return
    store.mirror.fetch([ref])
    try:
        store.repo.reader.walk_blobs(tree_of(store.repo, ref, present[ref]))
    except RefineryError as error:
        what = f"{error.message}; it is only a memory"
        fix = f"git push --delete <remote> {ref}"
        yield Finding(Severity.WARNING, "ref-unreadable", ref, what, fix)


def _unreadable(ref: str, error: RefineryError) -> Finding:
    return Finding(
        Severity.ERROR,
        "ref-unreadable",
        ref,
        error.message,
        f"a clone that fetched it earlier may still have a good one: git reflog show {ref}",
    )


def _heads(store: RefStore, mrs: Iterable[MergeRequest]) -> frozenset[Sha]:
    """The pinned commits of open merge requests that are here."""
    wanted = list(dict.fromkeys(mr.pin for mr in mrs if not mr.closed))
    found = store.repo.reader.read_many(wanted)
    return frozenset(each.oid for each in found if each and each.kind == "commit")


def _count_records(evidence: Evidence) -> int:
    view = evidence.view
    issues = evidence.issues.issues if evidence.issues else ()
    counted: Iterator[int] = map(
        len, (view.mrs, view.claims, view.verdicts, evidence.archived, issues)
    )
    return sum(counted)
