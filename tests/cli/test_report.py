"""`refinery report`: the same queue at the same time makes the same files, and only those."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.sandbox import Result, Sandbox

pytestmark = pytest.mark.journey


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def report(box: Sandbox, folder: Path, *arguments: str) -> Result:
    return box.cli("report", "--out", str(folder), *arguments)


def test_it_says_where_to_begin_and_all_pages_are_there(busy: Sandbox, tmp_path: Path) -> None:
    out = tmp_path / "public"
    done = report(busy, out)
    assert (done.code, done.out, done.err) == (0, f"{out}/index.html\n", "")
    stories = {f"mr/{busy.mr(name).id}.html" for name in ("good", "bad", "next")}
    assert set(written(out)) == {
        *("index.html", "landed.html", "history.html", ".refinery-report"),
        *("history/24-hours.html", "history/7-days.html", "history/90-days.html"),
        *("history/last-month.html", "assets/style.css", "assets/page.js", "assets/icon.svg"),
        *stories,
    }
    front = (out / "index.html").read_text()
    assert f'href="mr/{busy.mr("next").id}.html"' in front
    assert "Change good" in (out / "landed.html").read_text()


def test_the_same_queue_at_the_same_time_makes_the_same_files(
    busy: Sandbox, tmp_path: Path
) -> None:
    at = f"{busy.clock.now:%Y-%m-%dT%H:%M:%S}"
    for name in ("one", "two"):
        busy.clock.tick(60)
        assert report(busy, tmp_path / name, "--at", at, "--json").code == 0
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_programs_get_the_same_as_one_document(busy: Sandbox, tmp_path: Path) -> None:
    done = report(busy, tmp_path / "out", "--json")
    told = json.loads((tmp_path / "out" / "report.json").read_text())
    assert done.json["document"] == str(tmp_path / "out" / "report.json")
    assert sorted(done.json["files"]) == sorted(
        set(written(tmp_path / "out")) - {".refinery-report"}
    )
    assert [each["branch"] for each in told["queue"]] == ["next", "bad"]
    assert [each["branch"] for each in told["recent"]] == ["good"]
    month = told["history"]["30-days"]
    assert (month["landed"], month["refused"], month["conflicts"]) == (1, 1, 0)
    assert [each["branch"] for each in month["culprits"]] == ["bad"]
    assert sum(each["landed"] for each in month["steps"]) == 1
    assert month["landed_by_day"] == {f"{busy.clock.now:%Y-%m-%d}": 1}


def test_only_so_many_stories_are_written_the_open_ones_first(
    busy: Sandbox, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report(busy, out, "--most", "1")
    [story] = (out / "mr").iterdir()
    assert story.name == f"{busy.mr('next').id}.html"
    assert "mr/" not in (out / "landed.html").read_text()


def test_files_of_an_earlier_report_go_and_those_of_others_stay(
    busy: Sandbox, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report(busy, out)
    (out / "CNAME").write_text("queue.example.com")
    (out / ".refinery-report").open("a").write("../precious\n/etc/passwd\n")
    (tmp_path / "precious").write_text("keep me")
    report(busy, out, "--most", "0")
    assert list((out / "mr").iterdir()) == []
    assert (out / "CNAME").is_file()
    assert (tmp_path / "precious").is_file()


def test_somebody_elses_pages_are_not_written_over(busy: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    done = report(busy, tmp_path)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"error: {tmp_path}: there is an index.html that no report wrote\n"
        f"hint: give the report a folder of its own, such as {tmp_path / 'queue'}\n"
    )
    assert (tmp_path / "index.html").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "2999-01-01"), "error: --at 2999-01-01T00:00:00+00:00: that is still to come"),
        (("--at", "soon"), "'soon' is not a time, such as 2026-11-23T12:00"),
        (("--most", "many"), "'many' is not a number from 0 to 20000"),
    ],
)
def test_what_makes_no_sense_is_said(
    box: Sandbox, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = report(box, tmp_path / "out", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_an_empty_queue_has_a_report_too(box: Sandbox, tmp_path: Path) -> None:
    assert report(box, tmp_path / "out").code == 0
    front = (tmp_path / "out" / "index.html").read_text()
    assert "The queue is empty" in front
    shutil.rmtree(tmp_path / "out")
