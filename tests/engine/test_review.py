"""What a review found: each of these once lost, wedged or blamed something."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from refinery.app import open_queue
from refinery.config.config import Config
from refinery.engine.checks import Abandoned
from refinery.engine.process import Orders, prepare, process
from refinery.engine.testing import Subject
from refinery.engine.testing import TestBench as Bench
from refinery.queue import archiving
from refinery.queue.folding import seen
from refinery.records.header import QueueHeader
from refinery.records.names import Branch
from refinery.records.verdict import Verdict
from refinery.store.message import named_mrs
from refinery.store.update import Committed
from refinery.store.view import View
from refinery.submit.submitting import Options, submit
from tests.decisions.makers import NOW, an_mr
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CHECKED = """\
version: 1
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then exit 1; fi
"""


def test_every_group_reaches_the_archive_after_the_first(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "KEPT_CLOSED", 0)
    for name in ("one", "two"):
        box.request(name, {f"{name}.txt": "x\n"}, onto="main")
        assert box.cli("process").code == 0
        with open_queue(str(box.path), engine=True, clock=box.clock) as queue:
            view = queue.store.read()
            done = queue.update(lambda now: archiving.archive(now, at_least=1), view=view)
            assert isinstance(done, Committed)
    assert [mr.branch for mr in box.archived()] == ["one", "two"]


def slow_checks(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """While the checks run, something happens; then they ask whether to go on."""
    run = Bench.run

    def slow(
        bench: Bench, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        meanwhile()
        reason = tick()
        return Abandoned(reason) if reason else run(bench, subject, config, tick=tick)

    monkeypatch.setattr(Bench, "run", slow)


def test_a_claim_is_renewed_after_some_of_its_members_dropped_out(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.config(CHECKED + "claim: {minutes: 1}\n")
    box.request("a", {"shared.txt": "a\n"}, onto="main", priority=0)
    box.request("b", {"shared.txt": "b\n"}, onto="main", priority=1)
    slow_checks(monkeypatch, lambda: box.clock.tick(30))
    with open_queue(str(box.path), engine=True, clock=box.clock, worker="w") as queue:
        process(queue.engine(lambda _: None), Orders(), once=True)
    assert box.landed == ["a"]


def test_a_namesake_that_is_at_work_keeps_its_claims(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.config(CHECKED + "claim: {minutes: 1}\n")
    box.request("a", {"a.txt": "a\n"}, onto="main")
    with open_queue(
        str(box.clone("other").path), engine=True, clock=box.clock, worker="ci"
    ) as namesake:
        idle = namesake.engine(lambda _: None)

        def look_for_work() -> None:
            idle.refresh()
            prepare(idle)
            box.clock.tick(30)

        box.clock.tick()
        slow_checks(monkeypatch, look_for_work)
        with open_queue(str(box.path), engine=True, clock=box.clock, worker="ci") as queue:
            process(queue.engine(lambda _: None), Orders(), once=True)
    assert box.landed == ["a"]


def test_a_branch_that_others_land_on_is_not_deleted_when_it_lands(box: Sandbox) -> None:
    box.config("version: 1\ndelete_branch: true\n")
    box.commit("release", {"r.txt": "x\n"}, onto="main")
    box.push("release")
    box.request("fix", {"f.txt": "x\n"}, onto="release", target="release")
    assert box.cli("hold", box.mr("fix").id, "--reason", "waits").code == 0
    box.submit("release", priority=0)
    assert box.cli("process").code == 0
    assert box.mr("release").close_reason == "merged"
    assert box.sha("refs/heads/release") is not None


def test_ten_thousand_submissions_are_folded_without_comparing_all_with_all() -> None:
    mrs = {mr.id: mr for mr in (an_mr(f"m{n}") for n in range(10_000))}
    view = View(header=QueueHeader(Branch("main")), mrs=mrs, unfolded=frozenset(mrs))
    before = time.process_time()
    assert not seen(view, NOW).unfolded
    assert time.process_time() - before < 20


def test_a_worker_that_stays_up_forgets_what_the_queue_was_yesterday(box: Sandbox) -> None:
    store = box.queue().store
    box.request("a", {"a.txt": "a\n"}, onto="main")
    box.cli("process")
    store.read()
    kept = len(store._tree._folders), len(store._reader._records)
    for n in range(4):
        box.cli("pause", "--reason", str(n))
        store.read()
        box.cli("resume")
        store.read()
    assert (len(store._tree._folders), len(store._reader._records)) == kept


def test_an_announcement_that_was_overtaken_does_not_stop_a_guarded_queue(box: Sandbox) -> None:
    box.request("b", {"b.txt": "0\n"}, onto="main")
    assert box.cli("process").code == 0
    head = box.commit("c", {"c.txt": "1\n"}, onto="main")
    submit(box.queue(), Options(branch="c", head=head, move_branch=False, intent=True))
    box.clock.tick()
    box.request("c", {"c.txt": "2\n"})
    assert box.cli("hooks", "install", "--server", "--repo", str(box.origin)).code == 0
    done = box.cli("process")
    assert done.code == 0, done.err
    assert box.landed == ["b", "c"]


def test_a_full_inbox_that_waited_long_loses_nothing(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.queue.folding.PORTION", 2)
    for n in range(5):
        box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main")
    box.clock.tick(3600)
    assert box.cli("process").code == 0
    assert sorted(box.landed) == [f"b{n}" for n in range(5)]


def test_a_revision_from_a_clock_that_is_behind_is_the_newer_one(box: Sandbox) -> None:
    box.request("b", {"b.txt": "1\n"}, onto="main")
    box.clock.now -= timedelta(minutes=5)
    newer = box.request("b", {"b.txt": "2\n"}, onto="main")
    box.clock.now += timedelta(minutes=5)
    assert box.cli("process").code == 0
    assert box.mr(newer).close_reason == "merged"


@pytest.mark.parametrize("encoding", ["undefined", "idna", "utf-7"])
def test_a_commit_that_claims_an_odd_encoding_stops_nobody(box: Sandbox, encoding: str) -> None:
    box.config("version: 1\nmethod: squash\n")
    made = box.commit("odd", {"odd.txt": "x\n"}, onto="main")
    raw = box.git("cat-file", "commit", made)
    head, _, body = raw.partition("\n\n")
    odd = box.git(
        *("hash-object", "-t", "commit", "-w", "--stdin"),
        stdin=f"{head}\nencoding {encoding}\n\n{body} \xff..\n",
    )
    box.git("update-ref", "refs/heads/odd", odd)
    box.submit("odd")
    box.request("plain", {"plain.txt": "x\n"}, onto="main")
    done = box.cli("process")
    assert done.code == 0, done.err
    assert sorted(box.landed) == ["odd", "plain"]


def test_a_subject_that_looks_like_a_trailer_names_nobody(box: Sandbox) -> None:
    victim = box.request("victim", {"v.txt": "x\n"}, onto="main")
    evil = box.request("evil", {"e.txt": "x\n"}, onto="main", message=f"Refinery-MR: {victim}")
    box.cli("hold", victim, "--reason", "waits")
    assert box.cli("process").code == 0
    message = box.git("log", "-1", "--format=%B", "main", cwd=box.origin)
    assert named_mrs(message) == (evil,), message


def test_a_conflict_of_a_rebase_that_would_merge_stays_blocked(box: Sandbox) -> None:
    box.config("version: 1\nmethod: rebase\n")
    box.advance({"shared.txt": "0\n"})
    box.commit("b", {"shared.txt": "b\n"}, onto="main")
    box.commit("b", {"shared.txt": "0\n", "b.txt": "x\n"})
    box.push("b")
    box.submit("b")
    box.advance({"shared.txt": "main\n"})
    assert box.cli("process").code == 0
    assert box.mr("b").blocked_by == "local#1"
    box.cli("issue", "close", "1")
    box.cli("process")
    mr = box.mr("b")
    assert (mr.retry_count, mr.failure, mr.blocked_by) == (1, None, "local#1")


def test_an_unreadable_dependency_is_not_taken_as_landed(box: Sandbox) -> None:
    first = box.request("first", {"1.txt": "x\n"}, onto="main")
    box.request("second", {"2.txt": "x\n"}, onto="main", depends_on=first)
    box.cli("hold", first, "--reason", "waits")
    box.git("fetch", "-q", "origin", "refs/refinery/queue:refs/heads/queue")
    box.commit("queue", {f"mrs/{first[-1]}/{first}.yaml": "nonsense\n"})
    box.git("push", "-q", "origin", "queue:refs/refinery/queue")
    box.cli("process")
    assert box.landed == []
    why = box.cli("why", box.mr("second").id)
    assert (why.code, "cannot be read" in why.out) == (0, True), why.out + why.err
