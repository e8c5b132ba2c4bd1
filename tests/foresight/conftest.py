"""What git was started for."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.repo.process import Git, subcommand


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands of git that were started, in order."""
    found: list[str] = []
    start = Git._start

    def noted(self: Git, args: tuple[str, ...], *rest: Any, **options: Any) -> Any:
        found.append(subcommand(args))
        return start(self, args, *rest, **options)

    monkeypatch.setattr(Git, "_start", noted)
    return found
