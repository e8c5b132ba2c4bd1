"""The server holds freezes against whoever lands, whatever their own client thinks of them."""

from __future__ import annotations

import pytest

from refinery.records.merge_request import Allowance, Hotfix
from refinery.records.names import MrId
from refinery.values import replace
from tests.conftest import Begin
from tests.hooks.conftest import serve
from tests.hooks.test_guard import an_edit, forge
from tests.sandbox import Sandbox


def _queue_one(box: Sandbox) -> None:
    serve(box)
    box.commit("feat", {"a.txt": "a\n"})
    box.cli("hold", box.submit("feat"), "--reason", "test")
    assert box.cli("unhold", "feat").code == 0


@pytest.fixture
def queued(begin: Begin) -> Sandbox:
    """One merge request, folded: `feat`."""
    return begin(_queue_one)


@pytest.mark.journey
def test_a_client_that_knows_no_freezes_lands_nothing(
    queued: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queued.cli("freeze", "main", "--reason", "release").code == 0
    with monkeypatch.context() as patch:
        for place in ("standing", "settling"):
            patch.setattr(f"refinery.queue.{place}.frozen", lambda *_: None)
        done = queued.cli("process", "--drain")
    assert "main is frozen by ada: release" in done.out + done.err
    assert queued.landed == []
    assert queued.cli("thaw", "main").code == 0
    assert queued.cli("process", "--drain").code == 0
    assert queued.landed == ["feat"]


@pytest.mark.journey
def test_nobody_submits_a_hotfix_that_is_allowed_already(queued: Sandbox) -> None:
    mr = replace(
        queued.mr("feat"),
        id=MrId("mr-forged"),
        hotfix=Hotfix("down", Allowance("ada", "me", queued.clock.now)),
    )
    assert forge(queued, an_edit(submit=(mr,))) == (
        "refs/refinery/inbox/mr-forged: nobody lets a hotfix pass before it is queued"
    )
