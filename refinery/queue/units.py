"""Units: those for one target with the same unit's name land in one push, or none of them."""

from __future__ import annotations

from collections.abc import Collection

from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.view import View


def unit_of(view: View, mr: MergeRequest) -> tuple[MergeRequest, ...]:
    """The open ones of its unit, itself among them, oldest first; nothing where it has none."""
    if mr.unit is None:
        return ()
    found = [
        each
        for each in view.mrs.values()
        if each.unit == mr.unit and each.target == mr.target and not each.closed
    ]
    return tuple(sorted(found, key=lambda each: (each.created_at, each.id)))


def left_out(view: View, ids: Collection[MrId]) -> MergeRequest | None:
    """One that would have to land with these, and is not among them."""
    missing = (
        each
        for id in ids
        if id in view.mrs
        for each in unit_of(view, view.mrs[id])
        if each.id not in ids
    )
    return next(missing, None)
