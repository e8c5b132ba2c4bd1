"""A queue that a newer refinery wrote: every command and hook says so, and touches nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery import __version__
from refinery.cli.catalogue import COMMANDS
from tests.sandbox import Sandbox
from tests.scenarios import raw

ID = "mr-aaaaaaaaaa"
WHY = (
    f"refs/refinery/queue:queue.yaml is in format 2, written by a newer refinery; this one,"
    f" {__version__}, knows formats up to 1"
)
WHAT_TO_DO = "upgrade: pip install --upgrade git-refinery"
REFUSED = f"error: {WHY}\nhint: {WHAT_TO_DO}\n"

# A call of each command that reads the queue.
CALLS = {
    "init": (),
    "submit": ("feat",),
    "push": (),
    "integration": ("status", "epic-1"),
    "forecast": ("--branch", "feat"),
    **dict.fromkeys(("list", "queue", "ready", "unclaimed", "blocked", "next", "plan", "log"), ()),
    **dict.fromkeys(("status", "stats", "fsck", "verify", "reconcile", "resume"), ()),
    **dict.fromkeys(("show", "why", "wait", "claim", "release", "retry", "unhold"), (ID,)),
    **dict.fromkeys(("reject", "hold"), (ID, "--reason", "so")),
    "priority": (ID, "1"),
    "process": ("--drain",),
    "candidate": ("take", "--out", "-"),
    "pause": ("--reason", "so"),
    "report": ("--out", "report"),
    "serve": ("--port", "0"),
    "webhook": ("--event", "event.json", "--name", "push"),
    "freeze": ("main", "--reason", "so"),
    "thaw": ("main",),
    "hotfix": ("allow", ID, "--reason", "so"),
    "resolve": (ID,),
    "stack": ("show",),
}
# They read no queue, or go on until somebody ends them and tell of it as of any other outage.
OTHERS = {
    *("doctor", "completion", "demo", "hook", "hooks", "issue", "replay", "simulate"),
    *("explain", "mcp", "start", "stop", "restart", "attach", "top"),
}


@pytest.fixture
def newer(box: Sandbox) -> Sandbox:
    """A queue with one merge request, whose header is in a format of the future."""
    box.request("feat", {"feat.txt": "feat\n"})
    assert box.cli("pause", "--reason", "to have it folded").code == 0
    assert box.cli("resume").code == 0
    write_newer_header(box)
    box.switch("feat")
    (box.path / "event.json").write_text("{}")
    return box


def write_newer_header(box: Sandbox) -> None:
    header = raw.queue_files(box)["queue.yaml"]
    raw.write_queue(box, {"queue.yaml": header.replace("version: 1\n", "version: 2\nmood: good\n")})


def test_each_command_is_looked_at() -> None:
    assert COMMANDS.keys() - CALLS.keys() - OTHERS == set()


@pytest.mark.journey
def test_every_command_that_reads_the_queue_refuses(
    newer: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFINERY_WEBHOOK_SECRET", "secret-part")
    before = newer.refs()
    said = {}
    for name, arguments in CALLS.items():
        if name not in COMMANDS:
            continue
        done = newer.cli(name, *arguments)
        said[name] = (done.code, done.out, done.err)
    assert said == dict.fromkeys(said, (1, "", REFUSED))
    assert newer.refs() == before


@pytest.mark.parametrize("name", ["queue", "process", "submit"])
def test_a_newer_queue_is_refused_and_left_alone(newer: Sandbox, name: str) -> None:
    before = newer.refs()
    done = newer.cli(name, *CALLS[name])
    assert (done.code, done.out, done.err) == (1, "", REFUSED)
    assert newer.refs() == before


def test_doctor_names_it_and_examines_the_rest(newer: Sandbox) -> None:
    found = {point["topic"]: point for point in newer.cli("doctor", "--json").json}
    assert found["queue"]["code"] == "queue-newer"
    assert (found["queue"]["what"], found["queue"]["fix"]) == (WHY, WHAT_TO_DO.partition(": ")[2])
    assert "processor" in found


@pytest.mark.parametrize(
    ("ref", "file"),
    [("inbox", "mr.yaml"), ("claims", "claim.yaml")],
)
def test_what_is_newer_beside_an_older_queue_is_left_alone(
    box: Sandbox, ref: str, file: str
) -> None:
    """One worker was upgraded, the others were not yet."""
    box.request("ours", {"ours.txt": "ours\n"})
    theirs = box.request("theirs", {"theirs.txt": "theirs\n"})
    if ref == "claims":
        assert box.cli("claim", theirs).code == 0
    whole = f"refs/refinery/{ref}/{theirs}"
    text = box.tree(whole)[file].replace("version: 1\n", "version: 2\nmood: good\n")
    raw.write_ref(box, whole, {file: text}, parent="theirs")
    before = box.sha(whole)
    assert f"{whole}:{file}: /version: 2 was written by a newer refinery" in box.cli("queue").err
    box.cli("process", "--drain")
    assert box.landed == ["ours"]
    assert box.sha(whole) == before


# Hooks


def install_hooks(box: Sandbox, place: Path) -> None:
    done = box.cli("hooks", "install", cwd=place)
    assert done.code == 0, done.err


@pytest.mark.journey
def test_pre_push_says_so_and_lets_the_push_go_on(newer: Sandbox) -> None:
    install_hooks(newer, newer.path)
    newer.commit("mr/next", {"next.txt": "next\n"})
    done = newer.push("mr/next")
    said = [line for line in done.err.splitlines() if line.startswith("refinery: ")]
    assert said == [
        f"refinery: error: {WHY}",
        f"refinery: hint: {WHAT_TO_DO}",
        "refinery: the push goes on without refinery",
    ]
    assert newer.sha("mr/next") == newer.sha("mr/next", at=newer.path)


@pytest.mark.journey
def test_post_receive_says_so_and_fails_no_push(newer: Sandbox) -> None:
    install_hooks(newer, newer.origin)
    newer.commit("mr/next", {"next.txt": "next\n"})
    before = newer.refs("refs/refinery/")
    done = newer.push("mr/next", "--no-verify")
    assert f"remote: refinery: error: {WHY}" in done.err
    assert f"remote: refinery: hint: {WHAT_TO_DO}" in done.err
    assert newer.sha("mr/next") == newer.sha("mr/next", at=newer.path)
    assert newer.refs("refs/refinery/") == before


@pytest.mark.journey
def test_pre_receive_refuses_what_it_cannot_check_and_says_who_can_mend_it(
    newer: Sandbox,
) -> None:
    install_hooks(newer, newer.origin)
    newer.commit("main", {"past.txt": "the queue\n"})
    done = newer.push("main", "--no-verify", check=False)
    assert done.code == 1
    where = "refs/refinery/queue:queue.yaml: /version: 2 was written by a newer refinery"
    assert f"remote: refinery: refused: refs/heads/main: {where}" in done.err
    do = "have refinery upgraded on the server: pip install --upgrade git-refinery"
    assert f"remote: refinery: instead: {do}" in done.err
