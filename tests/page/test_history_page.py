"""The page of the history says in tables what its charts show; what people wrote stays text."""

from __future__ import annotations

from html import unescape
from itertools import pairwise
from re import DOTALL, findall, sub

import pytest

from refinery.page.history import Clash, History
from refinery.page.history_page import history_page
from refinery.page.history_spans import Span
from refinery.page.history_view import cards, tiles
from refinery.page.history_words import UNKNOWN, compared, minutes, share, short_minutes
from refinery.page.links import Links
from refinery.page.rendering import Frame
from refinery.records.merge_request import CloseReason
from refinery.records.verdict import Result
from tests.decisions.makers import MAIN, NOW, a_verdict, ago, an_id
from tests.page.test_history_figures import RELEASE, blamed, landed, told

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def past() -> History:
    return told(
        landed("a", ago(hours=1)),
        landed("b", ago(hours=2)),
        landed("c", ago(days=2)),
        blamed("bad", ago(hours=3), worker=HOSTILE, title=HOSTILE),
        verdicts=[
            a_verdict("a", "b", seconds=300, at=ago(hours=2)),
            a_verdict("bad", result=Result.FAIL, seconds=60, at=ago(hours=3)),
        ],
        clashes=[Clash(an_id("a"), MAIN, ago(hours=5), (f"src/{HOSTILE}",))],
    )


def shown(history: History, *, depth: int = 0, static: bool = False, **options: object) -> str:
    links = Links(depth=depth, static=static)
    frame = Frame("shop", links, NOW, here="history", live=not static)
    return history_page(frame, history, None, **options)  # type: ignore[arg-type]


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    after = text[text.index(f">{heading}</h2>") :]
    table = after[: after.index("</table>")]
    return [
        [unescape(sub(r"<[^>]*>", "", cell)).strip() for cell in findall(r"<t[hd].*?</t[hd]>", row)]
        for row in findall(r"<tr>.*?</tr>", table, DOTALL)
    ]


def test_each_chart_has_its_figures_in_a_table(past: History) -> None:
    text = shown(past)
    found = rows(text, "Landed each day")
    assert found[0] == ["Day", "Landed"]
    assert found[-3:] == [["Fri 27 Feb", "1"], ["Sat 28 Feb", "0"], ["Sun 01 Mar", "2"]]
    assert len(found) == 1 + 7
    assert rows(text, "CI time for each landing")[-1] == ["Sun 01 Mar", "3.0 min", "6.0 min"]
    assert rows(text, "Failed runs and flaky trees")[-1] == [
        *("Sun 01 Mar", "50.0%", "1 of 2", "0%", "0 of 1")
    ]
    assert rows(text, "Time to land")[-1] == ["Sun 01 Mar", "30 min", "30 min", "2"]
    assert {len(each.rows) for each in cards(past)} == {7}


def test_what_people_wrote_is_text(past: History) -> None:
    text = shown(past)
    assert "<script>alert" not in text
    assert rows(text, "Sent back, by author")[1][0] == HOSTILE
    assert rows(text, "Conflicts by path")[1][:2] == [f"src/{HOSTILE}", "1"]
    assert rows(text, "Culprits")[1][0] == HOSTILE


def test_figures_stand_at_the_top_with_what_they_were(past: History) -> None:
    found = {each.label: each for each in tiles(past, told(landed("x", ago(days=1))).measures)}
    assert (found["Landed"].value, found["Landed"].change) == ("3", "+200%")
    assert found["CI time for a landing"].value == "2.0 min"
    assert (found["Failed runs"].value, found["Failed runs"].note) == ("50.0%", "of 2 runs")
    assert (found["Conflicts"].value, found["Conflicts"].note) == ("1", "and 1 sent back")


