"""Whatever people, workers and the network do to a real queue, in whatever order, it stays true."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from refinery.engine import testing
from refinery.queue import archiving, settling
from refinery.queue.settling import landed
from refinery.records.merge_request import CloseReason, Landing, MergeRequest
from refinery.records.names import MrId, Sha
from refinery.records.verdict import Result
from refinery.store.archive import fetch_archive
from refinery.store.view import View
from refinery.values import replace
from tests.model.mishaps import Mishap, befallen
from tests.sandbox import Sandbox

CONFIG = """\
version: 1
checks:
- name: no bad file
  run: if ls | grep -q ^bad; then exit 1; fi
claim: {minutes: 5}
"""
BRANCHES = st.sampled_from(["one", "two", "three", "four"])
WORKERS = st.sampled_from(["ada", "bob"])
CONTENTS = st.sampled_from(["fine", "bad", "shared"])


class QueueMachine(RuleBasedStateMachine):
    """A queue on real git, two workers, and everybody else who may touch it."""

    template: ClassVar[Path]
    steps: ClassVar[list[str]] = []  # of all lives

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="machine-"))
        self.box = Sandbox.copied(self.template, self.root)
        self.workers = {"ada": self.box, "bob": self.box.clone("bob")}
        self.closed: dict[str, MergeRequest] = {}
        self.tip = ""
        self.count = 0

    @initialize()
    def configured(self) -> None:
        self.box.config(CONFIG)

    # People

    @rule(branch=BRANCHES, content=CONTENTS)
    def submits(self, branch: str, content: str) -> None:
        self.count += 1
        name = {"shared": "shared.txt", "bad": f"bad-{branch}.txt"}.get(content, f"{branch}.txt")
        others = {f"bad-{branch}.txt", f"{branch}.txt", "shared.txt"} - {name}
        onto = "main" if content != "shared" else None
        files = {name: f"{branch} {self.count}\n", **dict.fromkeys(others & self.files(branch))}
        self.box.commit(branch, files, onto=onto)
        self.box.cli("push", branch, "--force")

    def files(self, branch: str) -> set[str]:
        return set(self.box.tree(branch)) if self.box.sha(f"refs/heads/{branch}") else set()

    @rule(branch=BRANCHES, word=st.sampled_from(["hold", "unhold", "reject", "retry"]))
    def decides(self, branch: str, word: str) -> None:
        reason = ["--reason", "why not"] if word in ("hold", "reject") else []
        found = [mr.id for mr in self.open() if mr.branch == branch]
        for id in found:
            self.box.cli(word, id, *reason)

    @rule(word=st.sampled_from(["pause", "resume"]))
    def stops_or_goes_on(self, word: str) -> None:
        self.box.cli(word, *(["--reason", "lunch"] if word == "pause" else []))

    @rule()
    def pushes_past_the_queue(self) -> None:
        self.count += 1
        self.box.git("fetch", "-q", "origin")
        self.box.commit("past", {"past.txt": f"{self.count}\n"}, onto="origin/main")
        self.box.git("push", "-q", "origin", "+past:main")

    @rule()
    def closes_issues(self) -> None:
        for issue in self.box.cli("issue", "list", "--json").json:
            self.box.cli("issue", "close", issue["id"].rpartition("#")[2])

    # Workers and time

    @rule(
        worker=WORKERS, mishap=st.sampled_from(Mishap), at=st.integers(1, 5), slowly=st.booleans()
    )
    def works(self, worker: str, mishap: Mishap, at: int, slowly: bool) -> None:
        with befallen(mishap, at), lasting(self.box, minutes=2 if slowly else 0), archiving_early():
            self.workers[worker].cli("process", "--drain", "--quiet")

    @rule(worker=WORKERS, branch=BRANCHES)
    def claims_by_hand(self, worker: str, branch: str) -> None:
        for mr in self.open():
            if mr.branch == branch:
                self.workers[worker].cli("claim", mr.id)

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes: int) -> None:
        self.box.clock.tick(timedelta(minutes=minutes).total_seconds())

    # What always holds

    def archived(self) -> Mapping[MrId, MergeRequest]:
        if self.box.sha("refs/refinery/archive") is None:
            return {}
        return fetch_archive(self.box.queue().store).read().mrs

    def open(self) -> list[MergeRequest]:
        return [mr for mr in self.box.view().mrs.values() if not mr.closed]

    @precondition(lambda self: self.box.sha("refs/refinery/queue") is not None)
    @invariant()
    def the_records_are_true(self) -> None:
        view = self.box.view()
        archived = self.archived()
        for id, mr in self.closed.items():
            now = view.mrs.get(mr.id) or archived[mr.id]
            assert (now.close_reason, now.landing) == (mr.close_reason, mr.landing), id
        self.closed |= {mr.id: mr for mr in view.mrs.values() if mr.closed}
        assert not view.damage

    @invariant()
    def the_steps_are_counted(self) -> None:
        self.steps.append(self.tip)

    @invariant()
    def a_conflict_has_one_issue(self) -> None:
        listed = self.box.cli("issue", "list", "--json").json
        about = [issue["mr"] for issue in listed if issue["state"] == "open"]
        assert len(set(about)) == len(about)

    @invariant()
    def the_target_only_grows_and_is_green(self) -> None:
        tip = str(self.box.sha("main"))
        if tip == self.tip:
            return
        if self.tip:
            self.box.git("merge-base", "--is-ancestor", self.tip, tip, cwd=self.box.origin)
        self.tip = tip
        assert not [name for name in self.box.tree("main") if name.startswith("bad")]

    def teardown(self) -> None:
        """Left alone, the queue comes to rest, and history bears out all that it says."""
        try:
            self._comes_to_rest()
        finally:
            self.box.close()
            shutil.rmtree(self.root, ignore_errors=True)

    def _comes_to_rest(self) -> None:
        self.box.cli("resume")
        self.time_passes(30)
        for _ in range(2):
            assert self.box.cli("process", "--drain").code in (0, 1)
            self.time_passes(30)
        self.the_target_only_grows_and_is_green()
        left = [mr for mr in self.open() if not _waits_for_somebody(mr)]
        assert not left, self.box.cli("why", left[0].id).out
        verified = self.box.cli("verify")
        assert verified.code == 0, verified.out
        inspected = self.box.cli("fsck")
        assert inspected.code == 0, inspected.out
        records = {**self.archived(), **self.box.view().mrs}
        landed = [mr for mr in records.values() if _landed(mr)]
        assert len({mr.merge_commit for mr in landed}) == len(landed)


@contextmanager
def lasting(box: Sandbox, *, minutes: int) -> Iterator[None]:
    """Checks take so long, and the worker looks after its claim meanwhile."""
    run = testing.TestBench.run

    def running(self: Any, *arguments: Any, tick: Any, **options: Any) -> Any:
        for _ in range(minutes):
            box.clock.tick(60)
            tick()
        return run(self, *arguments, tick=tick, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing.TestBench, "run", running)
        yield


@contextmanager
def archiving_early() -> Iterator[None]:
    """What has ended leaves the queue soon."""
    archive = archiving.archive
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archiving, "KEPT_CLOSED", 2)
        patch.setattr(archiving, "archive", lambda view: archive(view, at_least=1))
        yield


def _waits_for_somebody(mr: MergeRequest) -> bool:
    return any((mr.hold, mr.block, mr.failure, mr.intent))


def _landed(mr: MergeRequest) -> bool:
    return mr.close_reason is CloseReason.MERGED


def play(template: Path, *, examples: int) -> int:
    """So many lives of a queue, each another one; how many steps they took."""
    steps: list[str] = []
    machine = type("Machine", (QueueMachine,), {"template": template, "steps": steps})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=16,
            deadline=None,
            derandomize=False,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return len(steps)


@pytest.mark.journey
def test_a_queue_stays_true_whatever_happens_to_it(sandbox_template: Path) -> None:
    play(sandbox_template, examples=6)


@pytest.mark.soak
def test_a_queue_stays_true_for_a_long_time(sandbox_template: Path) -> None:
    play(sandbox_template, examples=500)


def _any_pass(view: View, _tree: object, _fingerprint: object) -> object:
    return next((each for each in view.verdicts.values() if each.result is Result.PASS), None)


def _misremembered(mr: MergeRequest, commit: Sha, landing: Landing, now: datetime) -> MergeRequest:
    return landed(mr, commit, replace(landing, tree=landing.commit), now)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("where", "name", "bug"),
    [
        (View, "verdict", _any_pass),
        (settling, "landed", _misremembered),
    ],
    ids=["a verdict about another tree counts", "a landing is recorded with another tree"],
)
def test_a_planted_bug_is_found(
    sandbox_template: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, bug: Any
) -> None:
    monkeypatch.setattr(where, name, bug)
    with pytest.raises(BaseException):  # noqa: B017, PT011
        play(sandbox_template, examples=60)
