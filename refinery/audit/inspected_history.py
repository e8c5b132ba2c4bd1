"""The rules about histories: the audit trail is one line, and the targets stand where it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from refinery.audit.findings import TIDIED, Evidence, Finding, Severity
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.repo.history import commits_between, is_ancestor, log_trailers
from refinery.repo.objects import Commit
from refinery.repo.trailers import trailer
from refinery.store.message import MR, OPERATION


def audit_trail(evidence: Evidence) -> Iterator[Finding]:
    """Each commit of the queue ref is one transaction on the one before it, with its own id."""
    yield from _line(evidence, evidence.refs.queue)


def archive_groups(evidence: Evidence) -> Iterator[Finding]:
    """The archive has as many groups as the header counts, and holds each record once."""
    ref = evidence.refs.archive
    tip = evidence.present.get(ref)
    groups: Sequence[Commit] = commits_between(evidence.repo, None, tip) if tip else ()
    yield from _line(evidence, ref)
    counted = evidence.view.header.archived
    if counted != len(groups):
        what = f"has {len(groups)} groups, but the queue counts {counted}"
        yield Finding(Severity.WARNING, "archive-count", ref, what)
    first: dict[str, Sha] = {}
    for group in reversed(groups):
        for entry in evidence.repo.reader.tree(group.tree):
            before = first.setdefault(entry.name, entry.oid)
            if before != entry.oid:
                where = f"{group.oid}:{entry.name}"
                what = "was archived before, with different contents: closed records never change"
                yield Finding(Severity.ERROR, "archived-twice", where, what)


def _line(evidence: Evidence, ref: Ref) -> Iterator[Finding]:
    tip = evidence.present.get(ref)
    seen: dict[str, Sha] = {}
    for commit in commits_between(evidence.repo, None, tip, reverse=True) if tip else ():
        where = f"{ref} at {commit.oid[:12]}"
        operation = trailer(commit.message, OPERATION)
        if operation is None:
            what = f"is no transaction of refinery's: {commit.subject!r} has no {OPERATION}"
            yield Finding(Severity.ERROR, "history-foreign", where, what)
        elif operation in seen:
            what = f"is the same operation as {seen[operation][:12]}"
            yield Finding(Severity.ERROR, "history-twice", where, what)
        if len(commit.parents) > 1:
            what = "merges two histories: one of them was not decided upon"
            yield Finding(Severity.ERROR, "history-merged", where, what)
        seen.setdefault(operation or commit.oid, commit.oid)


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
        yield Finding(Severity.INFO, "outside-push", where, what)


RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    audit_trail,
    archive_groups,
    targets,
)
