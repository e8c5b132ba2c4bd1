"""The page of the history: one stretch of time, and the way to the others."""

from __future__ import annotations

from datetime import datetime

from refinery.page import history_words as words
from refinery.page.charts import key_of, share_bar
from refinery.page.history import History
from refinery.page.history_spans import USUAL, Span, stretch
from refinery.page.history_view import SHOWN, cards, tiles
from refinery.page.links import Links
from refinery.page.rendering import Frame, render
from refinery.queue.measures import Measures
from refinery.records.names import Branch
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for: a span, of one target or (None) all of them."""

    span: Span = USUAL
    target: Branch | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another choice."""

    words: str
    href: str
    current: bool


def name_of(span: Span) -> str:
    """The page of a span; the usual one is what `History` leads to."""
    return "history" if span is USUAL else f"history/{span.value}"


def history_page(
    frame: Frame,
    history: History,
    before: Measures | None,
    *,
    targets: tuple[Branch, ...] = (),
) -> str:
    """The whole page; `before` is what it is compared with."""
    chosen = Chosen(history.stretch.span, history.measures.period.target)
    return render(
        "history.html",
        frame,
        history=history,
        spans=_spans(frame.links, chosen, frame.at),
        targets=_targets(frame.links, chosen, targets) if len(targets) > 1 else (),
        tiles=tiles(history, before),
        against=words.against(history.stretch) if before is not None else "",
        cards=cards(history),
        key_of=key_of,
        share_bar=share_bar,
        words=words,
        shown=SHOWN,
    )


def waiting_page(frame: Frame, chosen: Chosen) -> str:
    """What is shown while the past is read for the first time."""
    spans = _spans(frame.links, chosen, frame.at)
    title = stretch(chosen.span, frame.at).title
    return render("history_waiting.html", frame, spans=spans, title=title)


def _spans(links: Links, chosen: Chosen, now: datetime) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            words.span_name(span, stretch(span, now).title),
            links.page(name_of(span), target=chosen.target),
            span is chosen.span,
        )
        for span in Span
    )


def _targets(links: Links, chosen: Chosen, targets: tuple[Branch, ...]) -> tuple[Choice, ...]:
    name = name_of(chosen.span)
    return (
        Choice("All targets", links.page(name), chosen.target is None),
        *(
            Choice(each, links.page(name, target=each), chosen.target == each)
            for each in sorted(targets)
        ),
    )
