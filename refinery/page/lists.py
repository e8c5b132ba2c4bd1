"""The pages that are lists: what has ended, and what a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.page.entries import Entry
from refinery.page.paging import cut
from refinery.page.rendering import Frame, render
from refinery.queue.board import Line
from refinery.records.merge_request import CloseReason
from refinery.records.names import MrId
from refinery.values import StrEnum

LONGEST_SEARCH = 200
NO_LINES: Mapping[MrId, Line] = {}


class How(StrEnum):
    """Which endings are listed."""

    LANDED = "landed"
    OTHERS = "others"
    ALL = "all"


def landed_page(
    ended: Sequence[Entry], frame: Frame, *, how: How = How.LANDED, page: int = 1
) -> str:
    """What has ended, newest first, as `entries.newest_first` gives it."""
    counts = {each: sum(_is(entry, each) for entry in ended) for each in How}
    return render(
        "landed.html",
        frame,
        rows=cut([each for each in ended if _is(each, how)], page),
        how=how,
        counts=counts,
        lines={},
        titles={How.LANDED: "Landed", How.OTHERS: "Ended otherwise", How.ALL: "All"},
    )


def search_page(
    text: str,
    hits: Sequence[Entry],
    frame: Frame,
    *,
    lines: Mapping[MrId, Line] = NO_LINES,
    page: int = 1,
) -> str:
    """What a search found, the best first; `lines` tell where the open ones stand."""
    return render("search.html", frame, text=text, rows=cut(hits, page), lines=lines)


def _is(entry: Entry, how: How) -> bool:
    if how is How.ALL:
        return True
    return (entry.close_reason is CloseReason.MERGED) == (how is How.LANDED)
