"""The rules about records: each can be read, is complete, and what it names is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from refinery.audit.findings import TIDIED, Evidence, Finding, Severity
from refinery.records.issue import IssueState
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, IssueRef, MrId
from refinery.records.verdict import Verdict
from refinery.store import layout

_LOCAL = "local#"


def unreadable(evidence: Evidence) -> Iterator[Finding]:
    """Every record has text, schema and place of its kind."""
    issues = evidence.issues.damage if evidence.issues else ()
    for item in (*evidence.view.damage, *evidence.archive_damage, *issues):
        ref, _, path = item.where.partition(":")
        hint = f"{item.hint}; " if item.hint else ""
        fix = f"{hint}what it held before: git log -p {ref} -- {path}"
        yield Finding(Severity.ERROR, "record-unreadable", item.where, item.problem, fix)


def files(evidence: Evidence) -> Iterator[Finding]:
    """The queue's tree holds its header, and each file where it belongs."""
    queue = evidence.refs.queue
    tip = evidence.view.leases.get(queue)
    if tip is None:
        return
    paths = {path for path, _ in evidence.repo.reader.walk_blobs(tip)}
    if layout.HEADER not in paths:
        yield Finding(
            Severity.ERROR,
            "header-missing",
            f"{queue}:{layout.HEADER}",
            "is missing: the default target and the last landings are not known",
            "refinery init",
        )
    expected = {layout.HEADER} | {layout.verdict_path(key) for key in evidence.view.verdicts}
    for path in sorted(paths - expected):
        where = f"{queue}:{path}"
        if path.startswith(f"{layout.MRS}/") or any(
            item.where == where for item in evidence.view.damage
        ):
            continue
        what = "a verdict that does not belong in this file"
        if not path.startswith(f"{layout.VERDICTS}/"):
            what = "no file of refinery's"
        yield Finding(Severity.WARNING, "stray-file", where, what, "nothing reads it")


def completeness(evidence: Evidence) -> Iterator[Finding]:
    """A closed record says how and when, an open one does not, a landed one has its evidence."""
    for mr in evidence.view.mrs.values():
        lacks = lacking(mr)
        if lacks:
            yield Finding(Severity.ERROR, "record-incomplete", _where(evidence, mr), lacks)
    for mr in evidence.archived.values():
        lacks = lacking(mr) if mr.closed else "is archived and not closed"
        if lacks:
            yield Finding(
                Severity.ERROR, "record-incomplete", f"{evidence.refs.archive}:{mr.id}", lacks
            )


def lacking(mr: MergeRequest) -> str:
    """What a record that can be read still lacks, in words; nothing where it is whole."""
    if not mr.closed:
        ended = mr.close_reason or mr.closed_at or mr.merge_commit or mr.landing
        return "is open, but says how it ended" if ended else ""
    if mr.close_reason is None or mr.closed_at is None:
        return "is closed, but does not say how or when"
    if mr.close_reason is CloseReason.MERGED and not (mr.merge_commit and mr.landing):
        return "landed, but without evidence"
    if mr.close_reason is CloseReason.SUPERSEDED and mr.superseded_by is None:
        return "is superseded, but does not say by what"
    return ""


def duplicates(evidence: Evidence) -> Iterator[Finding]:
    """A branch has one open merge request for each target."""
    seen: dict[tuple[Branch, Branch], MergeRequest] = {}
    for mr in sorted(evidence.open, key=lambda each: (each.submitted_at, each.id)):
        other = seen.get((mr.branch, mr.target))
        if other is not None and mr.id not in evidence.view.unfolded:
            what = f"{other.id} is open for {mr.branch} and {mr.target}, too"
            fix = f"refinery reject {other.id} --reason 'twice in the queue'"
            yield Finding(Severity.ERROR, "duplicate", _where(evidence, mr), what, fix)
        seen[mr.branch, mr.target] = mr


def archived_twice(evidence: Evidence) -> Iterator[Finding]:
    """What is archived has left the queue."""
    for id in sorted(evidence.view.mrs.keys() & evidence.archived.keys()):
        same = evidence.view.mrs[id] == evidence.archived[id]
        what = f"{id} is in the queue and in the archive"
        yield Finding(
            Severity.WARNING if same else Severity.ERROR,
            "archived-twice",
            f"{evidence.refs.archive}:{id}",
            what if same else f"{what}, with different contents",
        )


def blocks(evidence: Evidence) -> Iterator[Finding]:
    """A block and its issue come together, and the issue is there."""
    for mr in evidence.open:
        where = _where(evidence, mr)
        if mr.block is not None and mr.blocked_by is None:
            what = "is blocked, and its issue is not opened yet"
            yield Finding(Severity.WARNING, "block-without-issue", where, what, TIDIED)
        elif mr.blocked_by is not None and mr.block is None:
            what = f"is blocked by {mr.blocked_by}, but not why: nothing would unblock it"
            fix = f"push {mr.branch} again, or: refinery reject {mr.id}"
            yield Finding(Severity.ERROR, "issue-without-block", where, what, fix)
        elif mr.blocked_by is not None:
            yield from _issue(evidence, mr.blocked_by, where)


