"""Landing times on the command line: told once the queue has a past, and looked back at."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Begin
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CHECKED = 'version: 1\nchecks:\n- {"name": "unit", "run": "true"}\n'
KEYS = {
    *("median_seconds", "half_seconds", "range_seconds", "expected_at", "range_at"),
    *("chance", "landings_seen"),
}


def _season(box: Sandbox) -> None:
    box.config(CHECKED)
    for number in range(4):
        box.request(f"past{number}", {f"{number}.txt": "x\n"}, worker="nux")
        box.clock.tick(60)
        box.cli("process", "--drain")
        box.clock.tick(600)


@pytest.fixture
def seasoned(begin: Begin) -> Sandbox:
    """A queue with four landings behind it, each picked up after a minute."""
    return begin(_season)


def test_a_queue_with_a_past_tells_when_each_lands(seasoned: Sandbox) -> None:
    first = seasoned.request("first", {"a.txt": ""}, worker="nux", priority=1)
    second = seasoned.request("second", {"b.txt": ""}, worker="nux")
    shown = seasoned.cli("queue").out.splitlines()[2:]
    lands = r"lands in about \d+[sm] \(\d+s to \d+[sm]\)"
    assert re.fullmatch(rf"  1\. \[pending\] nux/first \d+s ago, {lands}", shown[0])
    assert re.fullmatch(rf"  2\. \[pending\] nux/second \d+s ago, {lands}", shown[1])
    assert len(shown) == 2
    listed = seasoned.cli("queue", "--json").json
    assert [each["place"] for each in listed] == [
        {"number": 1, "of": 2},
        {"number": 2, "of": 2},
    ]
    for each in listed:
        found = each["estimate"]
        assert set(found) == KEYS
        assert (each["no_estimate"], found["landings_seen"]) == (None, 4)
        low, high = found["range_seconds"]
        quarter, three_quarters = found["half_seconds"]
        assert low <= quarter <= found["median_seconds"] <= three_quarters <= high
    for id, place in ((first, 1), (second, 2)):
        told = seasoned.cli("show", id)
        assert f"  Place:        {place} of 2 ready for main\n" in told.out
        assert re.search(r"\n  Lands:        in about \S+: half of all take .*\n", told.out)
        why = seasoned.cli("why", id)
        assert f"number {place} of 2 for main." in why.out
        assert re.search(r"\n  lands: in about \S+: half of all take .*\n", why.out)
        assert set(seasoned.cli("why", id, "--json").json["estimate"]) == KEYS
        assert set(seasoned.cli("show", id, "--json").json["estimate"]) == KEYS


def test_the_past_tells_how_good_the_times_were(seasoned: Sandbox) -> None:
    shown = seasoned.cli("stats")
    assert (shown.code, shown.err) == (0, "")
    assert "  How good expected landing times were\n" in shown.out
    assert re.search(r"\n  9 in 10 +\d+\.\d%   came true, 90% should: ", shown.out)
    told = seasoned.cli("stats", "--json").json["landing_times"]
    assert told["told"] == 1  # the fourth: those before it had too little history
    assert told["moments"] > 1
    assert 0 <= told["in_half_range_share"] <= told["in_range_share"] <= 1
    assert seasoned.cli("stats", "--json", "--target", "main").json["landing_times"] == told
    for other in ("other", "--all", "a..b"):
        asked = seasoned.cli("stats", "--json", f"--target={other}")
        assert (asked.code, asked.json["landed"]) == (0, 0)


def test_a_young_queue_says_that_it_cannot_know(box: Sandbox) -> None:
    box.config(CHECKED)
    id = box.request("a", {"a.txt": ""})
    words = "no estimate yet: it takes 3 runs that passed, and none has"
    assert f"  lands: {words}\n" in box.cli("why", id).out
    assert f"  Lands:        {words}\n" in box.cli("show", id).out
    assert box.cli("queue").out.endswith(f"\n\n  N{words[1:]}.\n")
    told = box.cli("why", id, "--json").json
    assert (told["place"], told["estimate"], told["no_estimate"]) == (
        {"number": 1, "of": 1},
        None,
        words,
    )


def test_what_has_landed_has_no_landing_time_any_more(seasoned: Sandbox) -> None:
    id = seasoned.request("last", {"z.txt": "z\n"})
    seasoned.cli("process", "--drain")
    told = seasoned.cli("show", id, "--json").json
    assert (told["place"], told["estimate"], told["no_estimate"]) == (None, None, "it has ended")
    assert "Lands:" not in seasoned.cli("show", id).out
