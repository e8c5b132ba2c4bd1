"""The pages as files that need no server: which there are, and what is in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from refinery.adapters.forge_pages import ForgePages
from refinery.page.assets import KINDS, asset
from refinery.page.entries import Entry
from refinery.page.front import Show, Wish, front_page
from refinery.page.history_keeping import Known
from refinery.page.history_page import history_page, name_of
from refinery.page.links import Links
from refinery.page.lists import How, landed_page
from refinery.page.paging import cut
from refinery.page.rendering import Frame
from refinery.page.story import Story
from refinery.page.story_page import story_page
from refinery.queue.board_values import Board
from refinery.values import dataclass, replace

MOST_PAGES = 20  # of each list


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown: the queue, what has ended (newest first), the stories, the histories.

    `forge` has the issues and commits.
    """

    name: str
    at: datetime
    board: Board
    ended: Sequence[Entry]
    stories: Sequence[Story]
    histories: Sequence[Known]
    forge: ForgePages = ForgePages()


def files(report: Report) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder, by its path; the same report makes the same files."""
    links = Links(
        static=True,
        mrs=frozenset(each.mr.id for each in report.stories),
        pages=MOST_PAGES,
        forge=report.forge,
    )
    for name in KINDS:
        yield f"assets/{name}", asset(name)
    for path, text in _pages(report, Frame(report.name, links, report.at)):
        yield path, text.encode("utf-8", "replace")


def _pages(report: Report, frame: Frame) -> Iterator[tuple[str, str]]:
    yield from _queue(report, replace(frame, here="queue"))
    yield from _landed(report, replace(frame, here="landed"))
    yield from _histories(report, replace(frame, here="history"))
    below = _below(frame)
    for story in report.stories:
        yield f"mr/{story.mr.id}.html", story_page(story, below)


def _queue(report: Report, frame: Frame) -> Iterator[tuple[str, str]]:
    for number in _numbers(len(report.board.line)):
        path = f"queue-{number}.html" if number > 1 else "index.html"
        yield path, front_page(report.board, frame, Wish(Show.ALL, page=number))


def _landed(report: Report, frame: Frame) -> Iterator[tuple[str, str]]:
    for number in _numbers(len(report.ended)):
        path = f"landed-{number}.html" if number > 1 else "landed.html"
        yield path, landed_page(report.ended, frame, how=How.ALL, page=number)


def _histories(report: Report, frame: Frame) -> Iterator[tuple[str, str]]:
    for each in report.histories:
        name = name_of(each.history.stretch.span)
        stands = _below(frame) if "/" in name else frame
        yield f"{name}.html", history_page(stands, each.history, each.before)


def _below(frame: Frame) -> Frame:
    """The same, a folder down."""
    return replace(frame, links=replace(frame.links, depth=1))


def _numbers(rows: int) -> range:
    return range(1, min(MOST_PAGES, cut(range(rows), 1).count) + 1)
