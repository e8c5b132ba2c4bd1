"""Spans of time are whole hours and days in UTC, and are compared with what is just as long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from refinery.page.history_spans import Span, before, earliest, stretch

NOW = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)
TODAY = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "title", "since", "steps"),
    [
        (Span.DAY, "Last 24 hours", datetime(2026, 2, 28, 13, tzinfo=UTC), 24),
        (Span.WEEK, "Last 7 days", TODAY - 6 * DAY, 7),
        (Span.MONTH, "Last 30 days", TODAY - 29 * DAY, 30),
        (Span.QUARTER, "Last 90 days", TODAY - 89 * DAY, 90),
        (Span.LAST_MONTH, "February 2026", datetime(2026, 2, 1, tzinfo=UTC), 28),
    ],
)
def test_a_span_begins_with_a_whole_step(
    span: Span, title: str, since: datetime, steps: int
) -> None:
    found = stretch(span, NOW)
    assert (found.title, found.since, found.starts[0]) == (title, since, since)
    assert len(found.starts) == steps
    lengths = {later - sooner for sooner, later in pairwise(found.starts)}
    assert lengths == {timedelta(hours=1) if span is Span.DAY else DAY}


def test_what_happens_belongs_to_the_step_it_is_in() -> None:
    found = stretch(Span.WEEK, NOW)
    assert [
        found.step_of(at) for at in (found.since, TODAY - timedelta(seconds=1), TODAY, NOW)
    ] == [*(0, 5, 6, 6)]
    assert found.step_of(found.since - timedelta(milliseconds=1)) is None
    assert found.step_of(NOW + timedelta(milliseconds=1)) is None


def test_the_last_month_ends_with_its_last_instant() -> None:
    found = stretch(Span.LAST_MONTH, NOW)
    assert found.step_of(datetime(2026, 2, 28, 23, 59, 59, 999000, tzinfo=UTC)) == 27
    assert found.step_of(datetime(2026, 3, 1, tzinfo=UTC)) is None
    january = stretch(Span.LAST_MONTH, datetime(2026, 1, 1, tzinfo=UTC))
    assert (january.title, len(january.starts)) == ("December 2025", 31)


def test_it_is_compared_with_what_is_as_long_and_just_before() -> None:
    week = before(stretch(Span.WEEK, NOW))
    assert week is not None
    assert (week.since, week.until) == (TODAY - 13 * DAY, NOW - 7 * DAY)
    month = before(stretch(Span.LAST_MONTH, NOW))
    assert month is not None
    assert (month.title, len(month.starts)) == ("January 2026", 31)
    assert before(stretch(Span.QUARTER, NOW)) is None


def test_what_has_to_be_read_reaches_back_to_the_oldest_of_them() -> None:
    assert earliest(NOW) == TODAY - 89 * DAY
    assert earliest(datetime(2026, 3, 31, tzinfo=UTC)) == datetime(2026, 1, 1, tzinfo=UTC)
