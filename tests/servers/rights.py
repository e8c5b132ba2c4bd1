"""What holds on every kind of server: who may do what, from the first push to the last landing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from tests.hooks.conftest import said
from tests.sandbox import Sandbox

Connect = Callable[[str], Sandbox]
"""A clone of a person's own, that reaches the queue through the server as that person."""


def whole_life(origin: Sandbox, connect: Connect) -> None:
    """A push submits, a command submits, one lands, one conflicts, is resolved and lands."""
    ada, bob, refinery = connect("ada"), connect("bob"), connect("refinery")
    ada.commit("mr/one", {"same.txt": "1\n"})
    assert "queued" in said(ada.push("mr/one"))[0]
    bob.commit("two", {"same.txt": "2\n"})
    submitted = bob.cli("submit", "two")
    assert submitted.code == 0, submitted.err
    assert sorted(mr.branch for mr in origin.view().mrs.values()) == ["mr/one", "two"]

    done = refinery.cli("process", "--drain")
    assert done.code == 0, done.err
    assert (origin.landed, origin.mr("two").blocked_by) == (["mr/one"], "local#1")

    bob.git("fetch", "-q", "origin")
    bob.commit("two", {"same.txt": "1\n2\n"}, onto="main")
    pushed = bob.cli("push", "two", "--force")
    assert pushed.code == 0, pushed.err
    closed = bob.cli("issue", "close", "1", "--body", "rebased")
    assert (closed.code, closed.out) == (0, "✓ Closed local#1\n"), closed.err
    assert closed.err == "the queue is not yours to write: the next pass over it sees local#1\n"
    done = refinery.cli("process", "--drain")
    assert done.code == 0, done.err
    assert origin.landed == ["mr/one", "two"]
    assert origin.refs("refs/refinery/claims/") == {}
    assert origin.cli("fsck").code == 0


def developers_do_not_run_the_queue(
    origin: Sandbox, connect: Connect, refusal: Callable[[str], str]
) -> None:
    """Each command that would write the queue is refused by name, and changes nothing.

    `refusal` says for a ref what the server answers.
    """
    ada, refinery = connect("ada"), connect("refinery")
    ada.commit("feat", {"feat.txt": "f\n"})
    id = ada.submit("feat")
    assert refinery.cli("hold", id, "--reason", "wait").code == 0
    assert refinery.cli("unhold", id).code == 0
    before = origin.refs()
    queue, claim = "refs/refinery/queue", f"refs/refinery/claims/{id}"
    for command, ref in {
        ("hold", id, "--reason", "no"): queue,
        ("reject", id, "--reason", "no"): queue,
        ("pause", "--reason", "no"): queue,
        ("claim", id): claim,
        ("process", "--drain"): claim,
    }.items():
        done = ada.cli(*command)
        assert done.code == 1, (command, done)
        assert refusal(ref) in done.err, (command, done.err)
        assert origin.refs() == before
    assert refinery.cli("process", "--drain").code == 0
    assert origin.landed == ["feat"]


def nobody_pushes_to_the_target(
    origin: Sandbox, connect: Connect, refusals: dict[str, str]
) -> None:
    """Neither developers nor the one who runs the queue; each is told why."""
    clones = {user: connect(user) for user in refusals}
    origin.request("first", onto="main")
    before = origin.refs()
    for user, refusal in refusals.items():
        clone = clones[user]
        clone.commit("main", {f"{user}.txt": "direct\n"}, onto="main")
        pushed = clone.push("main", check=False)
        assert pushed.code == 1
        assert refusal in pushed.err
        assert origin.refs() == before


def run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """A command as a person types it."""
    return subprocess.run(command, capture_output=True, check=False, timeout=30)
