"""Grouping: what is submitted in one transaction, and what is queued already joining others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from refinery.queue.folding import fold
from refinery.queue.standing import newest_revision
from refinery.queue.submission import Request
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, Sha
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace


def regrouped(view: View, mr: MergeRequest, request: Request, now: datetime) -> Edit | None:
    """The edit that does it; None where that is so already.

    What lies in the inbox never changes, so all of that is folded with it.
    """
    more = [id for id in request.depends_on or () if id not in _waited_for(view, mr)]
    unit = mr.unit if request.unit is None else request.unit or None
    if not more and unit == mr.unit:
        return None
    folded = fold(view, now) if mr.id in view.unfolded else None
    before = next((each for each in folded.put if each.id == mr.id), mr) if folded else mr
    changed = replace(
        before, depends_on=(*before.depends_on, *more), stands_on=request.stands_on, unit=unit
    )
    event = Event("regrouped", f"{mr.id} lands {_grouped(changed)}", (mr.id,), mr.worker)
    others = tuple(each for each in folded.put if each.id != mr.id) if folded else ()
    return replace(folded or Edit(event), event=event, put=(*others, changed))


def _waited_for(view: View, mr: MergeRequest) -> set[MrId]:
    found = (newest_revision(view, id) for id in mr.depends_on)
    return {*mr.depends_on, *(each.id for each in found if each is not None)}


def _grouped(mr: MergeRequest) -> str:
    after = f"after {', '.join(mr.depends_on)}" if mr.depends_on else "after nobody"
    return f"{after}, as one of unit {mr.unit}" if mr.unit else after


def joined(edits: Sequence[Edit]) -> Edit:
    """Submissions of one push as one transaction."""
    if len(edits) == 1:
        return edits[0]
    submitted = tuple(mr for edit in edits for mr in edit.submit)
    put = {mr.id: mr for edit in edits for mr in edit.put}
    ids = tuple(mr.id for mr in (*submitted, *put.values()))
    pins: dict[MrId, Sha | None] = {}
    for edit in edits:
        pins |= edit.pins
    return Edit(
        event=Event("submitted", f"submit {len(ids)} merge requests", ids, edits[0].event.worker),
        put=tuple(put.values()),
        submit=submitted,
        fold=tuple(id for edit in edits for id in edit.fold),
        release=tuple(id for edit in edits for id in edit.release),
        pins=pins,
        moves=tuple(move for edit in edits for move in edit.moves),
    )