def issues(evidence: Evidence) -> Iterator[Finding]:
    """A conflict has one issue."""
    first: dict[str, IssueRef] = {}
    for issue in evidence.issues.issues.values() if evidence.issues else ():
        if issue.marker is None or issue.state is IssueState.CLOSED:
            continue
        other = first.setdefault(issue.marker, issue.id)
        if other != issue.id:
            where = f"{evidence.refs.issues}:{layout.ISSUES}/{issue.number}{layout.SUFFIX}"
            what = f"{issue.id} is about the same conflict as {other}"
            fix = f"refinery issue close {issue.number}"
            yield Finding(Severity.WARNING, "issue-twice", where, what, fix)


def _issue(evidence: Evidence, issue: IssueRef, where: str) -> Iterator[Finding]:
    if evidence.issues is None or not issue.startswith(_LOCAL):
        return
    found = evidence.issues.issues.get(issue)
    number = issue.removeprefix(_LOCAL)
    broken = any(item.where.endswith(f"/{number}.yaml") for item in evidence.issues.damage)
    if found is None and not broken:
        what = f"is blocked by {issue}, which does not exist: nobody can close it"
        fix = "refinery doctor --repair opens it again"
        yield Finding(Severity.ERROR, "issue-missing", where, what, fix)
    elif found is not None and found.state is IssueState.CLOSED:
        what = f"is blocked by {issue}, which is closed: it waits for a push if it still conflicts"
        fix = "refinery process --once looks whether it does"
        yield Finding(Severity.INFO, "issue-closed", where, what, fix)


def links(evidence: Evidence) -> Iterator[Finding]:
    """What a record names is there, and nothing waits for itself."""
    for mr in evidence.view.mrs.values():
        where = _where(evidence, mr)
        if mr.superseded_by and not _known(evidence, mr.superseded_by):
            what = f"is superseded by {mr.superseded_by}, which does not exist"
            fix = f"refinery log {mr.id} tells what became of it"
            yield Finding(Severity.WARNING, "superseded-by-unknown", where, what, fix)
        for id in mr.depends_on:
            if not mr.closed and not _known(evidence, id):
                what = f"depends on {id}, which does not exist"
                yield Finding(Severity.ERROR, "depends-unknown", where, what, _again(mr))
    waits_for = {mr.id: mr.depends_on for mr in evidence.open}
    for mr in evidence.open:
        cycle = _cycle(mr.id, waits_for)
        if cycle and mr.id == min(cycle):
            what = f"waits for itself: {' → '.join((*cycle, cycle[0]))}"
            yield Finding(Severity.ERROR, "depends-cycle", _where(evidence, mr), what, _again(mr))


def _known(evidence: Evidence, id: MrId) -> bool:
    return evidence.find(id) is not None or evidence.is_damaged(id)


def _again(mr: MergeRequest) -> str:
    return f"refinery reject {mr.id}, then submit {mr.branch} with other dependencies"


def _cycle(start: MrId, waits_for: Mapping[MrId, tuple[MrId, ...]]) -> tuple[MrId, ...]:
    """A way from `start` back to itself, without its end; empty when there is none."""
    ways: list[tuple[MrId, ...]] = [(start,)]
    seen: set[MrId] = set()
    while ways:
        way = ways.pop()
        for id in waits_for.get(way[-1], ()):
            if id == start:
                return way
            if id not in seen:
                seen.add(id)
                ways.append((*way, id))
    return ()


def verdicts(evidence: Evidence) -> Iterator[Finding]:
    """A verdict is of checks that ran before now."""
    for verdict in evidence.view.verdicts.values():
        if verdict.at > evidence.now:
            where = f"{evidence.refs.queue}:{layout.verdict_path(verdict.key)}"
            fix = "refinery doctor, on both machines, tells whose clock is wrong"
            yield Finding(Severity.INFO, "from-the-future", where, _future(verdict), fix)


def _future(verdict: Verdict) -> str:
    return f"is of {verdict.at.isoformat()}: the clock of {verdict.worker} is ahead of this one"


def _where(evidence: Evidence, mr: MergeRequest) -> str:
    if mr.id in evidence.view.unfolded:
        return evidence.refs.inbox(mr.id)
    return f"{evidence.refs.queue}:{layout.mr_path(mr.id)}"


RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    unreadable,
    files,
    completeness,
    duplicates,
    archived_twice,
    blocks,
    issues,
    links,
    verdicts,
)
