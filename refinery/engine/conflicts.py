"""Conflicts: opens the issue of each, exactly once, and lets go on what was resolved."""

from __future__ import annotations

from itertools import groupby

from refinery.engine import words
from refinery.engine.engine import Engine
from refinery.engine.happenings import IssueOpened, StaysBlocked, Trouble, Unblocked
from refinery.engine.healing import fold
from refinery.engine.replaying import Replayed, replay
from refinery.engine.words import ConflictFacts, SideCommit
from refinery.errors import RefineryError, TryAgain
from refinery.queue.blocking import StillConflicts, answered, blocked_on, unblocked
from refinery.queue.order import by_priority, live
from refinery.queue.tracking import IssueDraft, IssueStatus, marker
from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import IssueRef, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import commits_touching, merge_base
from refinery.repo.merging import Conflict, Merge, Merged, Unrelated, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.process import GitError
from refinery.store.message import named_mrs
from refinery.store.update import Committed

SHOWN_COMMITS = 10
LABEL = "needs-rebase"


def open_issues(engine: Engine) -> None:
    """Open the issue of every block that has none; a tracker that is down is asked again later."""
    for mr in by_priority(mr for mr in live(engine.view) if mr.block and not mr.blocked_by):
        try:
            _open_issue(engine, mr)
        except RefineryError as trouble:
            engine.tell(Trouble(f"{mr.id} stays blocked: {trouble.message}"))
            if isinstance(trouble, TryAgain):
                return  # whoever is away would only be waited for again


def _open_issue(engine: Engine, mr: MergeRequest) -> None:
    issue = engine.tracker.find(marker(mr)) or engine.tracker.open(draft(engine, mr))
    done = engine.change(lambda view: blocked_on(view, mr.id, issue))
    if isinstance(done, Committed):
        engine.tell(IssueOpened(mr.id, issue))


def draft(engine: Engine, mr: MergeRequest) -> IssueDraft:
    """The issue of a conflict, one step more urgent than its merge request."""
    assert mr.block is not None
    return IssueDraft(
        title=words.conflict_title(mr),
        body=words.conflict_body(mr, mr.block.base, facts(engine, mr), marker(mr)),
        marker=marker(mr),
        mr=mr.id,
        priority=max(0, mr.priority - 1),
        labels=(LABEL,),
        assignee=mr.worker,
    )


def facts(engine: Engine, mr: MergeRequest) -> ConflictFacts:
    """What both sides did to the conflicting files since they parted."""
    assert mr.block is not None
    head, base, files = mr.block.head, mr.block.base, mr.block.files
    common = merge_base(engine.repo, base, head)
    if common is None or not files:
        return ConflictFacts(files)
    sides = [
        commits_touching(
            engine.repo, common, tip, files, most=SHOWN_COMMITS, first_parent=first_parent
        )
        for tip, first_parent in ((base, True), (head, False))
    ]
    return ConflictFacts(files, *(tuple(map(_side_commit, side)) for side in sides))


def _side_commit(commit: Commit) -> SideCommit:
    named = named_mrs(commit.message)
    return SideCommit(commit.oid, commit.subject, named[0] if named else None)


def sweep(engine: Engine) -> None:
    """Ask the tracker about every blocking issue: finds what a lost webhook would have said."""
    blocked = [mr for mr in live(engine.view) if mr.block and mr.blocked_by]
    if not blocked:
        return
    statuses = _statuses(engine, blocked)
    for mr in blocked:
        assert mr.blocked_by is not None
        try:
            consider(engine, mr, statuses.get(mr.blocked_by, IssueStatus.UNKNOWN))
        except GitError as trouble:
            engine.tell(Trouble(f"{mr.id} stays blocked: {trouble.message}"))


def _statuses(engine: Engine, blocked: list[MergeRequest]) -> dict[IssueRef, IssueStatus]:
    """What is known of the issues, tracker by tracker: one that is away says nothing."""
    found: dict[IssueRef, IssueStatus] = {}
    issues = sorted({mr.blocked_by for mr in blocked if mr.blocked_by})
    for _, group in groupby(issues, key=lambda issue: issue.partition("#")[0]):
        asked = list(group)
        try:
            found.update(engine.tracker_of(asked[0]).statuses(asked))
        except RefineryError as trouble:
            engine.tell(Trouble(f"{len(asked)} stay blocked: {trouble.message}"))
    return found


def closed(engine: Engine, issue: IssueRef) -> None:
    """What the closing of one issue means for whatever it blocks: the door of webhooks.

    Folded first: what was pushed to resolve it replaces the revision that was blocked.
    """
    fold(engine)
    for mr in [mr for mr in live(engine.view) if mr.blocked_by == issue]:
        consider(engine, mr, IssueStatus.CLOSED)


def consider(engine: Engine, mr: MergeRequest, status: IssueStatus) -> None:
    """What one issue's state means for the merge request it blocks; unknown means: blocked."""
    if status is IssueStatus.OPEN:
        engine.change(lambda view: answered(view, mr.id, is_answered=False))
    elif status in (IssueStatus.CLOSED, IssueStatus.GONE):
        _closed(engine, mr)


def _closed(engine: Engine, mr: MergeRequest) -> None:
    base = engine.view.targets.get(mr.target)
    clash = trial(engine, mr, base) if base else ()
    done = engine.change(
        lambda view: unblocked(view, mr.id, clean=clash is None, files=clash or ())
    )
    if isinstance(done, Committed):
        engine.tell(Unblocked(mr.id, done.edit.event.subject))
    elif isinstance(done, StillConflicts) and mr.block and not mr.block.answered:
        _answer(engine, done)


def trial(engine: Engine, mr: MergeRequest, base: Sha) -> tuple[str, ...] | None:
    """The files in which it conflicts with the target now; None where it can be put on it."""
    merged: Merge | Replayed = merge_tree(engine.repo, base, mr.head)
    if isinstance(merged, Merged) and _is_rebased(engine, mr):
        committer = engine.repo.signature(int(engine.clock().timestamp()))
        merged = replay(engine.repo, mr.head, onto=base, committer=committer)
    if isinstance(merged, Conflict):
        return merged.files
    return () if isinstance(merged, Unrelated) else None


def _is_rebased(engine: Engine, mr: MergeRequest) -> bool:
    """What merges may still conflict commit by commit."""
    try:
        return engine.config(mr.target).method is Method.REBASE
    except InvalidRecord:
        return False


def _answer(engine: Engine, still: StillConflicts) -> None:
    """Say once on the closed issue that nothing changed; the record remembers that it was said."""
    issue: IssueRef | None = still.mr.blocked_by
    text = words.still_conflicts(still.mr, still.files)
    engine.change(lambda view: answered(view, still.mr.id, is_answered=True))
    if issue is not None:
        try:
            engine.tracker_of(issue).comment(issue, text)
        except RefineryError as trouble:
            engine.tell(Trouble(trouble.message))
    engine.tell(StaysBlocked(still.mr.id, text))
