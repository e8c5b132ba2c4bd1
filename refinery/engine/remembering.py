"""Remembers how the conflicts of what landed had been resolved: it was tested, and it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble
from refinery.errors import RefineryError
from refinery.records.merge_request import AttemptOutcome, MergeRequest
from refinery.records.names import Branch
from refinery.repo.history import commits_between, merge_base
from refinery.resolving.teaching import Lesson, teach
from refinery.store.edit import Event
from refinery.store.resolution_store import ResolutionStore

MOST_MERGES = 20
MOST_REVISIONS = 10


def memory(engine: Engine) -> ResolutionStore:
    """The shared memory of resolved conflicts."""
    store = engine.store
    return ResolutionStore(engine.repo, store.transport, refs=store.refs, clock=engine.clock)


def remember(engine: Engine, landed: Sequence[MergeRequest], target: Branch) -> None:
    """Learn from these, where that is wanted; trouble with it costs nothing but the lesson."""
    config = engine.settings or engine.config_at(engine.view.targets.get(target), target)
    if config is None or not config.resolve.rerere:
        return
    for mr in landed:
        try:
            lessons = [*_merges(engine, mr), *_rebased(engine, mr)]
            event = Event("learnt", f"how {mr.id} resolved its conflicts", (mr.id,), engine.worker)
            if lessons:
                teach(engine.repo, memory(engine), lessons, event)
        except RefineryError as trouble:
            engine.tell(Trouble(f"{mr.id}: its conflicts are not remembered: {trouble.message}"))


def _merges(engine: Engine, mr: MergeRequest) -> Iterator[Lesson]:
    """Each merge that its author made, most likely of the target."""
    if mr.landing is None:
        return
    own = commits_between(engine.repo, mr.landing.base, mr.head)
    merges = [commit for commit in own if len(commit.parents) == 2]
    for commit in merges[:MOST_MERGES]:
        ours, theirs = commit.parents
        yield Lesson(ours, theirs, commit.tree)


def _rebased(engine: Engine, mr: MergeRequest) -> Iterator[Lesson]:
    """A revision that conflicted, and the one that was made of it."""
    before = _that_conflicted(engine, mr)
    if before is None or mr.landing is None:
        return
    repo = engine.repo
    onto = merge_base(repo, mr.landing.base, mr.head)
    if onto is not None and repo.reader.read(f"{before.head}^{{commit}}") is not None:
        yield Lesson(onto, before.head, repo.reader.commit(mr.head).tree)


def _that_conflicted(engine: Engine, mr: MergeRequest) -> MergeRequest | None:
    """The newest of its earlier revisions that could not be put on the target."""
    for _ in range(MOST_REVISIONS):
        before = engine.view.mrs.get(mr.supersedes) if mr.supersedes else None
        if before is None:
            return None
        if any(each.outcome is AttemptOutcome.CONFLICT for each in before.attempts):
            return before
        mr = before
    return None
