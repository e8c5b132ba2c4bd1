"""The rules about histories: the audit trail is one line, and the targets stand where it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from refinery.audit.findings import TIDIED, Evidence, Finding, Severity
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.repo.history import is_ancestor, log_trailers
from refinery.repo.objects import Commit
from refinery.repo.trailers import trailer
from refinery.store.message import MR, OPERATION
from refinery.store.trail import HistoryMissing, Trail, continued

COUNTED = "refinery doctor --repair counts them"
_WHO = (
    "the records count, not this; `git log` tells who pushed it, and the server may keep them off"
)


def audit_trail(evidence: Evidence) -> Iterator[Finding]:
    """Each commit of the queue ref is one transaction on the one before it, with its own id."""
    try:
        yield from _line(evidence, evidence.refs.queue)
    except HistoryMissing as error:
        yield _missing(evidence.refs.queue, error)
    if evidence.issues is not None:
        yield from _line(evidence, evidence.refs.issues)


def archive_groups(evidence: Evidence) -> Iterator[Finding]:
    """The archive has as many groups as the header counts, and holds each record once."""
    ref = evidence.refs.archive
    try:
        yield from _line(evidence, ref)
        groups = evidence.trail(ref).length()
        counted = evidence.view.header.archived
        if counted != groups:
            what = f"has {groups} groups, but the queue counts {counted}"
            fix = COUNTED if counted < groups else f"a clone may have the rest: git reflog {ref}"
            yield Finding(Severity.WARNING, "archive-count", ref, what, fix)
        yield from _archived_twice(evidence, evidence.trail(ref))
    except HistoryMissing as error:
        yield _missing(ref, error)


def _archived_twice(evidence: Evidence, trail: Trail) -> Iterator[Finding]:
    later: dict[str, tuple[Sha, Sha]] = {}
    for group in trail.commits():
        for entry in evidence.repo.reader.tree(group.tree):
            by, oid = later.setdefault(entry.name, (group.oid, entry.oid))
            if oid != entry.oid:
                where = f"{by}:{entry.name}"
                what = "was archived before, with different contents: closed records never change"
                yield Finding(Severity.ERROR, "archived-twice", where, what, _WHO)
            later[entry.name] = group.oid, entry.oid


def _line(evidence: Evidence, ref: Ref) -> Iterator[Finding]:
    """What is wrong with the commits of a ref, through all of its lines."""
    later: dict[str, Sha] = {}
    newer: Commit | None = None
    for commit in evidence.trail(ref).commits():
        where = f"{ref} at {commit.oid[:12]}"
        operation = trailer(commit.message, OPERATION)
        if operation is None:
            what = f"is no transaction of refinery's: {commit.subject!r} has no {OPERATION}"
            yield Finding(Severity.ERROR, "history-foreign", where, what, _WHO)
        elif operation in later:
            what = f"is the same operation as {commit.oid[:12]}"
            again = f"{ref} at {later[operation][:12]}"
            yield Finding(Severity.ERROR, "history-twice", again, what, _WHO)
        if len(commit.parents) > 1:
            what = "merges two histories: one of them was not decided upon"
            yield Finding(Severity.ERROR, "history-merged", where, what, _WHO)
        if newer and continued(newer) == commit.oid and newer.tree != commit.tree:
            what = f"begins anew with something else than what {commit.oid[:12]} ended with"
            where = f"{ref} at {newer.oid[:12]}"
            yield Finding(Severity.ERROR, "history-broken", where, what, _WHO)
        newer = commit
        later[operation or commit.oid] = commit.oid


def kept_lines(evidence: Evidence) -> Iterator[Finding]:
    """Each line that is kept goes on in the one after it, or is on the way to be kept."""
    for line in (evidence.refs.queue, evidence.refs.archive):
        begin = evidence.refs.kept(line)
        kept = {ref: oid for ref, oid in evidence.present.items() if ref.startswith(begin)}
        if kept:
            yield from _astray(evidence, line, kept)


def _astray(evidence: Evidence, line: Ref, kept: Mapping[Ref, Sha]) -> Iterator[Finding]:
    evidence.store.mirror.fetch(list(kept), prune=False)
    try:
        tips = list(evidence.trail(line).lines())
    except HistoryMissing:
        return  # that is what is wrong
    for ref, oid in sorted(kept.items()):
        if not any(is_ancestor(evidence.repo, oid, tip) for tip in tips):
            what = f"keeps a history that {line} does not go on from"
            yield Finding(Severity.WARNING, "history-stray", ref, what, _WHO)


def _missing(ref: Ref, error: HistoryMissing) -> Finding:
    return Finding(Severity.ERROR, "history-missing", ref, error.message, error.hint or "")


def targets(evidence: Evidence) -> Iterator[Finding]:
    """Each target exists, and stands where the last landing left it."""
    view = evidence.view
    wanted = {view.header.default_target, *view.header.landed, *(mr.target for mr in evidence.open)}
    for name in sorted(wanted):
        branch = Branch(name)
        recorded = view.header.landed.get(branch)
        tip = view.targets.get(branch)
        if tip is None:
            yield _no_target(evidence, branch)
        elif recorded is not None and recorded != tip:
            yield from _moved(evidence, branch, recorded, tip)


def _no_target(evidence: Evidence, branch: Branch) -> Finding:
    waiting = [mr.id for mr in evidence.open if mr.target == branch]
    is_default = branch == evidence.view.header.default_target
    return Finding(
        Severity.ERROR if waiting else Severity.WARNING if is_default else Severity.INFO,
        "target-missing",
        f"refs/heads/{branch}",
        f"there is no such branch; {len(waiting)} merge requests are for it"
        if waiting
        else "there is no such branch",
        "push it" if waiting or is_default else "",
    )


def _moved(evidence: Evidence, branch: Branch, recorded: Sha, tip: Sha) -> Iterator[Finding]:
    where = f"refs/heads/{branch}"
    there = evidence.repo.reader.read(recorded)
    if there is None or not is_ancestor(evidence.repo, recorded, tip):
        what = f"was rewound or rewritten: the last landing, {recorded}, is not in it any more"
        fix = "refinery verify names the landings that are gone"
        yield Finding(Severity.ERROR, "target-rewound", where, what, fix)
        return
    by_head = {mr.head: mr.id for mr in evidence.open if mr.target == branch}
    torn: list[MrId] = []
    outside = 0
    for commit, pairs in log_trailers(evidence.repo, recorded, tip, first_parent=True):
        named = [MrId(value) for key, value in pairs if key.lower() == MR.lower()]
        found = [mr.id for mr in evidence.open if mr.id in named and mr.target == branch]
        found += [by_head[commit.oid]] if commit.oid in by_head else []
        torn += found
        outside += not found
    if torn:
        what = f"{', '.join(torn)} landed, but the record does not say so: it was interrupted"
        yield Finding(Severity.WARNING, "landing-torn", where, what, TIDIED)
    elif outside:
        what = f"{outside} commits since the last landing came from outside the queue"
        yield Finding(Severity.INFO, "outside-push", where, what, "refinery verify names them")


RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    audit_trail,
    archive_groups,
    kept_lines,
    targets,
)
