"""The live view as somebody at a keyboard sees it: each key does what it says, and no more."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from refinery.errors import RefineryError, TryAgain
from refinery.live.desk import Elsewhere
from refinery.live.ink import Pen
from refinery.queue.deeds import Deed, Order
from refinery.records.header import Pause, QueueHeader
from refinery.records.issue import Issue, IssueState
from refinery.records.names import IssueRef
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_view,
    ago,
    an_id,
    an_mr,
)
from tests.live.paper import PATIENCE, Live, PaperDesk, replace, sit

A, B = an_id("a"), an_id("b")


def test_the_first_look_shows_queue_candidates_and_what_ended() -> None:
    claim = a_candidate_claim("a", worker="runner-7", claimed_at=ago(minutes=3))
    desk = PaperDesk(
        a_view(
            an_mr("a"),
            an_mr("b", branch="fix/login"),
            a_blocked_mr("c"),
            a_closed_mr("d", merge_commit="1" * 40),
            claims=[claim],
        )
    )

    async def look(live: Live) -> None:
        shown = await live.until("Ended lately")
        for words in (
            "shop  main",
            "● processor running  seen 12:00:00",
            "1 ready  1 under test  1 blocked",
            "── Under test (1) ──",
            "▶ mr-a a",
            "runner-7 · since 11:57 · all shown fine: they land at once if it passes",
            "── Queue (3) · oldest ready 1h ──",
            "mr-b fix/login",
            "blocked local#1: a.txt",
            "✓ 11:55 mr-d d",
            "1111111111",
        ):
            assert words in shown, shown

    sit(desk, look)


def test_holding_asks_for_a_reason_and_letting_go_does_not() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def hold(live: Live) -> None:
        await live.until("ready")
        await live.press("h")
        await live.until("Hold mr-a (a)?")
        await live.press("enter")
        await live.until("Say why")
        await live.type("release week")
        await live.until("✓ mr-a is held: release week")
        await live.until("held: release week")
        await live.press("h")
        await live.until("✓ mr-a goes on")

    sit(desk, hold)
    assert desk.orders == [Order(Deed.HOLD, A, "release week"), Order(Deed.UNHOLD, A)]
    assert desk.view.mrs[A].hold is None


def test_rejecting_says_that_it_is_final_and_escape_leaves_everything_as_it_is() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def reject(live: Live) -> None:
        await live.until("ready")
        await live.press("x")
        await live.until("This is final")
        await live.press("n", "o", "escape")
        assert desk.orders == []
        await live.press("x")
        await live.until("This is final")
        await live.type("superseded")
        await live.until("✓ mr-a is rejected: superseded")

    sit(desk, reject)
    assert desk.orders == [Order(Deed.REJECT, A, "superseded")]


def test_the_queue_is_paused_with_a_reason_and_goes_on_at_a_key() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def pause(live: Live) -> None:
        await live.until("ready")
        await live.press("p")
        await live.type("main is being repaired")
        await live.until("paused by eve: main is being repaired")
        await live.press("p")
        await live.until("✓ the queue goes on")
        assert "paused by" not in live.text()

    sit(desk, pause)
    assert [order.deed for order in desk.orders] == [Deed.PAUSE, Deed.RESUME]


def test_what_failed_is_tried_again_and_nothing_else_is() -> None:
    desk = PaperDesk(a_view(a_failed_mr("a")))

    async def retry(live: Live) -> None:
        await live.until("needs rework: check unit: exit 1")
        await live.press("r")
        await live.until("✓ mr-a will be tried again")
        await live.press("r")
        await live.until("mr-a: there is nothing to retry")

    sit(desk, retry)
    assert desk.orders == [Order(Deed.RETRY, A)]


def test_plus_and_minus_move_the_priority_within_its_bounds() -> None:
    desk = PaperDesk(a_view(an_mr("a", priority=1)))

    async def move(live: Live) -> None:
        await live.until("P1 mr-a")
        await live.press("plus")
        await live.until("P0 mr-a")
        await live.press("plus")
        await live.until("✗ mr-a has priority 0 already")
        await live.press("minus")
        await live.until("P1 mr-a")

    sit(desk, move)
    assert desk.view.mrs[A].priority == 1


def test_what_the_rules_refuse_is_said_in_place_and_looked_at_again() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def hold(live: Live) -> None:
        await live.until("ready")
        desk.view = a_view(an_mr("a", hold=a_hold()))  # somebody was faster
        await live.press("h")
        await live.type("mine")
        await live.until("✗ mr-a is already held by eve: release week")
        await live.until("held: release week")

    sit(desk, hold)


def test_a_remote_that_is_away_hides_nothing_and_is_asked_again() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def watch(live: Live) -> None:
        await live.until("mr-a")
        desk.trouble = TryAgain("remote 'origin': connection refused")
        await live.press("ctrl+r")
        shown = await live.until("m: remote 'origin': connection refused")
        assert "mr-a" in shown
        assert "old" in shown
        desk.trouble = None
        desk.view = a_view(an_mr("b"))
        await live.press("ctrl+r")
        shown = await live.until("mr-b")
        assert "refused" not in shown

    sit(desk, watch)


def test_a_queue_that_cannot_be_read_at_all_says_why() -> None:
    desk = PaperDesk(a_view(), trouble=RefineryError("refs/refinery/queue: not a commit"))

    async def watch(live: Live) -> None:
        await live.until("m: refs/refinery/queue: not a commit")

    sit(desk, watch)


def test_a_remote_that_does_not_answer_keeps_nobody_from_moving_or_leaving() -> None:
    never = threading.Event()
    desk = PaperDesk(a_view(an_mr("a"), an_mr("b")))

    async def wait(live: Live) -> None:
        await live.until("mr-a")
        desk.gate = never.wait
        await live.press("ctrl+r", "down", "question_mark")
        await live.until("leave; queue and processor go on")
        await live.press("escape", "q")
        assert not live.view.is_running

    sit(desk, wait)
    never.set()


def test_what_was_ordered_is_finished_although_the_screen_is_left() -> None:
    answered = threading.Event()
    desk = PaperDesk(a_view(an_mr("a")))

    async def order_and_leave(live: Live) -> None:
        await live.until("mr-a")
        desk.gate = answered.wait
        await live.press("plus")
        await live.until("giving mr-a priority 1…")
        await live.press("minus")
        await live.until("still giving mr-a priority 1")
        await live.press("q")

    view = sit(desk, order_and_leave)
    assert view.under_way == Order(Deed.PRIORITY, A, priority=1)
    assert not view.reader.leave(patience=0.0)
    answered.set()
    assert view.reader.leave(patience=PATIENCE)
    assert desk.view.mrs[A].priority == 1


def test_a_bug_in_the_reader_ends_the_view_and_is_kept_for_the_report() -> None:
    bug = KeyError("no such thing")
    view = sit(PaperDesk(a_view(), trouble=bug), _wait_for_the_end)
    assert view.bug is bug


async def _wait_for_the_end(live: Live) -> None:
    while live.view.is_running:
        await asyncio.sleep(0)


def test_the_cursor_stays_on_its_merge_request_when_the_order_changes() -> None:
    desk = PaperDesk(a_view(an_mr("a", priority=0), an_mr("b")))

    async def move(live: Live) -> None:
        await live.until("mr-b")
        await live.press("down")
        desk.view = a_view(an_mr("a", priority=4), an_mr("b"))
        await live.press("ctrl+r")
        await live.until("P4 mr-a")
        await live.press("plus")
        await live.until("P1 mr-b")

    sit(desk, move)
    assert desk.orders == [Order(Deed.PRIORITY, B, priority=1)]


def test_find_shows_what_holds_the_text_and_escape_shows_all() -> None:
    desk = PaperDesk(a_view(an_mr("a", branch="fix/login"), an_mr("b", title="Gift cards")))

    async def find(live: Live) -> None:
        await live.until("mr-b")
        await live.press("slash")
        await live.type("gift")
        shown = await live.until("Queue (1 with 'gift'; Esc: all)")
        assert "mr-a" not in shown
        await live.press("escape")
        await live.until("mr-a")

    sit(desk, find)


def test_f_shows_only_what_needs_somebody() -> None:
    desk = PaperDesk(a_view(an_mr("a"), a_blocked_mr("b"), a_failed_mr("c")))

    async def narrow(live: Live) -> None:
        await live.until("mr-c")
        await live.press("f")
        shown = await live.until("Needs somebody (2; f: all)")
        assert "mr-a" not in shown
        await live.press("f")
        await live.until("mr-a")

    sit(desk, narrow)


def test_enter_tells_the_whole_story_and_keys_of_the_overview_are_dead_there() -> None:
    desk = PaperDesk(a_view(a_failed_mr("a", title="Totals")))

    async def read(live: Live) -> None:
        await live.until("mr-a")
        await live.press("enter")
        shown = await live.until("Esc back")
        for words in ("mr-a", "Totals", "check unit: exit 1", "next: ", "Branch:       a"):
            assert words in shown
        await live.press("r", "x", "p")
        assert "Esc back" in live.text()
        await live.press("escape")
        await live.until("Ended lately")

    sit(desk, read)
    assert desk.orders == []


def test_o_shows_an_issue_of_the_embedded_tracker() -> None:
    ref = IssueRef("local#1")
    issue = Issue(ref, IssueState.OPEN, "Resolve merge conflicts", "in `a.txt`", NOW, mr=A)
    desk = PaperDesk(a_view(a_blocked_mr("a")), issues={ref: issue})

    async def read(live: Live) -> None:
        await live.until("blocked local#1")
        await live.press("o")
        shown = await live.until("Resolve merge conflicts")
        assert "in `a.txt`" in shown

    sit(desk, read)


def test_o_gives_the_address_of_an_issue_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refinery.live.overview.open_address", lambda url: False)
    ref = IssueRef("github#7")
    url = "https://github.com/acme/shop/issues/7"
    desk = PaperDesk(a_view(a_blocked_mr("a", issue=ref)), issues={ref: Elsewhere(ref, url)})

    async def read(live: Live) -> None:
        await live.until("blocked github#7")
        await live.press("o")
        await live.until(f"{url} (copied)")
        assert live.view.clipboard == url

    sit(desk, read)


def test_y_copies_the_id() -> None:
    async def copy(live: Live) -> None:
        await live.until("mr-a")
        await live.press("y")
        await live.until("copied mr-a")
        assert live.view.clipboard == "mr-a"

    sit(PaperDesk(a_view(an_mr("a"))), copy)


def test_l_follows_the_log_of_a_candidate_that_is_tested_here(tmp_path: Path) -> None:
    claim = a_candidate_claim("a", "b", claimed_at=ago(minutes=1))
    stem = f"{'0' * 12}-{claim.names[0]}-{int(NOW.timestamp() * 1000)}"
    (tmp_path / f"{stem}-01-lint.log").write_text("fine\nrefinery: check 'lint': pass after 1 s\n")
    unit = tmp_path / f"{stem}-02-unit.log"
    unit.write_text("refinery: check 'unit' started now: 'true'\ntest_cart \x1b[32mok\x1b[0m\n")
    desk = PaperDesk(a_view(an_mr("a"), an_mr("b"), claims=[claim]), logs=tmp_path)

    async def follow(live: Live) -> None:
        shown = await live.until("✓ lint  ▶ unit")
        assert "▶ 2 together mr-a, mr-b" in shown
        assert "test_cart ok" in shown
        await live.press("1", "l")
        await live.until("2 of 2: unit")
        await live.until("test_cart ok")
        with unit.open("a") as log:
            log.write("test_bill ok\nhalf a li")
        await live.until("test_bill ok")
        assert "half" not in live.text()
        await live.press("tab")
        await live.until("1 of 2: lint")
        await live.until("fine")

    sit(desk, follow)


def test_a_candidate_of_several_is_not_acted_on_as_one() -> None:
    claim = a_candidate_claim("a", "b", claimed_at=ago(minutes=1))
    desk = PaperDesk(a_view(an_mr("a"), an_mr("b"), claims=[claim]))

    async def reject(live: Live) -> None:
        await live.until("2 together")
        await live.press("1", "x")
        await live.until("choose one of its members in the queue")
        await live.press("enter")
        shown = await live.until("Members")
        assert "mr-b  b  Change b (ada)" in shown

    sit(desk, reject)
    assert desk.orders == []


def test_what_has_ended_is_read_but_not_changed() -> None:
    desk = PaperDesk(a_view(a_closed_mr("a")))

    async def hold(live: Live) -> None:
        await live.until("mr-a")
        await live.press("3", "h")
        await live.until("mr-a has ended, and what has ended never changes")

    sit(desk, hold)


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (60, 14), (40, 10), (20, 5)])
def test_every_size_has_room_for_the_queue_and_its_keys(size: tuple[int, int]) -> None:
    mrs = [an_mr(f"a{number}") for number in range(40)]
    claims = [a_candidate_claim(f"a{number}", claimed_at=ago(minutes=1)) for number in range(5)]
    view = a_view(*mrs, *(a_closed_mr(f"z{number}") for number in range(20)), claims=claims)

    async def look(live: Live) -> None:
        shown = await live.until("Queue")
        lines = shown.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert "q quit" in lines[-1]

    sit(PaperDesk(view), look, size=size)


def test_a_terminal_that_grows_is_used() -> None:
    async def grow(live: Live) -> None:
        await live.until("Queue (1)")
        await live.pilot.resize_terminal(200, 60)
        shown = await live.until("landed in the last hour")
        beside = next(line for line in shown.split("\n") if "Queue (1)" in line)
        assert "Under test" in beside

    sit(PaperDesk(a_view(an_mr("a"), a_closed_mr("b"))), grow)


def test_without_unicode_everything_is_ascii() -> None:
    claim = a_candidate_claim("a", claimed_at=ago(minutes=1))
    header = QueueHeader(default_target=MAIN, paused=Pause("eve", "später", NOW))
    view = a_view(an_mr("a"), an_mr("b"), a_closed_mr("c"), claims=[claim], header=header)

    async def look(live: Live) -> None:
        shown = await live.until("Ended lately")
        assert shown.isascii(), [letter for letter in shown if not letter.isascii()]

    sit(PaperDesk(view), look, pen=Pen(unicode=False))


def test_without_colour_there_is_none_and_the_words_still_say_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = PaperDesk(a_view(an_mr("a"), a_blocked_mr("b")))

    async def look(live: Live) -> None:
        shown = await live.until("blocked local#1")
        assert "○ P2 mr-a" in shown

    sit(desk, look)
    monkeypatch.setenv("NO_COLOR", "1")
    view = sit(desk, look)
    assert view.no_color


def test_hostile_text_reaches_no_terminal() -> None:
    evil = an_mr("a", branch="x\x1b]0;gone\x07\u202e", title="\x1b[2J", worker="\x1b[31mroot")

    async def look(live: Live) -> None:
        shown = await live.until("mr-a")
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        await live.press("enter")
        assert "\x1b" not in await live.until("Esc back")

    sit(PaperDesk(a_view(evil)), look)


def test_an_idle_queue_is_not_drawn_between_looks() -> None:
    async def idle(live: Live) -> None:
        await live.until("mr-a")
        assert not live.view._ticking._active.is_set()

    sit(PaperDesk(a_view(an_mr("a"))), idle)


def test_replacing_the_view_by_an_empty_one_leaves_no_cursor_behind() -> None:
    desk = PaperDesk(a_view(an_mr("a")))

    async def empty(live: Live) -> None:
        await live.until("mr-a")
        desk.view = replace(desk.view, mrs={})
        await live.press("ctrl+r")
        await live.until("nothing is waiting: `refinery submit BRANCH` queues a branch")
        await live.press("x", "enter", "down", "up", "end", "pagedown")
        await live.until("choose a merge request first")

    sit(desk, empty)
