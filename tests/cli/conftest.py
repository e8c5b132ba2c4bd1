"""What tests of several commands begin with."""

from __future__ import annotations

import pytest

from tests.conftest import Begin
from tests.sandbox import Sandbox

CHECKED = 'version: 1\nchecks:\n- {"name": "unit", "run": "test ! -e bad.txt"}\n'


def _keep_busy(box: Sandbox) -> None:
    box.config(CHECKED)
    box.request("good", {"src/good.txt": "good\n"})
    box.request("bad", {"bad.txt": "bad\n"})
    box.clock.tick(3600)
    box.cli("process", "--drain")
    box.request("next", {"next.txt": "next\n"})


@pytest.fixture
def busy(begin: Begin) -> Sandbox:
    """One landed after an hour, one was refused, one waits."""
    return begin(_keep_busy)
