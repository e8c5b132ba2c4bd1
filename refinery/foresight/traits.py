"""What is known of changes before any test: who made them, what they touch, what failed before.

How many lines they change is left out: it would need every file's content, the paths do not.
"""

from __future__ import annotations

from collections.abc import Mapping

from refinery.foresight.path_sets import Span
from refinery.queue.planning.beliefs import Traits
from refinery.queue.planning.from_view import recorded_traits
from refinery.records.merge_request import Landing, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.store.view import View
from refinery.values import replace


def traits_of(view: View, paths: Mapping[MrId, frozenset[str]]) -> dict[MrId, Traits]:
    """The traits of those whose paths are known; of others the records tell all there is."""
    return {
        id: replace(recorded_traits(view.mrs, view.mrs[id]), paths=its) for id, its in paths.items()
    }


def failed(view: View, target: Branch) -> list[MergeRequest]:
    """Those that were tried and have not landed, and do not wait any more."""
    return [
        mr
        for mr in view.mrs.values()
        if mr.target == target
        and mr.attempts
        and mr.landing is None
        and (mr.closed or mr.failure is not None)
    ]


def landed_spans(view: View, target: Branch) -> dict[MrId, Span]:
    """What each one that landed put on the target: from the commit below its own to its own.

    Its head no longer tells: all of it is in the target now.
    """
    return {
        mr.id: (_below(view, mr.id, mr.landing), mr.merge_commit)
        for mr in view.mrs.values()
        if mr.target == target and mr.landing is not None and mr.merge_commit is not None
    }


def _below(view: View, id: MrId, landing: Landing) -> Sha:
    """The commit of the member before it, or the target as it was."""
    at = landing.candidate.index(id) if id in landing.candidate else 0
    before = view.mrs.get(landing.candidate[at - 1]) if at else None
    return (before.merge_commit if before is not None else None) or landing.base
