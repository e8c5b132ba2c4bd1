"""The figures as a picture for the terminal, drawn by plotext, which is only imported for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10

from refinery.errors import RefineryError
from refinery.queue.spread import percentile
from refinery.typed import TYPE_CHECKING, Any
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.simulation.what_if import Case

HEIGHT = 20
COLOURS = ("green+", "cyan+", "red+", "magenta+", "orange+", "blue+", "yellow", "gray")
MARGIN = 0.01  # lest the axis of a single value has no length
ROUND = (1, 2, 5)  # of every power of ten
PERCENTS = range(1, 101)

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines by name; minutes and workers are logarithms, and the marks say of what."""

    title: str
    across: str
    lines: Mapping[str, Points]
    marks_across: Mapping[float, str]
    marks_up: Mapping[float, str]


def charts_of(cases: Sequence[Case]) -> list[Chart]:
    """How turnaround is spread; for several numbers of workers, what each would make of it."""
    if len({each.setting.workers for each in cases}) > 1:
        return [_over_workers(cases, share) for share in (0.5, 0.95)]
    times = {_name(each, cases): each.outcome.times() for each in cases}
    known = [minutes for each in times.values() for minutes in each]
    return [
        Chart(
            "% of the changes that are decided after so many minutes",
            "minutes",
            {
                name: [(_log(percentile(each, share / 100)), share) for share in PERCENTS]
                for name, each in times.items()
            },
            marks_across=_logs(_round_numbers(known)),
            marks_up={share: f"{share}" for share in (0, 25, 50, 75, 95)},
        )
    ]


def draw(chart: Chart, *, width: int, colour: bool) -> str:
    """The chart as text; without colour, lines are told apart by letters of their names."""
    plotext = load()
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.legend(False)
    names = _letters(chart.lines)
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    for name, letter in names.items():
        across, up = zip(*chart.lines[name], strict=True)
        marker = plotext.marker("braille", colours[name]) if colour else letter
        figure.draw(figure.signal(across, up, marker=marker).lines())
    for place, marks in enumerate((chart.marks_across, chart.marks_up)):
        reached = [point[place] for line in chart.lines.values() for point in line]
        ruler = figure.ruler(place)
        ruler.lim(min(reached) - MARGIN, max(reached) + MARGIN)
        ruler.ticks([*marks], [*marks.values()])
    figure.title(chart.title)
    figure.label(chart.across)
    figure.plot_size(width, HEIGHT)
    picture = str(figure.build().string(colorless=not colour))
    legend = (
        str(plotext.colorize(name, colours[name])) if colour else f"{letter} {name}"
        for name, letter in names.items()
    )
    lines = [*picture.splitlines(), f"     {'   '.join(legend)}"]
    return "\n".join(each.rstrip() for each in lines)


def load() -> Any:
    """The library, or the error that says how to get it."""
    try:
        import plotext  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise RefineryError(
            "what draws charts is not installed", hint="pip install 'git-refinery[charts]'"
        ) from error
    return plotext


def _over_workers(cases: Sequence[Case], share: float) -> Chart:
    found: dict[str, list[tuple[float, float]]] = {}
    for each in cases:
        minutes = percentile(each.outcome.times(), share)
        found.setdefault(_name(each, cases), []).append((each.setting.workers, minutes))
    return Chart(
        f"minutes until {share:.0%} of the changes are decided",
        "workers",
        {
            name: [(_log(workers), _log(minutes)) for workers, minutes in sorted(points)]
            for name, points in found.items()
        },
        marks_across=_logs({each.setting.workers for each in cases}),
        marks_up=_logs(
            _round_numbers(minutes for points in found.values() for _, minutes in points)
        ),
    )


def _name(case: Case, cases: Sequence[Case]) -> str:
    if len({each.setting.batch for each in cases}) == 1:
        return case.policy
    return f"{case.policy}, batch {case.setting.batch or 'any'}"


def _letters(names: Iterable[str]) -> dict[str, str]:
    """A letter for each name: its first that no other has."""
    letters: dict[str, str] = {}
    for name in names:
        free = [letter for letter in f"{name}0123456789" if letter not in letters.values()]
        letters[name] = free[0] if free else "*"
    return letters


def _round_numbers(values: Iterable[float]) -> list[float]:
    """Round ones between the least and the most."""
    known = [each for each in values if each > 0] or [1.0]
    powers = range(floor(log10(min(known))), floor(log10(max(known))) + 1)
    marks = [step * 10.0**power for power in powers for step in ROUND]
    return [mark for mark in marks if min(known) <= mark <= max(known)] or [min(known)]


def _logs(marks: Iterable[float]) -> dict[float, str]:
    return {_log(each): f"{each:.3g}" for each in sorted(marks)}


def _log(value: float) -> float:
    return log10(max(value, 1e-3))
