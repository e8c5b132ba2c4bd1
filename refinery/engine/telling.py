"""Says outside what the records say already; what could not be said is said by a later run."""

from __future__ import annotations

from refinery.engine import words
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble
from refinery.errors import RefineryError
from refinery.queue.order import live
from refinery.queue.settling import TOLD_CLOSE_SOURCE, TOLD_DELETE_BRANCH, told
from refinery.records.merge_request import MergeRequest
from refinery.records.names import ISSUE_REF, IssueRef, branch_ref
from refinery.repo.refs import RefUpdate


def tell_untold(engine: Engine) -> None:
    """Close source issues and delete branches of what landed, where the target's config says so."""
    for mr in [mr for mr in engine.view.mrs.values() if mr.untold]:
        for task in mr.untold:
            _tell_one(engine, mr, task)


def _tell_one(engine: Engine, mr: MergeRequest, task: str) -> None:
    if _tell(engine, mr, task):
        engine.change(lambda view: told(view, mr.id, task))


def _tell(engine: Engine, mr: MergeRequest, task: str) -> bool:
    """Whether the task is done, or can never be."""
    try:
        if task == TOLD_CLOSE_SOURCE:
            _close_source_issue(engine, mr)
        elif task == TOLD_DELETE_BRANCH:
            _delete_branch(engine, mr)
    except RefineryError as trouble:
        engine.tell(Trouble(f"{mr.id}: {task}: {trouble.message}"))
        return trouble.exit_code != 75
    return True


def _close_source_issue(engine: Engine, mr: MergeRequest) -> None:
    source = mr.source_issue or ""
    prefix = f"{engine.tracker.name}#"
    named = source if source.startswith(prefix) else prefix + source.removeprefix("#")
    if ISSUE_REF.fullmatch(named):
        engine.tracker.close(IssueRef(named), words.landed_reference(mr))


def _delete_branch(engine: Engine, mr: MergeRequest) -> None:
    """Delete the branch if it still is where it was submitted; the landing is confirmed already.

    A branch that others are to land on stays: who merges a release back does not end it.
    """
    lands_on = {mr.target for mr in live(engine.view)}
    if mr.branch == engine.view.header.default_target or mr.branch in lands_on:
        return
    ref = branch_ref(mr.branch)
    engine.store.transport.push([RefUpdate(ref, mr.head, None)])
