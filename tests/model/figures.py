"""Figures of the model: what was explored, which bugs are found, what a real queue withstood."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.codes.findings import DOCTOR, FINDINGS, NEXT_RUN
from tests.cli.damages import DAMAGES
from tests.model.explorer import Explored, Violation
from tests.model.planted import BUGS, Bug
from tests.model.test_machine import play
from tests.model.worlds import (
    ALL_TOGETHER,
    MOST,
    ONE_AT_A_TIME,
    THREE_BY_THREE,
    World,
    all_fates,
)
from tests.sandbox import make_template
from tests.soak.figure import Figure, at_least, at_most

PART = "model"
SMALL = (World(2, 2), World(2, 2, ("crash",)), World(2, 2, ("torn",)))


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """Explore, plant bugs, and play with a real queue."""
    worlds = SMALL if quick else (*(World(2, 2, each, bad="a") for each in ONE_AT_A_TIME),)
    worlds += () if quick else (*THREE_BY_THREE, ALL_TOGETHER)
    return [
        *(_explored(world) for world in worlds),
        *_planted(),
        *_played(scratch, examples=3 if quick else 500),
        *_damages(),
    ]


def _explored(world: World) -> Figure:
    found = world.explored(most=MOST)
    whole = "all of it" if found.is_all else "cut there"
    ways = len(all_fates(found)) if found.ends else 0
    note = f"{whole}; {ways} {'way' if ways == 1 else 'ways'} to end; {_took(found)}"
    return Figure(PART, f"states of {world}", found.states, note=note)


def _took(found: Explored) -> str:
    return f"{found.seconds:,.0f} s"


def _planted() -> list[Figure]:
    found = sum(_is_found(bug) for bug in BUGS)
    return [at_least(PART, f"planted bugs found, of {len(BUGS)}", found, len(BUGS))]


def _is_found(bug: Bug) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bug.where, bug.what, bug.by)
        try:
            bug.world.explored()
        except Violation:
            return True
    return False


def _played(scratch: Path, *, examples: int) -> list[Figure]:
    """Lives of a queue on real git; the first that goes wrong ends it, and all of this."""
    scratch.mkdir(exist_ok=True)
    steps = play(make_template(scratch), examples=examples)
    words = "lives of a real queue that went wrong"
    return [
        at_most(PART, words, 0, 0, note=f"of {examples}"),
        Figure(PART, "steps of these lives, each followed by all that has to hold", steps),
    ]


def _damages() -> list[Figure]:
    next_run = sum(each.next == NEXT_RUN for each in FINDINGS)
    doctor = sum(each.next == DOCTOR for each in FINDINGS)
    how = "pytest -m soak tests/cli/test_damages.py"
    return [
        Figure(PART, "kinds of damage that fsck names", len(FINDINGS), how=how),
        Figure(PART, "damages made by hand, found and shown", len(DAMAGES), how=how),
        Figure(PART, "kinds put right by the next run", next_run, how=how),
        Figure(PART, "kinds put right by doctor --repair", doctor, how=how),
    ]
