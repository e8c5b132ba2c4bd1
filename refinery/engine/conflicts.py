"""Conflicts: opens the issue of each, exactly once, and lets go on what was resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from refinery.engine import cheap_ways, words
from refinery.engine.engine import Engine
from refinery.engine.happenings import (
    BlockedAgain,
    IssueOpened,
    StaysBlocked,
    Trouble,
    Unblocked,
)
from refinery.engine.healing import fold
from refinery.engine.replaying import Replayed, replay
from refinery.engine.words import ConflictFacts, SideCommit
from refinery.errors import RefineryError, TryAgain
from refinery.queue.blocking import (
    StillConflicts,
    answered_together,
    blocked_on,
    reblocked_together,
    reentry,
    unblocked,
    unblocked_together,
)
from refinery.queue.folding import PORTION
from refinery.queue.order import by_priority, live
from refinery.queue.stacks import settled_below
from refinery.queue.tracking import IssueDraft, IssueStatus, marker
from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import IssueRef, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import commits_touching, lacked, merge_base
from refinery.repo.merging import Conflict, Merge, Merged, Unrelated, merge_many, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.process import GitError
from refinery.store.edit import Edit
from refinery.store.message import named_mrs
from refinery.store.update import Committed
from refinery.store.view import View
from refinery.values import dataclass

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
    issue = engine.tracker.open(draft(engine, mr))  # which finds one that was opened before
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
    blocking = {mr.blocked_by for mr in live(engine.view) if mr.block and mr.blocked_by}
    if blocking:
        settle(engine, statuses(engine, blocking))


def statuses(engine: Engine, issues: Collection[IssueRef]) -> dict[IssueRef, IssueStatus]:
    """What is known of the issues, tracker by tracker: one that is away says nothing."""
    found: dict[IssueRef, IssueStatus] = {}
    for _, group in groupby(sorted(issues), key=lambda issue: issue.partition("#")[0]):
        asked = list(group)
        try:
            found.update(engine.tracker_of(asked[0]).statuses(asked))
        except RefineryError as trouble:
            engine.tell(Trouble(f"{len(asked)} stay blocked: {trouble.message}"))
    return found


def closed(engine: Engine, issue: IssueRef) -> None:
    """What the closing of one issue means for whatever it blocks.

    Folded first: what was pushed to resolve it replaces the revision that was blocked.
    """
    fold(engine)
    settle(engine, {issue: IssueStatus.CLOSED})


def reopened(engine: Engine, issues: Collection[IssueRef]) -> None:
    """What the reopening of issues means: what their closing had let go on is blocked again."""
    fold(engine)
    settle(engine, dict.fromkeys(issues, IssueStatus.OPEN))
    done = engine.change(lambda view: reblocked_together(view, issues))
    if isinstance(done, Committed):
        for mr in done.edit.put:
            assert mr.blocked_by is not None
            engine.tell(BlockedAgain(mr.id, mr.blocked_by))


def settle(engine: Engine, known: Mapping[IssueRef, IssueStatus]) -> None:
    """What the states of issues mean for all that they block; unknown means: blocked.

    A thousand closings are a few transactions, not a thousand.
    """
    blocked = [mr for mr in live(engine.view) if mr.block and mr.blocked_by in known]
    opened, ended = [], []
    for mr in blocked:
        assert mr.blocked_by is not None
        status = known[mr.blocked_by]
        if status is IssueStatus.OPEN:
            opened.append(mr.id)
        elif status in (IssueStatus.CLOSED, IssueStatus.GONE):
            ended.append(mr)
    if opened:
        engine.change(lambda view: answered_together(view, opened, is_answered=False))
    for start in range(0, len(ended), PORTION):
        _let_go(engine, _tried(engine, ended[start : start + PORTION]))


@dataclass(frozen=True, slots=True)
class _Tried:
    """A blocked merge request, and the files it conflicts in now; None: it can go on."""

    mr: MergeRequest
    files: tuple[str, ...] | None


def _tried(engine: Engine, blocked: Sequence[MergeRequest]) -> list[_Tried]:
    """Trial merges of those whose heads are still what was blocked, all in one process."""
    found = []
    merges = _merged_together(engine, blocked)
    for mr in blocked:
        try:
            found.append(_Tried(mr, _clash(engine, mr, merges)))
        except GitError as trouble:
            engine.tell(Trouble(f"{mr.id} stays blocked: {trouble.message}"))
    return found


def can_go_on(engine: Engine, mr: MergeRequest) -> bool:
    """Whether a blocked merge request would go on if its issue were closed now."""
    return _clash(engine, mr) is None


def _merged_together(
    engine: Engine, blocked: Sequence[MergeRequest]
) -> Mapping[tuple[Sha, Sha], Merge]:
    """Each of them merged into its target; nothing where one cannot be: it is found alone."""
    targets = engine.view.targets
    pairs = [(targets[mr.target], mr.head) for mr in blocked if mr.target in targets]
    try:
        return dict(zip(pairs, merge_many(engine.repo, pairs), strict=True))
    except GitError:
        return {}


def _clash(
    engine: Engine, mr: MergeRequest, merges: Mapping[tuple[Sha, Sha], Merge] | None = None
) -> tuple[str, ...] | None:
    base = engine.view.targets.get(mr.target)
    moved = mr.block is not None and mr.head != mr.block.head
    if moved:
        return None
    if base is None:
        return ()
    files = trial(engine, mr, base, (merges or {}).get((base, mr.head)))
    return None if files and cheap_ways.would_help(engine, mr, base, files) else files


def _let_go(engine: Engine, tried: Sequence[_Tried]) -> None:
    """Let go on what can; say once of the others that nothing changed."""
    clean = {each.mr.id: each.files is None for each in tried}
    before = {each.mr.id: each.mr for each in tried}

    def if_still_blocked_by_it(view: View) -> Edit | None:
        """What blocks by now another issue, or another commit, is not what was asked about."""
        same = {
            id: is_clean
            for id, is_clean in clean.items()
            if (mr := view.mrs.get(id)) is not None and _asked(mr) == _asked(before[id])
        }
        return unblocked_together(view, same)

    done = engine.change(if_still_blocked_by_it)
    gone_on = {mr.id for mr in done.edit.put} if isinstance(done, Committed) else set()
    for each in tried:
        if each.mr.id in gone_on:
            engine.tell(Unblocked(each.mr.id, reentry(each.mr)))
    stuck = [
        unblocked(engine.view, each.mr.id, clean=False, files=each.files or ())
        for each in tried
        if each.files is not None
    ]
    _answer(engine, [each for each in stuck if isinstance(each, StillConflicts)])


def _asked(mr: MergeRequest) -> tuple[IssueRef | None, Sha | None]:
    """The issue and the commit that the answer of a tracker is about."""
    return mr.blocked_by, mr.block.head if mr.block else None


def trial(
    engine: Engine, mr: MergeRequest, base: Sha, known: Merge | None = None
) -> tuple[str, ...] | None:
    """The files in which it conflicts with the target now; None where it can be put on it."""
    below = lacked(engine.repo, settled_below(engine.view, mr), base)
    known = None if below else known
    merged: Merge | Replayed = known or merge_tree(engine.repo, base, mr.head, having=below)
    if isinstance(merged, Merged) and _is_rebased(engine, mr):
        committer = engine.repo.signature(int(engine.clock().timestamp()))
        merged = replay(engine.repo, mr.head, onto=base, committer=committer, without=below)
    if isinstance(merged, Conflict):
        return merged.files
    return () if isinstance(merged, Unrelated) else None


def _is_rebased(engine: Engine, mr: MergeRequest) -> bool:
    """What merges may still conflict commit by commit."""
    try:
        return engine.config(mr.target).method is Method.REBASE
    except InvalidRecord:
        return False


def _answer(engine: Engine, stuck: Sequence[StillConflicts]) -> None:
    """Say once on each closed issue that nothing changed; the records remember that it was said."""
    new = [still for still in stuck if still.mr.block and not still.mr.block.answered]
    ids = [still.mr.id for still in new]
    done = engine.change(lambda view: answered_together(view, ids, is_answered=True))
    ours = {mr.id for mr in done.edit.put} if isinstance(done, Committed) else set()
    for still in (each for each in new if each.mr.id in ours):  # others are being answered
        issue: IssueRef | None = still.mr.blocked_by
        text = words.still_conflicts(still.mr, still.files)
        if issue is not None:
            try:
                engine.tracker_of(issue).comment(issue, text)
            except RefineryError as trouble:
                engine.tell(Trouble(trouble.message))
        engine.tell(StaysBlocked(still.mr.id, text))
