"""What the page of the history shows: figures at the top, charts with their tables, and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.page import history_words as words
from refinery.page.charts import Axis, Chart, Series, axis, bars, counts, lines, shares
from refinery.page.history import History, Step
from refinery.queue.measures import Measures
from refinery.values import dataclass

SHOWN = 20
Value = Callable[[Step], float | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, what it is of, and how it was before."""

    label: str
    value: str
    note: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One chart and the table of the same: each row is a step and its cells."""

    key: str
    title: str
    note: str
    drawn: str
    names: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: bool


def tiles(history: History, before: Measures | None) -> tuple[Tile, ...]:
    """The figures of the whole stretch."""
    now = history.measures
    landing, wait = now.landing, now.wait
    green = now.green.share
    days = max(1.0, now.period.seconds / 86400)

    def change(figure: Callable[[Measures], float | None]) -> str:
        return words.compared(figure(now), figure(before)) if before is not None else ""

    return (
        Tile(
            "Landed",
            words.number(now.landed),
            f"{words.rate(now.landed / days)} a day",
            change(lambda of: of.landed),
        ),
        Tile(
            "Time to land",
            words.minutes(landing.p50 if landing.count else None),
            f"P95 {words.minutes(landing.p95)}" if landing.count else "nothing landed",
            change(lambda of: of.landing.p50),
        ),
        Tile(
            "Wait for the first test",
            words.minutes(wait.p50 if wait.count else None),
            f"P95 {words.minutes(wait.p95)}" if wait.count else "nothing tested",
            change(lambda of: of.wait.p50),
        ),
        Tile(
            "CI time for a landing",
            words.minutes(now.minutes_per_landed),
            f"{words.minutes(now.work.seconds / 60)} in all",
            change(lambda of: of.minutes_per_landed),
        ),
        Tile(
            "Failed runs",
            words.share(history.failure_share),
            f"of {words.number(history.runs)} runs",
        ),
        Tile("Flaky", words.share(history.flake_share), "of good trees failed at first"),
        Tile("Target green", words.share(green), "of the time that is known"),
        Tile(
            "Conflicts",
            words.number(history.conflicts),
            f"and {words.number(len(history.culprits))} sent back",
        ),
    )


def cards(history: History) -> tuple[Card, ...]:
    """The charts."""
    a_step = words.each_step(history.stretch)
    return (
        _landings(history, a_step),
        _times(
            history,
            ("landing", "Time to land", "From submission to landing, of those that landed."),
            (lambda each: each.landing.p50, lambda each: each.landing.p95),
            lambda each: each.landing.count,
        ),
        _times(
            history,
            ("wait", "Wait for the first test", f"By the {a_step} of submission."),
            (lambda each: each.wait.p50, lambda each: each.wait.p95),
            lambda each: each.wait.count,
        ),
        _costs(history),
        _troubles(history),
    )


def _landings(history: History, a_step: str) -> Card:
    values = [float(each.landed) for each in history.steps]
    said = [f"{words.number(each.landed)} landed" for each in history.steps]
    chart = _chart(
        history,
        ("landed", f"Landed each {a_step}", ("Landed",)),
        counts(max(values)),
        (values,),
        said,
        peak=(values, lambda value: f"{value:,.0f}"),
    )
    return _card(
        history,
        chart,
        bars(chart),
        "Merge requests that came to their target.",
        [(words.number(each.landed),) for each in history.steps],
        is_empty=not any(values),
    )


def _times(
    history: History,
    named: tuple[str, str, str],
    values: tuple[Value, Value],
    count: Callable[[Step], int],
) -> Card:
    key, title, note = named
    known = [each if count(each) else None for each in history.steps]
    usual, worst = ([None if each is None else one(each) for each in known] for one in values)
    rows = [
        (words.minutes(half), words.minutes(most), words.number(count(each)))
        for half, most, each in zip(usual, worst, history.steps, strict=True)
    ]
    said = [
        f"P50 {half}, P95 {most}, of {number}" if number != "0" else "nothing"
        for half, most, number in rows
    ]
    top = max((each for each in worst if each is not None), default=0.0)
    chart = _chart(
        history,
        (key, title, ("P50", "P95")),
        axis(top, words.MINUTES, words.short_minutes),
        (usual, worst),
        said,
        peak=(worst, words.minutes),
    )
    heads = ("P50", "P95", "Merge requests")
    return _card(history, chart, lines(chart), note, rows, heads=heads, is_empty=not any(known))


def _costs(history: History) -> Card:
    values = [each.minutes_per_landed for each in history.steps]
    rows = [
        (words.minutes(each.minutes_per_landed), words.minutes(each.ci_minutes))
        for each in history.steps
    ]
    said = [f"{each} for a landing, {total} in all" for each, total in rows]
    top = max((each for each in values if each is not None), default=0.0)
    chart = _chart(
        history,
        ("cost", "CI time for each landing", ("CI time",)),
        axis(top, words.MINUTES, words.short_minutes),
        (values,),
        said,
        peak=(values, words.minutes),
    )
    heads = ("For a landing", "In all")
    note = "Of all runs, also those that failed or were stopped."
    is_empty = all(each is None for each in values)
    return _card(history, chart, bars(chart), note, rows, heads=heads, is_empty=is_empty)


def _troubles(history: History) -> Card:
    failed = [each.failure_share for each in history.steps]
    flaky = [each.flake_share for each in history.steps]
    rows = [
        (
            words.share(each.failure_share),
            f"{each.failed} of {each.runs}",
            words.share(each.flake_share),
            f"{each.flaky} of {each.trees}",
        )
        for each in history.steps
    ]
    said = [
        f"{row[1]} runs failed ({row[0]}), {row[3]} good trees were flaky ({row[2]})"
        for row in rows
    ]
    top = max((each for each in (*failed, *flaky) if each is not None), default=0.0)
    chart = _chart(
        history,
        ("trouble", "Failed runs and flaky trees", ("Failed", "Flaky")),
        shares(top),
        (failed, flaky),
        said,
        peak=(failed, words.share),
    )
    note = "The part of the runs that failed, and of the good trees that failed at first."
    heads = ("Failed", "Runs", "Flaky", "Good trees")
    is_empty = all(each is None for each in failed)
    return _card(history, chart, lines(chart), note, rows, heads=heads, is_empty=is_empty)


def _chart(
    history: History,
    named: tuple[str, str, tuple[str, ...]],
    scale: Axis,
    values: Sequence[Sequence[float | None]],
    said: Sequence[str],
    *,
    peak: tuple[Sequence[float | None], Callable[[float], str]],
) -> Chart:
    key, title, names = named
    stretch = history.stretch
    steps = [words.step(stretch, each.since) for each in history.steps]
    return Chart(
        key=key,
        title=f"{title}, {stretch.title[:1].lower()}{stretch.title[1:]}",
        summary=_summary(names[-1] if key in _PEAK_OF_LAST else names[0], steps, *peak),
        axis=scale,
        series=tuple(Series(name, each) for name, each in zip(names, values, strict=True)),
        said=[f"{step}: {each}" for step, each in zip(steps, said, strict=True)],
        marks=[
            (number, words.short_step(stretch, history.steps[number].since))
            for number in _marked(len(steps))
        ],
    )


_PEAK_OF_LAST = {"landing", "wait"}


def _summary(
    name: str,
    steps: Sequence[str],
    values: Sequence[float | None],
    word: Callable[[float], str],
) -> str:
    known = [(value, step) for value, step in zip(values, steps, strict=True) if value is not None]
    if not any(value for value, _ in known):
        return "Nothing in this time. A table of the same follows."
    most, when = max(known)
    least = min(value for value, _ in known)
    return (
        f"{name}: between {word(least)} and {word(most)}, the most on {when}."
        " A table of the same follows."
    )


def _marked(count: int) -> list[int]:
    """Five or so of the steps, the first and the last among them."""
    if count <= 7:
        return list(range(count))
    return [round(number * (count - 1) / 4) for number in range(5)]


def _card(
    history: History,
    chart: Chart,
    drawn: str,
    note: str,
    rows: Sequence[tuple[str, ...]],
    *,
    heads: tuple[str, ...] = (),
    is_empty: bool,
) -> Card:
    names = tuple(each.name for each in chart.series)
    return Card(
        key=chart.key,
        title=chart.title.partition(", ")[0],
        note=note,
        drawn=drawn,
        names=names,
        heads=heads or names,
        rows=tuple(
            (words.step(history.stretch, step.since), *row)
            for step, row in zip(history.steps, rows, strict=True)
        ),
        empty=is_empty,
    )
