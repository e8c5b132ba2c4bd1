"""The lists: exact words for people, records for programs, nothing hidden."""

from __future__ import annotations

import pytest

from refinery.records.merge_request import CloseReason, Failure, FailureType, Hold
from refinery.records.names import MrId
from tests.cli.states import (
    archive_closed,
    break_record,
    change,
    close,
    conflict,
    fold_all,
    take,
)
from tests.sandbox import Sandbox

QUEUE = "refs/refinery/queue"
ARCHIVE = "refs/refinery/archive"


@pytest.mark.parametrize(
    ("command", "human"),
    [
        ("queue", "📋 Merge queue for 'origin':\n\n  (empty)\n"),
        ("ready", "🚀 Ready MRs for 'origin':\n\n  (none ready)\n"),
        ("unclaimed", "📋 Unclaimed MRs for 'origin':\n\n  (none available)\n"),
        ("blocked", "🚧 Blocked MRs for 'origin':\n\n  (none blocked)\n"),
        ("list", "📋 Merge requests for 'origin':\n\n  (none)\n"),
        ("forecast", "🔮 Forecast for 'origin':\n\n  (nothing is queued)\n"),
    ],
)
def test_an_empty_queue_is_said_and_is_an_empty_list(
    box: Sandbox, command: str, human: str
) -> None:
    shown = box.cli(command)
    assert (shown.code, shown.out, shown.err) == (0, human, "")
    assert box.cli(command, "--json").out == "[]\n"


def test_the_queue_in_order_with_what_is_processed_first(box: Sandbox) -> None:
    now = box.clock()
    a = box.request("a", {"a.txt": ""}, worker="nux", issue="gt-1")
    b = box.request("b", {"b.txt": ""}, worker="max", priority=0)
    c = box.request("c", {"c.txt": ""}, worker="eve", priority=1)
    take(box, [c])
    change(box, b, failure=Failure(FailureType.TESTS_FAIL, now, "check unit: exit 1"))
    box.clock.tick(7200)
    take(box, [c])
    shown = box.cli("queue")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == (
        "📋 Merge queue for 'origin':\n\n"
        "  ▶ [processing] eve/c 2h ago\n"
        "  1. [needs-rework] max/b 2h ago\n"
        "  2. [pending] nux/a (gt-1) 2h ago\n\n"
        f"  Nobody is at work: {a} is ready, and for 2h nothing was tested.\n"
    )
    listed = box.cli("queue", "--json").json
    assert [(each["position"], each["mr"]["id"], each["age"]) for each in listed] == [
        (0, c, "2h ago"),
        (1, b, "2h ago"),
        (2, a, "2h ago"),
    ]
    assert listed[0]["mr"]["status"] == "in_progress"
    assert listed[0]["mr"]["claimed_by"] == "bob"
    assert listed[0]["age_seconds"] // 3600 == 2


def test_every_standing_has_its_label(box: Sandbox) -> None:
    held = box.request("held", priority=0)
    stuck = box.request("stuck", priority=1)
    box.request("after", priority=2, depends_on=[held])
    conflict(box, stuck)
    change(box, held, hold=Hold("eve", "release week", box.clock()))
    labels = [line.split("]")[0].split("[")[1] for line in box.cli("queue").out.splitlines()[2:]]
    assert labels == ["held", "blocked", "blocked"]


def test_unclaimed_is_by_priority_then_age_and_takes_expired_claims(box: Sandbox) -> None:
    old = box.request("old", worker="nux", priority=2)
    young = box.request("young", worker="nux", priority=2)
    urgent = box.request("urgent", worker="max", priority=0)
    taken = box.request("taken", worker="max", priority=1)
    take(box, [taken])
    take(box, [urgent], minutes=0.01)
    box.clock.tick(30)
    shown = box.cli("unclaimed")
    assert shown.out == (
        "📋 Unclaimed MRs for 'origin':\n\n"
        f"  1. [P0] urgent → main\n     ID: {urgent}  Worker: max\n"
        f"  2. [P2] old → main\n     ID: {old}  Worker: nux\n"
        f"  3. [P2] young → main\n     ID: {young}  Worker: nux\n"
    )
    assert [each["id"] for each in box.cli("unclaimed", "--json").json] == [urgent, old, young]


