"""The policies there are, by the name that `--policies` takes, and how one is run on a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from refinery.config.fairness import Fairness
from refinery.queue.planning.facts import Profile
from refinery.simulation.chain import Chain
from refinery.simulation.oracle import oracle
from refinery.simulation.outcome import Outcome, Row, row
from refinery.simulation.refinery import Refinery
from refinery.simulation.submitqueue import SubmitQueue
from refinery.simulation.trace import Trace
from refinery.simulation.world import Policy, World

POLICIES: dict[str, Callable[[World], Policy]] = {
    "single": lambda world: Chain(world, window=1),
    "bors": lambda world: Chain(world, window=1, batch=world.trace.setting.batch),
    "chain": lambda world: Chain(world, window=world.trace.setting.workers),
    "submitqueue": SubmitQueue,
    "refinery": Refinery,
    "refinery-fast": lambda world: Refinery(world, Profile.FAST),
    "refinery-economy": lambda world: Refinery(world, Profile.ECONOMY),
    "refinery-by-score": lambda world: Refinery(world, rules=Fairness(points=0)),
}
NAMES = ("oracle", *POLICIES)
USUAL = ("oracle", "single", "bors", "chain", "submitqueue", "refinery")


def run(name: str, trace: Trace) -> Outcome:
    """What comes of one policy on the trace."""
    if name == "oracle":
        return oracle(trace)
    world = World(trace)
    return world.run(POLICIES[name](world))


def compare(names: Iterable[str], trace: Trace) -> list[Row]:
    """All of them on the same trace."""
    return [row(name, run(name, trace)) for name in names]
