"""Authors take turns on real git: a flood of urgent work neither starves a person nor is lost."""

from __future__ import annotations

import re

import pytest

from refinery.records.header import Turns
from tests.sandbox import Sandbox

FLEET = """\
version: 1
checks: []
batch: {max: 1}
fairness:
  fleets:
  - {name: agents, authors: ["agent-*"], at_once: 4, waiting: 12}
"""


def one_lands(box: Sandbox) -> str:
    """The branch that a worker lands first of all that wait."""
    before = len(box.landed)
    assert box.cli("process", "--once").code == 0
    assert len(box.landed) == before + 1
    return box.landed[-1]


def test_however_urgent_a_flood_a_person_gets_a_turn(box: Sandbox) -> None:
    box.config(FLEET.replace("  - {name", "#  - {name").replace("fleets:", "points: 100"))
    for number in range(8):
        box.request(f"agent-{number}", worker="agent-7", priority=0)
    box.request("mine", worker="ada")
    landed = []
    while "mine" not in landed:
        landed.append(one_lands(box))
        box.request(f"more-{len(landed)}", worker="agent-7", priority=0)
    # Two levels of priority are worth two turns; the first one is the older one's by age.
    assert len(landed) == 4
    assert box.cli("verify").code == 0


def test_turns_are_counted_in_the_landing_itself(box: Sandbox) -> None:
    box.config(FLEET)
    box.request("one", worker="agent-1")
    box.request("two", worker="agent-2")
    box.request("mine", worker="ada")
    box.request("yours", worker="ada")
    assert one_lands(box) == "one"
    assert box.view().header.turns == (Turns("main", {"agent-1": 1}, {"agents": 1}),)
    log = box.queue_log()
    assert sum("land " in each.subject for each in log) == 1
    assert [one_lands(box) for _ in range(3)] == ["mine", "two", "yours"]
    assert box.view().header.turns == ()
    assert box.cli("fsck").code == 0


def test_whose_turn_it_is_is_said_wherever_one_looks(box: Sandbox) -> None:
    box.config("version: 1\nchecks: []\n")
    for name in ("one", "two", "three"):
        box.request(name, worker="bob")
    box.request("mine", worker="ada")
    why = "It goes before 2 with more points: authors take turns."
    assert box.cli("why", "mine", "--json").json["words"].endswith(why)
    assert why in box.cli("show", "mine").out
    assert "1 with fewer points goes before it: authors take turns, and 1 of bob" in (
        " ".join(box.cli("why", "two").out.split())
    )
    shown = box.cli("queue").out
    assert re.search(r"2\. \[pending\] ada/mine \d+s ago, 2 up\n", shown)
    assert "Up, down: authors take turns." in shown
    turn = box.cli("queue", "--json").json[1]["turn"]
    assert turn == {"fleet": None, "up": 2, "down": 0, "kept_back": False, "words": why}
    assert why in " ".join(box.cli("plan").out.split())
    assert why in {each["words"] for each in box.cli("plan", "--json").json[0]["turns"]}
    assert [each["mr"]["branch"] for each in box.cli("queue", "--json").json] == [
        *("one", "mine", "two", "three")
    ]


def test_of_those_over_a_quota_no_test_begins(box: Sandbox) -> None:
    box.config(FLEET.replace("at_once: 4", "at_once: 1").replace("max: 1", "max: 8"))
    for number in range(3):
        box.request(f"agent-{number}", worker=f"agent-{number}")
    box.request("mine", worker="ada")
    plan = box.cli("plan", "--workers", "4", "--json").json[0]
    tested = {id for each in plan["next"] for id in each["members"]}
    assert tested == {box.mr("agent-0").id, box.mr("mine").id}
    words = "At most 1 of the fleet agents are tested at the same time: others go first."
    assert [each["words"].partition("main. ")[2] for each in plan["waiting"]] == [words, words]
    assert box.cli("process", "--drain").code == 0
    assert len(box.landed) == 4


def test_one_more_than_may_wait_is_refused_and_a_new_revision_is_not(box: Sandbox) -> None:
    box.config(FLEET.replace("waiting: 12", "waiting: 2"))
    for name in ("one", "two"):
        box.request(name, worker="agent-1")
    box.commit("three")
    before = box.refs()
    refused = box.cli("submit", "three", "--worker", "agent-2", "--json")
    assert refused.code == 75
    error = refused.json["error"]
    assert (error["code"], error["next"]) == ("quota-reached", "refinery list")
    assert error["message"] == "as many of the fleet agents wait for main as may: 2"
    assert box.refs() == before
    box.request("two", worker="agent-1")
    box.request("mine", worker="ada")
    assert box.cli("process", "--drain").code == 0
    assert box.cli("submit", "three", "--worker", "agent-2").code == 0


def test_the_quota_of_one_author_names_that_author(box: Sandbox) -> None:
    box.config("version: 1\nchecks: []\nfairness: {author: {waiting: 1}}\n")
    box.request("one", worker="bob")
    box.commit("two")
    refused = box.cli("submit", "two", "--worker", "bob")
    assert refused.code == 75
    assert "as many of bob wait for main as may: 1" in refused.err
    assert "refinery list --worker bob" in refused.err


def test_figures_tell_authors_and_fleets_apart(box: Sandbox) -> None:
    box.config(FLEET)
    box.request("one", worker="agent-1")
    box.request("two", worker="agent-2")
    box.request("mine", worker="ada")
    one_lands(box)
    shares = box.cli("stats", "--json").json["shares"]
    assert [
        (each["name"], each["authors"], each["landed"], each["waiting"]) for each in shares
    ] == [
        ("agents", 2, 1, 1),
        ("ada", 1, 0, 1),
    ]
    assert "agents (2 authors)" in box.cli("stats").out


@pytest.mark.soak
def test_fifty_agents_and_one_person(box: Sandbox) -> None:
    """Each agent has urgent work waiting at any time; the person's wait is bounded."""
    box.config(FLEET.replace("max: 1", "max: 4").replace("waiting: 12", "waiting: 500"))
    for number in range(50):
        box.request(f"work-{number}", worker=f"agent-{number}", priority=1)
    waits = []
    for number in range(4):
        box.request(f"mine-{number}", worker="ada")
        landings = 0
        while f"mine-{number}" not in box.landed:
            before = set(box.landed)
            assert box.cli("process", "--once").code == 0
            landings += 1
            for branch in set(box.landed) - before - {f"mine-{number}"}:
                agent = box.mr(branch).worker
                box.request(f"{branch}-again", worker=agent, priority=1)
        waits.append(landings)
    assert max(waits) <= 2
    assert len([mr for mr in box.view().mrs.values() if not mr.closed]) == 50
