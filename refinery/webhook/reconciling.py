"""Finds everything that a lost webhook would have said, and does it; doing it again is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from refinery.app import Queue
from refinery.engine import conflicts, healing, telling
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble
from refinery.errors import RefineryError
from refinery.queue.folding import seen
from refinery.queue.order import live
from refinery.queue.standing import live_claim
from refinery.queue.tracking import IssueStatus
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, IssueRef, MrId, Sha, branch_ref
from refinery.repo.history import is_ancestor
from refinery.store.archive import fetch_archive
from refinery.store.view import View
from refinery.submit.submission_words import told
from refinery.submit.submitting import NothingToLand, Relation, relate, settings
from refinery.values import StrEnum, dataclass
from refinery.webhook.merging import close_merged, merged_already
from refinery.webhook.submitting import asks, following
from refinery.webhook.telling import Teller

MOST_SUBMITTED = 200  # branches in one run; the next one goes on
_PORTION = 500  # branches that one fetch names


class Kind(StrEnum):
    """What can be found; scripts may rely on the names."""

    UNFOLDED = "unfolded"
    ISSUE_CLOSED = "issue-closed"
    ISSUE_REOPENED = "issue-reopened"
    ISSUE_MISSING = "issue-missing"
    ISSUE_UNKNOWN = "issue-unknown"
    MERGED = "merged"
    BRANCH = "branch"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the queue did not know, or had not done."""

    kind: Kind
    words: str
    mr: MrId | None = None


@dataclass(frozen=True, slots=True)
class Unqueued:
    """A branch that asks for the queue and is not in it."""

    branch: Branch
    tip: Sha


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found, with what is needed to put it right."""

    findings: tuple[Finding, ...]
    known: Mapping[IssueRef, IssueStatus]
    merged: tuple[MergeRequest, ...]
    unqueued: tuple[Unqueued, ...]


def survey(queue: Queue, engine: Engine) -> Survey:
    """Look at the queue, its trackers and the remote's branches; nothing is changed."""
    view = seen(engine.view, engine.clock())
    issues = {mr.blocked_by for mr in live(view)} | {mr.was_blocked_by for mr in live(view)}
    known = conflicts.statuses(engine, {issue for issue in issues if issue})
    merged = _merged(engine, view)
    unqueued = tuple(_unqueued(queue, view))
    findings = (
        *_unfolded(engine.view),
        *(found for mr in live(view) for found in _of_issue(engine, mr, known)),
        *(
            Finding(Kind.MERGED, f"{mr.id}: {mr.head[:12]} is in {mr.target} already", mr.id)
            for mr in merged
        ),
        *(
            Finding(Kind.BRANCH, f"{each.branch} is at {each.tip[:12]}, which is not queued")
            for each in unqueued
        ),
        *(
            Finding(Kind.UNTOLD, f"{mr.id}: {', '.join(mr.untold)} has still to be done", mr.id)
            for mr in view.mrs.values()
            if mr.untold
        ),
    )
    return Survey(findings, known, merged, unqueued)


def put_right(queue: Queue, engine: Engine, found: Survey, teller: Teller) -> None:
    """Do what the survey found; each step looks again before it writes."""
    healing.fold(engine)
    healing.heal(engine)
    close_merged(engine, found.merged)
    conflicts.settle(engine, found.known)
    opened = [issue for issue, status in found.known.items() if status is IssueStatus.OPEN]
    if opened:
        conflicts.reopened(engine, opened)
    conflicts.open_issues(engine)
    telling.tell_untold(engine)
    _submit(queue, found.unqueued, teller)
    engine.refresh()
    healing.fold(engine)


def _unfolded(view: View) -> Iterator[Finding]:
    for id in sorted(view.unfolded):
        if not view.mrs[id].intent:
            yield Finding(Kind.UNFOLDED, f"{id} is submitted and not taken in yet", id)


