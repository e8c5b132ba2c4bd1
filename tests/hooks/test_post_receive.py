"""A plain `git push` to one's own server submits, and tells the author what came of it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from refinery.records.merge_request import CloseReason
from tests.hooks.conftest import said
from tests.sandbox import CHECKOUT, Sandbox

NUX = "polecat/nux/gt-1"


def test_a_push_of_a_matching_branch_queues_it(served: Sandbox) -> None:
    head = served.commit(NUX)
    pushed = served.push(NUX)
    mr = served.mr(NUX)
    assert said(pushed) == [
        f"{mr.id} queued: {NUX} at {head[:12]} for main, place 1 of 1",
        "merges cleanly with main and with all that is queued for it",
    ]
    assert (mr.head, mr.worker, mr.source_issue, mr.intent) == (head, "nux", "gt-1", False)


def test_a_conflict_is_told_at_the_push(served: Sandbox) -> None:
    served.commit("mr/a", {"same.txt": "a\n"})
    served.commit("mr/b", {"same.txt": "b\n"})
    served.push("mr/a")
    first = served.mr("mr/a")
    second = said(served.push("mr/b"))
    assert second[1:] == [f"conflicts with {first.id} in same.txt"]
    assert second[0].endswith("place 2 of 2")


@pytest.mark.parametrize("branch", ["feature", "main", "polecatx/nux/gt-1"])
def test_a_push_of_another_branch_says_nothing_and_starts_no_python(
    served: Sandbox, branch: str
) -> None:
    (served.origin / "hooks" / "post-receive").write_text(
        (served.origin / "hooks" / "post-receive")
        .read_text()
        .replace("python='", "python='/nowhere")
        .replace("refinery hook", "echo started refinery hook")
    )
    served.commit(branch)
    pushed = served.push(branch)
    assert "started" not in pushed.err
    assert served.view().mrs == {}


def test_any_branch_is_submitted_when_the_push_asks_for_it(served: Sandbox) -> None:
    served.commit("feature")
    served.push("feature", push_options={"refinery.submit": ""})
    assert served.mr("feature").priority == 2


def test_options_are_in_the_record(served: Sandbox) -> None:
    served.git("push", "-q", "origin", "main:refs/heads/release")
    served.commit("mr/a")
    served.push("mr/a")
    served.commit("feature")
    options = {
        "refinery.priority": "0",
        "refinery.target": "release",
        "refinery.issue": "gt-7",
        "refinery.title": "A title",
        "refinery.worker": "zoe",
        "refinery.depends-on": served.mr("mr/a").id,
        "ci.skip": "somebody else's",
    }
    served.push("feature", push_options=options)
    mr = served.mr("feature")
    assert (mr.priority, mr.target, mr.source_issue, mr.title, mr.worker, mr.depends_on) == (
        *(0, "release", "gt-7", "A title", "zoe"),
        (served.mr("mr/a").id,),
    )


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        (
            "refinery.prioritty",
            "0",
            [
                "error: push option 'refinery.prioritty' is not known",
                "hint: did you mean refinery.priority?",
            ],
        ),
        (
            "refinery.priority",
            "high",
            [
                "error: push option 'refinery.priority': 'high' is no priority",
                "hint: 0 (urgent) to 4 (whenever)",
            ],
        ),
        (
            "refinery.target",
            "",
            [
                "error: push option 'refinery.target' needs a value",
                "hint: -o refinery.target=<value>",
            ],
        ),
    ],
)
def test_an_option_that_means_nothing_is_said_and_nothing_is_submitted(
    served: Sandbox, option: str, value: str, told: list[str]
) -> None:
    head = served.commit(NUX)
    assert said(served.push(NUX, push_options={option: value})) == told
    assert served.sha(NUX) == head
    assert served.view().mrs == {}


def test_what_fails_fails_no_push_and_not_the_next_branch(served: Sandbox) -> None:
    served.commit("mr/a")
    served.commit("mr/b")
    served.clock.tick()
    pushed = served.run_git(
        *("push", "-o", "refinery.target=nowhere", "origin", "mr/a", "mr/b"),
    )
    assert pushed.code == 0
    assert [line for line in said(pushed) if "hint" not in line] == [
        "mr/a was pushed, but not submitted",
        "error: the target 'nowhere' does not exist on the remote",
        "mr/b was pushed, but not submitted",
        "error: the target 'nowhere' does not exist on the remote",
    ]
    assert served.sha("mr/b") is not None


def test_a_target_is_not_submitted_to_itself(served: Sandbox) -> None:
    served.commit("main", {"a.txt": "a\n"})
    pushed = served.push("main", push_options={"refinery.submit": ""})
    assert said(pushed) == ["main is a target itself: it is not submitted"]


def test_a_moved_branch_is_a_revision(served: Sandbox) -> None:
    served.commit(NUX)
    served.push(NUX)
    first = served.mr(NUX)
    head = served.commit(NUX, {"more.txt": "more\n"})
    told = said(served.push(NUX))
    second = served.mr(NUX)
    assert (second.head, second.supersedes) == (head, first.id)
    assert told[:2] == [
        f"{second.id} queued: {NUX} at {head[:12]} for main, place 1 of 1",
        f"a new revision of {first.id}, which it replaces at its age",
    ]
    assert served.mr(first.id).close_reason is CloseReason.SUPERSEDED


def test_a_deleted_branch_loses_nothing_and_says_how_to_withdraw(served: Sandbox) -> None:
    head = served.commit(NUX)
    served.push(NUX)
    mr = served.mr(NUX)
    deleted = served.run_git("push", "origin", f":{NUX}")
    assert said(deleted) == [
        f"{mr.id} stays queued: {head[:12]} is pinned, with or without {NUX}",
        f"to withdraw it: refinery reject {mr.id}",
    ]
    assert served.cli("process").code == 0
    assert served.landed == [NUX]


def test_a_branch_that_has_nothing_to_land_is_said_to(served: Sandbox) -> None:
    served.git("branch", "-q", "mr/old", "main")
    tip = served.sha("main")
    assert tip is not None
    assert said(served.push("mr/old")) == [
        f"{tip[:12]} is already in main: there is nothing to land"
    ]


def test_refinerys_own_push_is_not_submitted_twice(served: Sandbox) -> None:
    served.commit(NUX)
    id = served.submit(NUX)
    assert [mr.id for mr in served.view().mrs.values()] == [id]


def test_what_was_announced_before_the_push_is_what_is_queued_by_it(served: Sandbox) -> None:
    from refinery.submit.submitting import Options, Submitted, submit

    served.commit(NUX)
    announced = submit(served.queue(), Options(branch=NUX, move_branch=False, intent=True))
    assert isinstance(announced, Submitted)
    told = said(served.push(NUX))
    assert told[0] == f"{announced.mr.id} is announced already, place 1 of 1: nothing changed"
    assert served.cli("process").code == 0
    assert served.landed == [NUX]


def test_a_foreign_post_receive_goes_on_working(served: Sandbox) -> None:
    legacy = served.origin / "hooks" / "post-receive.legacy"
    legacy.write_text("#!/bin/sh\nread -r old new ref\necho foreign saw $ref\nexit 1\n")
    legacy.chmod(0o755)
    served.commit(NUX)
    pushed = served.push(NUX)
    assert f"foreign saw refs/heads/{NUX}" in pushed.err
    assert served.mr(NUX).branch == NUX


@pytest.fixture
def daemon(served: Sandbox) -> Iterator[str]:
    """The URL of the origin behind a `git daemon`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["git", "daemon", "--export-all", "--enable=receive-pack", "--listen=127.0.0.1"]
    running = subprocess.Popen(
        [*command, f"--port={port}", f"--base-path={served.root}", str(served.root)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    url = f"git://127.0.0.1:{port}/origin.git"
    try:
        while served.run_git("ls-remote", url).code != 0:
            assert running.poll() is None
        yield url
    finally:
        running.terminate()
        running.wait()


def test_options_and_answers_travel_over_a_network_too(served: Sandbox, daemon: str) -> None:
    served.commit("feature")
    served.clock.tick()
    pushed = served.run_git("push", "-o", "refinery.priority=1", daemon, "feature")
    mr = served.mr("feature")
    assert mr.priority == 1
    assert said(pushed)[0].startswith(f"{mr.id} queued: feature at ")
