"""The search finds what it looks for: a bug is planted for each verb of the protocol."""

from __future__ import annotations

import pytest

from tests.model.explorer import Violation
from tests.model.planted import BUGS, Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, bug: Bug) -> None:
    monkeypatch.setattr(bug.where, bug.what, bug.by)
    with pytest.raises(Violation, match=bug.found):
        bug.world.explored()
