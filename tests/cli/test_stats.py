"""`refinery stats`: the figures of a real queue, for people, programs and Prometheus."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from refinery.store.edit import Edit, Event
from tests.sandbox import Result, Sandbox

KEYS = {
    "shares",
    *("rig_name", "target", "since", "until", "events", "complete"),
    *("turnaround_minutes", "turnaround_landed_minutes", "turnaround_refused_minutes"),
    *("wait_minutes", "landed", "landed_per_hour", "landed_per_day", "landed_by_day", "refused"),
    *("ci_minutes", "ci_minutes_per_landed", "abandoned_minutes", "abandoned_share"),
    *("builds", "builds_per_landed", "results"),
    *("green_share", "green_minutes", "red_minutes", "green_verdicts", "red_verdicts"),
    *("flakes", "disagreements", "success", "run_minutes", "checks"),
    *("landing_times", "queue", "workers", "paused", "oldest_ready_minutes"),
}


def samples(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_programs_get_one_document_with_units_in_its_names(busy: Sandbox) -> None:
    done = busy.cli("stats", "--json")
    assert (done.code, done.err) == (0, "")
    told = done.json
    assert set(told) == KEYS
    assert (told["landed"], told["refused"], told["complete"]) == (1, 1, True)
    assert told["turnaround_landed_minutes"]["p50"] == pytest.approx(60, abs=1)
    assert told["wait_minutes"]["count"] == 2
    assert told["landed_by_day"] == {f"{busy.clock.now:%Y-%m-%d}": 1}
    assert told["queue"]["ready"] == 1
    assert told["queue"]["needs-rework"] == 1
    assert told["builds"] == sum(told["results"].values()) > 1
    assert told["ci_minutes_per_landed"] == told["ci_minutes"] > 0
    assert told["green_share"] == 1
    assert [each["name"] for each in told["checks"]] == ["unit"]
    success = told["success"]
    assert (success["good"], success["seen"]) == (1, 2)
    assert {each["name"]: each["good"] for each in success["by_path"]} == {"bad.txt": 0, "src": 1}
    assert {each["name"]: each["seen"] for each in success["by_size"]} == {"small": 2}


def test_people_get_tables_in_plain_words(busy: Sandbox) -> None:
    shown = busy.cli("stats")
    assert (shown.code, shown.err) == (0, "")
    lines = {line.strip().partition("  ")[0]: line.split() for line in shown.out.splitlines()}
    assert lines["Queue"] == ["Queue", "1", "ready,", "1", "needs", "rework"]
    assert lines["landed"] == ["landed", "1h", "00m", "1h", "00m", "1h", "00m", "1"]
    assert lines["Landed"][:2] == ["Landed", "1"]
    assert lines["overall"] == ["overall", "88.9%", "1", "of", "2", "seen"]
    assert lines["src"][-4:] == ["1", "of", "1", "seen"]
    assert lines["unit"][-1] == "runs"
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_new_queue_is_told_how_it_begins(box: Sandbox) -> None:
    shown = box.cli("stats")
    assert (shown.code, shown.err) == (0, "")
    assert "Nothing has happened in this time: `refinery submit` queues a branch.\n" in shown.out
    assert "Turnaround" not in shown.out
    told = box.cli("stats", "--json").json
    assert set(told) == KEYS
    assert told["turnaround_minutes"] == {
        "count": 0,
        **dict.fromkeys(("mean", "p50", "p95", "p99")),
    }
    assert told["ci_minutes_per_landed"] is None


def test_only_the_time_and_the_target_that_are_asked_for_count(busy: Sandbox) -> None:
    def landed(*asked: str) -> int:
        number: int = busy.cli("stats", "--json", *asked).json["landed"]
        return number

    busy.clock.tick(3 * 3600)
    assert [landed("--since", when) for when in ("4h", "2d", "1w")] == [1, 1, 1]
    assert landed("--since", "1h") == 0
    assert landed("--since", f"{busy.clock.now:%Y-%m-%dT%H:%M}") == 0
    assert landed("--target", "main") == 1
    assert landed("--target", "release") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "lately"), "error: 'lately' is neither a length of time nor a date"),
        (("--since", "2999-01-01"), "error: 2999-01-01 is still to come"),
        (("--json", "--openmetrics", "-"), "error: --json and --openmetrics: only one of them"),
        (
            ("--target", "main", "--openmetrics", "-"),
            "error: --openmetrics is about the whole queue: leave --target out",
        ),
    ],
)
def test_what_cannot_be_measured_is_said(
    box: Sandbox, arguments: tuple[str, ...], said: str
) -> None:
    shown = box.cli("stats", *arguments)
    assert shown.code == 2
    assert shown.err.splitlines()[0] == said


def test_what_is_archived_counts_as_before(busy: Sandbox) -> None:
    before = busy.cli("stats", "--json").json
    queue = busy.queue()
    old = tuple(mr for mr in queue.view().mrs.values() if mr.closed)
    queue.update(
        lambda view: Edit(
            Event("archived", "archive"),
            archive=old,
            header=type(view.header)(default_target=view.header.default_target, archived=1),
        )
    )
    after = busy.cli("stats", "--json").json
    assert len(old) == 1
    for key in ("landed", "turnaround_minutes", "wait_minutes", "ci_minutes", "landed_by_day"):
        assert after[key] == before[key]


def test_metrics_are_written_whole(busy: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "metrics" / "refinery.prom"
    file.parent.mkdir()
    assert busy.cli("stats", "--openmetrics", str(file)) == Result(0, "", "")
    told = samples(file.read_text())
    assert told["refinery_landed_total"] == 1
    assert told["refinery_queue_length{ready}"] == 1
    assert told["refinery_turnaround_seconds{0.5}"] > 0
    assert [each.name for each in file.parent.iterdir()] == ["refinery.prom"]
    on_stdout = busy.cli("stats", "--openmetrics", "-")
    assert samples(on_stdout.out).keys() == told.keys()


def test_a_file_that_cannot_be_written_leaves_nothing(busy: Sandbox, tmp_path: Path) -> None:
    place = tmp_path / "x.prom"
    place.mkdir()
    for file, why in ((place, "Is a directory"), (tmp_path / "no" / "x", "No such file or")):
        done = busy.cli("stats", "--openmetrics", str(file))
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"error: write {str(file)!r}: {why}")
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".x.prom")]


def test_counters_go_on_from_what_was_counted_and_survive_a_lost_cache(busy: Sandbox) -> None:
    def told() -> dict[str, float]:
        text = busy.cli("stats", "--openmetrics", "-").out
        return {name: each for name, each in samples(text).items() if "_total" in name}

    before = told()
    cache = busy.path / ".git" / "refinery" / "totals.json"
    assert cache.exists()
    busy.cli("process", "--drain")
    after = told()
    assert after["refinery_landed_total"] == before["refinery_landed_total"] + 1
    assert all(after[name] >= each for name, each in before.items())
    for broken in ("", "[]", '{"format": 1, "tip": "0", "totals": {}}', "\xff"):
        cache.write_text(broken)
        assert told() == after


def test_a_queue_that_began_anew_is_counted_anew(busy: Sandbox) -> None:
    busy.cli("stats", "--openmetrics", "-")
    busy.git("push", "-q", "origin", ":refs/refinery/queue")
    text = busy.cli("stats", "--openmetrics", "-").out
    assert samples(text)["refinery_landed_total"] == 0
    busy.request("other", {"other.txt": "other\n"})
    busy.cli("process", "--drain")
    text = busy.cli("stats", "--openmetrics", "-").out
    assert samples(text)["refinery_transactions_total"] < 6
    assert samples(text)["refinery_landed_total"] >= 1
