"""What every screen shows of a queue: who waits for what, who runs, what ended, what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.config.config import Check, Config
from refinery.queue.board import board
from refinery.queue.planning.facts import Health
from refinery.records.header import Pause
from refinery.records.merge_request import CloseReason
from refinery.records.names import Branch
from refinery.records.verdict import Result
from refinery.store.view import View
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CHECKED = Config(checks=(Check("unit", "true"),))
DEV = Branch("dev")


def a_busy_view() -> View:
    return a_view(
        an_mr("old", created_at=ago(hours=3)),
        an_mr("young"),
        an_mr("taken"),
        an_mr("held", hold=a_hold()),
        an_mr("after", depends_on=(an_id("held"),)),
        a_blocked_mr("blocked"),
        a_failed_mr("rework"),
        a_closed_mr("done", merge_commit=a_sha("c"), closed_at=ago(minutes=9)),
        a_closed_mr("gone", CloseReason.REJECTED, error="no"),
        an_mr("other", target=DEV),
        claims=[a_candidate_claim("taken", claimed_at=ago(minutes=2), worker="bob")],
    )


def test_a_target_is_counted_by_what_keeps_each() -> None:
    shown = board(a_busy_view(), NOW)
    main, dev = shown.targets
    assert (main.target, main.tip, main.health, main.why) == (
        MAIN,
        a_sha("base"),
        Health.GREEN,
        "",
    )
    assert (main.waiting, main.ready, main.under_test, main.held) == (7, 2, 1, 1)
    assert (main.blocked, main.rework, main.waiting_for_thaw) == (2, 1, 0)
    assert main.oldest_ready is not None
    assert (main.oldest_ready.id, main.oldest_ready_seconds) == (an_id("old"), 3 * 3600)
    assert (dev.target, dev.tip, dev.health) == (DEV, None, Health.UNKNOWN)
    assert dev.why == "the branch does not exist on the remote"


def test_everybody_has_a_line_and_those_that_need_somebody_are_listed() -> None:
    shown = board(a_busy_view(), NOW)
    assert {each.id for each in shown.blocked} == {an_id("blocked"), an_id("after")}
    assert [each.id for each in shown.rework] == [an_id("rework")]
    assert len(shown.line) == 8
    assert (shown.of(an_id("old")), shown.of(an_id("done"))) == (shown.oldest_ready, None)
    assert (shown.workers, shown.oldest_ready_seconds, shown.paused) == (("bob",), 10800, None)


def test_what_runs_says_who_for_how_long_and_what_for() -> None:
    (running,) = board(a_busy_view(), NOW).running
    assert (running.members, running.target, running.worker) == ((an_id("taken"),), MAIN, "bob")
    assert (running.since, running.purpose, running.base) == (
        ago(minutes=2),
        "train",
        a_sha("base"),
    )
    assert (running.expected_seconds, running.share(NOW)) == (None, None)
    usual = replace(running, expected_seconds=240.0)
    assert (usual.seconds(NOW), usual.share(NOW)) == (120, 0.5)
    assert replace(running, expected_seconds=60.0).share(NOW) == 1
    assert replace(running, since=NOW).seconds(ago(minutes=1)) == 0


def test_what_ended_is_there_newest_first_in_words() -> None:
    shown = board(a_busy_view(), NOW)
    told = [(each.id, each.how, each.words, each.waited_seconds) for each in shown.recent]
    assert told == [
        (an_id("gone"), CloseReason.REJECTED, "rejected: no", 55 * 60),
        (
            an_id("done"),
            CloseReason.MERGED,
            f"landed on main as {a_sha('c')[:12]}",
            51 * 60,
        ),
    ]
    assert not shown.more_ended
    few = board(a_busy_view(), NOW, recent=1)
    assert ([each.id for each in few.recent], few.more_ended) == ([an_id("gone")], True)


@pytest.mark.parametrize(
    ("result", "health"), [(None, Health.UNKNOWN), (Result.PASS, Health.GREEN)]
)
def test_health_is_what_the_checks_said_of_the_tip(result: Result | None, health: Health) -> None:
    base = a_verdict(fingerprint=CHECKED.fingerprint)
    view = a_view(an_mr("a"), verdicts=[base] if result else [])
    (line,) = board(view, NOW, configs={MAIN: CHECKED}).targets
    assert (line.health, line.why) == (health, "")


def test_why_a_target_does_not_go_on() -> None:
    red = a_verdict(fingerprint=CHECKED.fingerprint, result=Result.FAIL)
    view = a_view(an_mr("a"), verdicts=[red])
    (line,) = board(view, NOW, configs={MAIN: CHECKED}).targets
    assert (line.health, line.why) == (Health.RED, "main itself fails its checks")
    (line,) = board(view, NOW, configs={MAIN: CHECKED}, broken=frozenset({MAIN})).targets
    assert line.why == "its configuration is broken: `refinery doctor` says how"
    paused = replace(view, header=replace(view.header, paused=Pause("eve", "a release", NOW)))
    (line,) = board(paused, NOW, configs={MAIN: CHECKED}).targets
    assert line.why == "the queue is paused by eve: a release"
