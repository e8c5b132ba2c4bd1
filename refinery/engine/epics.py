"""Queues the branches of finished epics by themselves, where the configuration asks for it."""

from __future__ import annotations

from refinery.config.integration import EpicLanding
from refinery.engine import healing
from refinery.engine.engine import Engine
from refinery.engine.forge_words import named_issue
from refinery.engine.happenings import EpicQueued, Trouble
from refinery.errors import RefineryError
from refinery.queue.epics import Finished, finished, queued
from refinery.queue.tracking import IssueStatus
from refinery.records.names import Sha, branch_ref
from refinery.records.schema import InvalidRecord
from refinery.repo.history import is_ancestor
from refinery.repo.merging import Merged, merge_tree
from refinery.repo.signature import Signature
from refinery.store.archive import fetch_archive
from refinery.store.update import Committed

CLOCKS_DIFFER = 86_400  # seconds


def queue_finished(engine: Engine) -> None:
    """Queue each whose time has come; one that was sent back stays with people."""
    try:
        rules = engine.config(engine.view.header.default_target).integration
    except InvalidRecord:
        return
    for epic in finished(engine.view, rules):
        try:
            head = _due(engine, epic, rules.land)
            if head is not None:
                _queue(engine, epic, head)
        except RefineryError as error:
            engine.tell(Trouble(f"epic {epic.epic}: {error.message}"))


def _queue(engine: Engine, epic: Finished, head: Sha) -> None:
    done = engine.change(
        lambda view: queued(view, epic, head, by=engine.worker, now=engine.clock())
    )
    if isinstance(done, Committed):
        engine.tell(EpicQueued(done.edit.submit[0].id, epic.epic, epic.branch, epic.target))
        healing.fold(engine)


def _due(engine: Engine, epic: Finished, when: EpicLanding) -> Sha | None:
    """The head to land, if there is one that the target lacks and nobody has decided about."""
    if (epic.branch, engine.view.header.landed[epic.branch]) in engine.epics_done:
        return None
    ref = branch_ref(epic.branch)
    engine.store.mirror.fetch([ref])
    head = engine.store.mirror.known([ref]).get(ref)
    if head is None or _is_settled(engine, epic, head):
        engine.epics_done.add((epic.branch, engine.view.header.landed[epic.branch]))
        return None
    if when is EpicLanding.WHEN_CLOSED and not _is_closed(engine, epic):
        return None
    return head


def _is_settled(engine: Engine, epic: Finished, head: Sha) -> bool:
    """Whether the target has all of it, or the same commit was queued before."""
    tip = engine.view.targets[epic.target]
    if is_ancestor(engine.repo, head, tip):
        return True
    merged = merge_tree(engine.repo, tip, head)
    if isinstance(merged, Merged) and merged.tree == engine.view.target_trees[epic.target]:
        return True
    made = Signature.parse(engine.repo.reader.commit(head).committer).when
    archived = fetch_archive(engine.store, since=made - CLOCKS_DIFFER).read()
    known = [*engine.view.mrs.values(), *archived.mrs.values()]
    return any((mr.branch, mr.target, mr.head) == (epic.branch, epic.target, head) for mr in known)


def _is_closed(engine: Engine, epic: Finished) -> bool:
    """Whether the issue that the epic is called as is closed; unknown is not yes."""
    issue = named_issue(engine, epic.epic)
    if issue is None:
        return False
    return engine.tracker_of(issue).statuses([issue]).get(issue) is IssueStatus.CLOSED
