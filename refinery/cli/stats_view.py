"""The figures of `refinery stats` for people: a few tables, each line with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refinery.cli.output import counted, plain, style
from refinery.cli.rows import moment
from refinery.looks import STANDINGS
from refinery.queue.accuracy import Accuracy
from refinery.queue.measures import Estimate, Measures, Rate
from refinery.queue.shares import ShareFigures
from refinery.queue.spread import Spread
from refinery.records.verdict import Result

_SHOWN = 8  # of each kind of trait
_UNKNOWN = "-"
_WORDS = {
    Result.PASS: "passed",
    Result.FAIL: "failed",
    Result.TIMEOUT: "took too long",
    Result.ERROR: "could not run",
}
_FAILURES = {"0": "never", "1": "once", "2": "twice or more"}


def show(
    rig: str,
    measures: Measures,
    accuracy: Accuracy | None = None,
    shares: Sequence[ShareFigures] = (),
) -> None:
    """Print all of it."""
    parts = [_title(rig, measures), _now(measures)]
    if measures.turnaround.count or measures.work.builds:
        parts += [_times(measures), _costs(measures), _health(measures)]
    parts += [_shares(shares)] if len(shares) > 1 else []
    parts += [_landing_times(accuracy)] if accuracy is not None else []
    parts += [_chances(measures), _checks(measures)]
    print("\n\n".join("\n".join(part) for part in parts))


def _title(rig: str, measures: Measures) -> list[str]:
    period = measures.period
    on = f", target {plain(period.target)}" if period.target else ""
    lines = [
        style(f"📊 Figures of '{plain(rig)}'{on}", "bold"),
        style(
            f"since {moment(period.since)} ({length(period.seconds / 60)}), "
            f"{counted(period.events, 'event')}",
            "dim",
        ),
    ]
    if not period.complete:
        lines.append(style("older events are left out: ask for a shorter --since", "dim"))
    if not period.events:
        lines.append("Nothing has happened in this time: `refinery submit` queues a branch.")
    elif not measures.turnaround.count:
        lines.append("Nothing has landed or been refused in this time.")
    return lines


def _now(measures: Measures) -> list[str]:
    present = measures.present
    found = present.standings.items()
    waiting = [f"{number} {STANDINGS[code].word}" for code, number in found if number]
    oldest = present.oldest_ready_seconds
    rows = [
        ("Queue", ", ".join(waiting) or "empty", "paused" if present.paused else ""),
        ("Workers", str(present.workers), "with a live claim"),
    ]
    if oldest is not None:
        rows.append(("Oldest ready", length(oldest / 60), "has waited so long"))
    return _rows(rows)


def _times(measures: Measures) -> list[str]:
    heads = f"  {'':<14}{'P50':>9}{'P95':>8}{'P99':>8}{'count':>7}"
    return [
        style(heads, "bold"),
        _spread("Turnaround", measures.turnaround, "until landed or refused"),
        _spread("  landed", measures.landing),
        _spread("  refused", measures.refusal, "the first time"),
        _spread("Wait", measures.wait, "until first tested"),
    ]


def _spread(title: str, found: Spread, words: str = "") -> str:
    known = (length(each) for each in (found.p50, found.p95, found.p99))
    shown = known if found.count else (_UNKNOWN,) * 3
    cells = "".join(f"{each:>8}" for each in shown)
    return f"  {title:<14} {cells}{found.count:>7}   {style(words, 'dim')}".rstrip()


def _costs(measures: Measures) -> list[str]:
    work, per_landed = measures.work, measures.minutes_per_landed
    results = [f"{number} {_WORDS[each]}" for each, number in work.results.items() if number]
    stopped = work.builds - sum(work.results.values())
    results += [f"{stopped} stopped"] if stopped else []
    builds = f"a landed change: {', '.join(results)}" if results else "a landed change"
    return _rows(
        [
            (
                "Landed",
                str(measures.landed),
                f"{_number(measures.landed_per_hour)} an hour, "
                f"{_number(measures.landed_per_day)} a day",
            ),
            (
                "CI time",
                _UNKNOWN if per_landed is None else length(per_landed),
                f"a landed change, {length(work.seconds / 60)} in all",
            ),
            (
                "Abandoned",
                _percent(work.abandoned_share),
                f"of that, {length(work.abandoned_seconds / 60)}, in checks stopped as useless",
            ),
            ("Builds", _number(measures.builds_per_landed), builds),
        ]
    )


def _health(measures: Measures) -> list[str]:
    green = measures.green
    known = length((green.green_seconds + green.red_seconds) / 60)
    return _rows(
        [
            (
                "Green",
                _percent(green.share),
                f"of the {known} that is known, red for {length(green.red_seconds / 60)}",
            ),
            _rate("Flaky", measures.flakes, "of runs of a good tree fail", "tree"),
            _rate(
                "Disagreeing",
                measures.disagreements,
                "of fine pairs fail together",
                "pair",
            ),
        ]
    )


def _shares(found: Sequence[ShareFigures]) -> list[str]:
    heads = f"  {'Authors and fleets':<26}{'landed':>8}{'waiting':>9}{'P50':>10}{'P95':>10}"
    lines = [style(heads, "bold")]
    for each in found[:_SHOWN]:
        kind, name = each.share
        told = plain(name).replace("\n", " ") + (f" ({each.authors} authors)" if kind else "")
        told = told if len(told) <= 24 else f"{told[:23]}…"
        known = (length(it) for it in (each.turnaround.p50, each.turnaround.p95))
        times = known if each.turnaround.count else (_UNKNOWN, _UNKNOWN)
        cells = "".join(f"{it:>10}" for it in times)
        lines.append(f"  {told:<26}{each.landed:>8}{each.waiting:>9}{cells}")
    left = len(found) - _SHOWN
    return lines + ([style(f"    and {left} more: --json has all", "dim")] if left > 0 else [])


def _landing_times(found: Accuracy) -> list[str]:
    lines = [style("  How good expected landing times were", "bold")]
    if not found.count:
        words = "nothing to say yet: it takes some landings with history before them"
        return [*lines, f"  {style(words, 'dim')}"]
    asked = f"of {counted(found.count, 'time')} told at {counted(found.moments, 'past moment')}"
    outside = f"{_percent(found.early)} landed earlier, {_percent(found.late)} later"
    return [
        *lines,
        *_rows(
            [
                ("Half range", _percent(found.in_half), f"came true, 50% should: {asked}"),
                ("9 in 10", _percent(found.in_most), f"came true, 90% should: {outside}"),
                (
                    "Off by",
                    length(found.median_error / 60),
                    f"in the median, of {length(found.usual / 60)} that it took",
                ),
            ]
        ),
    ]


def _rate(title: str, rate: Rate, words: str, thing: str) -> tuple[str, str, str]:
    seen = f"{rate.times} in {counted(rate.seen, thing)}" if rate.seen else "none seen yet"
    return title, _percent(rate.share), f"{words} ({seen})"


def _chances(measures: Measures) -> list[str]:
    chances = measures.chances
    lines = [style("  How likely a change is fine by itself", "bold"), _estimate(chances.overall)]
    kinds = (
        ("by author", chances.by_author),
        ("by path", chances.by_path),
        ("by size", chances.by_size),
        ("failed before", tuple(_worded(each) for each in chances.by_failures)),
    )
    for title, found in kinds:
        if found:
            lines.append(f"  {style(title, 'dim')}")
            lines += [_estimate(each, indent=2) for each in found[:_SHOWN]]
            left = len(found) - _SHOWN
            lines += [style(f"    and {left} more: --json has all", "dim")] if left > 0 else []
    return lines


def _worded(found: Estimate) -> Estimate:
    return Estimate(_FAILURES.get(found.name, found.name), found.share, found.good, found.all)


def _estimate(found: Estimate, *, indent: int = 0) -> str:
    name = plain(found.name).replace("\n", " ")
    name = name if len(name) <= 28 else f"{name[:27]}…"
    seen = style(f"{found.good} of {found.all} seen" if found.all else "none seen yet", "dim")
    return f"  {' ' * indent}{name:<{30 - indent}}{_percent(found.share):>8}   {seen}"


def _checks(measures: Measures) -> list[str]:
    usual = style("all checks, usually", "dim")
    lines = [
        style("  How long checks take", "bold"),
        f"  {'a run':<30}{length(measures.run_minutes):>8}   {usual}",
    ]
    for each in measures.checks:
        name = plain(each.name)
        name = name if len(name) <= 28 else f"{name[:27]}…"
        seen = style(counted(each.runs, "run"), "dim")
        lines.append(f"  {name:<30}{length(each.minutes):>8}   {seen}")
    return lines


def _rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """Title, figure and what it means."""
    return [
        f"  {title:<14}{figure:>9}   {style(words, 'dim')}".rstrip()
        for title, figure, words in rows
    ]


def length(minutes: float) -> str:
    """A length of time in its two largest units, or in seconds."""
    seconds = minutes * 60
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02}s"
    hours, rest = divmod(round(minutes), 60)
    if hours < 24:
        return f"{hours}h {rest:02}m"
    days, hours = divmod(round(minutes / 60), 24)
    return f"{days}d {hours:02}h"


def _percent(share: float | None) -> str:
    if share is None:
        return _UNKNOWN
    percent = share * 100
    return f"{percent:.1f}%" if percent >= 1 or percent == 0 else f"{percent:.2g}%"


def _number(number: float | None) -> str:
    if number is None:
        return _UNKNOWN
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
