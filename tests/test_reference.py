"""The made parts of the documentation say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.cli.catalogue import COMMANDS
from refinery.queue.standing import Code
from refinery.records.merge_request import CloseReason, FailureType
from tests.sandbox import CHECKOUT
from tools import make_reference


def test_every_made_part_is_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stale = [
        str(file.relative_to(CHECKOUT))
        for file, text in make_reference.documents().items()
        if file.read_text() != text
    ]
    assert stale == [], "run `python -m tools.make_reference`"


def test_every_part_that_can_be_made_stands_somewhere() -> None:
    text = "".join(make_reference.documents_with_parts().values())
    parts = make_reference.PARTS
    assert [name for name in parts if f"make_reference.py: {name} -->" not in text] == []


def test_a_part_that_differs_only_in_ids_and_times_is_fresh() -> None:
    said = "{} mr-{} on main at {} ({} s)"
    old, new = (
        said.format("landed", "0n7rcf0b68", "3bcb26bbff82", "0.1"),
        said.format("landed", "bh866bn916", "0123456", "12"),
    )
    assert make_reference.unchanging(old) == make_reference.unchanging(new)
    assert make_reference.unchanging(old) != make_reference.unchanging(old.replace("main", "x"))


@pytest.mark.parametrize(
    "codes", [Code, CloseReason, FailureType], ids=lambda codes: str(codes.__name__)
)
def test_every_code_is_explained(codes: type[Code | CloseReason | FailureType]) -> None:
    text = (CHECKOUT / "docs" / "how-it-works.md").read_text()
    assert [code.value for code in codes if f"| `{code.value}` |" not in text] == []


def test_every_command_is_in_the_readme_and_in_the_reference() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    reference = (CHECKOUT / "docs" / "commands.md").read_text()
    assert [name for name in COMMANDS if f"[`{name}`](docs/commands.md#{name})" not in readme] == []
    assert [name for name in COMMANDS if f"\n### {name}\n" not in reference] == []
