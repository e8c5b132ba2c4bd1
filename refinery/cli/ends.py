"""When what people order ends by itself: `--until`, `--for`, and the clock that is meant."""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, datetime, timedelta

from refinery.errors import UsageError
from refinery.values import dataclass

LONGEST = timedelta(days=5 * 366)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_HINT = 'such as 18:00, "mon 08:00", 2026-12-24, "2026-12-24 18:00"; a date is its first instant'


@dataclass(frozen=True, slots=True)
class End:
    """When it ends, if anybody said so, and the time zone to tell it in."""

    until: datetime | None
    zone: str


def add_end(parser: argparse.ArgumentParser, *, what: str) -> None:
    """`--until TIME` or `--for TIME`, and `--tz ZONE`."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--until",
        metavar="TIME",
        help=f'when {what} ends by itself: 18:00, "mon 08:00", 2026-12-24, "2026-12-24 18:00"',
    )
    either.add_argument(
        "--for", dest="lasts", metavar="TIME", help="how long it lasts: 90m, 4h, 2d, 1w"
    )
    parser.add_argument(
        "--tz", metavar="ZONE", help="the time zone of --until, as in Europe/Berlin (default: here)"
    )


def given_end(arguments: argparse.Namespace, now: datetime) -> End:
    """What was said of it; a mistake is told before anything is changed."""
    zone = _zone(arguments.tz)
    if arguments.lasts is not None:
        return End(_sensible(now + _length(arguments.lasts), now, arguments.lasts), zone)
    if arguments.until is None:
        return End(None, zone)
    return End(_sensible(_instant(arguments.until, now, zone), now, arguments.until), zone)


def told_end(end: End) -> str:
    """` until Mon 2026-11-30 08:00 CET`, or nothing."""
    if end.until is None:
        return ""
    from refinery.queue.freeze_words import told_time

    return f" until {told_time(end.until, end.zone)}"


def _sensible(moment: datetime, now: datetime, text: str) -> datetime:
    if moment <= now:
        raise UsageError(f"{text!r} is over: nothing would wait", hint=_HINT)
    if moment - now > LONGEST:
        raise UsageError(f"{text!r} is years away", hint="without an end it lasts for good")
    return moment.astimezone(UTC)


def _length(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})(s|m|h|d|w)", text)
    if found is None:
        raise UsageError(f"{text!r} is no length of time", hint="such as 90m, 4h, 2d or 1w")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _instant(text: str, now: datetime, zone: str) -> datetime:
    from refinery.config.windows import instant_of, on_the_wall

    here = on_the_wall(now, zone).replace(tzinfo=None)
    found = re.fullmatch(r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]* )?([0-9]{1,2}):([0-9]{2})", text)
    if found is not None and int(found[2]) < 24 and int(found[3]) < 60:
        wall = here.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0)
        ahead = (_DAYS.index(found[1]) - here.weekday()) % 7 if found[1] else 0
        wall += timedelta(days=ahead)
        if wall <= here:
            wall += timedelta(days=7 if found[1] else 1)
        return instant_of(wall, zone)
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", hint=_HINT) from None
    return named if named.tzinfo is not None else instant_of(named, zone)


def _zone(told: str | None) -> str:
    from refinery.config.windows import closest_zone, known_zone

    if told is None:
        return _local_zone()
    if known_zone(told):
        return told
    close = closest_zone(told)
    hint = f"did you mean {close}?" if close else "one of the IANA's, as in Europe/Berlin"
    raise UsageError(f"{told!r} is no time zone", hint=hint)


def _local_zone() -> str:
    """This machine's by its name; UTC where nothing says it."""
    from refinery.config.windows import known_zone

    link = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    told = (os.environ.get("TZ", "").removeprefix(":"), link)
    return next((name for name in told if name and known_zone(name)), "UTC")