def _of_issue(
    engine: Engine, mr: MergeRequest, known: Mapping[IssueRef, IssueStatus]
) -> Iterator[Finding]:
    """What the state of its issue means for a merge request, where that is news."""
    if mr.block is not None and mr.blocked_by is None:
        yield Finding(Kind.ISSUE_MISSING, f"{mr.id} conflicts, and no issue is open for it", mr.id)
    issue = mr.blocked_by or mr.was_blocked_by
    if issue is None:
        return
    status = known.get(issue, IssueStatus.UNKNOWN)
    if status is IssueStatus.UNKNOWN:
        yield Finding(Kind.ISSUE_UNKNOWN, f"{mr.id}: nobody knows the state of {issue}", mr.id)
    elif mr.block is None:
        if status is IssueStatus.OPEN:
            yield Finding(Kind.ISSUE_REOPENED, f"{mr.id}: {issue} was reopened", mr.id)
    elif status is IssueStatus.OPEN:
        if mr.block.answered:
            yield Finding(Kind.ISSUE_REOPENED, f"{mr.id}: {issue} is open again", mr.id)
    elif not mr.block.answered or conflicts.can_go_on(engine, mr):
        yield Finding(Kind.ISSUE_CLOSED, f"{mr.id}: {issue} is {status.value}", mr.id)


def _merged(engine: Engine, view: View) -> tuple[MergeRequest, ...]:
    now = engine.clock()
    idle = [mr for mr in live(view) if live_claim(view, mr.id, now) is None]
    found = merged_already(engine, idle)
    return tuple(mr for mr in idle if mr.id in found)


def _unqueued(queue: Queue, view: View) -> list[Unqueued]:
    """Branches that a push would have submitted, as they are on the remote now."""
    patterns = settings(queue, view)[0].branches
    prefix = branch_ref("")
    tips = {
        Branch(ref.removeprefix(prefix)): tip
        for ref, tip in queue.store.transport.list(prefix).items()
    }
    settled = {(mr.branch, mr.head) for mr in view.mrs.values() if _settles(mr)}
    asking = {
        branch: tip
        for branch, tip in sorted(tips.items())
        if asks(view, branch, patterns) and (branch, tip) not in settled
    }
    if asking:
        settled |= _archived(queue, set(asking.values()))
    left = [branch for branch, tip in asking.items() if (branch, tip) not in settled]
    found: list[Unqueued] = []
    for start in range(0, len(left), _PORTION):
        found += _ahead(queue, left[start : start + _PORTION])
        if len(found) >= MOST_SUBMITTED:
            break
    return found[:MOST_SUBMITTED]


def _settles(mr: MergeRequest) -> bool:
    """Whether it says what became of its commit: what was rejected is not submitted again."""
    return mr.close_reason is not CloseReason.SUPERSEDED


def _archived(queue: Queue, tips: set[Sha]) -> set[tuple[Branch, Sha]]:
    """Branches and heads of archived merge requests; only those with such a head are parsed."""
    archive = fetch_archive(queue.store)
    blobs = queue.repo.reader.read_many(list(archive.blobs.values()))
    wanted = [tip.encode() for tip in tips]
    ids = [
        id
        for id, blob in zip(archive.blobs, blobs, strict=True)
        if blob is not None and any(tip in blob.data for tip in wanted)
    ]
    return {(mr.branch, mr.head) for mr in archive.read(ids).mrs.values() if _settles(mr)}


def _ahead(queue: Queue, branches: Sequence[Branch]) -> list[Unqueued]:
    """Those of the branches that have something to land."""
    found = []
    with following(queue, branches) as follower:
        view = follower.view
        for branch in branches:
            tip = follower.tip(branch)
            target = _target(view, branch)
            if tip is None or target not in view.targets:
                continue
            if is_ancestor(queue.repo, tip, view.targets[target]):
                continue
            if relate(queue.repo, view, target, tip) is Relation.AHEAD:
                found.append(Unqueued(branch, tip))
    return found


def _target(view: View, branch: Branch) -> Branch:
    """Where a push of the branch would be submitted to."""
    before = {mr.target for mr in live(view) if mr.branch == branch}
    return before.pop() if len(before) == 1 else view.header.default_target


def _submit(queue: Queue, unqueued: Iterable[Unqueued], teller: Teller) -> None:
    branches = [each.branch for each in unqueued]
    if not branches:
        return
    with following(queue, branches) as follower:
        for branch in branches:
            tip = follower.tip(branch)
            if tip is None:
                continue
            try:
                outcome = follower.submit(branch, tip)
            except RefineryError as trouble:
                teller.happened(Trouble(f"{branch}: {trouble.message}"))
                continue
            mr = None if isinstance(outcome, NothingToLand) else outcome.mr.id
            teller.say(told(outcome, None)[0], mr)