def test_nothing_is_said_of_what_is_not_known() -> None:
    nothing = told()
    assert {each.label: each.value for each in tiles(nothing, None)} == {
        "Landed": "0",
        "Time to land": UNKNOWN,
        "Wait for the first test": UNKNOWN,
        "CI time for a landing": UNKNOWN,
        "Failed runs": UNKNOWN,
        "Flaky": UNKNOWN,
        "Target green": UNKNOWN,
        "Conflicts": "0",
    }
    text = shown(nothing)
    assert "Nothing has landed, failed or been tested in this time." in text
    assert "<figure>" not in text


def test_spans_lead_to_each_other_from_wherever_they_are(past: History) -> None:
    text = shown(past, depth=1, targets=(MAIN, RELEASE))
    hrefs = findall(r'<a href="([^"]*)"(?: aria-current="page")?>(?:24|7|30|90|Feb)', text)
    assert hrefs == [
        *("../history/24-hours", "../history/7-days", "../history", "../history/90-days"),
        "../history/last-month",
    ]
    assert '<a href="../history/7-days?target=release">release</a>' in text
    files = findall(r'<a href="([^"]*)"', shown(past, depth=1, static=True))
    assert {"../history.html", "../history/90-days.html", "../index.html"} <= set(files)


def test_a_target_of_ones_own_stays_chosen() -> None:
    mr = landed("a", ago(hours=1), target=RELEASE)
    text = shown(told(mr, target=RELEASE), targets=(MAIN, RELEASE))
    assert '<a href="history/24-hours?target=release">24 hours</a>' in text
    assert 'aria-current="page">release</a>' in text


def test_hours_are_called_hours() -> None:
    text = shown(told(landed("a", ago(hours=1)), span=Span.DAY))
    assert rows(text, "Landed each hour")[-2:] == [["01 Mar 11:00", "1"], ["01 Mar 12:00", "0"]]


def test_of_many_only_some_are_listed_and_the_rest_is_counted() -> None:
    mrs = [blamed(f"m{number}", ago(minutes=number), worker=f"w{number}") for number in range(25)]
    text = shown(told(*mrs))
    assert len(rows(text, "Culprits")) == len(rows(text, "Sent back, by author")) == 1 + 20
    assert "and 5 more; <code>refinery report --json</code> has all" in text
    assert "and 5 authors more" in text


def test_a_culprit_that_has_ended_says_how() -> None:
    gone = blamed("gone", ago(days=1))
    closed = landed("gone", ago(hours=1), attempts=gone.attempts)
    assert closed.close_reason is CloseReason.MERGED
    assert rows(shown(told(closed)), "Culprits")[1][-1].endswith("landed")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, UNKNOWN), (0.001, "under 1 s"), (0.5, "30 s"), (5.94, "5.9 min"), (95, "1 h 35 min")],
)
def test_lengths_of_time(value: float | None, words: str) -> None:
    assert minutes(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((None, UNKNOWN), (0, "0%"), (0.0012, "0.12%"), (0.0786, "7.9%")),
        *((0.99996, "over 99.9%"), (1, "100%")),
    ],
)
def test_shares(value: float | None, words: str) -> None:
    assert share(value) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        *((12, 10, "+20%"), (5, 10, "\N{MINUS SIGN}50%"), (10, 10, "the same")),
        *((3, 0, ""), (None, 3, ""), (200, 1, "")),
    ],
)
def test_changes(now: float | None, before: float | None, words: str) -> None:
    assert compared(now, before) == words


def test_an_axis_says_each_length_in_one_unit() -> None:
    told_of = [short_minutes(each) for each in (0, 0.25, 5, 90, 2160)]
    assert told_of == ["0", "15 s", "5 min", "1.5 h", "1.5 d"]
    assert all(sooner != later for sooner, later in pairwise(told_of))


def test_ids_are_links_where_there_is_a_page() -> None:
    mr = blamed("bad", ago(hours=1))
    assert f'href="mr/{mr.id}"' in shown(told(mr))
    assert 'href="mr/' not in shown(told(mr), static=True)
