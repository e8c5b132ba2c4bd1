"""The logs of check runs are found by candidate, and their ends are read while they grow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refinery.engine import testing
from refinery.engine.check_logs import LogTail, log_name, newest_logs, read_tail
from refinery.records.names import CandidateId, Sha
from refinery.records.verdict import Result
from tests.sandbox import Sandbox

CANDIDATE = CandidateId("candidate-0123456789")


def test_the_newest_run_of_each_candidate_is_found_in_declared_order(tmp_path: Path) -> None:
    tree = Sha("a" * 40)
    for run, number, check in ((1, 1, "lint"), (2, 2, "unit-a"), (2, 1, "lint"), (1, 2, "unit-a")):
        (tmp_path / f"{log_name(tree, CANDIDATE, run)}-{number:02d}-{check}.log").touch()
    (tmp_path / f"{log_name(tree, CandidateId('candidate-9876543210'), 9)}-01-lint.log").touch()
    (tmp_path / "aaaaaaaaaaaa-1700000000000-01-lint.log").touch()  # as they were once called
    found = newest_logs(tmp_path, {CANDIDATE})
    assert [(log.run, log.number, log.check) for log in found[CANDIDATE]] == [
        (2, 1, "lint"),
        (2, 2, "unit-a"),
    ]
    assert newest_logs(tmp_path / "nowhere", {CANDIDATE}) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", LogTail((), ended=False)),
        ("refinery: check 'unit' started now: 'x'\n", LogTail((), ended=False)),
        ("refinery: check 'unit' started now: 'x'\na\n\nb", LogTail(("a", "b"), ended=False)),
        (
            "a\nrefinery: check 'unit': pass after 1.00 s\n",
            LogTail(("a",), ended=True, result=Result.PASS),
        ),
        (
            "refinery: check 'unit': fail (exit status 1) after 1.00 s\n",
            LogTail((), ended=True, result=Result.FAIL),
        ),
        ("a\nrefinery: abandoned: asked to stop\n", LogTail(("a",), ended=True)),
        ("a\nrefinery: interrupted\n", LogTail(("a",), ended=True)),
        (
            "\x1b[31mred\x1b[0m https://me:secret@host/x\n",
            LogTail(("red https://***@host/x",), False),
        ),
    ],
)
def test_a_log_tells_its_last_lines_and_whether_the_check_has_ended(
    tmp_path: Path, text: str, expected: LogTail
) -> None:
    log = tmp_path / "x.log"
    log.write_text(text)
    assert read_tail(log) == expected


def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("".join(f"line {number}\n" for number in range(100_000)))
    assert read_tail(log).lines[-1] == "line 99999"


def test_what_a_worker_writes_is_what_a_screen_finds(box: Sandbox) -> None:
    box.config("version: 1\nchecks:\n- name: unit tests\n  run: echo fine\n")
    box.request("feat", {"a.txt": "a\n"})
    assert box.cli("process", "--drain").code == 0
    verdicts = box.view().verdicts.values()
    assert len(verdicts) == 1
    folder = box.queue().repo.state_dir / "logs"
    (name,) = (log.name for log in folder.iterdir())
    candidate = CandidateId("candidate-" + name.split("candidate-")[1][:10])
    (log,) = newest_logs(folder, {candidate})[candidate]
    assert read_tail(log.path) == LogTail(("fine",), ended=True, result=Result.PASS)


def test_the_oldest_logs_go_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "LOGS_KEPT", 3)
    for age, name in enumerate(["d", "b", "e", "a", "c"]):
        log = tmp_path / f"{name}.log"
        log.touch()
        os.utime(log, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "other.txt").touch()
    testing._forget_oldest(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "b.log",
        "d.log",
        "e.log",
        "other.txt",
    ]
    testing._forget_oldest(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
