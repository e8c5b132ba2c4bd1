"""Mutants are what they say, are put everywhere the original is, and are counted honestly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("mutmut")

from tools.mutation.__main__ import interval
from tools.mutation.mutants import Module, read_module
from tools.mutation.swapping import functions_of, swap

SOURCE = """
from functools import lru_cache
from typing import assert_never

@lru_cache
def cached(number):
    return number + 1

class Thing:
    @property
    def size(self):
        return 2

def more(than=1):
    return than

def chosen(what):
    match what:
        case 1:
            return "one"
        case _:
            assert_never(what)

OUTSIDE = 5
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Module]:
    (tmp_path / "mutated.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield read_module(Path("mutated.py"))
    sys.modules.pop("mutated", None)


def imported() -> ModuleType:
    import mutated  # type: ignore[import-not-found]

    return mutated  # type: ignore[no-any-return]


def differences(module: Module) -> list[list[str]]:
    return [module.difference(mutant) for mutant in module.mutants]


def test_all_functions_are_changed_but_not_what_cannot_be_reached(module: Module) -> None:
    assert {mutant.function for mutant in module.mutants} == {
        "cached",
        "Thing.size",
        "more",
        "chosen",
    }
    changed = differences(module)
    assert ["-    return number + 1", "+    return number - 1"] in changed
    assert ["-        return 2", "+        return 3"] in changed
    assert not any("assert_never" in line or "OUTSIDE" in line for each in changed for line in each)


def test_a_mutant_replaces_what_is_behind_caches_properties_and_defaults(module: Module) -> None:
    functions = functions_of([module.path])
    there = imported()
    cached, thing, more = there.cached, there.Thing(), there.more
    before = (cached(1), thing.size, more())
    assert before == (2, 2, 1)
    cached.cache_clear()
    wanted = {"-": "return number - 1", "3": "return 3", "2": "than=2"}
    for mutant in module.mutants:
        added = module.difference(mutant)[-1]
        if any(text in added for text in wanted.values()):
            assert swap(mutant, module.mutated(mutant), functions)
    assert (cached(1), thing.size, more()) == (0, 3, 2)


def test_a_share_of_a_sample_says_how_far_it_may_be_off() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(360, 400)
    assert (round(low, 3), round(high, 3)) == (0.867, 0.926)
