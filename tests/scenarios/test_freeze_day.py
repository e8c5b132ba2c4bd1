"""A release manager on a freeze day: everybody waits, one hotfix lands, and the log tells of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.sandbox import Sandbox

CONFIG = """\
version: 1
checks:
- {name: test, run: "! grep -qr broken --include='*.txt' ."}
freeze:
  zone: Europe/Berlin
  windows:
  - name: weekend
    from: "fri 16:00"
    until: "mon 08:00"
    reason: nobody is in
  issues:
  - label: tree-closed
  hotfix:
    allow: [rosa]
"""
# A Wednesday at nine in Berlin.
WEDNESDAY = datetime.fromisoformat("2026-11-25T08:00:00+00:00")


def drain(box: Sandbox, code: int = 0) -> str:
    """One run of a worker; what it said."""
    done = box.cli("process", "--drain")
    assert done.code == code, done.err
    return done.err + done.out


def why(box: Sandbox, name: str) -> tuple[str, str]:
    """Code and words."""
    told = box.cli("why", name, "--json").json
    return told["code"], told["words"]


@pytest.fixture
def rosa(box: Sandbox) -> Sandbox:
    """The release manager's clone, on the morning of the freeze."""
    box.clock.now = WEDNESDAY
    box.config(CONFIG)
    return box.clone("rosa")


def test_a_freeze_day_with_one_hotfix(box: Sandbox, rosa: Sandbox) -> None:
    # She freezes the target for the day, and is told what she did.
    ordered = rosa.cli("freeze", "main", "--until", "18:00", "--tz", "Europe/Berlin", "-r", "2.0")
    assert ordered.out == "❄ Froze main until Wed 2026-11-25 18:00 CET: 2.0\n"

    # Authors go on submitting, and know at once how long it takes.
    box.commit("feature")
    said = box.cli("submit", "feature").err
    assert "main is frozen until Wed 2026-11-25 18:00 CET by rosa: 2.0\n" in said
    drain(box)
    assert why(box, "feature") == (
        "frozen",
        "It waits: main is frozen until Wed 2026-11-25 18:00 CET by rosa: 2.0. That is in 8h. "
        "What cannot wait asks to pass with `refinery hotfix ask`.",
    )
    assert [each["frozen"]["by"] for each in box.cli("status", "--json").json["freezes"]] == [
        "rosa"
    ]

    # One cannot wait.  Its author cannot let it pass, the release manager can.
    box.commit("login")
    box.cli("submit", "login", "--hotfix", "nobody can log in")
    refused = box.cli("hotfix", "allow", "login", "--reason", "please", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "may-not-allow")
    drain(box)
    assert box.landed == []
    assert rosa.cli("hotfix", "allow", "login", "--reason", "seen, one line").code == 0
    drain(box)
    assert box.landed == ["login"]

    # A second one was broken; its new revision was seen by nobody.
    box.commit("typo", {"typo.txt": "broken\n"})
    box.cli("submit", "typo", "--hotfix", "the price is wrong")
    assert rosa.cli("hotfix", "allow", "typo", "--reason", "seen").code == 0
    drain(box)
    assert why(box, "typo")[0] == "needs-rework"
    box.commit("typo", {"typo.txt": "mended\n"})
    box.cli("submit", "typo")
    drain(box)
    assert why(box, "typo")[0] == "frozen"

    # The release is out earlier than planned: everything that waited lands.
    assert rosa.cli("thaw", "main", "--reason", "2.0 is out").code == 0
    drain(box)
    assert sorted(box.landed) == ["feature", "login", "typo"]

    # Who did what stands in the log for good.
    deeds = ("frozen", "thawed", "hotfix_allowed")
    told = [each.subject for each in box.queue_log() if each.event in deeds]
    assert told == [
        "freeze main: 2.0",
        f"let {box.mr('login').id} pass freezes: seen, one line",
        f"let {told[2].split()[1]} pass freezes: seen",
        "thaw main: 2.0 is out",
    ]
    log = box.git("log", "--format=%B", "refs/refinery/queue", cwd=box.origin)
    assert f"Refinery-Passed: {box.mr('login').id} (a hotfix, allowed by rosa)" in log


def test_the_weekend_comes_and_goes_by_itself(box: Sandbox, rosa: Sandbox) -> None:
    # On Friday at four in Berlin it begins; what is on its way then, waits.
    box.clock.now = WEDNESDAY + timedelta(days=2, hours=6, minutes=59)
    box.request("early")
    drain(box)
    box.request("late")
    box.clock.tick(60)
    assert "frozen until Mon 2026-11-30 08:00 CET by the window 'weekend'" in drain(box)
    assert box.landed == ["early"]

    # She opens it for an hour on Saturday, and is told until when.
    box.clock.now = WEDNESDAY + timedelta(days=3)
    opened = rosa.cli("thaw", "main", "--for", "1h", "--reason", "the fair")
    assert opened.out == "✓ Thawed main until Sat 2026-11-28 10:00 CET\n"
    drain(box)
    assert box.landed == ["early", "late"]
    box.request("later")
    box.clock.tick(3600)
    drain(box)
    assert why(box, "later")[0] == "frozen"

    # On Monday it goes on, although nobody did anything.
    box.clock.now = WEDNESDAY + timedelta(days=4, hours=23, minutes=1)
    drain(box)
    assert box.landed == ["early", "late", "later"]


def test_a_tree_that_is_closed_by_an_issue(box: Sandbox, rosa: Sandbox) -> None:
    box.request("feature")
    opened = rosa.cli("issue", "open", "main is broken", "--label", "tree-closed")
    assert opened.out == "✓ Opened local#1\n"
    assert why(box, "feature") == (
        "frozen",
        "It waits: main is closed by local#1: main is broken. "
        "What cannot wait asks to pass with `refinery hotfix ask`.",
    )
    drain(box)
    refused = rosa.cli("thaw", "main")
    assert refused.err == (
        "error: main is closed by local#1: main is broken\n"
        "hint: what ends it: refinery issue close 1\n"
    )
    assert rosa.cli("issue", "close", "1").code == 0
    drain(box)
    assert box.landed == ["feature"]
