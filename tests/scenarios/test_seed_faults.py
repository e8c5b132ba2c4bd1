"""The twenty faults of the queue this one grew out of: each as it happened there, and not here."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from refinery.adapters.local import LocalTracker
from refinery.engine import testing
from refinery.errors import TryAgain
from refinery.queue.archiving import archive
from refinery.queue.claiming import Claimant, claim
from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest, Proposal
from refinery.records.names import MrId
from refinery.records.verdict import Verdict
from refinery.store.update import Committed
from refinery.submit.submitting import Options, Submitted, submit
from refinery.values import MISSING, fields
from tests.sandbox import CHECKOUT, Result, Sandbox
from tests.scenarios import raw

# Fails when a file says "bad", and when `left` and `right` are there together.
CHECK = """\
if grep -qr bad --include='*.txt' .; then echo "found something bad"; exit 1; fi
if [ -e left.txt ] && [ -e right.txt ]; then echo "left and right do not go together"; exit 1; fi
"""


def config(more: str = "", run: str = "sh check.sh") -> str:
    return f"version: 1\n{more}checks:\n- name: test\n  timeout: 30s\n  run: |\n    {run}\n"


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose target declares a real check."""
    box.advance({".refinery.yaml": config(), "check.sh": CHECK, "shared.txt": "1\n2\n3\n"})
    return box


def drain(box: Sandbox, code: int = 0) -> Result:
    done = box.cli("process", "--drain")
    assert done.code == code, done.err
    return done


def clash(box: Sandbox) -> str:
    """`first` has landed, and the returned one conflicts with it."""
    old = box.sha("main")
    box.request("first", {"shared.txt": "first\n2\n3\n"}, onto="main", priority=0)
    drain(box)
    id = box.request("second", {"shared.txt": "second\n2\n3\n"}, onto=old)
    drain(box)
    assert box.mr(id).blocked_by == "local#1"
    return id


