"""Draws charts as inline SVG: as wide as there is room, in the page's colours, with words in it.

Widths are percentages and heights pixels, so that letters keep their size on a phone.  Nothing is
told by colour alone: the second series is dashed and its marks are hollow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import ceil

from refinery.values import dataclass

HEIGHT = 168  # of the plot; below it there is room for what the steps are called
_TOP, _BELOW, _LEFT = 12, 24, 48
_FEW = 45  # points that each have a mark
_SERIES = ("first", "second")


@dataclass(frozen=True, slots=True)
class Axis:
    """From 0 to `top`, with a line at each of `ticks`; `words` says a value."""

    top: float
    ticks: tuple[float, ...]
    words: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    """A name and a value for each step; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: one or two series over steps.

    `key` tells it from others on the page, `summary` says for those who do not see it what there is
    to see, `said` is what is said of each step, `marks` are the steps that are named below.
    """

    key: str
    title: str
    summary: str
    axis: Axis
    series: tuple[Series, ...]
    said: Sequence[str]
    marks: Sequence[tuple[int, str]]


def bars(chart: Chart) -> str:
    """A column for each step; two series stand on each other, the second on top."""
    return _figure(chart, _columns(chart))


def lines(chart: Chart) -> str:
    """A line for each series, with gaps where nothing is known."""
    return _figure(chart, _curves(chart))


def share_bar(share: float) -> str:
    """A bar inside a row of a table, which says the number itself."""
    return (
        '<svg class="share" width="100%" height="10" aria-hidden="true">'
        f'<rect class="first" width="{_number(100 * min(1.0, max(0.0, share)))}%" height="10"/>'
        "</svg>"
    )


def key_of(number: int) -> str:
    """What a series looks like, for the legend."""
    name = _SERIES[number]
    return (
        '<svg class="key" width="28" height="12" aria-hidden="true">'
        f'<line class="curve {name}" x1="1" y1="6" x2="27" y2="6"/>'
        f'<circle class="dot {name}" cx="14" cy="6" r="3.5"/></svg>'
    )


def counts(most: float) -> Axis:
    """Whole numbers."""
    steps = [size * 10**power for power in range(9) for size in (1, 2, 5)]
    return _axis(most, steps, lambda value: f"{value:,.0f}".replace(",", "\N{THIN SPACE}"))


def shares(most: float) -> Axis:
    """Parts of a whole, in per cent."""
    return _axis(
        most, (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25), lambda each: f"{100 * each:.3g}%"
    )


def axis(most: float, steps: Sequence[float], words: Callable[[float], str]) -> Axis:
    """At most four lines, at multiples of the first step that does."""
    return _axis(most, steps, words)


def _axis(most: float, steps: Sequence[float], words: Callable[[float], str]) -> Axis:
    step = next((each for each in steps if most <= 4 * each), steps[-1])
    count = max(1, ceil(most / step - 1e-9))
    if count > 8:  # further than any step reaches
        step, count = most / 4, 4
    return Axis(count * step, tuple(number * step for number in range(count + 1)), words)


def _figure(chart: Chart, drawn: Iterator[str]) -> str:
    title, summary = f"{chart.key}-title", f"{chart.key}-summary"
    height = _TOP + HEIGHT + _BELOW
    return "".join(
        (
            '<div class="plot">',
            f'<svg class="axis" width="{_LEFT}" height="{height}" aria-hidden="true">',
            *_levels(chart.axis),
            "</svg>",
            f'<svg class="chart" role="img" aria-labelledby="{title} {summary}"'
            f' width="100%" height="{height}">',
            f'<title id="{title}">{escape(chart.title)}</title>',
            f'<desc id="{summary}">{escape(chart.summary)}</desc>',
            f'<svg y="{_TOP}" width="100%" height="{HEIGHT}" overflow="visible">',
            *_grid(chart.axis),
            *drawn,
            *_said(chart),
            "</svg>",
            *_below(chart),
            "</svg></div>",
        )
    )


def _levels(scale: Axis) -> Iterator[str]:
    for value in scale.ticks:
        y = _TOP + HEIGHT * (1 - value / scale.top) + 4
        yield (
            f'<text x="{_LEFT - 8}" y="{_number(y)}" text-anchor="end">'
            f"{escape(scale.words(value))}</text>"
        )


def _grid(scale: Axis) -> Iterator[str]:
    for value in scale.ticks:
        y = _number(100 * (1 - value / scale.top))
        kind = "grid" if value else "ground"
        yield f'<line class="{kind}" x1="0" x2="100%" y1="{y}%" y2="{y}%"/>'


def _columns(chart: Chart) -> Iterator[str]:
    width = 100 / len(chart.said)
    for step in range(len(chart.said)):
        below = 0.0
        for series, name in zip(chart.series, _SERIES, strict=False):
            value = series.values[step] or 0.0
            if not value:
                continue
            high = 100 * value / chart.axis.top
            yield (
                f'<rect class="column {name}" x="{_number(width * (step + 0.14))}%"'
                f' y="{_number(100 - below - high)}%" width="{_number(width * 0.72)}%"'
                f' height="{_number(high)}%"/>'
            )
            below += high


def _curves(chart: Chart) -> Iterator[str]:
    """Paths are stretched to the width there is; marks are not, and stay round."""
    few = len(chart.said) <= _FEW
    yield '<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">'
    for series, name in zip(chart.series, _SERIES, strict=False):
        yield f'<path class="curve {name}" d="{_path(series, chart.axis)}"/>'
    yield "</svg>"
    for series, name in zip(chart.series, _SERIES, strict=False):
        for step, value in enumerate(series.values):
            if value is not None and (few or _is_alone(series, step)):
                x, y = (_number(100 * part) for part in _point(series, step, value, chart.axis))
                yield f'<circle class="dot {name}" cx="{x}%" cy="{y}%" r="3"/>'


def _path(series: Series, scale: Axis) -> str:
    parts = []
    pen = "M"
    for step, value in enumerate(series.values):
        if value is None:
            pen = "M"
            continue
        x, y = _point(series, step, value, scale)
        parts.append(f"{pen}{_number(1000 * x)} {_number(1000 * y)}")
        pen = "L"
    return "".join(parts)


def _point(series: Series, step: int, value: float, scale: Axis) -> tuple[float, float]:
    return (step + 0.5) / len(series.values), 1 - value / scale.top


def _is_alone(series: Series, step: int) -> bool:
    beside = (*series.values[max(0, step - 1) : step], *series.values[step + 1 : step + 2])
    return all(each is None for each in beside)


def _said(chart: Chart) -> Iterator[str]:
    """What is said of a step where the pointer rests."""
    width = 100 / len(chart.said)
    for step, words in enumerate(chart.said):
        yield (
            f'<rect class="step" x="{_number(width * step)}%" width="{_number(width)}%"'
            f' height="100%"><title>{escape(words)}</title></rect>'
        )


def _below(chart: Chart) -> Iterator[str]:
    count = len(chart.said)
    for step, words in chart.marks:
        place = (step + 0.5) / count
        anchor = "start" if place < 0.1 else "end" if place > 0.9 else "middle"
        x = {"start": 0.0, "middle": place, "end": 1.0}[anchor]
        yield (
            f'<text class="when" x="{_number(100 * x)}%" y="{_TOP + HEIGHT + 18}"'
            f' text-anchor="{anchor}">{escape(words)}</text>'
        )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
