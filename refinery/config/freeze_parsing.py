"""Reads the `freeze:` of a configuration: its schema checked the form, here what is absurd."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from refinery.config.freeze import (
    EVERYWHERE,
    ClosingIssue,
    Exempt,
    FreezeRules,
    FreezeWindow,
    HotfixLane,
)
from refinery.config.windows import EVERY_DAY, Once, Weekly, Window, closest_zone, known_zone
from refinery.records.schema import InvalidRecord
from refinery.typed import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = 7
_TIME = re.compile(r"(?:(mon|tue|wed|thu|fri|sat|sun) )?([0-2][0-9]):([0-5][0-9])")
_FORMS = 'times: "16:00", "fri 16:00", 2026-12-24 or "2026-12-24 16:00"; both ends of a kind'


def parse(mapping: Mapping[str, Any], where: str) -> FreezeRules:
    """What a mapping of the right form says; `InvalidRecord` for times that mean nothing."""
    zone = _zone(mapping.get("zone", "UTC"), where, "/freeze/zone")
    windows = tuple(
        _window(item, number, zone, where) for number, item in enumerate(mapping.get("windows", ()))
    )
    names = [each.window.name for each in windows]
    for number, name in enumerate(names):
        if name in names[:number]:
            place = f"/freeze/windows/{number}/name"
            raise InvalidRecord(where, place, f"{name!r} is used twice")
    issues = tuple(
        ClosingIssue(item["label"], _targets(item), _exempt(item))
        for item in mapping.get("issues", ())
    )
    lane = mapping.get("hotfix", {})
    hotfix = HotfixLane(tuple(lane.get("authors", ())), tuple(lane.get("allow", ())))
    return FreezeRules(windows, issues, hotfix, zone)


def with_dates_as_text(value: Any) -> Any:
    """The same without a date in it: 2026-12-24 needs no quotes."""
    if isinstance(value, Mapping):
        return {key: with_dates_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [with_dates_as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _window(item: Mapping[str, Any], number: int, zone: str, where: str) -> FreezeWindow:
    place = f"/freeze/windows/{number}"
    its_zone = _zone(item["zone"], where, f"{place}/zone") if "zone" in item else zone
    when = _when(item, where, place)
    name = item.get("name") or f"window {number + 1}"
    return FreezeWindow(
        Window(name, when, its_zone), _targets(item), item.get("reason", ""), _exempt(item)
    )


def _when(item: Mapping[str, Any], where: str, place: str) -> Weekly | Once:
    begins, ends = item.get("from", 0), item.get("until", 0)
    first, last = _time(begins), _time(ends)
    days = tuple(DAYS.index(day) for day in item.get("days", ()))
    if first is None or last is None:
        return _once(item, where, place)
    if (first[0] is None) != (last[0] is None):
        raise InvalidRecord(where, place, "one of `from` and `until` names a day, the other none")
    if first[0] is None or last[0] is None:
        if begins == ends == 0 and not days:
            raise InvalidRecord(where, place, "says nothing about when it holds")
        over_night = 1 if last[1] <= first[1] else 0
        return Weekly(frozenset(days) or EVERY_DAY, first[1], last[1], over_night)
    if days:
        raise InvalidRecord(where, f"{place}/days", "`from` and `until` name their days already")
    more = (last[0] - first[0]) % _WEEK
    if more == 0 and last[1] <= first[1]:
        more = _WEEK
    return Weekly(frozenset({first[0]}), first[1], last[1], more)


def _once(item: Mapping[str, Any], where: str, place: str) -> Once:
    if "days" in item:
        raise InvalidRecord(where, f"{place}/days", "does not go with dates")
    begins, ends = (_date(item, key, where, place) for key in ("from", "until"))
    if ends <= begins:
        raise InvalidRecord(where, f"{place}/until", "is not after `from`")
    return Once(begins, ends)


def _time(said: str | int) -> tuple[int | None, int] | None:
    """The day of the week, if one is named, and the minutes; None for dates.

    YAML reads 16:00 without quotes as a number to the base of 60, which is just that.
    """
    if isinstance(said, int):
        return None, said
    found = _TIME.fullmatch(said)
    if found is None:
        return None
    day = DAYS.index(found[1]) if found[1] else None
    return day, int(found[2]) * 60 + int(found[3])


def _date(item: Mapping[str, Any], key: str, where: str, place: str) -> datetime:
    said = item.get(key)
    if said is None:
        raise InvalidRecord(where, place, f"needs `{key}`, as the other end is a date")
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or _time(said) is not None:
        raise InvalidRecord(
            where,
            f"{place}/{key}",
            f"{said!r} is no date beside the other end",
            hint=_FORMS,
        )
    return found


def _zone(name: str, where: str, place: str) -> str:
    if known_zone(name):
        return name
    close = closest_zone(name)
    hint = f"did you mean {close!r}?" if close else "one of the IANA's, as in Europe/Berlin"
    raise InvalidRecord(where, place, f"{name!r} is no time zone", hint=hint)


def _targets(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(item.get("targets", EVERYWHERE))


def _exempt(item: Mapping[str, Any]) -> Exempt:
    said = item.get("except", {})
    return Exempt(
        tuple(said.get("authors", ())), tuple(said.get("labels", ())), said.get("priority")
    )
