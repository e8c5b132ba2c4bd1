"""Takes the next candidate with the push that settles this one.

A worker that settles and only then claims pushes twice for each candidate, and in between the view
that it decides on grows old.
"""

from __future__ import annotations

from refinery.engine.building import build_members
from refinery.engine.choosing import following
from refinery.engine.engine import Engine
from refinery.engine.run import Orders, Run, Taken
from refinery.errors import RefineryError
from refinery.queue.claiming import claim_candidate, holds
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(slots=True)
class Onward:
    """One settling's attempt to take what comes after it; only the first push carries the claim.

    Whoever lost that race has less to lose in the next.
    """

    engine: Engine
    orders: Orders
    run: Run
    _tried: bool = False
    _found: Taken | None = None

    def also(self, view: View, edit: Edit) -> Edit:
        """The edit, and with it the claim on what is to be done once it is the truth."""
        if self._tried or self.run.once or self.orders.stop() or self.orders.out_of_time():
            return edit
        self._tried = True
        try:
            with self.engine.supposing(self.engine.store.foreseen(view, edit)):
                self._found = self._next()
        except RefineryError:
            return edit  # whatever is wrong with the next, this one is settled
        if self._found is None:
            return edit
        claim = self._found.claim
        if not {*edit.claim, *edit.release}.isdisjoint(claim.names):
            self._found = None
            return edit
        return replace(edit, claim={**edit.claim, **dict.fromkeys(claim.names, claim)})

    def taken(self) -> Taken | None:
        """What is claimed now: the push that carried the claim may have arrived unheard."""
        found = self._found
        return found if found is not None and holds(self.engine.view, found.claim) else None

    def _next(self) -> Taken | None:
        engine, run = self.engine, self.run
        choice = following(engine, run)
        if choice is None or not choice.members or choice.has_passed:
            return None
        tip = engine.view.targets[choice.target]
        if (tip, choice.members) in run.tried:
            return None  # once more, for whatever reason: not in passing
        config = engine.config(choice.target)
        building = build_members(engine, choice.target, choice.members, config)
        built = building.built
        if built is None or built.ids != choice.members:
            return None
        by = engine.claimant(config)
        claimed = claim_candidate(
            engine.view, choice.target, built.base, built.ids, by, purpose=choice.purpose
        )
        if not isinstance(claimed, Edit):
            return None
        run.tried[tip, choice.members] = 1
        return Taken(choice, built, next(iter(claimed.claim.values())))
