"""How likely a set of changes passes, given everything that passed and failed so far.

    P(X) = (1 - flake) x product of the beliefs over X x (1 - interaction)^pairs

lowered by each failure that touches X and is not explained yet.  Somebody in a set that failed is
bad, unless the run was a flake: those who were shown fine since are cleared, and the chance that
the rest fails again follows by Bayes.  Where all are cleared, the combination is what fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from refinery.queue.planning.facts import Facts, FailedSet
from refinery.records.names import MrId

SHOWN_FINE = 0.998  # nothing is surer: each failure of a certain one would be taken for a flake
DOUBTED_AGAIN = 0.7  # was shown fine, but on a head that lacked what it failed with
FAILED_ALONE = 0.5
STALE_AT = 0.02  # the chance of a conflict with what landed since, at which "fine" is forgotten
SURELY_NOT = 1e-4


class Odds:
    """The beliefs of one instant; asking costs what the set is long."""

    def __init__(self, facts: Facts) -> None:
        self.rates = facts.rates
        self.fine = _still_fine(facts)
        self.belief = {each.id: min(SHOWN_FINE, each.belief) for each in facts.pending}
        self.belief.update(dict.fromkeys(self.fine, SHOWN_FINE))
        self.suspects: list[frozenset[MrId]] = []
        self.combinations: list[frozenset[MrId]] = []
        self._group: dict[MrId, frozenset[MrId]] = {}
        self._sort_out([each for each in facts.evidence.failed if not self._is_flake(each)])

    def of(self, members: frozenset[MrId]) -> float:
        """The chance that the target with exactly these on top passes."""
        chance = (1 - self.rates.flake) * self.no_interaction(len(members))
        for combination in self.combinations:
            chance *= self._against(combination, members)
        if self._group.keys().isdisjoint(members):
            return chance * self._all_fine(members)
        return chance * self._with_suspects(members)

    def no_interaction(self, count: int) -> float:
        """The chance that none of so many changes disagrees with another."""
        if not self.rates.interaction:
            return 1.0
        return float((1 - self.rates.interaction) ** (count * (count - 1) / 2))

    def suspected(self, id: MrId) -> bool:
        """Whether somebody has to find out if a failure was this one's doing."""
        return id in self._group

    def cleared(self, failed: FailedSet) -> frozenset[MrId]:
        """Who of a failed set was shown fine on a target that holds what else was in it."""
        if len(failed.members) == 1:
            return frozenset()
        return frozenset(id for id in failed.members if self.fine.get(id, -1) >= failed.since)

    def _is_flake(self, failed: FailedSet) -> bool:
        """Whether it is likelier that its runs lied than that somebody is bad.

        Runs of more than these count too: whoever is taken for fine must not fail for ever.
        """
        if not self.rates.flake:
            return False
        good = self.no_interaction(len(failed.members)) * self._all_fine(failed.members)
        return bool(self.rates.flake ** (failed.runs + failed.again) * good > 1 - good)

    def _sort_out(self, failed: list[FailedSet]) -> None:
        """Groups of suspects that do not overlap, smallest first, and combinations."""
        suspects = []
        for each in failed:
            left = each.members - self.cleared(each)
            if not left:
                self.combinations.append(each.members)
                continue
            suspects.append(left)
        for left in sorted(set(suspects), key=lambda each: (len(each), sorted(each))):
            if self._group.keys().isdisjoint(left):
                self.suspects.append(left)
                self._group.update(dict.fromkeys(left, left))
        for id in self._group:
            if id in self.fine:
                self.belief[id] = DOUBTED_AGAIN
        for left in self.suspects:
            if len(left) == 1:
                id = min(left)
                self.belief[id] = min(self.belief[id], FAILED_ALONE)

    def _against(self, combination: frozenset[MrId], members: frozenset[MrId]) -> float:
        inside, size = len(combination & members), len(combination)
        if inside == size:
            return max(1e-3, 0.3 * self.rates.flake)
        return max(0.02, 1 - inside / size) if inside else 1.0

    def _with_suspects(self, members: frozenset[MrId]) -> float:
        chance, inside = 1.0, dict[frozenset[MrId], list[MrId]]()
        for id in sorted(members):
            group = self._group.get(id)
            if group is None:
                chance *= self.belief[id]
            else:
                inside.setdefault(group, []).append(id)
        for group, some in inside.items():
            chance *= self._some_of(group, some)
        return chance

    def _all_fine(self, ids: Iterable[MrId]) -> float:
        """The product of their beliefs, in an order that is the same in every process."""
        return prod(sorted(map(self.belief.__getitem__, ids)))

    def _some_of(self, group: frozenset[MrId], some: Sequence[MrId]) -> float:
        """The chance that these are all fine although the group failed."""
        flake = self.rates.flake
        all_fine = self._all_fine(group)
        failing = 1 - all_fine + flake * all_fine
        if len(some) == len(group):
            return max(SURELY_NOT, flake * all_fine / max(failing, 1e-9))
        some_fine = self._all_fine(some)
        others_bad = some_fine - all_fine + flake * all_fine
        return max(0.0, min(1.0, others_bad / max(failing, 1e-9)))


def _still_fine(facts: Facts) -> dict[MrId, int]:
    """Who was shown fine on a head that little has been added to since."""
    rate = facts.rates.interaction
    return {
        id: place
        for id, place in facts.evidence.fine.items()
        if (facts.head - place) * rate <= STALE_AT
    }
