"""A panel of items on the screen: draws only what is seen, keeps its cursor on the same item."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from refinery.live.drawn import strip_of
from refinery.live.frame import rule
from refinery.live.ink import Line, Pen, Span, fitted
from refinery.live.panels import Item
from refinery.looks import Role
from refinery.typed import ClassVar


class ListPanel(Widget, can_focus=True):
    """Items under a title; those of several lines are chosen as one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "to_end(0)", "first", show=False),
        Binding("end,G", "to_end(-1)", "last", show=False),
    ]

    class Chosen(Message):
        """The cursor stands on another item, or on none: moved there, or left there."""

        def __init__(self, *, moved: bool) -> None:
            super().__init__()
            self.moved = moved

    def __init__(self, *, pen: Pen, id: str, heading: str, empty: str) -> None:
        super().__init__(id=id)
        self.pen = pen
        self.empty = empty
        self.heading = heading
        self._items: Sequence[Item] = ()
        self._starts: list[int] = [0]
        self._top = 0
        self._key: str | None = None

    @property
    def key(self) -> str | None:
        """The item under the cursor."""
        return self._key

    @property
    def _index(self) -> int | None:
        found = (number for number, item in enumerate(self._items) if item.key == self._key)
        return next(found, None)

    def show_items(self, items: Sequence[Item], heading: str) -> None:
        """Other items; the cursor stays where it was: on its item, or else at its place."""
        before = self._index or 0
        self._items, self.heading = items, heading
        self._starts = [0, *accumulate(item.height for item in items)]
        if self._index is None:
            at = min(before, len(items) - 1)
            self._choose(items[at].key if items else None, moved=False)
        self._show_chosen()

    def choose(self, key: str) -> None:
        """Put the cursor on an item."""
        self._choose(key)
        self._show_chosen()

    def _choose(self, key: str | None, *, moved: bool = True) -> None:
        if key != self._key:
            self._key = key
            self.post_message(self.Chosen(moved=moved))
            self.refresh()

    def action_move(self, by: int) -> None:
        """Up and down, item by item."""
        if self._items:
            at = (self._index or 0) + by
            self._choose(self._items[max(0, min(at, len(self._items) - 1))].key)
            self._show_chosen()

    def action_page(self, by: int) -> None:
        """As many items as there are lines."""
        self.action_move(by * max(1, self._room - 1))

    def action_to_end(self, at: int) -> None:
        """The first, or the last."""
        if self._items:
            self.choose(self._items[at].key)

    @property
    def _room(self) -> int:
        """Lines under the title."""
        return max(1, self.size.height - 1)

    def _show_chosen(self) -> None:
        """Scroll as little as possible, and not beyond the end."""
        at = self._index
        if at is not None:
            first, after = self._starts[at], self._starts[at + 1]
            self._top = min(first, max(self._top, after - self._room))
        self._top = max(0, min(self._top, self._starts[-1] - self._room))
        self.refresh()

    def on_resize(self) -> None:
        """What is chosen stays in sight."""
        self._show_chosen()

    def render_line(self, y: int) -> Strip:
        """The title stays, the items scroll beneath it."""
        width = self.size.width
        if y == 0:
            return strip_of(fitted(self._title(width), width, self.pen))
        if not self._items:
            words = Span(f"    {self.empty}", Role.MUTED)
            return strip_of(fitted((words,) if y == 1 else (), width, self.pen))
        at = self._top + y - 1
        if at >= self._starts[-1]:
            return Strip.blank(width)
        number = bisect_right(self._starts, at) - 1
        item = self._items[number]
        lines = item.draw(width)
        chosen = self.has_focus and item.key == self._key
        return strip_of(
            fitted(lines[at - self._starts[number]], width, self.pen),
            chosen=chosen and at == self._starts[number],
        )

    def _title(self, width: int) -> Line:
        hidden = self._starts[-1] > self._room
        heading = f"{self.heading}{self.pen.dot}{self._seen()}" if hidden else self.heading
        mark, title, ends = rule(heading, width, self.pen)
        focused = Span(mark.text, Role.ACTIVE, strong=True) if self.has_focus else mark
        return (focused, title, ends)

    def _seen(self) -> str:
        """Which of the items are on the screen, where not all of them fit."""
        first = bisect_right(self._starts, self._top)
        last = bisect_right(self._starts, self._top + self._room - 1)
        return f"{first}{self.pen.to}{min(last, len(self._items))} of {len(self._items)}"

    def on_focus(self) -> None:
        """Whoever looks must see where the keys go."""
        self.post_message(self.Chosen(moved=True))
        self.refresh()

    def on_blur(self) -> None:
        """And where they went."""
        self.refresh()