def during_checks(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Something that happens elsewhere once, after the first checks and before the landing."""
    real, left = testing.TestBench.run, [happens]

    def run(bench: testing.TestBench, *arguments: Any, **options: Any) -> Any:
        verdict = real(bench, *arguments, **options)
        if left:
            left.pop()()
        return verdict

    monkeypatch.setattr(testing.TestBench, "run", run)


def claimed(box: Sandbox, id: str, token: str = "") -> bool:
    """Whether this worker wins the claim."""
    queue = box.queue()
    lasts = timedelta(minutes=10)
    by = Claimant(box.worker, token or secrets.token_hex(16), box.clock(), lasts)
    return isinstance(queue.update(lambda view: claim(view, [MrId(id)], by)), Committed)


# 1


def test_01_only_the_merged_tree_is_tested_and_it_is_what_lands(box: Sandbox) -> None:
    """Each is fine alone and on the old target; together they break."""
    tested = box.root / "tested"
    run = f"git rev-parse HEAD^{{tree}} >> {tested}; sh check.sh"
    box.advance({".refinery.yaml": config(run=run), "check.sh": CHECK})
    box.request("left", {"left.txt": "l\n"}, onto="main")
    right = box.request("right", {"right.txt": "r\n"}, onto="main")
    drain(box)
    assert box.landed == ["left"]
    failure = box.mr(right).failure
    assert failure is not None
    assert "left and right do not go together" in failure.message
    landing = box.mr("left").landing
    assert landing is not None
    assert landing.tree == box.git("rev-parse", "main^{tree}", cwd=box.origin)
    assert landing.tree in tested.read_text().split()


# 2


def test_02_a_push_that_is_overtaken_is_built_again_on_what_overtook_it(checked: Sandbox) -> None:
    rival = checked.commit("rival", {"rival.txt": "r\n"}, onto="main")
    checked.push("rival")
    checked.request("good", {"good.txt": "g\n"}, onto="main")
    raced = checked.root / "raced"
    checked.hook(
        "pre-receive",
        f"grep -q refs/heads/main || exit 0; [ ! -e {raced} ] || exit 0; touch {raced}\n"
        f"env -u GIT_QUARANTINE_PATH git update-ref refs/heads/main {rival}",
    )
    drain(checked)
    assert raced.exists()
    assert checked.landed == ["good"]
    line = checked.git("rev-list", "--first-parent", "main", cwd=checked.origin).split()
    assert line[1] == rival
    checked.request("later", {"later.txt": "l\n"}, onto="main")
    drain(checked)
    assert checked.landed == ["good", "later"]


def test_02_two_engines_in_two_clones_take_turns(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker lands ours, with something else, between our checks and our landing."""
    bob = checked.clone("bob")
    checked.request("mine", {"mine.txt": "m\n"}, onto="main")

    def overtake() -> None:
        bob.request("other", {"other.txt": "o\n"}, onto="main")
        assert bob.cli("process", "--once").code == 0

    during_checks(monkeypatch, overtake)
    drain(checked)
    assert checked.landed == ["mine", "other"]  # bob tested his on top of ours, and landed both
    assert checked.cli("verify").code == 0


# 3


def test_03_a_torn_landing_is_rolled_forward_and_never_landed_twice(box: Sandbox) -> None:
    """The server moved the target and died: record, claim and pin are as before the landing."""
    before = box.root / "before"
    keep = f"git -C {box.origin} for-each-ref --format='%(refname) %(objectname)' > {before}"
    box.config(config(run=keep))
    id = box.request("good", {"good.txt": "g\n"}, onto="main")
    drain(box)
    tip = box.sha("main")
    for ref in box.refs("refs/refinery/"):
        box.git("update-ref", "-d", ref, cwd=box.origin)
    for row in before.read_text().splitlines():
        ref, oid = row.split()
        if ref.startswith("refs/refinery/"):
            box.git("update-ref", ref, oid, cwd=box.origin)
    assert (box.mr(id).status, list(box.view().testing)) == ("open", [id])
    bob = box.clone("bob")
    told = drain(bob)
    assert "which was interrupted" in told.err
    assert (box.sha("main"), box.mr(id).close_reason, box.landed) == (tip, "merged", ["good"])
    assert set(box.refs("refs/refinery/")) == {"refs/refinery/queue"}
    assert (box.cli("verify").code, box.cli("fsck").code) == (0, 0)


# 4


def test_04_eight_workers_race_and_each_merge_request_has_one_winner(box: Sandbox) -> None:
    ids = [box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main") for n in range(12)]
    clones = [box.clone(f"racer{n}") for n in range(8)]

    def race(clone: Sandbox) -> list[str]:
        return [id for id in ids if claimed(clone, id)]

    with ThreadPoolExecutor(len(clones)) as pool:
        won = list(pool.map(race, clones))
    assert sorted(id for mine in won for id in mine) == sorted(ids)
    claims = box.view().claims
    for clone, mine in zip(clones, won, strict=True):
        assert {claims[MrId(id)].worker for id in mine} <= {clone.worker}


def test_04_a_claim_that_ran_out_under_a_long_test_is_taken_over_and_cannot_land(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = checked.clone("bob")
    id = checked.request("good", {"good.txt": "g\n"}, onto="main")

    def taken_over() -> None:
        checked.clock.tick(11 * 60)
        assert claimed(bob, id)

    during_checks(monkeypatch, taken_over)
    drain(checked)
    assert (checked.landed, checked.mr(id).status) == ([], "open")
    assert checked.view().claims[MrId(id)].worker == "bob"
    drain(bob)
    assert checked.landed == ["good"]


# 5


def test_05_a_malformed_record_is_reported_and_the_others_are_served(checked: Sandbox) -> None:
    checked.request("good", {"good.txt": "g\n"}, onto="main")
    raw.write_ref(checked, "refs/refinery/inbox/mr-0000000000", {"mr.yaml": "title: [half a rec"})
    for command in ("queue", "ready", "status", "list"):
        assert "refs/refinery/inbox/mr-0000000000:mr.yaml: not YAML" in checked.cli(command).err
    drain(checked)
    assert checked.landed == ["good"]
    assert checked.sha("refs/refinery/inbox/mr-0000000000") is not None


# 6


def test_06_a_tracker_that_is_down_makes_nothing_ready(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = clash(checked)

    def away(*_: object) -> None:
        raise TryAgain("the tracker does not answer")

    checked.cli("issue", "close", "1")
    monkeypatch.setattr(LocalTracker, "statuses", away)
    assert "stay blocked: the tracker does not answer" in drain(checked).err
    assert checked.cli("ready", "--json").json == []
    assert [row["id"] for row in checked.cli("blocked", "--json").json] == [id]


# 7


def test_07_trouble_while_merging_is_no_conflict(checked: Sandbox) -> None:
    """An object is missing: no issue is opened, nobody is blocked, and the next run tries again."""
    id = checked.request("lost", {"lost.txt": "l\n"}, onto="main")
    checked.cli("hold", id, "--reason", "x")
    checked.cli("unhold", id)
    path = f"mrs/{id[-1]}/{id}.yaml"
    whole = raw.queue_files(checked)[path]
    raw.write_queue(checked, {path: whole.replace(checked.mr(id).head, "2" * 40)})
    drain(checked, code=1)
    mr = checked.mr(id)
    assert (mr.block, mr.failure, mr.retry_count, mr.status) == (None, None, 0, "open")
    assert checked.cli("issue", "list", "--json").json == []
    raw.write_queue(checked, {path: whole})
    drain(checked)
    assert checked.landed == ["lost"]


# 8


def test_08_what_lands_is_the_pinned_commit_and_a_new_push_supersedes_it(checked: Sandbox) -> None:
    old = checked.request("feat", {"a.txt": "first\n"}, onto="main")
    checked.commit("feat", {"a.txt": "never submitted\n"})
    checked.push("feat")
    other = checked.request("twice", {"b.txt": "first\n"}, onto="main")
    new = checked.request("twice", {"b.txt": "second\n"})
    drain(checked)
    tree = checked.tree("main")
    assert (tree["a.txt"], tree["b.txt"]) == ("first\n", "second\n")
    assert checked.mr(old).close_reason == "merged"
    assert (checked.mr(other).close_reason, checked.mr(other).superseded_by) == ("superseded", new)


# 9


def test_09_closing_the_issue_without_moving_the_branch_changes_nothing(checked: Sandbox) -> None:
    id = clash(checked)
    assert "has not moved" in checked.cli("issue", "close", "1").err
    queue = checked.sha(raw.QUEUE)
    for _ in range(2):
        drain(checked)
    assert (checked.sha(raw.QUEUE), checked.mr(id).blocked_by) == (queue, "local#1")
    assert "has not moved" in checked.cli("why", id).out


def test_09_what_fails_again_and_again_is_parked_until_somebody_says_so(checked: Sandbox) -> None:
    checked.advance({".refinery.yaml": config("attempts: {max: 2}\n")})
    clash(checked)
    side = checked.git("rev-parse", "second~1")
    checked.commit("second", {"shared.txt": "again\n2\n3\n"}, onto=side)
    checked.push("second", force=True)
    id = checked.submit("second")
    checked.cli("issue", "close", "1")
    drain(checked)
    failure = checked.mr(id).failure
    assert failure is not None
    assert (failure.type, checked.mr(id).retry_count) == ("attempts", 2)
    queue = checked.sha(raw.QUEUE)
    drain(checked)
    assert checked.sha(raw.QUEUE) == queue
    assert "parked after 2 failed attempts" in checked.cli("show", id).out
    assert checked.cli("retry", id).code == 0


# 10


def test_10_names_are_never_options_paths_or_parts_of_other_names(checked: Sandbox) -> None:
    head = checked.commit("work", {"w.txt": "w\n"}, onto="main")
    evil = "--upload-pack=touch evil"
    for words in (("submit", f"--branch={evil}"), ("submit", "work", f"--target={evil}")):
        done = checked.cli(*words)
        assert (done.code, "cannot be the name of a" in done.err) == (1, True)
    for id in ("../queue", "..", "mr-/../x"):
        assert checked.cli("show", "--", id).code == 1
    # A remote whose name only ends alike is another remote.
    checked.git("remote", "add", "not-origin", "/nowhere")
    checked.git("config", "branch.main.remote", "origin")
    checked.submit("work")
    # Ids resolve by prefix, never by what they contain.
    id = checked.mr("work").id
    assert checked.cli("show", id[4:]).code == 1
    assert checked.cli("show", id[:8]).code == 0
    drain(checked)
    assert (checked.landed, checked.mr(id).head) == (["work"], head)
    assert not (checked.path / "evil").exists()


# 11


def test_11_a_red_target_blames_nobody(checked: Sandbox) -> None:
    ids = [checked.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main") for n in range(3)]
    checked.advance({"oops.txt": "bad\n"})
    drain(checked, code=1)
    assert [(checked.mr(id).failure, checked.mr(id).retry_count) for id in ids] == [(None, 0)] * 3
    checked.advance({"oops.txt": "fine\n"})
    drain(checked)
    assert sorted(checked.landed) == ["b0", "b1", "b2"]


def test_11_the_culprit_is_tested_alone_and_each_has_a_commit_of_its_own(checked: Sandbox) -> None:
    for n in range(5):
        checked.request(f"b{n}", {f"{n}.txt": "bad\n" if n == 2 else "x\n"}, onto="main")
    drain(checked)
    assert checked.landed == ["b0", "b1", "b3", "b4"]
    commits = {checked.mr(name).merge_commit for name in checked.landed}
    assert len(commits) == 4
    culprit = checked.mr("b2")
    assert culprit.failure is not None
    alone = [each for each in checked.view().verdicts.values() if each.candidate == (culprit.id,)]
    assert [each.result for each in alone] == ["fail"]
    assert culprit.attempts[-1].candidate == (culprit.id,)


# 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 1\nchecks:\n- name: test\n", "/checks/0: 'run' is a required property"),
        ("version: 1\ncheks:\n- name: test\n  run: exit 1\n", "did you mean 'checks'?"),
        ("version: 1\nchecks: exit 1\n", "/checks: 'exit 1' is not of type 'array'"),
        ("version: 1\nchecks: [{name: t, run: exit 1, tiemout: 5s}]\n", "did you mean 'timeout'?"),
    ],
)
def test_12_a_config_that_is_half_right_never_turns_the_checks_off(
    box: Sandbox, text: str, words: str
) -> None:
    box.request("good", {"good.txt": "g\n"}, onto="main")
    box.config(text)
    assert words in drain(box, code=1).err
    assert box.landed == []


def test_12_a_config_that_says_nothing_of_checks_says_so_in_the_record(box: Sandbox) -> None:
    box.config("version: 1\nmethod: squash\n")
    box.request("good", {"good.txt": "g\n"}, onto="main")
    drain(box)
    landing = box.mr("good").landing
    assert landing is not None
    assert landing.result == "none"


# 13


def test_13_a_failure_shows_what_was_printed_and_keeps_the_whole_log(checked: Sandbox) -> None:
    id = checked.request("broken", {"b.txt": "bad\n"}, onto="main")
    drain(checked)
    shown = checked.cli("show", id).out
    assert "found something bad" in shown
    assert "exit status 1" in shown
    [*logs] = checked.cli("show", id, "--json").json["logs"]
    assert any("found something bad" in open(log).read() for log in logs)  # noqa: PTH123, SIM115


def test_13_pass_fail_error_and_timeout_are_four_verdicts(box: Sandbox) -> None:
    run = "if [ -e run ]; then sh ./run; fi"
    more = "batch: {max: 1}\nretry: {failing: false}\n"
    box.config(config(more, run).replace("30s", "1s"))
    scripts = {"fail": "exit 3\n", "error": "no-such-command\n", "timeout": "sleep 60\n"}
    ids = {name: box.request(name, {"run": text}, onto="main") for name, text in scripts.items()}
    drain(box)
    failures = {name: box.mr(id).failure for name, id in ids.items()}
    assert {name: failure and failure.type.value for name, failure in failures.items()} == {
        "fail": "tests_fail",
        "error": "error",
        "timeout": "timeout",
    }
    messages = " ".join(failure.message for failure in failures.values() if failure)
    for words in ("exit status 3", "command not found (exit status 127)", "timed out after 1 s"):
        assert words in messages


# 14


def test_14_a_stale_worker_cannot_release_what_another_holds(checked: Sandbox) -> None:
    bob, eve = checked.clone("bob"), checked.clone("eve")
    id = checked.request("good", {"good.txt": "g\n"}, onto="main")
    assert bob.cli("claim", id).code == 0
    checked.clock.tick(11 * 60)
    assert eve.cli("claim", id).code == 0
    done = bob.cli("release", id)
    assert (done.code, "claimed by another worker: eve" in done.err) == (1, True)
    assert checked.view().claims[MrId(id)].worker == "eve"
    assert eve.cli("release", id).code == 0
    assert checked.cli("release", id).code == 1
    assert checked.cli("release", "mr-0000000000").code == 1


def test_14_retry_tries_again(box: Sandbox) -> None:
    repaired = box.root / "repaired"
    box.config(config(run=f"[ ! -e feat.txt ] || [ -e {repaired} ]"))
    id = box.request("feat", {"feat.txt": "f\n"}, onto="main")
    drain(box)
    assert box.mr(id).failure is not None
    repaired.touch()
    drain(box)
    assert box.landed == []
    assert box.cli("retry", id).code == 0
    drain(box)
    assert box.landed == ["feat"]
    assert box.cli("retry", id).code == 1


def test_14_a_rejection_is_saved_and_final(checked: Sandbox) -> None:
    id = checked.request("feat", {"feat.txt": "f\n"}, onto="main")
    assert checked.cli("reject", id, "--reason", "not wanted").code == 0
    mr = checked.clone("bob").mr(id)
    assert (mr.status, mr.close_reason, mr.error) == ("closed", "rejected", "not wanted")
    for words in (("reject", id, "--reason", "x"), ("retry", id), ("hold", id, "--reason", "x")):
        done = checked.cli(*words)
        assert (done.code, "closed merge requests are immutable" in done.err) == (1, True)
    drain(checked)
    assert checked.landed == []


# 15


def test_15_a_branch_is_deleted_only_after_its_landing_is_there(box: Sandbox) -> None:
    box.config(config("delete_branch: true\n", "true"))
    moves = box.root / "moves"
    box.hook("update", f'echo "$1 $(git rev-parse refs/heads/main) $3" >> {moves}')
    box.request("feat", {"feat.txt": "f\n"}, onto="main")
    before = box.sha("main")
    drain(box)
    drain(box)
    tip = box.sha("main")
    rows = [row.split() for row in moves.read_text().splitlines()]
    landing = next(n for n, row in enumerate(rows) if row[0] == "refs/heads/main" and row[2] == tip)
    gone = next(
        n for n, row in enumerate(rows) if row[0] == "refs/heads/feat" and set(row[2]) == {"0"}
    )
    assert (rows[landing][1], rows[gone][1]) == (before, tip)
    assert box.sha("refs/heads/feat") is None


def test_15_nothing_is_deleted_for_a_landing_that_was_refused(box: Sandbox) -> None:
    box.config(config("delete_branch: true\n", "true"))
    box.hook("update", '[ "$1" != refs/heads/main ] || exit 1')
    id = box.request("feat", {"feat.txt": "f\n"}, onto="main")
    drain(box, code=1)
    assert box.sha("refs/heads/feat") == box.mr(id).head
    assert box.sha(f"refs/refinery/heads/{id}") == box.mr(id).head
    box.delete_branch("feat")
    (box.origin / "hooks" / "update").unlink()
    drain(box)
    assert (box.landed, box.tree("main")["feat.txt"]) == (["feat"], "f\n")
    assert box.sha(f"refs/refinery/heads/{id}") is None


# 16


def test_16_each_that_has_nothing_to_land_ends_in_its_own_words(checked: Sandbox) -> None:
    merged = checked.request("merged", {"m.txt": "m\n"}, onto="main")
    checked.git("push", "-q", "origin", "merged:main")
    empty = checked.request("empty", {"e.txt": "e\n"}, onto="main")
    checked.advance({"e.txt": "e\n"})
    checked.commit("zero", {"z.txt": "z\n"}, onto="main")
    checked.commit("zero", {"z.txt": None})
    checked.push("zero")
    zero = checked.cli("submit", "zero")
    assert (zero.code, "changes nothing" in zero.err) == (1, True)
    gone = checked.request("gone", {"g.txt": "g\n"}, onto="main")
    checked.delete_branch("gone")
    drain(checked)
    ends = {name: checked.mr(id) for name, id in (("merged", merged), ("empty", empty))}
    assert {name: mr.close_reason for name, mr in ends.items()} == {
        "merged": "already_merged",
        "empty": "empty",
    }
    assert "is already in main" in (ends["merged"].error or "")
    assert "changes nothing" in (ends["empty"].error or "")
    assert checked.mr(gone).close_reason == "merged"
    assert checked.cli("submit", "gone2").code == 1
    queue = checked.sha(raw.QUEUE)
    drain(checked)
    assert checked.sha(raw.QUEUE) == queue


# 17


@pytest.mark.parametrize("guard", ["pause", "hold", "reject", "freeze"])
def test_17_what_is_decided_while_checks_run_keeps_it_from_landing(
    box: Sandbox, guard: str
) -> None:
    """The check itself is what changes the world, as a person would in the meantime."""
    boss = box.clone("boss")
    which = {"pause": "", "freeze": " main"}.get(guard, " $REFINERY_CANDIDATE")
    command = f"{sys.executable} -m refinery {guard}{which} --reason stop"
    box.config(
        config(run=f"cd {boss.path} && PYTHONPATH={CHECKOUT} REFINERY_WORKER=boss {command}")
    )
    id = box.request("feat", {"feat.txt": "f\n"}, onto="main")
    drain(box)
    assert (box.landed, list(box.view().claims)) == ([], [])
    mr = box.mr(id)
    if guard == "reject":
        assert (mr.close_reason, mr.error) == ("rejected", "stop")
        return
    assert mr.status == "open"
    back = {"hold": ("unhold", id), "pause": ("resume",), "freeze": ("thaw", "main")}
    assert box.cli(*back[guard]).code == 0
    drain(box)  # the tree passed already: its check does not run again
    assert box.landed == ["feat"]


# 18


def test_18_health_is_the_age_of_the_oldest_ready_one(checked: Sandbox) -> None:
    assert checked.cli("status", "--json").json["oldest_ready_seconds"] is None
    id = checked.request("old", {"old.txt": "o\n"}, onto="main")
    checked.clock.tick(7200)
    checked.request("new", {"new.txt": "n\n"}, onto="main")
    status = checked.cli("status", "--json").json
    assert (status["oldest_ready"], 7200 <= status["oldest_ready_seconds"] < 7300) == (id, True)
    assert "Oldest ready: 2h" in checked.cli("status").out
    assert id in checked.cli("doctor").out
    drain(checked)
    assert checked.cli("status", "--json").json["oldest_ready_seconds"] is None


def test_18_what_an_event_missed_is_found_by_the_next_run(checked: Sandbox) -> None:
    """The issue is closed behind everybody's back, and nobody is told."""
    id = clash(checked)
    side = checked.git("rev-parse", "main", cwd=checked.origin)
    checked.commit("second", {"shared.txt": "both\n2\n3\n"}, onto=side)
    checked.push("second", force=True)
    new = checked.submit("second")
    checked.queue().local_tracker().close(checked.mr(id).blocked_by or checked.mr(new).blocked_by)  # type: ignore[arg-type]
    drain(checked)
    assert checked.mr(new).close_reason == "merged"


# 19


# What only a pull request writes: tests/forges/test_landing_by_pull_request.py
THROUGH_A_FORGE = {
    "MergeRequest.proposal",
    "Landing.pull_request",
    "Landing.merged_as",
    *(f"Proposal.{field.name}" for field in fields(Proposal)),
}
# What a target has that is rebased onto: engine/test_cheap_ways.py
BY_REBASE = {"Resolution.line"}
# What only several workers write, or clocks that go on: decisions/test_planning_regressions.py
BESIDE_OTHERS = {"Claim.verdict", "Verdict.took"}


def test_19_every_field_that_a_record_has_is_written_by_somebody(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[type, set[str]] = {}
    real = document.write

    def write(record: Any) -> bytes:
        _note(record, seen)
        return real(record)

    monkeypatch.setattr(document, "write", write)
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    _live_through_everything(box)
    missing = {
        f"{cls.__name__}.{field.name}"
        for cls in (MergeRequest, Claim, Verdict, Issue, QueueHeader, *_nested(MergeRequest))
        for field in fields(cls)
        if field.name not in seen.get(cls, set())
    }
    assert missing <= THROUGH_A_FORGE | BY_REBASE | BESIDE_OTHERS


def _note(value: Any, seen: dict[type, set[str]]) -> None:
    """Which fields of a record, and of the values in it, say more than their default."""
    if isinstance(value, (tuple, list)):
        for item in value:
            _note(item, seen)
    elif hasattr(type(value), "__fields__"):
        for field in fields(value):
            content = getattr(value, field.name)
            bare = () if field.default is MISSING else (field.default,)
            if content not in (*bare, None, (), {}, False):
                seen.setdefault(type(value), set()).add(field.name)
            _note(content, seen)


def _nested(cls: type) -> list[type]:
    found: list[type] = []
    for kind in getattr(cls, "NESTED", {}).values():
        inner = kind[0] if isinstance(kind, tuple) else kind
        if hasattr(inner, "__fields__"):
            found += [inner, *_nested(inner)]
    return found


def _live_through_everything(box: Sandbox) -> None:
    flaky = box.root / "flaky"
    once = f"if [ -e flaky.txt ] && [ ! -e {flaky} ]; then touch {flaky}; exit 1; fi"
    run = f"{once}; sh check.sh"
    more = "delete_branch: true\nclose_source_issue: true\nnotify: [{to: NOBODY}]\n"
    more += "freeze: {hotfix: {allow: ['*']}, windows: [{from: 2000-01-01, until: 2199-01-01}]}\n"
    more += "resolve: {union: [LOG]}\n"
    files = {"check.sh": CHECK, "shared.txt": "1\n", "LOG": "first\n"}
    box.advance({".refinery.yaml": config(more, run), **files})
    box.cli("thaw", "main")
    box.cli("freeze", "other", "--reason", "release", "--for", "1h")
    base = box.request(
        "base",
        {"shared.txt": "base\n"},
        onto="main",
        priority=0,
        issue="local#9",
        epic="e1",
        convoy="c1",
        agent_bead="bead-1",
    )
    box.request("top", {"top.txt": "t\n"}, onto="main", depends_on=base)
    box.request("higher", {"higher.txt": "h\n"}, onto="top", unit="u1")
    box.request("clash", {"shared.txt": "clash\n"}, onto="main")
    box.request("broken", {"b.txt": "bad\n"}, onto="main", worker="eve")
    box.request("log", {"LOG": "one\nfirst\n"}, onto="main")
    box.request("log2", {"LOG": "two\nfirst\n"}, onto="main", worker="bob")
    old = box.request("twice", {"2.txt": "1\n"}, onto="main")
    box.cli("hold", old, "--reason", "later")
    box.request("twice", {"2.txt": "2\n"})
    box.cli("unhold", box.mr("twice").id)
    box.cli("process", "--drain")
    box.cli("issue", "close", "1", "--body", "done")
    box.request("clash", {"shared.txt": "base\n", "clash.txt": "c\n"}, onto="main")
    box.cli("process", "--drain")
    box.cli("reject", box.mr("broken").id, "--reason", "no")
    box.cli("pause", "--reason", "for the test", "--for", "1h")
    box.cli("resume")
    box.request("fix", {"fix.txt": "f\n"}, onto="main", hotfix="down", label="urgent")
    box.cli("hotfix", "allow", "fix", "--reason", "seen")
    box.cli("hold", "fix", "--reason", "for the test", "--for", "1s")
    head = box.commit("announced", {"an.txt": "a\n"}, onto="main")
    options = Options(branch="announced", head=head, move_branch=False, intent=True)
    assert isinstance(submit(box.queue(), options), Submitted)
    box.request("flaky", {"flaky.txt": "f\n"}, onto="main")
    box.cli("process", "--drain")
    box.advance({"red.txt": "bad\n"})
    box.request("late", {"late.txt": "l\n"}, onto="main")
    box.cli("process", "--drain")
    queue = box.queue()
    assert isinstance(queue.update(lambda view: archive(view, at_least=1)), Committed)


def test_19_retries_convoys_and_age_count(checked: Sandbox) -> None:
    plain = checked.request("plain", {"p.txt": "p\n"}, onto="main")
    convoy = checked.request("convoy", {"c.txt": "c\n"}, onto="main", convoy="c1")
    failed = checked.request("failed", {"f.txt": "bad\n"}, onto="main")

    def score(id: str) -> float:
        return float(checked.cli("show", id, "--json").json["score"])

    before = score(plain)
    checked.clock.tick(24 * 3600)
    assert 23.9 < score(plain) - before < 24.1
    assert 239 < score(convoy) - score(plain) < 241
    even = score(failed)
    drain(checked)
    assert checked.mr(failed).retry_count == 1
    assert -51 < score(failed) - even < -49


# 20


def test_20_the_order_is_the_same_everywhere_and_the_oldest_is_served_first(box: Sandbox) -> None:
    box.config("version: 1\nbatch: {max: 1}\n")
    names = [f"b{n}" for n in range(6)]
    for name in names:
        box.request(name, {f"{name}.txt": "x\n"}, onto="main")
    urgent = box.request("urgent", {"u.txt": "u\n"}, onto="main", priority=0)

    def order(sandbox: Sandbox) -> list[str]:
        return [row["mr"]["branch"] for row in sandbox.cli("queue", "--json").json]

    first = order(box)
    assert first == ["urgent", *names]
    assert order(box.clone("bob")) == first
    assert box.cli("next", "--quiet").out.strip() == urgent
    assert box.cli("next", "--quiet", "--strategy", "fifo").out.strip() == box.mr("b0").id
    drain(box)
    assert box.landed == first


def test_20_newcomers_never_starve_an_old_one(box: Sandbox) -> None:
    """A P4 that waited for weeks comes before a fresh P0: age is worth a point an hour."""
    box.config("version: 1\nbatch: {max: 1}\n")
    box.request("old", {"old.txt": "o\n"}, onto="main", priority=4)
    box.clock.tick(17 * 24 * 3600)
    for n in range(3):
        box.request(f"new{n}", {f"{n}.txt": "n\n"}, onto="main", priority=0)
    drain(box)
    assert box.landed == ["old", "new0", "new1", "new2"]


def test_20_ties_are_broken_by_time_and_then_by_id(box: Sandbox) -> None:
    """Made in the same millisecond by different people."""
    now: datetime = box.clock.now
    ids = []
    for n in range(5):
        ids.append(box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main"))
        box.clock.now = now
    shown = [row["mr"]["id"] for row in box.cli("queue", "--json").json]
    times = {box.mr(id).created_at for id in ids}
    if len(times) == 1:
        assert shown == sorted(ids)
    else:
        assert shown == sorted(ids, key=lambda id: (box.mr(id).created_at, id))
