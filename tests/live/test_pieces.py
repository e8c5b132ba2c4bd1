"""The pure parts of the live view: ink, pace, shares of the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.live.frame import frame
from refinery.live.heading import Freshness
from refinery.live.ink import Pen, Span, apart, columns_of, cut, fitted, plain, told
from refinery.live.layout import heights
from refinery.live.looking import IDLE_MOST, Looking
from refinery.live.words import throughput
from refinery.looks import FINDINGS, Role
from refinery.queue.board import board
from refinery.records.header import QueueHeader
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
    an_mr,
)
from tests.live.paper import a_snapshot

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


class Seconds:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_day_on_an_idle_queue_is_some_thousand_looks() -> None:
    clock, looks, pause = Seconds(), 0, 0.0
    looking = Looking(2.0, clock)
    while clock.now < 86400:
        looking.begin()
        pause = looking.went_well(news=False)
        clock.now += pause
        looks += 1
    assert pause == IDLE_MOST
    assert looks < 3000


def test_news_and_keys_bring_the_pace_back() -> None:
    clock = Seconds()
    looking = Looking(2.0, clock)
    clock.now = 4000.0
    assert looking.went_well(news=False) == IDLE_MOST
    assert looking.woken()
    assert looking.went_well(news=False) == 2.0
    clock.now += 4000.0
    assert looking.went_well(news=True) == 2.0
    assert not looking.woken()


def test_a_remote_that_is_away_is_asked_less_and_less_but_for_ever() -> None:
    looking = Looking(2.0, Seconds())
    pauses = [looking.failed("away") for _ in range(8)]
    assert pauses == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0]
    assert looking.went_well(news=False) == 2.0


def test_a_look_that_takes_long_is_told_with_the_age_of_what_is_shown() -> None:
    clock = Seconds()
    looking = Looking(2.0, clock)
    looking.begin()
    clock.now = 4.0
    assert looking.freshness(None, NOW) == Freshness(0.0)
    clock.now = 9.0
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


# The last hour


def landed_lately(*minutes: int, archived: int = 0) -> str:
    """What is said of landings so many minutes ago."""
    ended = [a_closed_mr(f"{each}", closed_at=ago(minutes=each)) for each in minutes]
    header = QueueHeader(default_target=MAIN, archived=archived)
    found = throughput(board(a_view(*ended, header=header), NOW), NOW)
    return found.words.partition(", ")[0] if found else ""


def test_landings_of_the_last_hour_are_counted() -> None:
    assert landed_lately(1, 59, 61) == "2 landed in the last hour"
    assert landed_lately(61) == landed_lately() == ""


def test_where_the_list_ends_within_the_hour_there_may_have_been_more() -> None:
    assert landed_lately(1, 2, archived=1) == "at least 2 landed in the last hour"
    assert landed_lately(1, 61, archived=1) == "1 landed in the last hour"
    assert landed_lately(*range(55)) == "at least 50 landed in the last hour"


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
