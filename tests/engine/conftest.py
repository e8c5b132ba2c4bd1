"""An engine in this process, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refinery.engine.engine import Engine
from refinery.engine.happenings import Happening
from tests.engine.scripted import listened_to
from tests.sandbox import Sandbox

Heard = tuple[Engine, list[Happening]]


@pytest.fixture
def heard(box: Sandbox) -> Iterator[Heard]:
    with listened_to(box) as both:
        yield both


@pytest.fixture
def engine(heard: Heard) -> Engine:
    """An engine at the queue of the sandbox."""
    return heard[0]


@pytest.fixture
def told(heard: Heard) -> list[Happening]:
    """What that engine tells."""
    return heard[1]