def test_blocked_says_by_what(box: Sandbox) -> None:
    a = box.request("a", {"x.txt": "a"}, worker="nux", priority=0)
    b = box.request("b", {"y.txt": "b"}, worker="nux", priority=1, depends_on=[a])
    c = box.request("c", {"z.txt": "c"}, worker="nux", priority=2)
    conflict(box, a, "local#7")
    conflict(box, c, None)
    shown = box.cli("blocked")
    assert shown.out == (
        "🚧 Blocked MRs for 'origin':\n\n"
        f"  1. [P0] a → main\n     ID: {a}  Worker: nux\n     Blocked by: local#7\n"
        f"  2. [P1] b → main\n     ID: {b}  Worker: nux\n     Blocked by: {a}\n"
        f"  3. [P2] c → main\n     ID: {c}  Worker: nux\n"
        "     Blocked by: a conflict whose issue is about to be opened\n"
    )
    waits = [(each["id"], each["waits_for"]) for each in box.cli("blocked", "--json").json]
    assert waits == [(a, "local#7"), (b, a), (c, None)]
    close(box, a, CloseReason.REJECTED, blocked_by=None, block=None)
    assert f"Blocked by: {a} (it ended without landing)" in box.cli("blocked").out


def ids(box: Sandbox, *options: str) -> list[MrId]:
    shown = box.cli("list", *options, "--json")
    assert shown.code == 0
    return [each["id"] for each in shown.json]


def test_list_filters(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "refs/heads/main:refs/heads/release")
    a = box.request("a", {"a.txt": ""}, worker="nux", priority=0, epic="E-1")
    b = box.request("b", {"b.txt": ""}, worker="max", priority=1, target="release")
    c = box.request("c", {"c.txt": ""}, worker="nux", priority=2)
    d = box.request("d", {"d.txt": ""}, worker="nux", priority=3)
    take(box, [d])
    conflict(box, c)
    assert ids(box) == [d, a, b, c]
    assert ids(box, "--ready") == [a, b]
    assert ids(box, "--status", "open") == [a, b, c]
    assert ids(box, "--status", "in_progress") == [d]
    assert ids(box, "--status", "blocked") == [c]
    assert ids(box, "--status", "closed") == []
    assert ids(box, "--worker", "nux") == [d, a, c]
    assert ids(box, "--worker", "nux", "--ready") == [a]
    assert ids(box, "--epic", "E-1") == [a]
    assert ids(box, "--target", "release") == [b]
    assert ids(box, "--worker", "nobody") == []
    assert box.cli("list", "--ready", "--status", "open").code == 2


def test_list_shows_one_line_each(box: Sandbox) -> None:
    a = box.request("a", worker="nux", issue="gt-1", priority=0)
    b = box.request("b", {"b.txt": ""}, worker="max")
    close(box, b, CloseReason.REJECTED, error="no")
    box.clock.tick(120)
    assert box.cli("list", "--status", "all").out == (
        "📋 Merge requests for 'origin':\n\n"
        f"  {a}  P0 [pending] nux/a (gt-1) → main 2m ago\n"
        f"  {b}  P2 [rejected] max/b → main 2m ago\n"
    )


