"""What lands is signed where the target asks for it: the same trees, by a key that it knows."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox
from tests.signatures.conftest import SshKey, asks, bad, land, signs_with

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_lands_and_what_stays_of_the_queue_is_signed(
    box: Sandbox, ada: SshKey, method: str
) -> None:
    signs_with(box, ada)
    asks(box, ada, more=f"method: {method}\n")
    box.commit("two", {"a.txt": "1\n"})
    box.commit("two", {"b.txt": "1\n"})
    land(box, "one", "two")
    land(box, "three")
    assert bad(box) == []
    assert box.landed == ["one", "two", "three"]
