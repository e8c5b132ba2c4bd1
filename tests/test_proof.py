"""The page of figures says what was measured, all of it, and nothing else."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.measuring import Result
from tests.soak import kept, page
from tests.soak.catalogue import PARTS
from tests.soak.figure import Figure, at_least, at_most, of_result, shown
from tests.soak.kept import Kept

MADE = Kept(
    "faults",
    "2026-01-01",
    "0.1.0",
    "2 cores",
    125.0,
    (
        at_most("faults", "lost", 0, 0),
        at_least("faults", "survived", 9, 10, unit="%", how="make it", note="a | b"),
    ),
)


def test_the_page_is_made_of_what_is_kept() -> None:
    assert page.PAGE.read_text() == page.wanted()


def test_what_is_kept_is_of_parts_that_are_there() -> None:
    assert {file.stem for file in kept.PLACE.glob("*")} <= PARTS.keys()
    assert [name for name, part in PARTS.items() if find_spec(part.module) is None] == []


def test_what_is_kept_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept.write(MADE, tmp_path / "proof")
    assert kept.read(list(PARTS), tmp_path / "proof") == {"faults": MADE}


def test_a_part_is_a_table_with_its_command_and_a_missed_bar_is_seen() -> None:
    assert page.section(MADE).splitlines()[4:] == [
        "| what | figure | bar |  | again |",
        "| --- | --- | --- | --- | --- |",
        "| lost | 0 | 0 | met |  |",
        "| survived | 9% | at least 10% | **missed**; a \\| b | `make it` |",
        "",
        "Again where nothing else is said: `python -m tests.soak --part faults`, 2 minutes; "
        "made on 2026-01-01 with 0.1.0 on 2 cores.",
    ]
    assert "2 figures; 1 of 2 bars are met." in page.text({"faults": MADE})


def test_a_benchmarks_result_is_a_figure() -> None:
    ratio = Result("b", "push", 0.2, "s", 0.1, "git", 2.0, 3)
    assert of_result("scale", ratio) == Figure(
        "scale", "push", 2.0, "x", "at most 3 x", True, note="against git"
    )
    assert of_result("scale", Result("b", "rate", 5, "/s", bar=9, least=True)).ok is False


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.0123, "s", "12.3 ms"),
        (86.54, "%", "86.5%"),
        (1_000_000, "", "1,000,000"),
        ("ok", "", "ok"),
    ],
)
def test_a_value_is_shown_with_its_unit(value: float | str, unit: str, words: str) -> None:
    assert shown(value, unit) == words
