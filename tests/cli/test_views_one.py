"""Views of one merge request, of history and of the whole: show, why, wait, log, plan, status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from refinery.answers.waiting import Away, Look, Seen, Waiting
from refinery.cli.daemon import ProcessorState
from refinery.queue.ending import Ending, Goal
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    Failure,
    FailureType,
)
from refinery.records.names import MrId
from refinery.repo.process import RemoteUnavailable
from refinery.store.update import Committed
from tests.cli.states import archive_closed, change, close, conflict, fold_all, take
from tests.sandbox import Sandbox


def moment(box: Sandbox) -> str:
    return box.clock().astimezone().strftime("%Y-%m-%d %H:%M:%S")


# show and why


def test_show_tells_all_about_one(box: Sandbox) -> None:
    id = box.request("a", {"a.txt": ""}, worker="nux", issue="gt-1", title="Add a", epic="E-1")
    head = box.mr("a").head
    submitted = moment(box)
    main = box.sha("main")
    assert main is not None
    tree = box.git("rev-parse", f"{head}^{{tree}}")
    when = box.clock.tick()
    message = "check unit: exit 1\nE  boom"
    change(
        box,
        id,
        retry_count=1,
        attempts=(
            Attempt(when, "bob", AttemptOutcome.TESTS_FAIL, main, note="check unit: exit 1"),
        ),
        failure=Failure(FailureType.TESTS_FAIL, when, message, base=main, tree=tree),
    )
    logs = box.queue().repo.state_dir / "logs"
    logs.mkdir()
    log = logs / f"{tree[:12]}-00-unit.log"
    log.write_text("boom\n")
    box.clock.tick(120)
    shown = box.cli("show", id[:6])
    assert (shown.code, shown.err) == (0, "")
    at = when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert shown.out == (
        f"{id} Add a\n\n"
        "  Status:       [needs-rework]\n"
        "  Branch:       a → main\n"
        f"  Head:         {head}\n"
        "  Worker:       nux\n"
        "  Issue:        gt-1\n"
        "  Epic:         E-1\n"
        "  Priority:     P2 (score 1150.0)\n"
        f"  Created:      {submitted} (2m ago)\n"
        "  Retries:      1\n"
        f"  Why:          Needs rework: check unit: exit 1 (on main@{main[:12]}). "
        "Fix it on a and push a new revision.\n"
        "  Next:         git switch a\n"
        "\n"
        "  Attempts:\n"
        f"    {at} checks failed on {main[:12]}: check unit: exit 1 (bob)\n"
        "\n"
        "  Failure:\n    check unit: exit 1\n    E  boom\n"
        "\n"
        f"  Logs:\n    {log}\n"
    )
    document = box.cli("show", id, "--json").json
    assert document["id"] == id
    assert document["logs"] == [str(log)]
    assert document["attempts"][0]["outcome"] == "tests_fail"
    assert document["standing"] == "needs-rework"


def test_one_is_found_by_a_prefix_that_no_other_has(box: Sandbox) -> None:
    ids = sorted(box.request(f"b{number}", {f"{number}.txt": ""}) for number in range(2))
    assert box.cli("show", ids[0].removeprefix("mr-"), "--json").json["id"] == ids[0]
    ambiguous = box.cli("show", "mr-")
    assert (ambiguous.code, ambiguous.out) == (1, "")
    assert ambiguous.err == (
        f"error: 'mr-' is ambiguous: {ids[0]}, {ids[1]}\nhint: give more letters of the id\n"
    )
    missing = box.cli("why", "mr-nothing")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err.startswith("error: MR mr-nothing not found in queue\n")


def test_archived_ones_are_shown_explained_and_logged(box: Sandbox) -> None:
    id = box.request("a")
    close(box, id, CloseReason.REJECTED, error="not wanted")
    archive_closed(box)
    assert id not in box.view().mrs
    assert box.cli("show", id[:8], "--json").json["close_reason"] == "rejected"
    explained = box.cli("why", id[:8], "--json").json
    assert (explained["code"], explained["words"]) == ("closed", "Rejected: not wanted.")
    events = [each["event"] for each in box.cli("log", id[:8], "--json").json]
    assert events == ["archived", "closed", "queued"]
    waited = box.cli("wait", id[:8], "--json")
    assert (waited.code, waited.json["outcome"]) == (10, "closed")


def test_why_is_an_answer_with_a_stable_code(box: Sandbox) -> None:
    id = box.request("a", {"x.txt": ""}, title="Add a")
    conflict(box, id)
    main = str(box.sha("main"))[:12]
    words = (
        f"Conflicts with main@{main} in x.txt; local#1 is open: "
        "resolve it, push a new revision and close the issue."
    )
    next = f"refinery resolve {id}"
    shown = box.cli("why", id)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{id} [blocked] Add a\n  {words}\n  next: {next}\n"
    assert box.cli("why", id, "--json").json == {
        "id": id,
        "code": "blocked-by-issue",
        "close_reason": None,
        "failure": None,
        "words": words,
        "evidence": "",
        "suspect": None,
        "suspects": [],
        "files": ["x.txt"],
        "waits_for": "local#1",
        "next": next,
        "place": None,
        "estimate": None,
        "no_estimate": "it waits for local#1",
    }
    in_place = box.cli("why", id, "--json", cwd=box.origin).json
    assert in_place["next"] == f"refinery resolve {id}"


def test_why_shows_the_end_of_the_log_and_the_suspect(box: Sandbox) -> None:
    id = box.request("a", title="Add a")
    failure = Failure(FailureType.TIMEOUT, box.clock(), "check unit: no end after 5 s\nstill here")
    change(box, id, failure=failure)
    assert box.cli("why", id).out == (
        f"{id} [needs-rework] Add a\n"
        "  Needs rework: check unit: no end after 5 s. Make it faster, or try it again.\n"
        "    | still here\n"
        f"  suspect: {box.mr('a').head}\n"
        f"  next: refinery retry {id}\n"
    )


def test_why_knows_the_state_of_a_target_that_is_not_the_default(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "refs/heads/main:refs/heads/release")
    id = box.request("a", target="release")
    explained = box.cli("why", id, "--json").json
    assert explained["words"] == "Ready: number 1 of 1 for release."


# wait


class Ticker:
    """A clock that only pauses move; `events` happen at their second."""

    def __init__(self, events: dict[float, Callable[[], object]] | None = None) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        self.events = events or {}

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        for at in sorted(self.events):
            if at <= self.now:
                self.events.pop(at)()


def wait(
    box: Sandbox,
    id: str,
    ticker: Ticker,
    *,
    goal: Goal = Goal.LANDED,
    timeout: float | None = 600,
    told: list[Look] | None = None,
) -> Look:
    news: list[Look] = [] if told is None else told
    waiting = Waiting(goal, timeout, 2, news.append, ticker.pause, lambda: ticker.now)
    return waiting.until_ended(box.queue(), id)


def test_waiting_follows_revisions_until_one_landed(box: Sandbox) -> None:
    bob = box.clone("bob")
    old = box.request("a", {"a.txt": "1"})
    fold_all(box)
    seen: list[Look] = []

    def push_again() -> None:
        bob.request("a", {"a.txt": "2"})
        fold_all(bob)

    def land() -> None:
        close(bob, bob.mr("a").id, CloseReason.MERGED, merge_commit=bob.mr("a").head)

    ticker = Ticker({3: push_again, 8: land})
    last = wait(box, old, ticker, told=seen)
    assert isinstance(last, Seen)
    new = bob.view().mrs[old].superseded_by
    assert (last.mr.id, last.ending) == (new, Ending.LANDED)
    assert [each.mr.id for each in seen if isinstance(each, Seen)] == [old, new]


def test_pauses_grow_and_end_with_the_time(box: Sandbox) -> None:
    ticker = Ticker()
    last = wait(box, box.request("a"), ticker, timeout=60)
    assert isinstance(last, Seen)
    assert last.ending is None
    assert ticker.now == 60
    assert ticker.pauses[:3] == [2, 3, 4.5]
    assert max(ticker.pauses) <= 16


def test_waiting_survives_a_remote_that_is_away(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = box.clone("bob")
    id = box.request("a")
    fold_all(box)
    store = box.queue().store
    read = store.read

    def gone() -> None:
        raise RemoteUnavailable("remote 'origin': connection refused")

    monkeypatch.setattr(store, "read", gone)

    def back() -> None:
        monkeypatch.setattr(store, "read", read)

    def land() -> None:
        close(bob, id, CloseReason.ALREADY_MERGED, error="it is in main")

    seen: list[Look] = []
    last = wait(box, id, Ticker({20: back, 50: land}), told=seen)
    assert isinstance(last, Seen)
    assert last.ending is Ending.LANDED
    assert seen[0] == Away("remote 'origin': connection refused")
    assert [type(each) for each in seen] == [Away, Seen]
    monkeypatch.setattr(store, "read", gone)
    assert wait(box, id, Ticker(), timeout=30) == seen[0]


def test_waiting_for_a_landing_stops_where_the_author_must_act(box: Sandbox) -> None:
    id = box.request("a", {"x.txt": ""})
    conflict(box, id)
    done = box.cli("wait", id)
    assert done.code == 12
    assert done.out.startswith(f"{id} [blocked] Conflicts with main@")
    assert done.err == f"hint: {box.cli('why', id, '--json').json['next']}\n"
    assert box.cli("wait", id, "--until", "closed", "--timeout", "0").code == 75
    blocked = box.cli("wait", id, "--until", "unblocked", "--timeout", "0")
    assert (blocked.code, blocked.err) == (75, f"{id}: the time is up\n")
    change(box, id, block=None, blocked_by=None)
    free = box.cli("wait", id, "--until", "unblocked", "--json")
    assert (free.code, free.err) == (0, "")
    assert (free.json["id"], free.json["outcome"]) == (id, "unblocked")


def test_the_exit_code_says_how_it_ended(box: Sandbox) -> None:
    landed, rejected = box.request("a"), box.request("b", {"b.txt": ""})
    close(box, landed, CloseReason.MERGED, merge_commit=box.mr("a").head)
    close(box, rejected, CloseReason.REJECTED, error="no")
    done = box.cli("wait", landed)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{landed} [merged] Landed on main as {box.mr('a').head[:12]}.\n"
    assert box.cli("wait", rejected, "--until", "closed").code == 10
    assert box.cli("wait", rejected, "--json").json["outcome"] == "closed"
    assert box.cli("wait", "mr-nothing").code == 1
    assert box.cli("wait", landed, "--interval", "0").code == 2


# log


def test_the_log_is_newest_first_and_begins_with_what_nobody_has_folded(box: Sandbox) -> None:
    a = box.request("a", title="Add a")
    fold_all(box)
    take(box, [a])
    close(box, a, CloseReason.REJECTED, error="no")
    closed_at = box.clock()
    b = box.request("b", {"b.txt": ""}, title="Add b", worker="nux")
    listed = box.cli("log", "--json").json
    assert [(each["event"], each["mrs"]) for each in listed] == [
        ("submitted", [b]),
        ("closed", [a]),
        ("queued", [a]),
    ]
    assert listed[1] == {
        "at": closed_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "event": "closed",
        "subject": f"closed {a}",
        "worker": "ada",
        "mrs": [a],
        "commit": box.sha("refs/refinery/queue"),
        "details": {},
    }
    assert [each["event"] for each in box.cli("log", "-n", "2", "--json").json] == [
        "submitted",
        "closed",
    ]
    assert [each["event"] for each in box.cli("log", a, "--json").json] == ["closed", "queued"]
    at = closed_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert box.cli("log", a[:7], "-n", "1").out == f"{at} closed       closed {a} (ada)\n"
    assert box.cli("log", "--json", cwd=box.origin).json == listed
    assert box.cli("log", "-n", "0").code == 2


def test_an_empty_log_says_so(box: Sandbox) -> None:
    shown = box.cli("log")
    assert (shown.code, shown.out, shown.err) == (0, "", "nothing has happened yet\n")
    assert box.cli("log", "--json").out == "[]\n"


# plan


def test_the_plan_names_what_is_tested_next_and_what_waits(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "refs/heads/main:refs/heads/release")
    a = box.request("a", {"a.txt": ""}, priority=0)
    b = box.request("b", {"b.txt": ""}, priority=1)
    c = box.request("c", {"c.txt": ""}, depends_on=[a])
    d = box.request("d", {"d.txt": ""}, target="release")
    held, reason = box.request("held", {"e.txt": ""}), "not yet"
    assert box.cli("hold", held, "--reason", reason).code == 0
    before = box.refs()
    shown = box.cli("plan")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == (
        "🧭 Plan for 'origin':\n\n"
        f"  main: test {a}, {b}, {c} (3 untested)\n"
        f"    {held} held: Held by {box.worker}: {reason}\n"
        f"  release: test {d} (untested)\n"
    )
    both = {"members": [a, b, c], "purpose": "chain", "why": "3 untested"}
    alone = {"members": [d], "purpose": "chain", "why": "untested"}
    assert box.cli("plan", "--json").json == [
        {
            "target": "main",
            "idle": False,
            **both,
            "running": [],
            "next": [{**both, "assumed": 0}],
            "waiting": [{"id": held, "code": "held", "words": f"Held by {box.worker}: {reason}"}],
            "turns": [],
        },
        {
            "target": "release",
            "idle": False,
            **alone,
            "running": [],
            "next": [{**alone, "assumed": 0}],
            "waiting": [],
            "turns": [],
        },
    ]
    assert box.refs() == before


def test_a_plan_keeps_two_that_conflict_apart_as_the_engine_does(box: Sandbox) -> None:
    a = box.request("a", {"shared.txt": "a\n"}, priority=0)
    b = box.request("b", {"shared.txt": "b\n"}, priority=1)
    c = box.request("c", {"c.txt": ""}, priority=2)
    (lane,) = box.cli("plan", "--json").json
    assert lane["members"] == [a, c]
    assert [each["id"] for each in lane["waiting"]] == [b]


def test_an_idle_plan_says_why(box: Sandbox) -> None:
    assert box.cli("plan").out == (
        "🧭 Plan for 'origin':\n\n  main: nothing to test (nothing is ready)\n"
    )


# status


def processor(patch: pytest.MonkeyPatch, pid: int | None, box: Sandbox) -> None:
    state = ProcessorState(pid, box.clock() if pid else None)
    patch.setattr("refinery.cli.daemon.processor_state", lambda _: state)


def test_the_status_of_an_empty_queue(box: Sandbox) -> None:
    shown = box.cli("status")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == "⚙ Refinery: origin\n\n  State: ○ stopped\n\n  Queue: 0 pending\n"


def test_the_status_of_a_running_queue(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    a = box.request("a", {"a.txt": ""}, worker="nux", issue="gt-1")
    b = box.request("b", {"b.txt": ""})
    c = box.request("c", {"c.txt": ""})
    d = box.request("d", {"d.txt": ""})
    close(box, c, CloseReason.MERGED, merge_commit=box.mr("c").head)
    conflict(box, d)
    take(box, [a])
    processor(monkeypatch, 4711, box)
    started = moment(box)
    box.clock.tick(300)
    merged_at = box.mr("c").closed_at
    assert merged_at is not None
    shown = box.cli("status")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == (
        "⚙ Refinery: origin\n\n"
        "  State: ● running\n"
        f"  Started: {started}\n"
        "\n  Currently Processing:\n"
        "    Branch: a\n    Worker: nux\n    Issue:  gt-1\n"
        "\n  Queue: 2 pending (1 ready, 1 blocked)\n"
        f"  Last merge: {merged_at.astimezone().strftime('%Y-%m-%d %H:%M:%S')}\n"
        f"  Oldest ready: 5m ({b})\n"
    )
    document = box.cli("status", "--json").json
    assert (document["rig_name"], document["state"], document["pid"]) == ("origin", "running", 4711)
    assert document["current_mr"]["id"] == a
    assert document["queue"]["ready"] == 1
    assert document["queue"]["claimed"] == 1
    assert document["statistics"]["merged"] == 1
    assert document["last_merge_at"] == merged_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    submitted = box.mr("b").submitted_at
    assert document["oldest_ready"] == b
    assert timedelta(seconds=document["oldest_ready_seconds"]) == box.clock() - submitted
    assert document["damage"] == []


def test_a_paused_queue_says_by_whom(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from refinery.queue.operating import pause

    done = box.queue().update(lambda view: pause(view, reason="release", by="eve", now=box.clock()))
    assert isinstance(done, Committed)
    processor(monkeypatch, 4711, box)
    assert "  State: ⏸ paused\n  Paused: by eve: release\n" in box.cli("status").out
    document = box.cli("status", "--json").json
    assert (document["state"], document["pid"]) == ("paused", 4711)
    assert document["paused"]["reason"] == "release"


# forecast


def test_the_forecast_names_whom_and_where(box: Sandbox) -> None:
    box.advance({"base.txt": "1\n"})
    first = box.request("first", {"x.txt": "1\n"}, priority=0)
    box.request("second", {"x.txt": "2\n", "base.txt": "2\n"})
    box.advance({"base.txt": "3\n"})
    second = box.mr("second").id
    words = f"conflicts with main in base.txt; conflicts with {first} in x.txt"
    assert box.cli("forecast").out == (
        "🔮 Forecast for 'origin':\n\n"
        f"  {first} first → main: clean\n"
        f"  {second} second → main: {words}\n"
    )
    assert [
        (each["mr"], each["clean"], each["conflicts"])
        for each in box.cli("forecast", "--json").json
    ] == [
        (first, True, []),
        (
            second,
            False,
            [
                {"mr": None, "target": "main", "files": ["base.txt"]},
                {"mr": first, "target": None, "files": ["x.txt"]},
            ],
        ),
    ]


def test_another_clone_forecasts_heads_it_has_never_seen(box: Sandbox) -> None:
    first = box.request("first", {"x.txt": "1\n"})
    fold_all(box)
    second = box.request("second", {"x.txt": "2\n"})
    bob = box.clone("bob")
    shown = bob.cli("forecast", "--json").json
    assert [(each["mr"], [clash["mr"] for clash in each["conflicts"]]) for each in shown] == [
        (first, []),
        (second, [first]),
    ]


def test_the_forecast_of_a_branch_leaves_its_own_revision_out(box: Sandbox) -> None:
    other = box.request("other", {"x.txt": "1\n"})
    box.request("mine", {"y.txt": "1\n"})
    box.commit("mine", {"x.txt": "2\n", "y.txt": "2\n"})
    shown = box.cli("forecast", "--branch", "mine")
    assert shown.out == (
        f"🔮 Forecast for 'origin':\n\n  mine → main: conflicts with {other} in x.txt\n"
    )
    assert box.cli("forecast", "--branch", "mine", "--target", "gone").out.endswith(
        "  mine → gone: unknown: the target 'gone' does not exist on the remote\n"
    )
    missing = box.cli("forecast", "--branch", "nothing")
    assert (missing.code, missing.err) == (
        1,
        "error: there is no branch 'nothing' here\nhint: git branch --list\n",
    )


def test_a_file_name_that_is_not_text_is_shown_all_the_same(box: Sandbox) -> None:
    names: list[MrId] = []
    for number in (1, 2):
        blob = box.git("hash-object", "-w", "--stdin", stdin=f"{number}\n")
        tree = _tree_with_raw_name(box, blob)
        head = box.git("commit-tree", "-p", "refs/heads/main", "-m", f"raw {number}", tree)
        box.git("update-ref", f"refs/heads/raw{number}", head)
        names.append(box.submit(f"raw{number}"))
    human, json = box.cli("forecast"), box.cli("forecast", "--json")
    assert (human.code, json.code) == (0, 0)
    assert human.out.endswith(f"conflicts with {names[0]} in \N{REPLACEMENT CHARACTER}.txt\n")
    assert json.json[1]["conflicts"][0]["files"] == ["\udcff.txt"]


def _tree_with_raw_name(box: Sandbox, blob: str) -> str:
    import subprocess

    row = b"100644 blob " + blob.encode() + b"\t\xff.txt\0"
    made = subprocess.run(
        ["git", "mktree", "-z"], cwd=box.path, input=row, capture_output=True, check=True
    )
    return made.stdout.decode().strip()
