"""The files that go from job to job: a verdict fits into what carries it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refinery.cli.commands import candidate
from refinery.records import document
from refinery.records.names import Branch, MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict


@pytest.mark.parametrize(("checks", "letter"), [(1, "x"), (100, "x"), (100, "\N{PILE OF POO}")])
def test_a_verdict_fits_into_a_variable_whatever_the_checks_print(
    tmp_path: Path, checks: int, letter: str
) -> None:
    """Linux starts nothing with a variable of 128 KiB: the job that settles would never begin."""
    tail = f"{letter * 3000}the end"
    note = letter * 300
    given = Verdict(
        tree=Sha("a" * 40),
        fingerprint="0" * 16,
        result=Result.FAIL,
        runs=1,
        target=Branch("main"),
        base=Sha("b" * 40),
        candidate=(MrId("mr-0123456789"),),
        seconds=1.0,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        worker="w",
        checks=tuple(
            CheckReport(f"c{number}", Result.FAIL, 1.0, 1, note, tail) for number in range(checks)
        ),
    )
    file = tmp_path / "verdict.json"
    candidate._write(str(file), given)
    data = file.read_bytes()
    assert len(data) < 128 << 10
    read = document.read(Verdict, data, where="verdict.json")
    assert [each.name for each in read.checks] == [each.name for each in given.checks]
    assert all(each.tail.endswith("the end") for each in read.checks)
    assert json.loads(data)["result"] == "fail"
    assert (read == given) == (checks == 1)
