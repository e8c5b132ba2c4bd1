"""The parts of the page of figures, in its order: where each is made, and what it is about.

A part's module offers `figures(scratch: Path, *, quick: bool) -> list[Figure]`. It may use all of
`scratch`, an empty folder that is removed afterwards; `quick` asks for small sizes, to see that it
runs. Modules are imported only when their part is run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.soak.figure import Figure

Maker = Callable[..., list[Figure]]


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    title: str
    about: str
    module: str

    def figures(self, scratch: Path, *, quick: bool) -> list[Figure]:
        """Make them: minutes, unless `quick`."""
        maker: Maker = import_module(self.module).figures
        return maker(scratch, quick=quick)


PARTS: dict[str, Part] = {
    "faults": Part(
        "Faults",
        "One fault at a time, on real git. Then a healthy worker runs, and all has to agree.",
        "tests.soak.faults",
    ),
    "kills": Part(
        "A kill every second",
        "Many workers on one queue. Each time they had a second of the machine, a process dies: "
        "theirs, git's or the server's.",
        "tests.soak.kills",
    ),
    "hostile": Part(
        "Hostile input",
        "What comes in from outside is fuzzed, secrets are planted and looked for, and checks try "
        "all that a sandbox should keep from them.",
        "tests.hostile.figures",
    ),
    "model": Part(
        "The model",
        "Every order of events in small worlds, with the real decisions; bugs that are planted to "
        "show that they would be found; a machine that plays with a real queue; damage by hand.",
        "tests.model.figures",
    ),
    "scale": Part(
        "Scale",
        "What a queue costs as it grows, a crowd on one remote, and a day in one process.",
        "tests.soak.scale",
    ),
    "mutation": Part(
        "Mutation testing",
        "The product is changed a little, over and over: how often does a test notice?",
        "tests.soak.mutation",
    ),
    "coverage": Part(
        "Coverage",
        "What the default suite and the journeys run, in all processes that they start.",
        "tests.soak.coverage",
    ),
}
