"""A pytest session that collects once and then runs tests in forks of itself."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

EXAMPLES = 25
"""Of hypothesis, a test."""

Work = Callable[["Session"], None]


@dataclass
class Session:
    """The collected tests, and what is done to them inside a fork."""

    items: dict[str, pytest.Item]
    scratch: Path

    def first_failed(self, names: Sequence[str]) -> str | None:
        """The first of these tests that fails; None where all pass."""
        items = [self.items[name] for name in names]
        for item, following in zip(items, [*items[1:], None], strict=True):
            if not _passes(item, following):
                return item.nodeid
        return None

    def lines_run(self, name: str, below: Path) -> dict[str, list[int]] | None:
        """The lines of each file in this folder that a test runs; None where it fails."""
        seen = coverage.Coverage(
            data_file=None, include=[f"{below.resolve()}/*"], config_file=False
        )
        with seen.collect():
            passed = _passes(self.items[name], None)
        data = seen.get_data()
        return (
            {file: sorted(data.lines(file) or ()) for file in data.measured_files()}
            if passed
            else None
        )


def in_session(tests: Sequence[str], work: Work, scratch: Path) -> None:
    """Collect these tests and journeys, and do the work where they could be run."""
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"]
    arguments += ["-m", "not soak"]
    basetemp = f"--basetemp={scratch / 'shared'}"
    code = pytest.main([*arguments, basetemp, *tests], plugins=[_Instead(work, scratch)])
    if code:
        raise SystemExit(f"pytest: {code!r}")


class _Instead:
    def __init__(self, work: Work, scratch: Path) -> None:
        self.work = work
        self.scratch = scratch

    def pytest_sessionstart(self) -> None:
        """The same examples each time, and fewer: what they kill others kill sooner."""
        settings.register_profile("few", deadline=None, derandomize=True, max_examples=EXAMPLES)
        settings.load_profile("few")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("errors during collection")
        _prepare(session.items)
        self.work(Session({item.nodeid: item for item in session.items}, self.scratch))
        return True


def _prepare(items: Sequence[pytest.Item]) -> None:
    """Have what is made once a session made before the first fork."""
    asking = [each for each in items if "sandbox_template" in getattr(each, "fixturenames", ())]
    first = (asking or list(items))[0]
    elsewhere = next((each for each in items if each.path.parent != first.path.parent), None)
    runtestprotocol(first, nextitem=elsewhere, log=False)
    gc.freeze()
    gc.disable()


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(each.failed for each in runtestprotocol(item, nextitem=following, log=False))
