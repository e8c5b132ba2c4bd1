"""`refinery status`: health for monitors, what is known in an outage, what is fetched."""

from __future__ import annotations

import json

import pytest

from refinery.cli.daemon import ProcessorState
from tests.sandbox import Sandbox


def test_nothing_but_the_refs_of_the_queue_is_fetched(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.clone("bob").request("feat", {"a.txt": "a\n"})
    moved = box.clone("carol").advance({"big.txt": "main moves on\n"})
    trace = box.root / "trace"
    trace.mkdir()
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
    shown = box.run("status", "--json")
    monkeypatch.delenv("GIT_TRACE2_EVENT")
    assert shown.json["queue"]["ready"] == 1
    events = [
        json.loads(line) for file in trace.iterdir() for line in file.read_text().splitlines()
    ]
    started = [each["argv"] for each in events if each["event"] == "start"]
    [fetch] = [argv for argv in started if "fetch" in argv and argv[0] == "git"]
    refspecs = [argument for argument in fetch if argument.startswith("+")]
    assert refspecs != []
    assert all(refspec.startswith("+refs/refinery/") for refspec in refspecs)
    assert box.run_git("cat-file", "-e", moved).code != 0


@pytest.mark.parametrize(("limit", "code", "mark"), [("10m", 0, "✓"), ("4m", 1, "✗")])
def test_a_queue_is_unwell_when_something_ready_waits_too_long(
    box: Sandbox, limit: str, code: int, mark: str
) -> None:
    id = box.request("feat", {"a.txt": "a\n"})
    box.clock.tick(300)
    shown = box.cli("status", "--unhealthy-after", limit)
    assert shown.code == code
    assert f"  Oldest ready: 5m ({id})\n  Health: {mark} " in shown.out
    document = box.cli("status", "--unhealthy-after", limit, "--json")
    assert (document.code, document.json["healthy"]) == (code, code == 0)
    assert (box.cli("status").code, box.cli("status", "--json").json["healthy"]) == (0, None)


def test_an_empty_queue_is_well(box: Sandbox) -> None:
    shown = box.cli("status", "--unhealthy-after", "1s")
    assert shown.code == 0
    assert shown.out.endswith("Health: ✓ nothing that is ready has waited longer than 1s\n")


def test_whoever_is_woken_at_night_is_told_what_to_do(box: Sandbox) -> None:
    id = box.request("feat", {"a.txt": "a\n"})
    box.clock.tick(7200)
    assert box.cli("status", "--unhealthy-after", "30m").out == (
        "⚙ Refinery: origin\n\n"
        "  State: ○ stopped\n"
        "\n  Queue: 1 pending (1 ready)\n"
        f"  Oldest ready: 2h ({id})\n"
        "  Health: ✗ something ready has waited longer than 30m\n"
        f"  Why it waits: refinery why {id}\n"
        "  Nobody is at work: refinery start, or look at the CI job\n"
    )


def test_while_the_remote_is_away_the_processor_is_shown(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = ProcessorState(
        4711,
        box.clock(),
        serves=("/a", "/b"),
        trouble="remote 'origin': Connection refused",
        trouble_since=box.clock(),
        looked_at=box.clock(),
    )
    monkeypatch.setattr("refinery.cli.daemon.processor_state", lambda _: state)
    started = box.clock().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    box.clock.tick(3600)
    box.origin.rename(box.root / "gone.git")
    shown = box.cli("status")
    assert shown.code == 75
    assert shown.out == (
        "⚙ Refinery: origin\n\n"
        "  State: ● running\n"
        f"  Started: {started}\n"
        "  Last look: 1h ago\n"
        "  Serves: /a, /b\n"
        "  Trouble: for 1h: remote 'origin': Connection refused\n"
    )
    assert shown.err.startswith("error: remote 'origin'")


def test_all_rigs_are_shown_and_one_that_cannot_be_hides_none(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rigs = box.root / "config" / "refinery" / "rigs.yaml"
    rigs.parent.mkdir(parents=True)
    rigs.write_text(f"gone: {box.root / 'gone'}\nhere: {box.path}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(box.root / "config"))
    shown = box.cli("status", "--all")
    assert shown.code == 1
    assert "⚙ Refinery: origin" in shown.out
    assert shown.err.startswith("error: gone: no such directory")
    document = box.cli("status", "--all", "--json")
    assert [each["rig_name"] for each in document.json] == ["gone", "origin"]
    assert document.json[0]["error"]["code"] == "not-a-repository"
    rigs.write_text("")
    assert box.cli("status", "--all").code == 2
    assert box.cli("status", "--all", "here").code == 2
