"""Claims: who may take what, renew it, and give it back.

A person claims merge requests, and nobody else touches those.  A worker claims a candidate: members
on a commit of the target; candidates overlap, since what is likely to land is tested on top of what
is tested now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from refinery.queue.standing import Code, Standing, live_claim, standing
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, CandidateId, MrId, Sha, derive_candidate_id
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, replace

LONGEST_CLAIM = timedelta(days=2)
"""A day is the longest that a configuration allows, and clocks differ."""


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

    id: MrId | CandidateId


@dataclass(frozen=True, slots=True)
class NotFree:
    """The candidate is not to be tested, or not by us: somebody does, or the world moved on."""

    why: str


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

    A live claim of the same worker is renewed; an expired one of anybody is taken over.  Candidates
    that hold one of them and ran out go: whoever still tests them must not land.
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
    return Edit(
        event=Event(
            name="claimed",
            subject=f"claim {listed(ids)} for {by.worker}",
            mrs=tuple(ids),
            worker=by.worker,
        ),
        claim=dict.fromkeys(ids, taken),
        release=tuple(
            {
                each.names[0]: None
                for id in ids
                for each in view.testing.get(id, ())
                if not each.is_report
            }
        ),
    )


def claim_candidate(
    view: View,
    target: Branch,
    base: Sha,
    members: tuple[MrId, ...],
    by: Claimant,
    *,
    purpose: str,
) -> Edit | NotFree:
    """One edit that claims the right to test and land these members on `base`.

    A claim that cannot be read is taken over: nothing else would ever end it.
    """
    name = derive_candidate_id(target, base, members)
    if view.targets.get(target) != base:
        return NotFree(f"{target} moved")
    held = view.claims.get(name)
    if held is not None and held.purpose is not None and held.live(by.now):
        return NotFree(f"{held.worker} tests it")
    for id in members:
        mr = view.mrs.get(id)
        if mr is None or mr.closed:
            return NotFree(f"{id} was closed")
        taken = taken_by_hand(view, id, by.now)
        if taken is not None:
            return NotFree(f"{taken.worker} took {id}")
    taken = Claim(
        token=by.token,
        worker=by.worker,
        candidate=members,
        target=target,
        claimed_at=by.now,
        expires_at=by.now + by.lasts,
        base=base,
        purpose=purpose,
        verdict=held.verdict if held is not None else None,
    )
    return Edit(
        event=Event(
            name="claimed",
            subject=f"test {listed(members) or target} for {by.worker}",
            mrs=members,
            worker=by.worker,
        ),
        claim={name: taken},
    )


def renew(view: View, mine: Claim, *, now: datetime, lasts: timedelta) -> Edit | NotClaimed:
    """The same claim with a later end; `NotClaimed` when any part of it was lost."""
    if not holds(view, mine):
        return NotClaimed(mine.names[0])
    renewed = replace(mine, expires_at=now + lasts)
    return Edit(
        event=Event(
            name="renewed",
            subject=f"renew the claim of {mine.worker}",
            mrs=mine.candidate,
            worker=mine.worker,
        ),
        claim=dict.fromkeys(mine.names, renewed),
    )


def release(
    view: View, id: MrId, worker: str, *, now: datetime, force: bool = False
) -> Edit | ReleaseRefused:
    """Give it back, with every candidate that holds it: the owner may, with `force` anybody."""
    mr = view.mrs.get(id)
    by_hand = (view.claims[id],) if id in view.claims else ()
    held = (*by_hand, *(each for each in view.testing.get(id, ()) if not each.is_report))
    if not held:
        return NotFound(id) if mr is None else NotClaimed(id)
    own = tuple(each for each in held if force or mr is None or each.worker == worker)
    if not own:
        others = next((each for each in held if each.live(now)), None)
        return NotClaimed(id) if mr is None or others is None else ClaimedByOther(mr, others)
    names = tuple(id if each.base is None else each.names[0] for each in own)
    return Edit(
        event=Event(name="released", subject=f"release {id}", mrs=(id,), worker=worker),
        release=names,
    )


def given_back(view: View, mine: Claim) -> Edit | NotClaimed:
    """Give back what is still held under a claim; nothing else changes."""
    held = tuple(name for name in mine.names if _is_under(view, mine, name))
    if not held:
        return NotClaimed(mine.names[0])
    subject = f"give back {listed(mine.candidate) or mine.target}"
    event = Event("released", subject, mine.candidate, mine.worker)
    if mine.verdict is not None:  # of an earlier run: nobody else has it
        return Edit(event=event, claim=dict.fromkeys(held, mine.report(mine.verdict)))
    return Edit(event=event, release=held)


def holds(view: View, mine: Claim) -> bool:
    """Whether the claim still stands as a whole, by its token."""
    return all(_is_under(view, mine, name) for name in mine.names)


def taken_by_hand(view: View, id: MrId, now: datetime) -> Claim | None:
    """The claim that keeps workers away from a merge request."""
    claim = view.claims.get(id)
    return claim if claim is not None and claim.live(now) else None


def under_test(view: View, now: datetime) -> list[Claim]:
    """The candidates that are claimed at `now`, oldest first."""
    claims = [each for each in view.claims.values() if each.base is not None and each.live(now)]
    return sorted(claims, key=lambda each: (each.claimed_at, each.token))


def _is_under(view: View, mine: Claim, name: MrId | CandidateId) -> bool:
    held = view.claims.get(name)
    return held is not None and held.token == mine.token


def listed(ids: Sequence[MrId]) -> str:
    return ", ".join(ids) if len(ids) < 4 else f"{ids[0]} and {len(ids) - 1} more"


def _unfit(view: View, mr: MergeRequest, by: Claimant) -> ClaimRefused | None:
    held = live_claim(view, mr.id, by.now)
    if held is not None and held.worker != by.worker:
        return ClaimedByOther(mr, held)
    stands = standing(view, mr, by.now)
    return None if stands.code in (Code.READY, Code.CLAIMED) else Unfit(mr, stands)
