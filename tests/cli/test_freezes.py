"""Freezing, thawing, pausing and holding for a time, as a person types it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import pytest

from refinery.cli.ends import add_end, given_end, told_end
from refinery.errors import UsageError
from tests.sandbox import Sandbox

NOW = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)  # a Thursday; on Sunday the clocks change in Berlin
BERLIN = "--tz=Europe/Berlin"


def end(*argv: str) -> tuple[str | None, str]:
    """When it ends, and what people are told."""
    parser = argparse.ArgumentParser()
    add_end(parser, what="it")
    found = given_end(parser.parse_args(argv), NOW)
    return f"{found.until:%a %d %H:%M}" if found.until else None, told_end(found)


@pytest.mark.parametrize(
    ("argv", "until", "told"),
    [
        (["--until=18:00", BERLIN], "Thu 26 17:00", "Thu 2026-03-26 18:00 CET"),
        (["--until=13:00", BERLIN], "Fri 27 12:00", "Fri 2026-03-27 13:00 CET"),
        (["--until=mon 08:00", BERLIN], "Mon 30 06:00", "Mon 2026-03-30 08:00 CEST"),
        (["--until=thursday 09:30", BERLIN], "Thu 02 07:30", "Thu 2026-04-02 09:30 CEST"),
        (["--until=2026-03-29", BERLIN], "Sat 28 23:00", "Sun 2026-03-29 00:00 CET"),
        (["--until=2026-03-29 02:30", BERLIN], "Sun 29 01:00", "Sun 2026-03-29 03:00 CEST"),
        (["--until=2026-03-29T10:00Z", BERLIN], "Sun 29 10:00", "Sun 2026-03-29 12:00 CEST"),
        (["--for=90m", BERLIN], "Thu 26 13:30", "Thu 2026-03-26 14:30 CET"),
        (["--for=4d", "--tz=Asia/Kolkata"], "Mon 30 12:00", "Mon 2026-03-30 17:30 IST"),
        ([BERLIN], None, ""),
    ],
)
def test_an_end_as_people_say_it(argv: list[str], until: str | None, told: str) -> None:
    assert end(*argv) == (until, f" until {told}" if told else "")


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["--until=25:00"], "such as 18:00"),
        (["--until=soon"], "such as 18:00"),
        (["--until=2026-03-26"], "such as 18:00"),
        (["--until=9999-01-01"], "without an end"),
        (["--for=0m"], "such as 18:00"),
        (["--for=soon"], "such as 90m"),
        (["--for=1h", "--tz=Europe/Berln"], "did you mean Europe/Berlin?"),
    ],
)
def test_an_end_that_means_nothing_is_wrong_usage(argv: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        end(*argv)
    assert hint in (refused.value.hint or "")


def test_the_zone_of_this_machine_is_meant_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert end("--until=18:00") == ("Thu 26 22:00", " until Thu 2026-03-26 18:00 EDT")


def test_freeze_and_thaw_say_what_holds_now(box: Sandbox) -> None:
    frozen = box.cli("freeze", "main", "--for", "2h", "--tz", "UTC", "-r", "release", "--json").json
    assert [(each["target"], each["frozen"]["by"], each["next"]) for each in frozen] == [
        ("main", "ada", None)
    ]
    assert frozen[0]["frozen"]["next"] == "refinery thaw main"
    again = box.cli("freeze", "main", "-r", "longer")
    assert (again.code, again.out) == (0, "❄ Froze main: longer\n")
    assert box.cli("thaw", "main", "--json").json == []
    refused = box.cli("thaw", "main")
    assert refused.err == (
        "error: main is not frozen\nhint: `refinery queue` shows how it stands\n"
    )


@pytest.mark.parametrize("target", ["", "-x", "a b", "a[b", "x" * 300])
def test_what_is_no_pattern_freezes_nothing(box: Sandbox, target: str) -> None:
    assert box.cli("freeze", "--reason", "x", "--", target).code == 2


@pytest.mark.journey
def test_screens_say_that_a_target_is_frozen_and_when_it_will_be(box: Sandbox) -> None:
    tomorrow = f"{box.clock.now + timedelta(hours=12):%Y-%m-%d %H:%M}"
    box.config(
        "version: 1\nfreeze:\n  windows:\n  - {name: cut, until: 2199-01-01,"
        f' from: "{tomorrow}", reason: the release}}\n'
    )
    box.request("a")
    coming = f"In 11h, main freezes {box.clock.now + timedelta(hours=12):%a} {tomorrow} UTC"
    assert coming in box.cli("queue").out
    box.cli("freeze", "main", "--reason", "a fire")
    for command in ("queue", "status"):
        out = box.cli(command).out
        assert "❄ main is frozen by ada: a fire\n    To open it now: refinery thaw main\n" in out
    assert "main: nothing to test (frozen by ada: a fire)" in box.cli("plan").out
    assert "[frozen]" in box.cli("list").out


@pytest.mark.journey
def test_pauses_and_holds_end_by_themselves(box: Sandbox) -> None:
    box.request("a")
    assert " until " in box.cli("pause", "--for", "2h", "--reason", "x").out
    assert " until " in box.cli("status").out
    assert " until " in box.cli("hold", "a", "--for", "1h", "--reason", "x").out
    assert box.cli("ready", "--json").json == []
    assert "Held by ada until " in box.cli("why", "a", "--json").json["words"]
    box.clock.tick(2 * 3600 + 10)
    assert box.cli("status", "--json").json["state"] == "stopped"
    assert [each["branch"] for each in box.cli("ready", "--json").json] == ["a"]
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["a"]


@pytest.mark.journey
def test_labels_and_hotfixes_come_with_a_submission(box: Sandbox) -> None:
    box.request("a", label=["docs", "docs", "safe"], hotfix="nobody can log in")
    mr = box.mr("a")
    assert (mr.labels, mr.hotfix and mr.hotfix.reason) == (("docs", "safe"), "nobody can log in")
    shown = box.cli("show", "a").out
    assert "Hotfix:       nobody can log in (allowed by nobody)" in shown
    assert "Labels:       docs, safe" in shown
    assert box.cli("hotfix", "revoke", "a").code == 0
    again = box.cli("hotfix", "revoke", "a", "--json")
    assert again.json["error"]["code"] == "nothing-to-change"
