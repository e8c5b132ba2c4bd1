"""Finds live merge requests that are in their targets already, and closes them."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.engine.engine import Engine
from refinery.engine.happenings import Ended, Trouble
from refinery.errors import RefineryError
from refinery.queue.merged_elsewhere import merged_elsewhere
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId
from refinery.store.update import Committed
from refinery.submit.submitting import Relation, relate


def merged_already(
    engine: Engine, mrs: Sequence[MergeRequest], *, vouched: bool = False
) -> dict[MrId, CloseReason]:
    """Which of them bring nothing any more, and why.

    `vouched`: a forge says that it was merged, so that one whose changes are all there was
    squashed or rebased, not empty.
    """
    found = {}
    for mr in mrs:
        if mr.intent or mr.proposal is not None or mr.target not in engine.view.targets:
            continue  # what a pull request of ours lands is recorded with its evidence
        try:
            relation = relate(engine.repo, engine.view, mr.target, mr.head)
        except RefineryError as trouble:
            engine.tell(Trouble(f"{mr.id}: {trouble.message}"))
            continue
        if relation is Relation.IN_TARGET or (vouched and relation is Relation.EMPTY):
            found[mr.id] = CloseReason.ALREADY_MERGED
        elif relation is Relation.EMPTY:
            found[mr.id] = CloseReason.EMPTY
    return found


def close_merged(
    engine: Engine, mrs: Sequence[MergeRequest], *, vouched: bool = False
) -> list[MergeRequest]:
    """Close those that are in their targets; the others."""
    found = merged_already(engine, mrs, vouched=vouched)
    if found:
        done = engine.change(lambda view: merged_elsewhere(view, found, engine.clock()))
        for mr in done.edit.put if isinstance(done, Committed) else ():
            assert mr.close_reason is not None
            engine.tell(Ended(mr.id, mr.close_reason, mr.error or ""))
    return [mr for mr in mrs if mr.id not in found]
