"""`refinery doctor --repair` shows what it would put right, does it when told, guesses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from refinery.records.merge_request import CloseReason
from refinery.records.names import IssueRef, MrId, Sha
from refinery.store import layout
from tests.cli.damaging import claim_ref, folded, forge, found, push, rewrite
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

ABSENT = MrId("mr-0000000000")
OTHER = Sha("1" * 40)


def unpin(box: Sandbox, id: MrId) -> None:
    box.git("push", "-q", "--no-verify", "origin", f":refs/refinery/heads/{id}")


def pin_elsewhere(box: Sandbox, id: MrId) -> None:
    push(box, "main", f"refs/refinery/heads/{id}")


def spoil(box: Sandbox, id: MrId) -> None:
    forge(box, {layout.mr_path(id): "no: record\n"})


def contradict(box: Sandbox, id: MrId) -> None:
    rewrite(box, id, lambda mr: replace(mr, merge_commit=OTHER))


def block_without_reason(box: Sandbox, id: MrId) -> None:
    rewrite(box, id, lambda mr: replace(mr, blocked_by=IssueRef("local#1")))


def depend_on_nobody(box: Sandbox, id: MrId) -> None:
    rewrite(box, id, lambda mr: replace(mr, depends_on=(ABSENT,)))


def double(box: Sandbox, id: MrId) -> None:
    (other,) = folded(box, "other")
    rewrite(box, other, lambda mr: replace(mr, branch=box.mr(id).branch))


def add_a_ref(box: Sandbox, _: MrId) -> None:
    push(box, "main", "refs/refinery/other/thing")


def lose_the_header(box: Sandbox, _: MrId) -> None:
    forge(box, {layout.HEADER: None})


def leave_a_claim(box: Sandbox, id: MrId) -> None:
    claimed = claim_ref(box, id)
    box.cli("reject", id, "--reason", "no")
    push(box, claimed, f"refs/refinery/claims/{id}")


DAMAGES = {
    unpin: "pin the head",
    pin_elsewhere: "pin the head",
    spoil: "put back the last good record",
    contradict: "put back the last good record",
    block_without_reason: "let mr-",
    depend_on_nobody: "forget what",
    double: "close the older ones",
    add_a_ref: "delete refs/refinery/other/thing",
    lose_the_header: "write the header",
    leave_a_claim: "what every run begins with",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_each_damage_is_shown_then_put_right(
    box: Sandbox, damage: Callable[[Sandbox, MrId], None]
) -> None:
    (id,) = folded(box, "feat")
    damage(box, id)
    before = box.refs()
    assert found(box)
    shown = box.cli("doctor", "--repair", "--json")
    waiting = [each for each in shown.json if each["code"] == "repair-waits"]
    assert waiting[0]["what"].startswith(DAMAGES[damage])
    assert waiting[0]["fix"] == "refinery doctor --repair --yes"
    assert box.refs() == before
    done = box.cli("doctor", "--repair", "--yes")
    assert f"repair: {DAMAGES[damage]}" in done.err
    assert f"done: {DAMAGES[damage]}" in " ".join(done.out.split())
    assert found(box) == []
    assert "nothing is to be put right" in box.cli("doctor", "--repair", "--yes").out


def test_what_was_put_right_lands(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    spoil(box, id)
    box.cli("doctor", "--repair", "--yes")
    assert box.cli("process", "--drain").code == 0
    assert box.mr(id).close_reason is CloseReason.MERGED


def test_where_nobody_can_be_asked_nothing_is_changed(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    unpin(box, id)
    before = box.refs()
    refused = box.cli("doctor", "--repair")
    assert (refused.code, box.refs()) == (2, before)
    assert "hint: refinery doctor --repair --yes" in refused.err


def test_what_only_a_person_can_decide_is_left_with_advice(box: Sandbox) -> None:
    (id,) = folded(box, "feat")
    rewrite(box, id, lambda mr: replace(mr, depends_on=(id,)))
    done = box.cli("doctor", "--repair", "--yes", "--json")
    assert done.code == 1
    (left,) = [each for each in done.json if each["topic"] == "repair"]
    assert (left["code"], left["severity"]) == ("repair-depends-cycle", "error")
    assert left["fix"].startswith("refinery reject")


def test_a_server_that_refuses_a_repair_is_told_and_the_others_are_made(box: Sandbox) -> None:
    one, two = folded(box, "one", "two")
    unpin(box, one)
    unpin(box, two)
    box.hook("update", f'case "$1" in *{one}) echo not this one; exit 1;; esac')
    done = box.cli("doctor", "--repair", "--yes", "--json")
    assert done.code == 1
    made = {each["code"] for each in done.json if each["topic"] == "repair"}
    assert made == {"repair", "repair-refused"}
    assert [code for _, code in found(box)] == ["pin-missing"]


def test_a_repair_needs_the_remote(box: Sandbox) -> None:
    assert box.cli("doctor", "--repair", "--offline").code == 2
