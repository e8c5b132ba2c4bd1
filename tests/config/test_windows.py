"""Windows mean the clock on the wall, whatever is done to that clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.config.windows import (
    EVERY_DAY,
    Once,
    Weekly,
    Window,
    closest_zone,
    held,
    held_until,
    known_zone,
    next_begin,
)

# Both kinds of change, half an hour's, a day's that was left out, none, and far from Greenwich.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "America/St_Johns",
    "UTC",
)
BERLIN = "Europe/Berlin"
FRI, SUN = 4, 6

instants = st.datetimes(
    min_value=datetime(2011, 1, 1), max_value=datetime(2036, 1, 1), timezones=st.just(UTC)
)
weekly = st.builds(
    Weekly,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    begins=st.integers(0, 1439),
    ends=st.integers(1, 1440),
    more_days=st.integers(0, 7),
).filter(lambda each: each.more_days > 0 or each.begins < each.ends)


def at(text: str, zone: str = "UTC") -> datetime:
    """An instant by a clock on the wall that shows it once."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def a_window(when: Weekly | Once, zone: str = BERLIN, name: str = "w") -> Window:
    return Window(name, when, zone)


NIGHT = a_window(Weekly(EVERY_DAY, 22 * 60, 6 * 60, 1))
WEEKEND = a_window(Weekly(frozenset({FRI}), 16 * 60, 8 * 60, 3), name="weekend")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-27T15:59", None),
        ("2026-11-27T16:00", "2026-11-30T08:00"),
        ("2026-11-29T23:59", "2026-11-30T08:00"),
        ("2026-11-30T07:59", "2026-11-30T08:00"),
        ("2026-11-30T08:00", None),
        # The weekends on which the clocks change are an hour shorter and longer.
        ("2026-03-27T16:00", "2026-03-30T08:00"),
        ("2026-10-23T16:00", "2026-10-26T08:00"),
    ],
)
def test_a_weekend_begins_and_ends_by_the_clock_on_the_wall(now: str, until: str | None) -> None:
    moment = at(now, BERLIN)
    assert held((WEEKEND,), moment) == (None if until is None else WEEKEND)
    assert held_until((WEEKEND,), moment) == (at(until, BERLIN) if until else moment)


@pytest.mark.parametrize(
    ("begins", "ends", "span"),
    [
        # 02:00 to 03:00 is left out on the 29th of March and comes twice on the 25th of October.
        ("2026-03-29T02:30", "2026-03-29T04:00", ("2026-03-29T01:00", "2026-03-29T02:00")),
        ("2026-03-29T01:00", "2026-03-29T02:30", ("2026-03-29T00:00", "2026-03-29T01:00")),
        ("2026-10-25T02:30", "2026-10-25T04:00", ("2026-10-25T00:30", "2026-10-25T03:00")),
        ("2026-10-25T01:00", "2026-10-25T02:30", ("2026-10-24T23:00", "2026-10-25T01:30")),
    ],
    ids=["begins in none", "ends in none", "begins in the first", "ends in the second"],
)
def test_an_end_in_an_hour_that_is_left_out_or_comes_twice(
    begins: str, ends: str, span: tuple[str, str]
) -> None:
    once = Once(datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    first, after = (at(text) for text in span)
    windows = (a_window(once),)
    second = timedelta(seconds=1)
    seen = [held(windows, moment) is not None for moment in (first - second, first, after - second)]
    assert seen == [False, True, True]
    assert held(windows, after) is None
    assert next_begin(windows, first - second) == (first, windows[0])


def test_a_window_inside_the_hour_that_is_left_out_never_holds() -> None:
    times = datetime(2026, 3, 29, 2, 10), datetime(2026, 3, 29, 2, 50)
    windows = (a_window(Once(*times)),)
    assert next_begin(windows, at("2026-03-28T00:00")) is None


@given(weekly, st.sampled_from(ZONES), instants)
def test_whoever_looks_at_the_clock_on_the_wall_sees_whether_it_holds(
    when: Weekly, zone: str, now: datetime
) -> None:
    window = a_window(when, zone)
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    meant = any(
        begins <= wall < begins + timedelta(days=when.more_days, minutes=when.ends - when.begins)
        for ago in range(9)
        for day in [wall.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=ago)]
        if day.weekday() in when.days
        for begins in [day + timedelta(minutes=when.begins)]
    )
    holds = held((window,), now) is not None
    # Within a day of a change (Samoa left one out) the wall shows an hour twice, or never.
    nearby = {
        (now + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).utcoffset()
        for hours in range(-25, 26)
    }
    assert holds or not meant
    assert meant or not holds or len(nearby) > 1


@given(weekly, st.sampled_from(ZONES), instants)
def test_it_is_over_when_it_was_said_to_be_and_never_before(
    when: Weekly, zone: str, now: datetime
) -> None:
    windows = (a_window(when, zone),)
    until = held_until(windows, now)
    if until is None:
        until = now + timedelta(days=100)
    else:
        assert held(windows, until) is None
    for part in range(20):
        assert until == now or held(windows, now + (until - now) * part / 20) is not None


@given(st.lists(weekly, min_size=1, max_size=3), st.sampled_from(ZONES), instants)
def test_nothing_begins_before_the_next_was_said_to(
    whens: list[Weekly], zone: str, now: datetime
) -> None:
    windows = tuple(a_window(when, zone, name=str(n)) for n, when in enumerate(whens))
    coming = next_begin(windows, now)
    assert coming is not None
    begins, window = coming
    assert held((window,), begins) == window
    if held(windows, now) is None:
        for part in range(20):
            moment = now + (begins - now) * part / 20
            assert held(windows, moment) is None


def test_windows_that_follow_each_other_are_one_stretch() -> None:
    morning = a_window(Weekly(EVERY_DAY, 6 * 60, 12 * 60, 0), name="morning")
    windows = (NIGHT, morning)
    assert held_until(windows, at("2026-11-23T23:00", BERLIN)) == at("2026-11-24T12:00", BERLIN)


def test_no_end_is_in_sight_of_what_always_holds() -> None:
    always = a_window(Weekly(EVERY_DAY, 0, 0, 1))
    assert held_until((always,), at("2026-11-23T12:00")) is None


def test_of_two_the_one_that_lasts_longer_is_named() -> None:
    assert held((NIGHT, WEEKEND), at("2026-11-27T23:00", BERLIN)) == WEEKEND


@pytest.mark.parametrize("name", ["Europe/Berln", "", "../../etc/passwd", "Europe", "x\0y"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert not known_zone(name)


def test_a_mistyped_zone_is_guessed() -> None:
    assert closest_zone("Europe/Berln") == "Europe/Berlin"
