"""The next candidate is taken with the push that settles this one, and nothing hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from refinery.engine import onward
from refinery.engine.happenings import Happening
from refinery.engine.onward import Onward
from refinery.engine.process import process
from refinery.engine.run import End, Orders
from refinery.records.claim import Claim
from refinery.records.names import Branch, Sha
from refinery.repo.objects import BadObject
from refinery.store.edit import Edit, Event, Swap
from refinery.store.ref_store import OutcomeUnknown, RefStore
from refinery.store.update import Committed
from refinery.store.view import View
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

# Fails when a file says "bad".
CHECK = "if grep -qr bad --include='*.txt' .; then exit 1; fi"
CONFIG = f"version: 1\nbatch: {{max: 1}}\nchecks:\n- name: test\n  run: {CHECK}\n"


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose target declares a real check."""
    box.config(CONFIG)
    return box


def drained(box: Sandbox, orders: Orders | None = None) -> End:
    """One run of an engine in this process."""
    with box.queue(engine=True) as queue:
        return process(queue.engine(nothing), orders or Orders())


def nothing(_: Happening) -> None:
    """Nobody listens."""


def pushes(box: Sandbox) -> Callable[[], list[str]]:
    """The refs of each push from now on, a line for each push."""
    kept = box.root / "pushes"
    box.hook("post-receive", f"cut -d' ' -f3 | sort | paste -sd' ' >> '{kept}'")
    return lambda: kept.read_text().splitlines() if kept.exists() else []


def test_each_landing_but_the_first_takes_one_push(checked: Sandbox) -> None:
    for name in ("aa", "bb", "cc"):
        checked.request(name)
    seen = pushes(checked)
    assert drained(checked) is End.DRAINED
    assert checked.landed == ["aa", "bb", "cc"]
    _folded, *after = seen()
    claims = [line.count("refs/refinery/claims/") for line in after]
    lands = ["refs/heads/main" in line.split() for line in after]
    assert (claims, lands) == ([1, 2, 2, 1], [False, True, True, True])


def test_a_refusal_takes_the_next_one_along_too(checked: Sandbox) -> None:
    checked.request("first")  # where nothing has landed, a landing that tore has to be looked for
    drained(checked)
    checked.request("aa", {"aa.txt": "bad\n"}, priority=0)
    checked.request("bb")
    seen = pushes(checked)
    drained(checked)
    assert checked.landed == ["first", "bb"]
    *_, refused, landed = seen()
    (claim,) = (ref for ref in landed.split() if ref.startswith("refs/refinery/claims/"))
    assert {claim, "refs/refinery/queue"} <= set(refused.split())


def test_once_takes_nothing_that_it_would_leave(checked: Sandbox) -> None:
    for name in ("aa", "bb"):
        checked.request(name)
    assert checked.cli("process", "--once").code == 0
    assert (checked.landed, checked.refs("refs/refinery/claims/")) == (["aa"], {})


def test_who_is_stopped_gives_back_what_was_taken_along(checked: Sandbox) -> None:
    for name in ("aa", "bb"):
        checked.request(name)
    landed = checked.sha("main")
    orders = Orders(stop=lambda: checked.sha("main", at=checked.origin) != landed)
    assert drained(checked, orders) is End.STOPPED
    assert (checked.landed, checked.refs("refs/refinery/claims/")) == (["aa"], {})


def test_a_next_that_cannot_be_looked_into_stops_no_landing(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aa", "bb"):
        checked.request(name)

    def broken(*_: object) -> None:
        raise BadObject("no such commit")

    monkeypatch.setattr(onward, "build_members", broken)
    drained(checked)
    assert checked.landed == ["aa", "bb"]


def test_a_landing_that_loses_the_race_for_the_next_lands_without_it(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aa", "bb"):
        checked.request(name)
    rival = checked.clone("bob")
    real = Onward.also
    raced: list[bool] = []

    def also(self: Onward, view: View, edit: Edit) -> Edit:
        both = real(self, view, edit)
        for name, claim in both.claim.items():
            if name not in edit.claim and not raced:
                raced.append(True)
                overtake(rival, claim)
        return both

    monkeypatch.setattr(Onward, "also", also)
    drained(checked)
    assert raced == [True]
    assert checked.landed == ["aa"]
    assert [each.worker for each in checked.view().claims.values()] == ["mallory"]


def test_a_claim_of_which_nobody_heard_that_it_arrived_is_worked_on(
    checked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aa", "bb"):
        checked.request(name)
    real = RefStore.swap
    lost: list[str] = []

    def swap(self: RefStore, view: View, edit: Edit) -> tuple[Swap, View]:
        done = real(self, view, edit)
        if edit.event.name == "merged" and edit.claim and not lost:
            lost.extend(edit.claim)
            raise OutcomeUnknown("the remote went away during a push")
        return done

    monkeypatch.setattr(RefStore, "swap", swap)
    drained(checked, Orders(wait=lambda _: None))
    assert len(lost) == 1
    assert checked.landed == ["aa", "bb"]
    assert checked.refs("refs/refinery/claims/") == {}


def overtake(rival: Sandbox, claim: Claim) -> None:
    """Somebody else claims the very same candidate first."""
    theirs = Claim(
        token="b" * 32,
        worker="mallory",
        candidate=claim.candidate,
        target=Branch(claim.target),
        claimed_at=claim.claimed_at,
        expires_at=claim.claimed_at + timedelta(hours=1),
        base=Sha(claim.base or ""),
        purpose=claim.purpose,
    )
    edit = Edit(Event("claimed", "faster"), claim=dict.fromkeys(theirs.names, theirs))
    assert isinstance(rival.queue().update(lambda _: edit), Committed)
