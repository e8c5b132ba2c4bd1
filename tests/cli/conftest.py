"""What tests of several commands begin with."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox

CHECKED = 'version: 1\nchecks:\n- {"name": "unit", "run": "test ! -e bad.txt"}\n'


@pytest.fixture
def busy(box: Sandbox) -> Sandbox:
    """One landed after an hour, one was refused, one waits."""
    box.config(CHECKED)
    box.request("good", {"src/good.txt": "good\n"})
    box.request("bad", {"bad.txt": "bad\n"})
    box.clock.tick(3600)
    box.cli("process", "--drain")
    box.request("next", {"next.txt": "next\n"})
    return box
