"""What fuzzing once found stays repaired, and each harness runs."""

from __future__ import annotations

import pytest

from tests.hostile import fuzz
from tests.hostile.fuzz_targets import CORPUS, targets

TARGETS = targets()


def test_each_target_can_be_chosen_and_no_corpus_is_forgotten() -> None:
    assert tuple(TARGETS) == fuzz.NAMES
    assert {each.name for each in CORPUS.iterdir()} <= set(fuzz.NAMES)


@pytest.mark.parametrize("name", fuzz.NAMES)
def test_what_was_found_once_is_not_found_again(name: str) -> None:
    for data in TARGETS[name].inputs(name):
        TARGETS[name].run(data)
