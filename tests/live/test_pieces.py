"""The pure parts of the live view: ink, pace, shares of the room, deeds, addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.live.addresses import issue_address
from refinery.live.deeds import Deed, Order, fitting
from refinery.live.frame import frame
from refinery.live.heading import Freshness
from refinery.live.ink import Pen, Span, apart, columns_of, cut, fitted, plain, told
from refinery.live.layout import heights
from refinery.live.looking import Looking
from refinery.live.pace import IDLE_MOST, Pace
from refinery.live.tips import Tip, told_tips, with_tip
from refinery.looks import FINDINGS, Role
from refinery.queue.board import board
from refinery.records.header import QueueHeader
from refinery.records.names import IssueRef
from refinery.records.verdict import Result
from refinery.repo.repository import Repository
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_mr,
)
from tests.live.paper import a_snapshot
from tests.sandbox import Sandbox

PEN = Pen()


# Ink


@given(st.text(), st.integers(0, 30))
def test_a_line_takes_exactly_its_columns(text: str, columns: int) -> None:
    shown = fitted([Span("ab"), Span(PEN.text(text))], columns, PEN)
    assert sum(columns_of(span.text) for span in shown) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("a", 0, ""),
    ],
)
def test_text_is_cut_by_columns_not_by_letters(text: str, columns: int, expected: str) -> None:
    assert cut(text, columns) == expected


def test_of_two_lines_in_one_the_left_one_is_cut() -> None:
    line = apart((Span("a long title"),), (Span("12:00"),), 12, PEN)
    assert plain(line) == "a long…12:00"


def test_words_that_matter_are_wrapped_and_only_then_cut() -> None:
    lines = told(FINDINGS["error"], "the remote is away and nobody knows why", 16, PEN, most=2)
    assert [plain(line) for line in lines] == ["✗ the remote is", "  away and nobo…"]


def test_a_bar_is_full_at_the_end_and_empty_at_the_beginning() -> None:
    drawn = ["".join(span.text for span in PEN.bar(share, 4)) for share in (0, 0.5, 1, 7)]
    assert drawn == ["────", "━━──", "━━━━", "━━━━"]


def test_a_small_chart_tells_none_from_few_and_most() -> None:
    assert PEN.sparks([0, 1, 4, 8]) == "▁▂▅█"
    assert PEN.sparks([0, 1, 1000]) == "▁▂█"
    assert PEN.sparks([]) == ""


# Pace


def test_a_day_on_an_idle_queue_is_some_thousand_looks() -> None:
    pace, seconds, looks = Pace(2.0), 0.0, 0
    while seconds < 86400:
        pause = pace.pause
        pace = pace.went_well(0.01, news=False, waited=pause)
        seconds, looks = seconds + pause, looks + 1
    assert pace.pause == IDLE_MOST
    assert looks < 3000


def test_news_and_keys_bring_the_pace_back() -> None:
    idle = Pace(2.0, quiet=4000.0)
    assert (idle.pause, idle.awake().pause) == (IDLE_MOST, 2.0)
    assert idle.went_well(0.01, news=True, waited=30.0).pause == 2.0


def test_looks_that_take_long_are_made_rarely() -> None:
    assert Pace(2.0).went_well(1.5, news=True, waited=2.0).pause == pytest.approx(30.0)


def test_a_remote_that_is_away_is_asked_less_and_less_but_for_ever() -> None:
    pace, pauses = Pace(2.0), []
    for _ in range(8):
        pace = pace.failed()
        pauses.append(pace.pause)
    assert pauses == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0]
    assert pace.went_well(0.01, news=False, waited=60.0).pause == 2.0


def test_a_look_that_takes_long_is_told_with_the_age_of_what_is_shown() -> None:
    seconds = [0.0]
    looking = Looking(2.0, clock=lambda: seconds[0])
    looking.begin()
    seconds[0] = 4.0
    assert looking.freshness(None, NOW) == Freshness(0.0)
    seconds[0] = 9.0
    shown = a_snapshot(a_view())
    told = looking.freshness(shown, NOW + timedelta(seconds=20))
    assert told == Freshness(20.0, "the remote has not answered for 9 s", 0.0, stale=True)


# Shares of the room


@given(
    st.integers(4, 100),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(1, 500),
    st.integers(0, 50),
    st.booleans(),
)
def test_the_panels_share_the_whole_room(
    room: int, runs: int, here: int, waiting: int, ended: int, wide: bool
) -> None:
    shares = heights(room, runs=runs, here=here, waiting=waiting, ended=ended, wide=wide)
    assert min(shares.running, shares.ended) >= 0
    assert shares.queue >= min(4, 1 + waiting)
    if wide:
        assert (shares.queue, shares.running + shares.ended) == (room, room)
    else:
        assert shares.running + shares.queue + shares.ended == room


def test_a_busy_queue_in_80x24_shows_all_three() -> None:
    shares = heights(21, runs=2, here=1, waiting=30, ended=10, wide=False)
    assert (shares.running, shares.queue, shares.ended) == (5, 12, 4)


# Deeds


def test_only_what_makes_sense_is_offered() -> None:
    view = a_view(
        an_mr("a"),
        an_mr("b", hold=a_hold(), priority=0),
        a_failed_mr("c", priority=4),
    )
    found = {line.id: fitting(line) for line in board(view, NOW).line}
    assert found == {
        "mr-a": (Deed.HOLD, Deed.RAISE, Deed.LOWER, Deed.REJECT),
        "mr-b": (Deed.UNHOLD, Deed.LOWER, Deed.REJECT),
        "mr-c": (Deed.RETRY, Deed.HOLD, Deed.RAISE, Deed.REJECT),
    }


def test_an_order_has_words_for_while_and_after() -> None:
    order = Order(Deed.REJECT, an_mr("a").id, "old")
    assert (order.doing, order.done) == ("rejecting mr-a", "rejected mr-a: old")


# What is known without fetching


def test_the_tip_of_a_target_is_what_was_landed_last() -> None:
    landing = a_landing("a", commit=a_sha("new"), tree=a_sha("new tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("new")})
    view = a_view(a_closed_mr("a", landing=landing), header=header)
    tip = told_tips(view)[MAIN]
    assert tip == Tip(ago(minutes=5), a_sha("new"), a_sha("new tree"))
    after = with_tip(view, MAIN, tip)
    assert (after.targets, after.target_trees) == (
        {MAIN: a_sha("new")},
        {MAIN: a_sha("new tree")},
    )


def test_what_was_pushed_past_the_queue_is_the_tip_once_it_was_tested() -> None:
    landing = a_landing("a", commit=a_sha("landed"), tree=a_sha("landed tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    red = a_verdict(base=a_sha("pushed"), result=Result.FAIL, at=ago(minutes=1))
    view = a_view(a_closed_mr("a", landing=landing), header=header, verdicts=[red])
    tip = told_tips(view)[MAIN]
    assert tip.commit == a_sha("pushed")
    assert with_tip(view, MAIN, tip).target_trees == {MAIN: red.tree}


def test_a_run_that_outlasted_a_landing_tells_of_no_newer_tip() -> None:
    landing = a_landing("a", commit=a_sha("landed"), tree=a_sha("landed tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    late = a_verdict("b", at=ago(minutes=1), took=600.0)
    view = a_view(a_closed_mr("a", landing=landing), header=header, verdicts=[late])
    assert told_tips(view)[MAIN].commit == a_sha("landed")


def test_a_tip_that_nobody_has_tested_is_neither_green_nor_red() -> None:
    claim = a_candidate_claim("a", base=a_sha("pushed"))
    view = a_view(an_mr("a"), claims=[claim])
    tip = told_tips(view)[MAIN]
    assert with_tip(view, MAIN, tip).target_trees == {}


def test_a_landing_that_nobody_remembers_tells_of_no_tip() -> None:
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    assert told_tips(a_view(header=header)) == {}


@pytest.mark.parametrize(
    ("url", "issue", "expected"),
    [
        ("git@github.com:acme/shop.git", "github#7", "https://github.com/acme/shop/issues/7"),
        ("https://gl.example/a/b/c", "gitlab#7", "https://gl.example/a/b/c/-/issues/7"),
        ("ssh://git@tea.example/acme/shop", "gitea#7", "https://tea.example/acme/shop/issues/7"),
        ("/srv/git/shop.git", "github#7", ""),
    ],
)
def test_an_issue_is_where_the_remote_is(box: Sandbox, url: str, issue: str, expected: str) -> None:
    box.git("config", "remote.origin.url", url)
    with Repository.discover(box.path) as repo:
        assert issue_address(repo, IssueRef(issue)) == expected


# The frame


def test_a_frame_is_the_whole_queue_as_text() -> None:
    view = a_view(
        an_mr("a", branch="feature/cart", priority=0),
        an_mr("b", branch="fix/login"),
        a_blocked_mr("c", branch="feature/prices"),
        a_failed_mr("d", branch="fix/totals"),
        an_mr("e", hold=a_hold()),
        a_closed_mr("f", merge_commit=a_sha("f")),
        claims=[a_candidate_claim("a", worker="runner-7", claimed_at=ago(minutes=2))],
        verdicts=[a_verdict()],
    )
    snapshot = a_snapshot(view)
    lines = frame(snapshot, {}, NOW, width=80, pen=PEN, fresh=Freshness(0.0))
    assert "\n".join(map(plain, lines)) == FRAME
    assert {span.role for line in lines for span in line} == set(Role)


FRAME = """\
shop  main ? not tested yet 1405df6           ● processor running  seen 12:00:00
1 ready  1 under test  1 held  1 blocked  1 needs rework        ▁▁▁▁▁▁▁▁▁▁█▁ 1/h
── Under test ──────────────────────────────────────────────────────────────────
▶ mr-a feature/cart                                                           2m
  runner-7 · since 11:58 · all shown fine: they land at once if it passes
── Queue (2) · oldest ready 1h ─────────────────────────────────────────────────
    ▶ P0 mr-a feature/cart     1h under test
  1 ○ P2 mr-b fix/login        1h ready
── Needs somebody (3) ──────────────────────────────────────────────────────────
    ⚠ P2 mr-c feature/prices   1h blocked local#1: a.txt
    ✗ P2 mr-d fix/totals       1h needs rework: check unit: exit 1
    ■ P2 mr-e e                1h held: release week
── Ended lately ────────────────────────────────────────────────────────────────
✓ 11:55 mr-f f                                       landed 4a0a19218e after 55m
""".rstrip("\n")
