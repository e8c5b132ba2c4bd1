"""Who is to be refused, and on what evidence: a failing build that holds nobody else unproven."""

from __future__ import annotations

from refinery.queue.planning.facts import Change, Facts, FailedSet, Health
from refinery.records.names import MrId
from refinery.values import dataclass

DOUBT = 0.02  # how likely flakes may be behind all failing runs before one more is asked for
MOST_RUNS = 3


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
            with_whom = "by itself" if len(failed.members) == 1 else "with none but fine ones"
            times = (
                "once, and nothing here is flaky" if failed.runs == 1 else f"{failed.runs} times"
            )
            found.append(Blamed(culprit.id, failed.runs, f"it failed {with_whom} {times}"))
    return tuple(found)


def culprit_of(facts: Facts, failed: FailedSet, changes: dict[MrId, Change]) -> Change | None:
    """The one that a failing set is about: the others are fine, and hardly disagree with it."""
    fine = facts.evidence.fine
    # Who was fine on a head that lacked what has landed since may be what disagrees with that.
    since = max(failed.since, failed.base) if facts.rates.interaction else failed.since
    left = [id for id in failed.members if fine.get(id, -1) < since]
    if len(failed.members) == 1:
        left = list(failed.members)
    if len(left) != 1 or not failed.members <= changes.keys():
        return None
    culprit = changes[left[0]]
    strangers = len(failed.members - culprit.needs) - 1
    disagree = facts.rates.interaction * strangers
    return culprit if disagree <= DOUBT * (1 - culprit.belief) else None


def runs_needed(facts: Facts, change: Change) -> int:
    """As many failing runs as make a bad change far likelier than so many flakes; three at most.

    One will do where nothing is flaky; three are asked for where bad ones are as rare as flakes.
    """
    bad = 1 - change.belief
    for runs in range(1 + facts.confirm, MOST_RUNS):
        flakes = facts.rates.flake**runs * change.belief
        if flakes <= DOUBT * (flakes + bad):
            return runs
    return MOST_RUNS
