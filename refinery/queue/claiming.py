"""Claims: who may take what, renew it, and give it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from refinery.queue.standing import Code, Standing, live_claim, standing
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class NotFound:
    """No live or recent merge request has this id."""

    id: MrId


@dataclass(frozen=True, slots=True)
class ClaimedByOther:
    """Somebody else holds it."""

    mr: MergeRequest
    claim: Claim


@dataclass(frozen=True, slots=True)
class Unfit:
    """It cannot be claimed now, for the reason in `standing`."""

    mr: MergeRequest
    standing: Standing


@dataclass(frozen=True, slots=True)
class NotClaimed:
    """Nobody holds it, so nobody can give it back."""

    id: MrId


ClaimRefused = NotFound | ClaimedByOther | Unfit
ReleaseRefused = NotFound | NotClaimed | ClaimedByOther


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who wants a claim, with the token that makes it this claim and no other."""

    worker: str
    token: str
    now: datetime
    lasts: timedelta


def claim(view: View, ids: Sequence[MrId], by: Claimant) -> Edit | ClaimRefused:
    """One edit that claims all of them, or the first reason why not.

    A live claim of the same worker is renewed; an expired one of anybody is taken over.
    """
    members = []
    for id in ids:
        mr = view.mrs.get(id)
        if mr is None:
            return NotFound(id)
        refused = _unfit(view, mr, by)
        if refused is not None:
            return refused
        members.append(mr)
    taken = Claim(
        token=by.token,
        worker=by.worker,
        candidate=tuple(ids),
        target=members[0].target,
        claimed_at=by.now,
        expires_at=by.now + by.lasts,
    )
    listed = ", ".join(ids) if len(ids) < 4 else f"{ids[0]} and {len(ids) - 1} more"
    return Edit(
        event=Event(
            name="claimed",
            subject=f"claim {listed} for {by.worker}",
            mrs=tuple(ids),
            worker=by.worker,
        ),
        claim=dict.fromkeys(ids, taken),
    )


def renew(view: View, mine: Claim, *, now: datetime, lasts: timedelta) -> Edit | NotClaimed:
    """The same claim with a later end; `NotClaimed` when any part of it was lost."""
    for id in mine.candidate:
        held = view.claims.get(id)
        if held is None or held.token != mine.token:
            return NotClaimed(id)
    renewed = replace(mine, expires_at=now + lasts)
    return Edit(
        event=Event(
            name="renewed",
            subject=f"renew the claim of {mine.worker}",
            mrs=mine.candidate,
            worker=mine.worker,
        ),
        claim=dict.fromkeys(mine.candidate, renewed),
    )


def release(
    view: View, id: MrId, worker: str, *, now: datetime, force: bool = False
) -> Edit | ReleaseRefused:
    """Give a claim back: by its owner, or by anyone with `force`."""
    held = view.claims.get(id)
    mr = view.mrs.get(id)
    if held is None:
        return NotFound(id) if mr is None else NotClaimed(id)
    if held.worker != worker and not force and mr is not None:
        return ClaimedByOther(mr, held) if held.live(now) else NotClaimed(id)
    return Edit(
        event=Event(name="released", subject=f"release {id}", mrs=(id,), worker=worker),
        release=(id,),
    )


def holds(view: View, mine: Claim, id: MrId) -> bool:
    """Whether the claim still stands under the merge request, by its token."""
    held = view.claims.get(id)
    return held is not None and held.token == mine.token


def _unfit(view: View, mr: MergeRequest, by: Claimant) -> ClaimRefused | None:
    held = live_claim(view, mr.id, by.now)
    if held is not None and held.worker != by.worker:
        return ClaimedByOther(mr, held)
    stands = standing(view, mr, by.now)
    return None if stands.code in (Code.READY, Code.CLAIMED) else Unfit(mr, stands)
