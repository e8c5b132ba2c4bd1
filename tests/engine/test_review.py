"""What a review found: each of these once lost, wedged or blamed something."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refinery.app import open_queue
from refinery.queue import archiving
from refinery.store.update import Committed
from tests.sandbox import Sandbox

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


def test_a_claim_is_renewed_after_some_of_its_members_dropped_out(box: Sandbox) -> None:
    box.config(CHECKED + "claim: {minutes: 1}\n")
    box.request("a", {"shared.txt": "a\n"}, onto="main", priority=0)
    box.request("b", {"shared.txt": "b\n"}, onto="main", priority=1)
    from refinery.engine import process as processing

    said: list[object] = []
    with open_queue(str(box.path), engine=True, clock=box.clock, worker="w") as queue:
        engine = queue.engine(said.append)
        run = engine.bench.run

        def slow(subject, config, *, tick):  # type: ignore[no-untyped-def]
            box.clock.tick(30)
            reason = tick()
            assert reason is None, reason
            return run(subject, config, tick=tick)

        monkey = pytest.MonkeyPatch()
        with monkey.context() as patch:
            patch.setattr(type(engine.bench), "run", lambda self, s, c, tick: slow(s, c, tick=tick))
            processing.process(engine, processing.Orders(), once=True)
    assert box.landed == ["a"]


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
    from refinery.store.message import named_mrs

    victim = box.request("victim", {"v.txt": "x\n"}, onto="main")
    evil = box.request("evil", {"e.txt": "x\n"}, onto="main", message=f"Refinery-MR: {victim}")
    box.cli("hold", victim, "--reason", "waits")
    assert box.cli("process").code == 0
    message = box.git("log", "-1", "--format=%B", "main", cwd=box.origin)
    assert named_mrs(message) == (evil,), message


def test_a_prefix_that_is_ambiguous_later_still_means_the_one_it_meant(box: Sandbox) -> None:
    pass


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
    queue = box.sha("refs/refinery/queue")
    box.git("fetch", "-q", "origin", "refs/refinery/queue")
    index = {"GIT_INDEX_FILE": str(box.root / "index")}
    import os
    import subprocess

    def git(*argv: str, stdin: str = "") -> str:
        return subprocess.run(
            ["git", *argv],
            cwd=box.path,
            env={**os.environ, **index},
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    git("read-tree", str(queue))
    broken = git("hash-object", "-w", "--stdin", stdin="nonsense\n")
    git("update-index", "--add", "--cacheinfo", f"100644,{broken},mrs/{first[-1]}/{first}.yaml")
    commit = git("commit-tree", git("write-tree"), "-p", str(queue), "-m", "break")
    git("push", "-q", "origin", f"{commit}:refs/refinery/queue")
    box.cli("process")
    assert box.landed == []
    why = box.cli("why", "second") if False else box.cli("why", box.mr("second").id)
    assert why.code == 0, why.err
