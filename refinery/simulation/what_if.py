"""What if: the same changes with other numbers of workers and other limits of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refinery.doing import counted_off
from refinery.simulation.outcome import Outcome, Row, row
from refinery.simulation.policies import run
from refinery.simulation.trace import Setting, Trace
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Case:
    """One policy with so many workers and such batches, and what came of it."""

    policy: str
    setting: Setting
    outcome: Outcome

    @property
    def row(self) -> Row:
        """Its figures."""
        return row(self.policy, self.outcome)


def cases(
    policies: Sequence[str], trace: Trace, *, workers: Iterable[int], batches: Iterable[int | None]
) -> list[Case]:
    """Every policy on every combination, the policies innermost."""
    limits = list(batches)
    tried = [
        (policy, replace(trace.setting, workers=number, batch=limit))
        for number in workers
        for limit in limits
        for policy in policies
    ]
    return [
        Case(policy, setting, run(policy, Trace(trace.arrivals, setting)))
        for policy, setting in counted_off("simulating policy", tried)
    ]
