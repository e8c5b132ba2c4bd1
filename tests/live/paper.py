"""A desk of paper: a view in memory in place of a repository, and a pilot who presses its keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from refinery.answers.refusals import refuse
from refinery.config.config import Check, Config
from refinery.errors import RefineryError
from refinery.live.desk import Elsewhere
from refinery.live.ink import Pen
from refinery.live.snapshot import Processor, Snapshot
from refinery.live.view import LiveView
from refinery.queue.board import board
from refinery.queue.deeds import Order, about_one, about_queue
from refinery.records.issue import Issue
from refinery.records.names import IssueRef
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.view import View
from tests.decisions.makers import MAIN, NOW

PATIENCE = 20.0
CHECKS = Config(checks=(Check("lint", "true"), Check("unit", "true")))


def a_snapshot(view: View, **fields: Any) -> Snapshot:
    """A look at this view, at noon, from a clone whose processor runs."""
    configs = fields.pop("configs", {MAIN: CHECKS})
    values: dict[str, Any] = {
        "name": "shop",
        "view": view,
        "board": board(view, fields.get("at", NOW), configs=configs),
        "configs": configs,
        "processor": Processor(runs=True),
        "logs": Path("/nowhere"),
        "remote": "origin",
        "at": NOW,
    }
    return Snapshot(**values | fields)


@dataclass
class PaperDesk:
    """What a `Desk` offers; tests change `view` and `trouble` under the eyes of the live view."""

    view: View
    logs: Path = Path("/nowhere")
    log: Path = Path("/nowhere/processor.log")
    name: str = "shop"
    trouble: Exception | None = None
    looks: int = 0
    issues: dict[IssueRef, Issue | Elsewhere] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    gate: Callable[[], object] = lambda: None
    _shown: View | None = None

    def now(self) -> datetime:
        return NOW

    def look(self) -> tuple[Snapshot, bool]:
        self.gate()
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        news = self._shown is not self.view
        self._shown = self.view
        return a_snapshot(self.view, logs=self.logs), news

    def carry_out(self, order: Order) -> Snapshot:
        self.gate()
        self.orders.append(order)
        if order.id is None:
            choice = about_queue(order, self.view, by="eve", now=NOW)
        else:
            choice = about_one(order, self.view, order.id, by="eve", now=NOW)
        if not isinstance(choice, Edit):
            raise refuse(choice)
        self.view = self._shown = applied(self.view, choice)
        return a_snapshot(self.view, logs=self.logs)

    def issue(self, issue: IssueRef) -> Issue | Elsewhere:
        if issue not in self.issues:
            raise RefineryError(f"{issue} is not in the tracker")
        return self.issues[issue]


@dataclass
class Live:
    """A live view on a screen of its own, and who sits before it."""

    view: LiveView
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Keys, and what comes of them at once; a text is typed letter by letter."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """A line, and Enter."""
        await self.press(*("space" if letter == " " else letter for letter in text), "enter")

    async def until(self, words: str) -> str:
        """Wait until this is on the screen; all that is."""
        deadline = time.monotonic() + PATIENCE
        while words not in (shown := self.text()):
            assert time.monotonic() < deadline, f"{words!r} never came:\n{shown}"
            await self.pilot.pause()
        return shown

    def text(self) -> str:
        """What is on the screen."""
        strips = self.view.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def styles(self) -> set[str]:
        """Every colour that is on the screen."""
        strips = self.view.screen._compositor.render_strips()
        colours = {
            segment.style.color.name
            for strip in strips
            for segment in strip
            if segment.style and segment.style.color
        }
        return {str(each) for each in colours}


def sit(
    desk: Any,
    act: Callable[[Live], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    pen: Pen | None = None,
) -> LiveView:
    """Show the desk's queue on a screen of this size, and have somebody act before it."""

    async def play() -> LiveView:
        view = LiveView(desk, pen or Pen(), every=3600.0)
        async with view.run_test(size=size) as pilot:
            await act(Live(view, pilot))
        return view

    return asyncio.run(play())


__all__ = ["PATIENCE", "Live", "PaperDesk", "a_snapshot", "replace", "sit"]
