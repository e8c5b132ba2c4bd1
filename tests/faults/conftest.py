"""The queue that every fault is tried on, played once."""

from __future__ import annotations

import pytest

from tests.faults.ground import Ground


@pytest.fixture(scope="session")
def ground(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Two that land together and one that conflicts, before any of it has happened."""
    return Ground.made(tmp_path_factory.mktemp("ground"))
