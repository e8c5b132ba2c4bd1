"""Keeps a claim alive while checks run, and says when to stop: lost, useless, or asked to."""

from __future__ import annotations

from datetime import datetime, timedelta

from refinery.config.config import Config
from refinery.engine.engine import Engine
from refinery.engine.judging import Stop
from refinery.errors import RefineryError
from refinery.queue.claiming import NotClaimed, holds, renew
from refinery.queue.planning.landing import cancelled
from refinery.records.claim import Claim
from refinery.store.update import Committed
from refinery.typed import Protocol
from refinery.values import dataclass, field

LOST = "the claim was lost"
RENEW_AFTER = 1 / 3  # of its duration
LOOK_EVERY = timedelta(seconds=5)  # what others did meanwhile is asked so often


class Asked(Protocol):
    """What can end the work at hand."""

    def abandon(self) -> str | None:
        """Why to give up now, if somebody says so."""
        ...


@dataclass(slots=True)
class Renewal:
    """One claim as it is renewed; `claim` is its latest form."""

    engine: Engine
    claim: Claim
    config: Config
    orders: Asked
    _looked: datetime | None = field(default=None)

    def tick(self) -> str | None:
        """Why to abandon the checks, if there is a reason; renews after a third of the time."""
        asked = self.orders.abandon()
        if asked:
            return Stop.ASKED
        now = self.engine.clock()
        try:
            return self._renew(now) or self._look(now)
        except RefineryError:
            # The remote is away: the claim holds until it runs out.
            return LOST if now >= self.claim.expires_at else None

    def _renew(self, now: datetime) -> str | None:
        due = self.claim.expires_at - self.config.claim_for * (1 - RENEW_AFTER)
        if now < due:
            return None
        done = self.engine.change(
            lambda view: renew(view, self.claim, now=now, lasts=self.config.claim_for)
        )
        if isinstance(done, NotClaimed):
            return LOST
        if isinstance(done, Committed):
            self.claim = done.edit.claim[self.claim.names[0]]
        return None

    def _look(self, now: datetime) -> str | None:
        """Whether others have made this run useless."""
        if self._looked is None:
            self._looked = self.claim.claimed_at
        if now - self._looked < LOOK_EVERY:
            return None
        self._looked = now
        self.engine.refresh()
        if not holds(self.engine.view, self.claim):
            return LOST
        return self._useless()

    def _useless(self) -> str | None:
        mine = self.claim
        facts = self.engine.facts(mine.target, self.config)
        for each in cancelled(facts):
            running = each.running
            if (facts.whole(running.members), running.worker) == (mine.candidate, mine.worker):
                return f"{Stop.USELESS}: {each.why}"
        return None
