"""The metrics are what parsers of OpenMetrics take, and say what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as older_families

from refinery.queue.measures import Past, Period, measure
from refinery.queue.metrics import MOST_CHECKS, families
from refinery.queue.openmetrics import Family, Kind, Sample, render
from refinery.queue.totals import Totals
from refinery.records.verdict import CheckReport, Result
from tests.decisions.makers import (
    NOW,
    a_candidate_claim,
    a_closed_mr,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_mr,
)


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of_a_queue(*names: str, checks: int = 1) -> str:
    reports = tuple(CheckReport(f"check {n}", Result.PASS, 60) for n in range(checks))
    mrs = [a_closed_mr(name, submitted_at=ago(minutes=25)) for name in names]
    verdicts = [a_verdict(name, seconds=60, checks=reports) for name in names]
    view = a_view(*mrs, an_mr("waiting"), verdicts=verdicts)
    measures = measure(view, Past(Period(ago(days=1), NOW)))
    totals = Totals(transactions=9, landed=4, builds={Result.PASS: 5}, seconds=90.5)
    return render(families(measures, totals, version="1.2.3"))


def test_the_whole_text_is_as_dashboards_know_it() -> None:
    """Names, units, labels and words: who has a dashboard or an alert relies on all of them."""
    mrs = [a_closed_mr(name, submitted_at=ago(minutes=25)) for name in ("a", "b")]
    reports = tuple(CheckReport(name, Result.PASS, 60) for name in ("lint", "unit"))
    passed = a_verdict("a", seconds=60, checks=reports)
    itself = a_verdict(base=a_sha("before"), seconds=30, checks=reports[:1])
    wasted = a_verdict("b", seconds=45, result=Result.FAIL, checks=())
    view = a_view(
        *mrs,
        an_mr("waiting"),
        an_mr("taken"),
        claims=[a_candidate_claim("taken")],
        verdicts=[passed, itself, wasted],
    )
    totals = Totals(9, 4, 3, 2, {Result.PASS: 5, Result.ERROR: 1}, 90.5, 7.25)
    measures = measure(view, Past(Period(ago(days=1), NOW)))
    text = render(families(measures, totals, version="1.2.3"))
    assert text == (Path(__file__).parent / "metrics.txt").read_text()
    paused = replace(measures, present=replace(measures.present, paused=True))
    assert "\nrefinery_paused 1\n" in render(families(paused, totals, version="1"))


def test_a_parser_reads_what_was_measured() -> None:
    told = samples(of_a_queue("a", "b"))
    assert told["refinery_build_info", (("version", "1.2.3"),)] == 1
    assert told["refinery_landed_total", ()] == 4
    assert told["refinery_builds_total", (("result", "pass"),)] == 5
    assert told["refinery_checks_seconds_total", ()] == 90.5
    assert told["refinery_queue_length", (("standing", "ready"),)] == 1
    assert told["refinery_turnaround_seconds", (("quantile", "0.5"),)] == 1200
    assert told["refinery_checks_per_landed_seconds", ()] == 60
    assert told["refinery_check_seconds", (("check", "check 0"),)] == 60


def test_what_is_not_known_is_not_there() -> None:
    told = {name for name, _ in samples(of_a_queue())}
    assert "refinery_queue_length" in told
    assert not told & {
        "refinery_turnaround_seconds",
        "refinery_checks_per_landed_seconds",
        "refinery_green_ratio",
        "refinery_check_seconds",
    }


def test_parsers_of_the_older_format_read_it_too() -> None:
    """What node_exporter's textfile collector takes: its types, and nothing it would refuse."""
    text = of_a_queue("a")
    kinds = {line.split(" ")[3] for line in text.splitlines() if line.startswith("# TYPE")}
    assert kinds == {"counter", "gauge", "summary"}
    names = {sample.name for family in older_families(text) for sample in family.samples}
    assert {name for name, _ in samples(text)} == names


def test_units_and_the_end_are_said() -> None:
    text = of_a_queue("a")
    assert text.endswith("\n# EOF\n")
    for family in text_string_to_metric_families(text):
        assert family.documentation != ""
        assert family.unit in ("", "seconds", "ratio")
        for unit in ("seconds", "ratio"):
            assert (family.unit == unit) == family.name.endswith(f"_{unit}")


def test_however_many_checks_there_were_the_text_stays_small() -> None:
    told = [name for name, _ in samples(of_a_queue("a", checks=500))]
    assert told.count("refinery_check_seconds") == MOST_CHECKS


@given(st.lists(st.text(), unique=True), st.text())
def test_no_name_can_forge_a_sample(names: list[str], help: str) -> None:
    told = tuple(Sample(float(n), {"check": name}) for n, name in enumerate(names))
    text = render([Family("refinery_check", Kind.GAUGE, help, told)])
    found = samples(text)
    assert len(found) == len({name.replace("\r", " ") for name in names})
    assert {name for name, _ in found} <= {"refinery_check"}
