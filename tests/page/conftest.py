"""What the tests of the page share: a queue with a past, and its site."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from refinery.answers.refusals import refuse
from refinery.app import open_queue
from refinery.page.opening import site
from refinery.page.site import Site
from tests.page.browsing import Browser
from tests.sandbox import Sandbox

TOKEN = "a token of some length"
CHECKED = 'version: 1\nchecks:\n- {"name": "unit", "run": "! cat bad.txt"}\n'


@dataclass
class Shown:
    """A sandbox, and the page of its queue as it was when it was last looked at."""

    box: Sandbox
    site: Site
    logged: list[str] = field(default_factory=list)

    def look(self) -> Browser:
        """Have the page see what is now; a stranger's browser."""
        self.site.watch.look()
        assert self.site.watch.trouble == ""
        return Browser(self.site)


@pytest.fixture
def shown(box: Sandbox) -> Iterator[Shown]:
    """The page of an empty queue."""
    yield from _shown(box)


@pytest.fixture(scope="session")
def told_template(sandbox_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One landed, one is at fault, one conflicts, one waits, one is held."""
    box = Sandbox.copied(sandbox_template, tmp_path_factory.mktemp("told"))
    box.config(CHECKED)
    box.request("good", {"a.txt": "good\n"}, message="Good work")
    box.request("bad", {"bad.txt": "it is broken\n"}, message="Bad work")
    box.request("late", {"a.txt": "late\n"}, message="Late work")
    box.cli("process", "--drain")
    box.request("ready", message="Ready work")
    box.request("held", message="Held work")
    box.cli("hold", box.mr("held").id, "--reason", "waits for the release")
    box.close()
    shutil.rmtree(box.path)
    shutil.copytree(box.root / "pristine", box.path)
    return box.root


@pytest.fixture(scope="session")
def told(told_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The page of a queue that has a past; nobody changes it."""
    box = _later(told_template, tmp_path_factory.mktemp("told"))
    yield from _shown(box)
    box.close()


@pytest.fixture
def changing(told_template: Path, tmp_path: Path) -> Iterator[Shown]:
    """The same, to change."""
    box = _later(told_template, tmp_path)
    yield from _shown(box)
    box.close()


def _later(template: Path, place: Path) -> Sandbox:
    box = Sandbox.copied(template, place)
    box.clock.tick(300)  # what was done while the template was made is past
    return box


def _shown(box: Sandbox) -> Iterator[Shown]:
    logged: list[str] = []
    made = site(
        "origin",
        lambda: open_queue(str(box.path), clock=box.clock, worker=box.worker),
        token=TOKEN.encode(),
        worded=refuse,
        log=logged.append,
    )
    made.acting.changed = made.watch.look
    yield Shown(box, made, logged)
    made.close()


@pytest.fixture
def ids(told: Shown) -> Callable[[str], str]:
    """The id of the merge request of a branch, the same in each copy."""
    return lambda branch: told.box.mr(branch).id
