"""Who is to be refused, and on what evidence: a failing build that holds nobody else unproven."""

from __future__ import annotations

from refinery.queue.planning.facts import Change, Facts, FailedSet, Health
from refinery.records.names import MrId
from refinery.values import dataclass

DOUBT = 0.01  # how likely a flake may be behind a failure before it has to be seen again


@dataclass(frozen=True, slots=True)
class Blamed:
    """One to be refused; `runs` are the failing runs that hold it and else only what is fine."""

    id: MrId
    runs: int
    why: str


def blamed(facts: Facts) -> tuple[Blamed, ...]:
    """Everyone whose fault is proven now; nobody, unless the target itself is known to pass."""
    if facts.health is not Health.GREEN:
        return ()
    changes = {each.id: each for each in facts.pending}
    found = []
    for failed in facts.evidence.failed:
        culprit = culprit_of(facts, failed, changes)
        if culprit is not None and failed.runs >= runs_needed(facts, culprit):
            times = "once, and nothing here is flaky" if failed.runs == 1 else f"{failed.runs} times"
            found.append(Blamed(culprit.id, failed.runs, f"it failed by itself {times}"))
    return tuple(found)


def culprit_of(
    facts: Facts, failed: FailedSet, changes: dict[MrId, Change]
) -> Change | None:
    """The one that a failing set is about, if all others in it are fine and it stands on them."""
    for id in failed.members:
        change = changes.get(id)
        if change is None:
            return None
        others = failed.members - {id}
        if others <= change.needs and all(
            facts.evidence.fine.get(other, -1) >= failed.since for other in others
        ):
            return change
    return None


def runs_needed(facts: Facts, change: Change) -> int:
    """One failing run is proof where flakes are rarer than bad changes by far, else two are."""
    flake = facts.rates.flake * change.belief
    bad = 1 - change.belief
    return 1 if flake <= DOUBT * (flake + bad) else 2
