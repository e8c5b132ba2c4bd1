"""Lines on the screen: how a line of ours becomes one of textual's, and a plain widget of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from refinery.live.ink import Line, Pen, Span, fitted
from refinery.looks import Role

_STYLES = {
    Role.PLAIN: Style(),
    Role.MUTED: Style(dim=True),
    Role.ACTIVE: Style(color="cyan"),
    Role.GOOD: Style(color="green"),
    Role.ATTENTION: Style(color="yellow"),
    Role.BAD: Style(color="red"),
}
_STRONG = Style(bold=True)
_CHOSEN = Style(reverse=True)


def strip_of(line: Line, *, chosen: bool = False) -> Strip:
    """A line as the screen takes it: in the 16 colours that the person's own terminal decides."""
    return Strip([Segment(span.text, _style(span, chosen=chosen)) for span in line])


def _style(span: Span, *, chosen: bool) -> Style:
    style = Style() if chosen else _STYLES[span.role]
    if span.strong:
        style += _STRONG
    return style + _CHOSEN if chosen else style


class Drawn(Widget):
    """So many lines, made for the width there is."""

    def __init__(self, *, pen: Pen, id: str) -> None:
        super().__init__(id=id)
        self._pen = pen
        self._draw: Callable[[int], Sequence[Line]] = lambda _: ()
        self._drawn: Sequence[Line] = ()

    def show(self, draw: Callable[[int], Sequence[Line]]) -> None:
        """Other lines; as high as they are many.  What stays the same is not drawn again."""
        self._draw = draw
        drawn = draw(self._width)
        if drawn == self._drawn:
            return
        if len(drawn) != len(self._drawn):
            self.styles.height = len(drawn)
        self._drawn = drawn
        self.refresh()

    @property
    def lines(self) -> int:
        """How many there are."""
        return len(self._drawn)

    @property
    def _width(self) -> int:
        return self.size.width or self.app.size.width

    def render_line(self, y: int) -> Strip:
        """One of them."""
        lines = self._draw(self.size.width)
        line = lines[y] if y < len(lines) else ()
        return strip_of(fitted(line, self.size.width, self._pen))
