"""The queues that older versions wrote are read, are whole, and go on: tools/keep_queue.py."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.sandbox import Sandbox
from tools.keep_queue import ARCHIVED

KEPT = sorted((Path(__file__).parent / "queues").glob("*.bundle"))
STANDINGS = {
    "above": "blocked",
    "below": "pending",
    "claimed": "processing",
    "conflicting": "blocked",
    "failing": "needs-rework",
    "held": "held",
    "moved": "pending",
    "unfolded": "pending",
}


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def kept(request: pytest.FixtureRequest, box: Sandbox) -> Sandbox:
    """A sandbox whose origin is as it was when the older version left it."""
    subprocess.run(
        ["git", "fetch", "-q", "--prune", "--update-head-ok", request.param, "+refs/*:refs/*"],
        cwd=box.origin,
        check=True,
    )
    return box


@pytest.mark.journey
def test_a_queue_of_an_older_version_is_read_whole_and_goes_on(kept: Sandbox) -> None:
    queued = kept.cli("queue", "--json")
    assert queued.err == ""
    shown = {row["mr"]["branch"]: row["mr"] for row in queued.json}
    assert shown.keys() == STANDINGS.keys()
    assert [kept.cli("show", mr["id"]).code for mr in shown.values()] == [0] * len(shown)
    closed = Counter(mr.close_reason for mr in [*kept.view().mrs.values(), *kept.archived()])
    assert closed == {None: len(shown), "merged": ARCHIVED + 1, "rejected": 1, "superseded": 1}
    assert kept.cli("status").out.count("kept for later versions") == 1
    [issue] = kept.cli("issue", "list", "--json").json
    assert issue["title"] == "Resolve merge conflicts: Change shared.txt"
    assert kept.cli("fsck").code == 0
    assert kept.cli("verify").code == 0

    assert kept.cli("resume").code == 0
    assert kept.cli("process", "--drain").code == 0
    # Whoever claimed one is long gone.
    assert {*kept.landed[-5:]} == {"below", "above", "moved", "unfolded", "claimed"}
    assert kept.cli("unhold", shown["held"]["id"]).code == 0
    assert kept.cli("retry", shown["failing"]["id"]).code == 0
    assert kept.cli("process", "--drain").code == 0
    assert kept.landed[-1] == "held"
    assert kept.cli("fsck").code == 0


def test_there_is_one_to_read() -> None:
    assert KEPT
