"""A server that refuses a pin which was lost: everybody else is served."""

from __future__ import annotations

import pytest

from tests.cli.damaging import folded
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey


def test_what_cannot_be_pinned_again_stops_nobody_and_is_told(box: Sandbox) -> None:
    one, _ = folded(box, "one", "two")
    pin = f"refs/refinery/heads/{one}"
    box.git("push", "-q", "--no-verify", "origin", f":{pin}")
    box.hook("update", f'case "$1" in {pin}) echo not this one; exit 1;; esac')
    done = box.cli("process", "--drain")
    assert "what waits cannot be pinned" in done.out + done.err
    assert "two" in box.landed
