"""What is submitted while a worker tests: it is folded before anything is built of it."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.engine import testing
from refinery.records.merge_request import CloseReason
from refinery.records.names import MrId
from tests.sandbox import Sandbox

CONFIG = """\
version: 1
batch: {max: 1}
checks:
- name: ok
  run: 'true'
"""


def test_a_new_revision_replaces_the_old_one_although_the_run_goes_on(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.config(CONFIG)
    box.request("one", {"1.txt": "1\n"})
    old = box.request("two", {"2.txt": "old\n"})
    run = testing.TestBench.run
    revised: list[MrId] = []

    def running(self: testing.TestBench, *arguments: Any, **options: Any) -> Any:
        if not revised:
            revised.append(box.request("two", {"2.txt": "new\n"}, onto="two"))
            box.clock.tick(60)
        return run(self, *arguments, **options)

    monkeypatch.setattr(testing.TestBench, "run", running)
    assert box.cli("process", "--drain").code == 0
    assert box.mr(old).close_reason is CloseReason.SUPERSEDED, box.cli("log").out
    assert box.mr(old).superseded_by == revised[0]
    assert box.landed == ["one", "two"]
    assert box.tree("main")["2.txt"] == "new\n"
