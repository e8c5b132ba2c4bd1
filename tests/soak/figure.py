"""One row of the page of figures: what was measured, what came out, its bar, how to repeat it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measuring import Result


@dataclass(frozen=True)
class Figure:
    """A figure of a part; `ok` is None where there is no bar to meet.

    `bar` is in words, such as "0" or "over 85%". `how` is the command that makes this row again,
    where that is not the one for its whole part.
    """

    part: str
    what: str
    value: float | str
    unit: str = ""
    bar: str = ""
    ok: bool | None = None
    how: str = ""
    note: str = ""


def at_most(
    part: str,
    what: str,
    value: float,
    bar: float,
    *,
    unit: str = "",
    how: str = "",
    note: str = "",
) -> Figure:
    """A figure that must not pass its bar; a bar of 0 means that there must be none."""
    words = f"at most {shown(bar, unit)}" if bar else "0"
    return Figure(part, what, value, unit, words, value <= bar, how, note)


def at_least(
    part: str,
    what: str,
    value: float,
    bar: float,
    *,
    unit: str = "",
    how: str = "",
    note: str = "",
) -> Figure:
    """A figure that has to reach its bar."""
    return Figure(part, what, value, unit, f"at least {shown(bar, unit)}", value >= bar, how, note)


def of_result(part: str, result: Result, *, how: str = "") -> Figure:
    """What a benchmark measured: the ratio where it has one, else the figure itself."""
    is_ratio = result.ratio is not None
    value = result.ours if result.ratio is None else result.ratio
    unit = "x" if is_ratio else result.unit
    bar = ""
    if result.bar is not None:
        bar = f"at {'least' if result.least else 'most'} {shown(result.bar, unit)}"
    note = "; ".join(filter(None, (f"against {result.against}" if is_ratio else "", result.note)))
    return Figure(part, result.what, value, unit, bar, result.met, how, note)


def shown(value: float | str, unit: str = "") -> str:
    """The value with its unit, as it stands in a table."""
    if isinstance(value, str):
        return f"{value} {unit}".rstrip()
    if unit == "s" and 0 < value < 1:
        return f"{value * 1000:.3g} ms"
    number = f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"
    return f"{number}%" if unit == "%" else f"{number} {unit}".rstrip()
