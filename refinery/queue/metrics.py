"""The metrics of a queue: which families there are, and what they say.

No label is the name of a branch, an author or a merge request: those have no end.
"""

from __future__ import annotations

from refinery.queue.measures import CheckTime, Measures
from refinery.queue.openmetrics import Family, Kind, Sample
from refinery.queue.spread import Spread
from refinery.queue.totals import Totals
from refinery.records.verdict import Result

MOST_CHECKS = 50


def families(measures: Measures, totals: Totals, *, version: str) -> tuple[Family, ...]:
    """Everything; counters are of the whole trail, all else of now or of the period measured."""
    return (
        Family(
            "refinery_build_info",
            Kind.GAUGE,
            "The version that measured.",
            (Sample(1, {"version": version}),),
        ),
        *_counters(totals),
        *_of_now(measures),
        *_of_period(measures),
        *_believed(measures),
    )


def _counters(totals: Totals) -> tuple[Family, ...]:
    builds = tuple(
        Sample(totals.builds.get(result, 0), {"result": result.value}) for result in Result
    )
    return (
        _counter("transactions", "Changes of the queue.", totals.transactions),
        _counter("landed", "Merge requests that landed.", totals.landed),
        _counter(
            "failed",
            "Times that a merge request was sent back or could not be landed.",
            totals.failed,
        ),
        _counter("conflicts", "Times that a merge request conflicted.", totals.conflicts),
        Family("refinery_builds", Kind.COUNTER, "Runs of the checks on one tree.", builds),
        _counter("checks_seconds", "Time that checks ran.", totals.seconds, unit="seconds"),
        _counter(
            "checks_abandoned_seconds",
            "Time of checks that were stopped because they had become useless.",
            totals.abandoned_seconds,
            unit="seconds",
        ),
    )


def _of_now(measures: Measures) -> tuple[Family, ...]:
    present = measures.present
    lengths = tuple(
        Sample(number, {"standing": code.value}) for code, number in present.standings.items()
    )
    return (
        Family("refinery_queue_length", Kind.GAUGE, "Live merge requests.", lengths),
        _gauge("workers", "Workers with a live claim.", present.workers),
        _gauge("paused", "1 while the queue is paused.", float(present.paused)),
        _gauge(
            "oldest_ready_seconds",
            "How long the oldest ready merge request has waited; 0 while none is ready.",
            present.oldest_ready_seconds or 0.0,
            unit="seconds",
        ),
    )


def _of_period(measures: Measures) -> tuple[Family, ...]:
    work, per_landed = measures.work, measures.minutes_per_landed
    return (
        _gauge(
            "period_seconds",
            "How much of the past the summaries and ratios are about.",
            measures.period.seconds,
            unit="seconds",
        ),
        _summary("turnaround", "From submitted to landed or refused.", measures.turnaround),
        _summary("wait", "From submitted to the first test.", measures.wait),
        _gauge("landed_per_hour", "Merge requests landed an hour.", measures.landed_per_hour),
        _gauge(
            "checks_per_landed_seconds",
            "Time of checks for each merge request that landed.",
            None if per_landed is None else per_landed * 60,
            unit="seconds",
        ),
        _gauge(
            "builds_per_landed",
            "Runs of the checks for each merge request that landed.",
            measures.builds_per_landed,
        ),
        _gauge(
            "abandoned_ratio",
            "The part of the time of checks that was useless.",
            work.abandoned_share,
            unit="ratio",
        ),
        _gauge(
            "green_ratio",
            "The part of the known time in which targets passed their own checks.",
            measures.green.share,
            unit="ratio",
        ),
    )


def _believed(measures: Measures) -> tuple[Family, ...]:
    return (
        _gauge(
            "success_ratio",
            "How likely a change is fine by itself, as the planner believes.",
            measures.chances.overall.share,
            unit="ratio",
        ),
        _gauge(
            "flake_ratio",
            "How often checks fail on a good tree, as the planner believes.",
            measures.flakes.share,
            unit="ratio",
        ),
        _gauge(
            "disagreement_ratio",
            "How often two changes that are fine by themselves fail together, as believed.",
            measures.disagreements.share,
            unit="ratio",
        ),
        _gauge(
            "run_seconds",
            "The usual time of a run of all checks.",
            measures.run_minutes * 60,
            unit="seconds",
        ),
        Family(
            "refinery_check_seconds",
            Kind.GAUGE,
            "The usual time of one check.",
            tuple(_check(each) for each in _most_run(measures.checks)),
            unit="seconds",
        ),
    )


def _most_run(checks: tuple[CheckTime, ...]) -> list[CheckTime]:
    """As many as any project has; a configuration that names its checks anew each time has more."""
    kept = sorted(checks, key=lambda each: (-each.runs, each.name))[:MOST_CHECKS]
    return sorted(kept, key=lambda each: each.name)


def _check(check: CheckTime) -> Sample:
    return Sample(check.minutes * 60, {"check": check.name})


def _counter(name: str, help: str, value: float, *, unit: str = "") -> Family:
    return Family(f"refinery_{name}", Kind.COUNTER, help, (Sample(value),), unit)


def _gauge(name: str, help: str, value: float | None, *, unit: str = "") -> Family:
    """What is not known is not there: 0 would be a lie."""
    samples = () if value is None else (Sample(value),)
    return Family(f"refinery_{name}", Kind.GAUGE, help, samples, unit)


def _summary(name: str, help: str, minutes: Spread) -> Family:
    """Quantiles of the period alone: a sum that can shrink would be read as a counter."""
    quantiles = {"0.5": minutes.p50, "0.95": minutes.p95, "0.99": minutes.p99}
    samples = tuple(Sample(value * 60, {"quantile": at}) for at, value in quantiles.items())
    known = samples if minutes.count else ()
    return Family(f"refinery_{name}_seconds", Kind.SUMMARY, help, known, "seconds")
