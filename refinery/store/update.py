"""The transaction: read, decide, swap; losing means reading and deciding again."""

from __future__ import annotations

import time
from collections.abc import Callable

from refinery.errors import RefineryError, TryAgain
from refinery.store.edit import Applied, Edit, Lost, Refused, Swap
from refinery.store.view import View
from refinery.typed import Protocol, TypeVar
from refinery.values import dataclass

Declined = TypeVar("Declined")

MAX_LOSSES = 40
FIRST_PAUSE = 0.01  # seconds; grows with each loss, and is random: losers must not march in step
LONGEST_PAUSE = 1.0


class Store(Protocol):
    """Where the records are; memory and ref backends pass one contract."""

    def read(self) -> View:
        """Everything as it is now on the remote."""
        ...

    def swap(self, view: View, edit: Edit) -> tuple[Swap, View]:
        """Apply the edit if nothing it touches moved since `view`; the view after it, or `view`."""
        ...


class PushRefused(RefineryError):
    """The remote forbids what has to be pushed."""

    code = "push-refused"


class Contention(TryAgain):
    """Others were faster each time."""

    code = "contention"


@dataclass(frozen=True, slots=True)
class Committed:
    """The edit is the truth; `view` is the state right after it."""

    edit: Edit
    view: View


def update(
    store: Store,
    decide: Callable[[View], Edit | Declined],
    *,
    view: View | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Committed | Declined:
    """Run a pure decision against the store until it holds or declines.

    `decide` gets the view and returns an `Edit`, or anything else to decline, which is handed
    back. Starting from a known `view` saves the first read.  Raises `PushRefused` where the remote
    forbids the change and `Contention` after `MAX_LOSSES` lost races.
    """
    current = view if view is not None else store.read()
    reason = subject = ""
    for losses in range(MAX_LOSSES):
        choice = decide(current)
        if not isinstance(choice, Edit):
            return choice
        outcome, after = store.swap(current, choice)
        if isinstance(outcome, Applied):
            return Committed(choice, after)
        if isinstance(outcome, Refused):
            raise refused(outcome)
        reason, subject = outcome.reason, choice.event.subject
        from random import uniform

        pause(uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**losses)))
        current = store.read()
    raise Contention(
        f"update {subject!r}: lost {MAX_LOSSES} races in a row ({reason})",
        hint="nothing was changed; run the command again",
    )


def refused(outcome: Refused) -> PushRefused:
    """The error for a remote that says no, with what its hooks said."""
    said = "".join(f"\n  remote: {line}" for line in outcome.lines)
    return PushRefused(
        f"push to {outcome.ref}: the remote refuses it: {outcome.reason}{said}",
        hint="`refinery doctor` shows what the remote allows",
    )


__all__ = ["Committed", "Contention", "Lost", "PushRefused", "Store", "refused", "update"]