def test_closed_ones_are_found_in_the_view_and_in_every_group_of_the_archive(
    box: Sandbox,
) -> None:
    first, second, third = (box.request(name) for name in ("one", "two", "three"))
    alive = box.request("alive")
    close(box, first, CloseReason.REJECTED, error="no")
    archive_closed(box)
    close(box, second, CloseReason.EMPTY)
    archive_closed(box)
    close(box, third, CloseReason.REJECTED, error="no")
    assert len(box.git("rev-list", ARCHIVE, cwd=box.origin).split()) == 2
    assert ids(box, "--status", "closed") == [third, second, first]
    assert ids(box, "--status", "all") == [alive, third, second, first]
    assert ids(box, "--status", "closed", "-n", "2") == [third, second]
    assert ids(box, "--status", "closed", "-n", "2", "--after", second) == [first]
    assert ids(box, "--status", "all", "--after", third) == [second, first]
    assert box.cli("list", "-n", "0").code == 2
    bare = box.cli("list", "--status", "closed", "--json", cwd=box.origin).json
    assert [(each["id"], each["close_reason"]) for each in bare] == [
        (third, "rejected"),
        (second, "empty"),
        (first, "rejected"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        *("queue", "list", "plan"),
        *(pytest.param(name, marks=pytest.mark.soak) for name in ("ready", "unclaimed", "blocked")),
        *(pytest.param(name, marks=pytest.mark.soak) for name in ("forecast", "log")),
    ],
)
def test_a_broken_record_is_reported_by_every_list_and_harms_no_other(
    box: Sandbox, command: str
) -> None:
    box.request("a")
    fold_all(box)
    break_record(box, QUEUE, "mrs/n/mr-broken.yaml")
    for options in ([], ["--json"]):
        shown = box.cli(command, *options)
        assert shown.code == 0
        assert shown.err.startswith(f"warning: {QUEUE}:mrs/n/mr-broken.yaml: ")
    assert [each["id"] for each in box.cli("list", "--json").json] == [box.mr("a").id]


def test_a_broken_record_in_the_archive_is_reported(box: Sandbox) -> None:
    id = box.request("a")
    close(box, id, CloseReason.REJECTED, error="no")
    archive_closed(box)
    break_record(box, ARCHIVE, "mr-broken.yaml")
    shown = box.cli("list", "--status", "closed", "--json")
    assert [each["id"] for each in shown.json] == [id]
    assert shown.err.startswith(f"warning: {ARCHIVE}:mr-broken.yaml: ")
    assert box.cli("show", "mr-broken").code == 1
    assert f"{ARCHIVE}:mr-broken.yaml" in box.cli("show", "mr-broken").err


def test_a_broken_config_hides_nothing(box: Sandbox) -> None:
    box.request("a", worker="nux")
    box.config("version: 1\nbatsh: {}\n")
    shown = box.cli("queue")
    assert "  1. [pending] nux/a 2s ago\n" in shown.out
    assert shown.err.startswith("warning: ")
    assert "batsh" in shown.err
    planned = box.cli("plan", "--json").json
    assert (planned[0]["idle"], planned[0]["members"]) == (True, [])
    assert "batsh" in planned[0]["why"]


def test_what_a_terminal_would_obey_is_not_printed(box: Sandbox) -> None:
    id = box.request("a")
    change(box, id, worker="nux\u009b31m", title="\u202etitle")
    for command in (["queue"], ["list"], ["unclaimed"], ["next"], ["show", id], ["why", id]):
        out = box.cli(*command).out
        assert "\u009b" not in out
        assert "\u202e" not in out


def test_next_is_the_best_or_the_oldest(box: Sandbox) -> None:
    old = box.request("old", worker="nux", priority=3, issue="gt-9")
    best = box.request("best", worker="max", priority=0)
    box.clock.tick(60)
    assert box.cli("next", "--quiet").out == f"{best}\n"
    assert box.cli("next", "-q", "--strategy", "fifo").out == f"{old}\n"
    assert box.cli("next", "-q", "--worker", "nux").out == f"{old}\n"
    shown = box.cli("next", "--json").json
    assert (shown["id"], round(shown["score"])) == (best, 1400)
    assert box.cli("next", "--strategy", "fifo").out == (
        "🎯 Next MR to process:\n\n"
        f"  ID:       {old}\n"
        "  Score:    1100.0\n"
        "  Priority: P3\n"
        "  Branch:   old → main\n"
        "  Worker:   nux\n"
        "  Issue:    gt-9\n"
        "  Age:      1m\n"
        "\n  (1 more in queue)\n"
    )


def test_nothing_next_is_an_exit_code(box: Sandbox) -> None:
    id = box.request("a")
    take(box, [id])
    loud, quiet, json = box.cli("next"), box.cli("next", "-q"), box.cli("next", "--json")
    assert (loud.code, loud.out, loud.err) == (1, "", "No ready merge requests in queue\n")
    assert (quiet.code, quiet.out, quiet.err) == (1, "", "")
    assert (json.code, json.json) == (1, None)
