"""Claims and decisions from the command line: what they change, and every word of a refusal."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox

IT_IS_SO = "hint: `refinery queue` shows how it stands\n"


@pytest.fixture
def queued(box: Sandbox) -> tuple[Sandbox, str]:
    """One merge request that is ready."""
    return box, box.request("feat", {"a.txt": "a\n"})


def test_claim_takes_it_and_shows_the_record(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    done = box.cli("claim", id, "--json")
    record = done.json
    assert (done.code, done.err) == (0, "")
    assert (record["id"], record["status"], record["claimed_by"]) == (id, "in_progress", "ada")
    assert box.cli("ready", "--json").json == []
    assert box.cli("claim", id).out == f"✓ Claimed {id} for ada\n"


def test_a_claim_of_another_worker_is_refused_with_name_and_end(
    queued: tuple[Sandbox, str],
) -> None:
    box, id = queued
    bob = box.clone("bob")
    assert box.cli("claim", id).code == 0
    refused = bob.cli("claim", id)
    assert refused.code == 1
    assert refused.err.startswith(f"error: MR {id} is already claimed by another worker: ada, ")


def test_a_claim_that_ran_out_is_anybodys(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    bob = box.clone("bob")
    assert box.cli("claim", id).code == 0
    box.clock.tick(601)
    assert [mr["id"] for mr in bob.cli("ready", "--json").json] == [id]
    assert bob.cli("claim", id).code == 0
    assert box.cli("release", id).code == 1
    assert box.view().claims[box.mr(id).id].worker == "bob"


def test_release_is_the_owners_or_forced(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    bob = box.clone("bob")
    box.cli("claim", id)
    assert bob.cli("release", id).code == 1
    assert bob.cli("release", id, "--force").out == f"✓ Released {id} back to queue\n"
    again = box.cli("release", id)
    assert (again.code, again.err) == (
        1,
        f"error: MR {id} is not claimed\nhint: there is nothing to give back: refinery why {id}\n",
    )


def test_what_is_not_there_is_an_error(box: Sandbox) -> None:
    for command in ("claim", "release", "retry", "unhold"):
        done = box.cli(command, "mr-nothere")
        assert done.code == 1
        assert done.err.startswith("error: MR mr-nothere not found in queue\n")


def test_an_ambiguous_prefix_lists_the_candidates(box: Sandbox) -> None:
    ids = sorted(box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main") for n in range(2))
    done = box.cli("claim", "mr-")
    assert done.code == 1
    assert done.err.startswith(f"error: 'mr-' is ambiguous: {', '.join(ids)}\n")


def test_a_prefix_that_only_one_has_is_enough_and_a_substring_is_not(
    queued: tuple[Sandbox, str],
) -> None:
    box, id = queued
    assert box.cli("claim", id[3:9]).code == 0
    assert box.cli("claim", id[5:]).code == 1


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (("hold", "--reason", "later"), "it is held by ada: later"),
        (("reject", "--reason", "no"), "it is closed (rejected)"),
    ],
)
def test_claiming_what_may_not_be_claimed_says_why(
    queued: tuple[Sandbox, str], block: tuple[str, ...], words: str
) -> None:
    box, id = queued
    assert box.cli(block[0], id, *block[1:]).code == 0
    refused = box.cli("claim", id)
    assert refused.code == 1
    assert refused.err == f"error: MR {id} cannot be claimed: {words}\nhint: refinery why {id}\n"


def test_a_paused_queue_gives_no_claims(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    assert box.cli("pause", "--reason", "repair").code == 0
    assert "it is ready, but the queue is paused" in box.cli("claim", id).err
    assert box.cli("pause", "--reason", "repair").code == 1
    assert box.cli("resume").code == 0
    assert box.cli("resume").err == f"error: the queue is not paused\n{IT_IS_SO}"
    assert box.cli("claim", id).code == 0


def test_reject_is_saved_withdraws_the_claim_and_is_final(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    box.cli("claim", id)
    assert box.cli("reject", id, "--reason", "-", stdin="not\nwanted\n").code == 0
    mr = box.mr(id)
    assert (mr.close_reason, mr.error, box.view().claims) == ("rejected", "not wanted", {})
    for command in (("retry",), ("hold", "--reason", "x"), ("reject", "--reason", "x")):
        refused = box.cli(command[0], id, *command[1:])
        assert refused.code == 1
        assert refused.err.startswith("error: closed merge requests are immutable: ")


def test_a_reason_is_required_and_not_empty(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    assert box.cli("reject", id).code == 2
    assert box.cli("reject", id, "--reason", "  ").code == 2


def test_retry_forgets_the_failure_and_the_same_commit_is_tried_again(box: Sandbox) -> None:
    gate = box.root / "gate"
    box.config(f"version: 1\nchecks:\n- name: test\n  run: test -e {gate} || test ! -e a.txt\n")
    id = box.request("feat", {"a.txt": "a\n"})
    assert box.cli("process", "--drain").code == 0
    assert box.cli("why", id, "--json").json["code"] == "needs-rework"
    gate.touch()
    assert box.cli("process", "--drain").code == 0
    assert box.landed == []
    assert box.cli("retry", id).out == f"✓ {id} will be tried again\n"
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["feat"]


def test_retrying_what_did_not_fail_says_so(queued: tuple[Sandbox, str]) -> None:
    box, id = queued
    refused = box.cli("retry", id)
    assert refused.code == 1
    assert refused.err == f"error: {id} has not failed: there is nothing to retry\n{IT_IS_SO}"


def test_too_many_failures_park_it(box: Sandbox) -> None:
    box.commit("main", {"s.txt": "1\n"})
    box.push("main")
    box.config("version: 1\nattempts: {max: 2}\n")
    box.request("first", {"s.txt": "a\n"}, onto="main", priority=0)
    id = box.request("second", {"s.txt": "b\n"}, onto="main")
    assert box.cli("process", "--drain").code == 0
    box.advance({"s.txt": "1\n"})
    assert box.cli("issue", "close", "1").code == 0
    box.advance({"s.txt": "c\n"})
    assert box.cli("process", "--drain").code == 0
    failure = box.mr(id).failure
    assert failure is not None
    assert failure.message == "parked after 2 failed attempts; the last: s.txt"
