"""Pages over the view: all about one merge request, an issue, the keys, a log that is followed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Log, Static

from refinery.engine.check_output import readable
from refinery.typed import ClassVar

LOG_EVERY = 0.5  # seconds
LOG_FIRST = 256 << 10  # bytes of an old log that are shown
LOG_LINES = 20_000

_LEAVE = Binding("escape,q,enter", "app.pop_screen", "back", show=False)
_MOVES: list[BindingType] = [
    Binding("up,k", "scroll_up", "up", show=False),
    Binding("down,j", "scroll_down", "down", show=False),
    Binding("pageup,b", "page_up", "page up", show=False),
    Binding("pagedown,space", "page_down", "page down", show=False),
    Binding("left", "scroll_left", "left", show=False),
    Binding("right", "scroll_right", "right", show=False),
    Binding("home,g", "scroll_home", "top", show=False),
    Binding("end,G", "scroll_end", "end", show=False),
]


class TextPage(Screen[None]):
    """Text that is read and left."""

    BINDINGS: ClassVar[list[BindingType]] = [_LEAVE]

    class Body(VerticalScroll):
        """Scrolls as a pager does."""

        BINDINGS: ClassVar[list[BindingType]] = _MOVES

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._text = "\n".join(lines)

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield Static(Content(self._title), classes="title")
        with self.Body():
            yield Static(Content(self._text))
        yield Static("Esc back   Up, Down, PgUp, PgDn scroll", classes="keys")

    def on_mount(self) -> None:
        """The keys scroll at once."""
        self.query_one(self.Body).focus()


class LogPage(Screen[None]):
    """A log that is followed while it grows; with several, Tab shows the next one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _LEAVE,
        Binding("tab", "other(1)", "next log", show=False, priority=True),
        Binding("shift+tab", "other(-1)", "log before", show=False, priority=True),
        Binding("f", "follow", "follow", show=False),
    ]

    class Body(Log):
        """Scrolls as a pager does."""

        BINDINGS: ClassVar[list[BindingType]] = _MOVES

    def __init__(self, logs: Sequence[tuple[str, Path]], at: int = 0) -> None:
        super().__init__()
        self._logs = logs
        self._at = at
        self._place = 0
        self._rest = b""

    def compose(self) -> ComposeResult:
        """Title, log, keys."""
        yield Static("", classes="title", markup=False)
        yield self.Body(max_lines=LOG_LINES)
        more = "Tab other log   " if len(self._logs) > 1 else ""
        yield Static(f"Esc back   {more}G follow the end   Up, PgUp stop there", classes="keys")

    def on_mount(self) -> None:
        """Show what is there, then what comes."""
        self.query_one(self.Body).focus()
        self._begin()
        self.set_interval(LOG_EVERY, self.read_on)

    def action_other(self, by: int) -> None:
        """Another check of the same run."""
        self._at = (self._at + by) % len(self._logs)
        self._begin()

    def action_follow(self) -> None:
        """Go to the end, and stay there."""
        self.query_one(self.Body).scroll_end(animate=False)

    def _begin(self) -> None:
        title, path = self._logs[self._at]
        number = f"{self._at + 1} of {len(self._logs)}: " if len(self._logs) > 1 else ""
        self.query_one(".title", Static).update(Content(f"{number}{title}  {path}"))
        self.query_one(self.Body).clear()
        self._rest = b""
        try:
            self._place = max(0, path.stat().st_size - LOG_FIRST)
        except OSError:
            self._place = 0
        self.read_on()

    def read_on(self) -> None:
        """What was written since; whole lines, so that no letter is torn."""
        path = self._logs[self._at][1]
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._place:
                    self._place = 0  # it was moved aside, and begun anew
                file.seek(self._place)
                data = file.read(LOG_FIRST)
        except OSError:
            return
        if not data:
            return
        self._place += len(data)
        whole, line_end, self._rest = (self._rest + data).rpartition(b"\n")
        if line_end:
            body = self.query_one(self.Body)
            at_end = body.is_vertical_scroll_end
            body.write(f"{readable(whole)}\n", scroll_end=at_end)
