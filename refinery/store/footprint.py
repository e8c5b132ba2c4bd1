"""The refs an edit touches, and whether each is still there afterwards."""

from __future__ import annotations

from refinery.records.names import Ref
from refinery.store.edit import Edit
from refinery.store.layout import RefNames


def footprint(refs: RefNames, edit: Edit) -> dict[Ref, bool]:
    """Ref -> whether it survives, in the order in which a server should rename them.

    Targets come first, then the archive, the queue, and deletions last: a server that dies in
    between leaves a target that is newer than the queue, which the next run rolls forward, or
    records in both queue and archive, and never the other way.
    """
    touched: dict[Ref, bool] = {}
    for move in edit.moves:
        if move.new is not None:
            touched[move.ref] = True
    if edit.archive:
        touched[refs.archive] = True
    if edit.touches_queue:
        touched[refs.queue] = True
    for mr in edit.submit:
        touched[refs.inbox(mr.id)] = True
    for id in edit.claim:
        touched[refs.claim(id)] = True
    for id, head in edit.pins.items():
        touched[refs.pin(id)] = head is not None
    for id in edit.release:
        touched[refs.claim(id)] = False
    for id in edit.fold:
        touched[refs.inbox(id)] = False
    for move in edit.moves:
        if move.new is None:
            touched[move.ref] = False
    return touched
