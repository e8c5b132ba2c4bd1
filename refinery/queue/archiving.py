"""Archiving: moves closed merge requests out of the live queue, in groups."""

from __future__ import annotations

from refinery.queue.standing import stands_for
from refinery.records.names import MrId
from refinery.records.verdict import Result
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace

GROUP = 64
KEPT_CLOSED = 32


def archive(view: View, *, at_least: int = GROUP) -> Edit | None:
    """The edit that archives the oldest closed ones; None while too few are closed.

    Kept are those that somebody alive depends on or is tested on, those with words still to be
    said, and the newest few, which people ask about most.
    """
    needed = _depended_on(view) | _built_on(view)
    closed = [
        mr for mr in view.mrs.values() if mr.closed and mr.closed_at and mr.id not in view.unfolded
    ]
    closed.sort(key=lambda mr: (mr.closed_at, mr.id))
    old = closed[: max(0, len(closed) - KEPT_CLOSED)]
    ripe = tuple(mr for mr in old if mr.id not in needed and not mr.untold)
    if len(ripe) < at_least:
        return None
    return Edit(
        event=Event("archived", f"archive {len(ripe)} merge requests", tuple(mr.id for mr in ripe)),
        archive=ripe,
        header=replace(view.header, archived=view.header.archived + 1),
    )


def _built_on(view: View) -> set[MrId]:
    """The landings that something was built on which still says something: they show it was good.

    Without them a failure on their commit would not count.
    """
    bases = {each.base for each in view.verdicts.values() if each.result is not Result.PASS}
    bases |= {each.base for each in view.claims.values() if each.base is not None}
    return {
        mr.id
        for mr in view.mrs.values()
        if mr.landing is not None
        and not bases.isdisjoint((mr.landing.commit, mr.landing.merged_as))
    }


def _depended_on(view: View) -> set[MrId]:
    """What the living depend on, with the revisions that went on in its place."""
    wanted = [id for mr in view.mrs.values() if not mr.closed for id in mr.depends_on]
    known: set[MrId] = set()
    while wanted:
        id = wanted.pop()
        revision = view.mrs.get(id)
        if id not in known and revision is not None and revision.superseded_by is not None:
            wanted.append(revision.superseded_by)
        elif id not in known and (instead := stands_for(view, id)) is not None:
            known.add(instead.id)
        known.add(id)
    return known
