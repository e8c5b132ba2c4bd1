"""People at the command line who know nothing of the queue: what they ask, and learn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.queue import archiving
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CHECK = "version: 1\nchecks:\n  - name: test\n    run: sh test.sh\n"


@pytest.fixture(scope="module")
def worked_on(
    sandbox_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """Work that landed, that conflicts, that fails, and that came late."""
    box = Sandbox.copied(sandbox_template, tmp_path_factory.mktemp("worked-on"))
    box.config(CHECK)
    box.advance(files={"test.sh": "! grep -r bad src\n", "src/one": "one\n", "shared": "1\n"})
    box.request("feat/login", {"shared": "2\n"})
    box.request("feat/logout", {"shared": "3\n"})
    box.request("feat/broken", {"src/broken": "bad\n"})
    assert box.cli("process").code == 0
    box.request("feat/late", {"src/late": "late\n"})
    yield box
    box.close()


@pytest.fixture
def busy(worked_on: Sandbox, tmp_path: Path) -> Iterator[Sandbox]:
    """A copy of it that the test may change."""
    box = Sandbox.copied(worked_on.root, tmp_path)
    box.clock.now = worked_on.clock.now
    yield box
    box.close()


def test_a_reviewer_asks_by_branch_why_it_is_not_in_and_learns_what_to_do(busy: Sandbox) -> None:
    landed, blocked, broken = (
        busy.cli("why", branch).out for branch in ("feat/login", "feat/logout", "feat/broken")
    )
    commit = busy.mr("feat/login").merge_commit
    assert commit is not None
    assert landed.splitlines()[1] == f"  Landed on main as {commit[:12]}."
    assert "in shared; local#1 is open" in blocked
    assert f"next: refinery resolve {busy.mr('feat/logout').id}" in blocked
    assert "    | src/broken:bad" in broken
    assert "next: git switch feat/broken" in broken


def test_an_author_asks_about_the_branch_at_hand(busy: Sandbox) -> None:
    busy.git("switch", "-q", "feat/late")
    assert busy.cli("why").out.startswith(f"{busy.mr('feat/late').id} [pending] ")
    assert busy.cli("show", "--json").json["id"] == busy.mr("feat/late").id
    busy.git("switch", "-q", "-c", "unknown")
    asked = busy.cli("why")
    assert (asked.code, asked.err) == (
        1,
        "error: there is no merge request of this branch, 'unknown'\n"
        "hint: `refinery submit` queues it; `refinery list` shows what is there\n",
    )
    busy.git("switch", "-q", "--detach")
    assert busy.cli("why").code == 2


def test_a_branch_whose_record_is_in_the_archive_is_found_by_its_name(
    busy: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "KEPT_CLOSED", 0)
    assert busy.cli("reject", "feat/late", "--reason", "not needed").code == 0
    queue = busy.queue(engine=True)
    queue.update(lambda view: archiving.archive(view, at_least=1) or view)
    gone = busy.archived()[0]
    assert gone.id not in busy.view().mrs
    assert busy.cli("why", gone.branch).out.startswith(f"{gone.id} [")


def test_an_operator_of_a_stuck_queue_sees_who_stopped_it_why_and_how_it_goes_on(
    busy: Sandbox,
) -> None:
    assert busy.cli("pause", "--reason", "main is being repaired").code == 0
    queue, status = busy.cli("queue").out, busy.cli("status").out
    assert "  ⏸ paused by ada: main is being repaired\n    to go on: refinery resume\n" in queue
    assert "Paused: by ada: main is being repaired" in status
    assert "to go on: refinery resume" in status
    assert "Queue: 3 pending (1 paused, 1 blocked, 1 needs rework)" in status
    assert busy.cli("resume").code == 0
    assert "paused" not in busy.cli("queue").out


def test_who_decides_by_hand_is_a_person_not_a_process(busy: Sandbox) -> None:
    busy.git("config", "user.name", "Grace Hopper")
    told = busy.run("hold", "feat/late", "--reason", "not yet", env={"REFINERY_WORKER": ""})
    assert told.code == 0
    assert "Held by Grace Hopper: not yet" in busy.cli("why", "feat/late").out


def test_a_manager_reads_the_last_month_without_knowing_a_single_id(busy: Sandbox) -> None:
    shown = busy.cli("stats", "--since", "30d").out
    for title in ("Turnaround", "Landed", "CI time", "Green"):
        assert title in shown
