"""Windows of time in which targets are frozen: each in its own time zone, sound when clocks change.

A window is meant on the clock on the wall there.  When that clock goes back, a window that begins
in the hour that comes twice begins with the first of the two, and one that ends in it ends with the
second.  When it goes forward, an hour that never comes is the instant at which it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import lru_cache

from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
"""From the first instant of it to the first after it."""

EVERY_DAY = frozenset(range(7))
_AHEAD = 8  # days: each weekly window begins once in that time
_MOST_JOINED = 100  # spans that follow upon each other without a gap: for months


@dataclass(frozen=True, slots=True)
class Weekly:
    """Begins on each of the `days` (0 is Monday), `begins` minutes after midnight.

    It ends on the day that is `more_days` later, `ends` minutes after midnight.
    """

    days: frozenset[int]
    begins: int
    ends: int
    more_days: int


@dataclass(frozen=True, slots=True)
class Once:
    """From one time on the wall to another."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """When, and in which time zone of the IANA's list."""

    name: str
    when: Weekly | Once
    zone: str

    def spans(self, around: datetime, *, days_ahead: int = 0) -> Iterator[Span]:
        """Those that hold at an instant, and what begins so many days later; in no order."""
        zone = _zone(self.zone)
        if isinstance(self.when, Once):
            yield _first(self.when.begins, zone), _last(self.when.ends, zone)
            return
        here = around.astimezone(zone).date()
        for ahead in range(-self.when.more_days - 1, days_ahead + 1):
            day = here + timedelta(days=ahead)
            if day.weekday() in self.when.days:
                ends = _wall(day + timedelta(days=self.when.more_days), self.when.ends)
                begins = _wall(day, self.when.begins)
                yield _first(begins, zone), _last(ends, zone)


@lru_cache(maxsize=256)
def held(windows: tuple[Window, ...], now: datetime) -> Window | None:
    """The window that holds at an instant; of several the one that ends last."""
    holding = [
        (ends, each) for each in windows for begins, ends in each.spans(now) if begins <= now < ends
    ]
    return max(holding, key=lambda found: (found[0], found[1].name), default=(None, None))[1]


@lru_cache(maxsize=256)
def held_until(windows: tuple[Window, ...], now: datetime) -> datetime | None:
    """When none of them holds any more; `now` where none does, None where no end is in sight."""
    for _ in range(_MOST_JOINED):
        ends = [end for each in windows for begins, end in each.spans(now) if begins <= now < end]
        if not ends:
            return now
        now = max(ends)
    return None


@lru_cache(maxsize=256)
def next_begin(windows: tuple[Window, ...], now: datetime) -> tuple[datetime, Window] | None:
    """When the next of them begins, after `now`; a weekly one is seen a week ahead."""
    coming = (
        (begins, each)
        for each in windows
        for begins, ends in each.spans(now, days_ahead=_AHEAD)
        if now < begins < ends
    )
    return min(coming, key=lambda found: (found[0], found[1].name), default=None)


def known_zone(name: str) -> bool:
    """Whether the time zone is one that this machine knows."""
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):  # not found; no name of a file; a folder of zones
        return False
    return True


def closest_zone(name: str) -> str | None:
    """The one that was probably meant."""
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    return next(iter(get_close_matches(name, available_timezones(), n=1)), None)


def on_the_wall(moment: datetime, zone: str) -> datetime:
    """An instant as the clocks of a zone show it; in UTC where the zone is not known here."""
    return moment.astimezone(_zone(zone) if known_zone(zone) else UTC)


def instant_of(wall: datetime, zone: str) -> datetime:
    """The first instant at which the clocks of a zone show this or more."""
    return _first(wall, _zone(zone))


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time_of_day()) + timedelta(minutes=minutes)


def _first(wall: datetime, zone: ZoneInfo) -> datetime:
    early, late = _both(wall, zone)
    return early if early <= late else _change(late, early, zone)


def _last(wall: datetime, zone: ZoneInfo) -> datetime:
    early, late = _both(wall, zone)
    return late if early <= late else _change(late, early, zone)


def _both(wall: datetime, zone: ZoneInfo) -> Span:
    """By the offset before a change of the clocks and by that after it; mostly the same."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between these two at which the clocks go forward."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
