"""When a look at a watched queue is not enough, although nothing has moved; pure functions."""

from __future__ import annotations

from datetime import datetime

from refinery.queue.freezing import next_change
from refinery.queue.halting import next_end
from refinery.queue.pauses import QUIET_SHARE, Pauses
from refinery.queue.standing import Code, standing
from refinery.records.header import Cause
from refinery.store.view import View

ASK_AGAIN = 60.0  # issues, pull requests and announced branches are asked about at least so often
LONGEST_ASKING = 600.0
FULL_PASS = 900.0  # whatever else was overlooked is found by then

_OUTSIDE = frozenset({Code.BLOCKED_BY_ISSUE, Code.PROPOSED, Code.INTENT})


def pause_in_trouble(pauses: Pauses, passes: int) -> float:
    """Seconds until it is seen whether somebody has repaired what so many passes failed at.

    A minute at first: each of them runs checks.
    """
    return max(ASK_AGAIN, pauses.after_trouble(passes, longest=LONGEST_ASKING))


def needs_pass(view: View, last: datetime, now: datetime, *, quiet: float) -> bool:
    """Whether the whole pass has to be made although no ref has moved since the `last` one."""
    passed = (now - last).total_seconds()
    if passed >= FULL_PASS:
        return True
    if any(last < claim.expires_at <= now for claim in view.claims.values()):
        return True
    if any(each is not None and each <= now for each in _turns(view, last)):
        return True
    asked = max(ASK_AGAIN, min(LONGEST_ASKING, quiet / QUIET_SHARE))
    return passed >= asked and _waits_for_outside(view, now)


def _turns(view: View, last: datetime) -> tuple[datetime | None, datetime | None]:
    """When pauses, holds and freezes ended by themselves since, and windows began or ended."""
    return next_end(view, last), next_change(view, last)


def _waits_for_outside(view: View, now: datetime) -> bool:
    """Whether an answer may have come that no ref of the queue shows."""
    closed = any(each.cause is not Cause.ORDERED for each in view.header.freezes)
    return closed or any(
        mr.untold or (not mr.closed and standing(view, mr, now).code in _OUTSIDE)
        for mr in view.mrs.values()
    )
