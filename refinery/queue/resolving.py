"""Conflicts that were resolved without asking anybody: the record, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.queue.candidate import Clash
from refinery.queue.forecasting import listed
from refinery.records.fitting import as_line, as_lines
from refinery.records.merge_request import MergeRequest, Resolution, Resolved
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace

SHOWN = 3


def resolved(
    view: View, clash: Clash, resolution: Resolution | None, *, worker: str
) -> Edit | None:
    """Put the resolution in the head's place from now on; None: the head itself again.

    It keeps its place, its age and its retries: nobody had to do anything.
    """
    mr = view.mrs.get(clash.id)
    if mr is None or mr.closed or mr.block is not None or view.targets.get(mr.target) != clash.base:
        return None
    if mr.resolution == resolution:
        return None
    changed = replace(mr, resolution=_fitting(resolution))
    what = in_words(resolution.ways) if resolution else "the head fits by itself again"
    return Edit(
        event=Event("resolved", f"{mr.id} on {mr.target}: {what}", (mr.id,), worker),
        put=(changed,),
        pins={mr.id: changed.pin},
    )


def in_words(ways: Iterable[Resolved]) -> str:
    """Which way resolved which files, in a line."""
    return "; ".join(f"{each.way.value} resolved {_few(each.files)}" for each in ways)


def message(mr: MergeRequest, ways: Iterable[Resolved]) -> str:
    """The message of the commit that holds a resolved conflict; it is not what lands."""
    return f"Resolve the conflict of {mr.branch} with {mr.target}\n\n{in_words(ways)}\n"


def _few(files: tuple[str, ...]) -> str:
    return listed([as_line(each) for each in files], SHOWN) or "it"


def _fitting(resolution: Resolution | None) -> Resolution | None:
    """With no more files than a record holds."""
    if resolution is None:
        return None
    ways = tuple(replace(each, files=as_lines(each.files)) for each in resolution.ways)
    return replace(resolution, ways=ways)
