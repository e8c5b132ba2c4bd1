"""What the engine does, told line by line: signs and words as everywhere, colour where it shows."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from refinery import doing
from refinery.cli import output
from refinery.cli.narration import Narrator, worded
from refinery.engine import happenings as told
from refinery.queue.candidate import Candidate
from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import Failure, FailureType
from tests.decisions.makers import MAIN, NOW, a_sha, an_id, an_mr


class Screen(io.StringIO):
    """A terminal, as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def nothing_else_is_done(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(doing, "current", None)
    monkeypatch.setattr(output, "colour_asked", None)
    monkeypatch.setenv("TERM", "xterm")
    yield
    doing.current = None


LANDED = told.Landed((an_mr("a"),), MAIN, a_sha("commit"))
BLAMED = told.Blamed(
    an_mr("a", failure=Failure(FailureType.TESTS_FAIL, NOW, "check unit: exit 1\nassert 1 == 2"))
)
CHOSEN = told.Chosen(Candidate(MAIN, (an_id("a"),), Purpose.SCREEN, "untested"))


def test_only_the_sign_is_coloured_and_only_where_it_shows() -> None:
    commit = a_sha("commit")[:12]
    for stream, sign in ((Screen(), "\x1b[32m✓\x1b[0m"), (io.StringIO(), "✓"), (None, "✓")):
        lines: list[str] = []
        Narrator(lines.append, stream=stream)(LANDED)
        assert lines == [f"  {sign} landed mr-a on main at {commit}"]


def test_what_a_check_printed_stands_apart_from_what_is_said_of_it() -> None:
    assert worded(BLAMED).splitlines() == [
        "  ✗ mr-a (a) needs rework: check unit: exit 1",
        "    | assert 1 == 2",
    ]


def test_while_checks_run_they_are_what_is_being_done() -> None:
    narrate = Narrator(lambda _: None)
    narrate(CHOSEN)
    assert doing.current is not None
    assert doing.current.words == "testing mr-a"
    narrate(LANDED)
    assert doing.current is None
