"""The page of one merge request: where it stands, what to do, and its whole story."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.page.rendering import Frame, render
from refinery.page.story import Story
from refinery.queue.deeds import fitting
from refinery.queue.score import LOWEST_PRIORITY
from refinery.records.names import MrId, Sha
from refinery.values import dataclass

_PRIORITIES = {0: "0, the most urgent", LOWEST_PRIORITY: f"{LOWEST_PRIORITY}, can wait"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known: text, or what it leads to."""

    title: str
    text: str = ""
    mrs: tuple[MrId, ...] = ()
    commit: Sha | None = None


def story_page(story: Story, frame: Frame) -> str:
    """The HTML; only who showed the token is offered what can be done."""
    may = frame.live and frame.visitor is not None
    return render(
        "merge_request.html",
        frame,
        story=story,
        mr=story.mr,
        explained=story.explained,
        facts=tuple(_facts(story)),
        deeds=fitting(story.mr) if may else (),
    )


def _facts(story: Story) -> Iterator[Fact]:
    mr, line = story.mr, story.line
    if line is not None and line.place is not None:
        yield Fact("Place", f"{line.place.number} of {line.place.of} for {mr.target}")
    yield Fact("Author", mr.worker)
    yield Fact("Head", commit=mr.head)
    if not mr.closed:
        yield Fact("Priority", _PRIORITIES.get(mr.priority, str(mr.priority)))
    if mr.landing is not None:
        yield from _landing(story)
    named = [
        ("Source issue", mr.source_issue),
        ("Epic", mr.epic),
        ("Convoy", mr.convoy_id),
        ("Unit", mr.unit),
        ("Retries", str(mr.retry_count) if mr.retry_count else None),
    ]
    yield from (Fact(title, text) for title, text in named if text)
    yield from (Fact(title, mrs=ids) for title, ids in _relations(story) if ids)


def _landing(story: Story) -> Iterator[Fact]:
    landing, mr = story.mr.landing, story.mr
    assert landing is not None
    yield Fact("Landed as", commit=mr.merge_commit)
    yield Fact("Tested tree", landing.tree)
    yield Fact("On top of", commit=landing.base)
    yield Fact("Method", landing.method.value)
    others = tuple(id for id in landing.candidate if id != mr.id)
    if others:
        yield Fact("Landed with", mrs=others)


def _relations(story: Story) -> Iterator[tuple[str, tuple[MrId, ...]]]:
    mr = story.mr
    yield "Depends on", mr.depends_on
    yield "Waited for by", story.dependents
    yield "Replaces", (mr.supersedes,) if mr.supersedes else ()
    yield "Replaced by", (mr.superseded_by,) if mr.superseded_by else ()
