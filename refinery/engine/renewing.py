"""Keeps a claim alive while checks run, and says when to stop: lost claim, order, or time."""

from __future__ import annotations

from typing import Protocol

from refinery.config.config import Config
from refinery.engine.engine import Engine
from refinery.engine.judging import Stop
from refinery.errors import RefineryError
from refinery.queue.claiming import NotClaimed, renew
from refinery.records.claim import Claim
from refinery.store.update import Committed
from refinery.values import dataclass, field

LOST = "the claim was lost"
RENEW_AFTER = 1 / 3  # of its duration


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
    _lost: bool = field(default=False)

    def tick(self) -> str | None:
        """Why to abandon the checks, if there is a reason; renews after a third of the time."""
        asked = self.orders.abandon()
        if asked:
            return Stop.ASKED
        now = self.engine.clock()
        due = self.claim.expires_at - self.config.claim_for * (1 - RENEW_AFTER)
        if now < due:
            return None
        try:
            done = self.engine.change(
                lambda view: renew(view, self.claim, now=now, lasts=self.config.claim_for)
            )
        except RefineryError:
            # The remote is away: the claim holds until it runs out.
            return LOST if now >= self.claim.expires_at else None
        if isinstance(done, NotClaimed):
            return LOST
        if isinstance(done, Committed):
            self.claim = done.edit.claim[self.claim.candidate[0]]
        return None
