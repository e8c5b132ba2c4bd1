"""One's own server refuses what is not signed as the targets ask."""

from __future__ import annotations

import pytest

from tests.hooks.conftest import serve
from tests.sandbox import Sandbox
from tests.signatures.conftest import SshKey, asks, bad, land, signs_with

pytestmark = pytest.mark.journey


def test_a_server_takes_only_what_is_signed(box: Sandbox, ada: SshKey, bob: SshKey) -> None:
    signs_with(box, ada)
    asks(box, ada)
    serve(box)
    land(box, "one")
    id = box.request("two")
    box.cli("hold", id, "--reason", "look")
    stranger = box.clone("stranger")
    signs_with(stranger, bob)
    refused = stranger.cli("unhold", id)
    assert refused.code == 1
    assert "is signed with a key that nobody vouches for" in refused.err
    assert bad(box) == []
    assert box.landed == ["one"]
