"""What the forge, the tracker and the remote are told of one merge request; each can be repeated.

Labels and status say how things stand now, whatever they were when the word was owed.
"""

from __future__ import annotations

from refinery.engine import words
from refinery.engine.engine import Engine
from refinery.engine.ports import Forge
from refinery.engine.showing import status_of
from refinery.queue.delivery import Word
from refinery.queue.order import live
from refinery.queue.outbox import PULL_REQUEST, STATE_LABELS, labels
from refinery.queue.pull_requests import PullRequest, PullRequestState
from refinery.records.merge_request import MergeRequest
from refinery.records.names import ISSUE_REF, IssueRef, branch_ref
from refinery.repo.refs import RefUpdate


def close_source_issue(engine: Engine, mr: MergeRequest, _: Word) -> None:
    """Close what the work was for, where the tracker has it."""
    issue = _source_issue(engine, mr)
    if issue is not None:
        engine.tracker.close(issue, words.landed_reference(mr))


def delete_branch(engine: Engine, mr: MergeRequest, _: Word) -> None:
    """Delete the branch if it still is where it was submitted; the landing is confirmed already.

    A branch that others are to land on stays: who merges a release back does not end it.
    """
    lands_on = {mr.target for mr in live(engine.view)}
    if mr.branch == engine.view.header.default_target or mr.branch in lands_on:
        return
    ref = branch_ref(mr.branch)
    engine.store.transport.push([RefUpdate(ref, mr.head, None)])


def end_pull_request(engine: Engine, mr: MergeRequest, word: Word) -> None:
    """Say on its pull request what it landed as, and close it unless the forge has by then.

    A forge that sees the head on its target marks the pull request as merged by itself.
    """
    forge = engine.forge
    if forge is None:
        return
    for each in _its_own(forge, mr):
        _comment_once(forge, each, mr, word)
        now = forge.pull_request(each.number)
        if now is not None and now.state is PullRequestState.OPEN:
            forge.close_pull_request(each.number, "")


def retarget(engine: Engine, mr: MergeRequest, _: Word) -> None:
    """Have its pull request merge into where it is to land now.

    That comes before any branch is deleted: a forge closes what would merge into one that is gone.
    """
    before = engine.view.mrs.get(mr.supersedes) if mr.supersedes is not None else None
    forge = engine.forge
    if forge is None or before is None or before.target == mr.target:
        return
    for each in forge.pull_requests(mr.branch, before.target):
        forge.retarget_pull_request(each.number, mr.target)


def _its_own(forge: Forge, mr: MergeRequest) -> list[PullRequest]:
    """The newest one of exactly what landed: one whose head moved on is about something new."""
    found = forge.pull_requests(mr.branch, mr.target, ended=True)
    return [each for each in found if each.head == mr.head][:1]


def _comment_once(forge: Forge, pull_request: PullRequest, mr: MergeRequest, word: Word) -> None:
    """Whoever tried before may have commented without living to write it down: look for it."""
    mark = words.told_mark(mr.id, PULL_REQUEST)
    if not (word.again and forge.commented(pull_request.number, mark)):
        forge.comment_on(pull_request.number, words.landed_comment(mr, mark))


def label(engine: Engine, mr: MergeRequest, _: Word) -> None:
    """Put the label that says who must act on its pull request and source issue; take others off.

    A source issue that others are for as well keeps what they need.
    """
    forge = engine.forge
    if forge is not None:
        wanted = labels(_in_its_place(engine, mr))
        for each in forge.pull_requests(mr.branch, mr.target, ended=mr.closed):
            if each.state is PullRequestState.OPEN or each.head == mr.head:
                forge.label_pull_request(each.number, add=wanted, remove=_others(wanted))
    issue = _source_issue(engine, mr)
    if issue is not None and engine.tracker.name != "local":
        siblings = [each for each in live(engine.view) if each.source_issue == mr.source_issue]
        needed = tuple(sorted({name for each in siblings for name in labels(each)}))
        engine.tracker.label(issue, add=needed, remove=_others(needed))


def _in_its_place(engine: Engine, mr: MergeRequest) -> MergeRequest:
    """Whoever speaks for its branch now: after an end perhaps a newer submission."""
    alive = live(engine.view)
    same = [each for each in alive if (each.branch, each.target) == (mr.branch, mr.target)]
    return same[0] if mr.closed and same else mr


def _others(wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in STATE_LABELS if name not in wanted)


def set_status(engine: Engine, mr: MergeRequest, _: Word) -> None:
    """Show how it stands beside its head."""
    forge = engine.forge
    status = status_of(engine, mr)
    if forge is not None and status is not None:
        forge.set_status(mr.head, status)
        if engine.showing.known is not None:
            engine.showing.known[mr.id] = status


def _source_issue(engine: Engine, mr: MergeRequest) -> IssueRef | None:
    return named_issue(engine, mr.source_issue or "")


def named_issue(engine: Engine, source: str) -> IssueRef | None:
    """The issue that people call 42, #42 or github#42; None where it is none of the tracker's."""
    prefix = f"{engine.tracker.name}#"
    named = source if source.startswith(prefix) else prefix + source.removeprefix("#")
    return IssueRef(named) if ISSUE_REF.fullmatch(named) else None
