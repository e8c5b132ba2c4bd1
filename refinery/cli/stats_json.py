"""The document of `refinery stats --json`: units stand in the names, null is not known."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.queue.accuracy import Accuracy
from refinery.queue.measures import Chances, Estimate, Measures, Rate
from refinery.queue.shares import ShareFigures
from refinery.queue.spread import Spread
from refinery.records.times import format_time
from refinery.typed import Any


def document(
    rig: str,
    measures: Measures,
    accuracy: Accuracy | None = None,
    shares: Sequence[ShareFigures] = (),
) -> dict[str, Any]:
    """Everything; names and meanings stay as they are."""
    period, present = measures.period, measures.present
    return {
        "rig_name": rig,
        "target": period.target,
        "since": format_time(period.since),
        "until": format_time(period.until),
        "events": period.events,
        "complete": period.complete,
        "turnaround_minutes": _spread(measures.turnaround),
        "turnaround_landed_minutes": _spread(measures.landing),
        "turnaround_refused_minutes": _spread(measures.refusal),
        "wait_minutes": _spread(measures.wait),
        "landed": measures.landed,
        "landed_per_hour": _rounded(measures.landed_per_hour),
        "landed_per_day": _rounded(measures.landed_per_day),
        "landed_by_day": dict(measures.landed_by_day),
        "refused": measures.refused,
        **_work(measures),
        "green_share": _rounded(measures.green.share),
        "green_minutes": _rounded(measures.green.green_seconds / 60),
        "red_minutes": _rounded(measures.green.red_seconds / 60),
        "green_verdicts": measures.green.passes,
        "red_verdicts": measures.green.failures,
        "shares": [_share(each) for each in shares],
        "flakes": _rate(measures.flakes),
        "disagreements": _rate(measures.disagreements),
        "success": _chances(measures.chances),
        "run_minutes": _rounded(measures.run_minutes),
        "checks": [
            {"name": each.name, "minutes": _rounded(each.minutes), "runs": each.runs}
            for each in measures.checks
        ],
        "landing_times": _landing_times(accuracy) if accuracy is not None else None,
        "queue": {code.value: number for code, number in present.standings.items()},
        "workers": present.workers,
        "paused": present.paused,
        "oldest_ready_minutes": (
            None
            if present.oldest_ready_seconds is None
            else _rounded(present.oldest_ready_seconds / 60)
        ),
    }


def _share(found: ShareFigures) -> dict[str, Any]:
    kind, name = found.share
    return {
        "name": name,
        "is_fleet": bool(kind),
        "authors": found.authors,
        "waiting": found.waiting,
        "landed": found.landed,
        "turnaround_minutes": _spread(found.turnaround),
    }


def _landing_times(found: Accuracy) -> dict[str, Any]:
    known = found.count > 0
    return {
        "moments": found.moments,
        "told": found.count,
        "not_told": found.untold,
        "in_half_range_share": _rounded(found.in_half) if known else None,
        "in_range_share": _rounded(found.in_most) if known else None,
        "earlier_share": _rounded(found.early) if known else None,
        "later_share": _rounded(found.late) if known else None,
        "median_error_minutes": _rounded(found.median_error / 60) if known else None,
        "usual_minutes": _rounded(found.usual / 60) if known else None,
    }


def _work(measures: Measures) -> dict[str, Any]:
    work = measures.work
    return {
        "ci_minutes": _rounded(work.seconds / 60),
        "ci_minutes_per_landed": _rounded(measures.minutes_per_landed),
        "abandoned_minutes": _rounded(work.abandoned_seconds / 60),
        "abandoned_share": _rounded(work.abandoned_share),
        "builds": work.builds,
        "builds_per_landed": _rounded(measures.builds_per_landed),
        "results": {result.value: number for result, number in work.results.items()},
    }


def _spread(found: Spread) -> dict[str, Any]:
    known = found.count > 0
    return {
        "count": found.count,
        "mean": _rounded(found.mean) if known else None,
        "p50": _rounded(found.p50) if known else None,
        "p95": _rounded(found.p95) if known else None,
        "p99": _rounded(found.p99) if known else None,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"share": _rounded(rate.share), "times": rate.times, "seen": rate.seen}


def _chances(chances: Chances) -> dict[str, Any]:
    return {
        **_estimate(chances.overall),
        "by_author": _estimates(chances.by_author),
        "by_path": _estimates(chances.by_path),
        "by_size": _estimates(chances.by_size),
        "by_failures": _estimates(chances.by_failures),
    }


def _estimates(found: tuple[Estimate, ...]) -> list[dict[str, Any]]:
    return [{"name": each.name, **_estimate(each)} for each in found]


def _estimate(found: Estimate) -> dict[str, Any]:
    return {"share": _rounded(found.share), "good": found.good, "seen": found.all}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
