"""What holds on every kind of server: who may do what, from the first push to the last landing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache

from tests.hooks.conftest import said
from tests.sandbox import Sandbox

Connect = Callable[[str], Sandbox]
"""A clone of a person's own, that reaches the queue through the server as that person."""
BY_NAME = "only refinery may write it, not ada (refinery.engines)"
"""What the guard says where it is told who runs the queue."""


def short_life(origin: Sandbox, connect: Connect, refusal: str) -> None:
    """A push submits, the author may not run the queue, whose own user lands it."""
    ada, refinery = connect("ada"), connect("refinery")
    ada.commit("mr/one", {"same.txt": "1\n"})
    assert "queued" in said(ada.push("mr/one"))[0]
    before = origin.refs()
    taken = ada.cli("claim", origin.mr("mr/one").id)
    assert taken.code == 1
    assert refusal in taken.err
    assert origin.refs() == before
    done = refinery.cli("process", "--drain")
    assert done.code == 0, done.err
    assert origin.landed == ["mr/one"]


def whole_life(origin: Sandbox, connect: Connect, refusal: str) -> None:
    """And another one that a command submits conflicts with it, is resolved, and lands."""
    connect = cache(connect)
    bob, refinery = connect("bob"), connect("refinery")
    bob.commit("two", {"same.txt": "2\n"})
    submitted = bob.cli("submit", "two", "--priority", "4")
    assert submitted.code == 0, submitted.err
    short_life(origin, connect, refusal)
    assert origin.mr("two").blocked_by == "local#1"

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


def nobody_pushes_to_the_target(
    origin: Sandbox, connect: Connect, refusals: dict[str, str]
) -> None:
    """Neither developers nor the one who runs the queue; each is told why."""
    clones = {user: connect(user) for user in refusals}
    if not origin.refs("refs/refinery/"):
        clones["ada"].commit("first")
        clones["ada"].submit("first")
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
