"""The view as it was at an instant of the past, as far as records still tell it.

Verdicts tell what was tested when, landings where the target stood, and each record what had
happened to it.  Claims that ended without a verdict are not known any more, nor are holds and
conflicts that were lifted: who ever had one is left to those who look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain

from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest, Status
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Verdict
from refinery.store.view import View, testing
from refinery.values import replace

KEPT_CLOSED = 96  # about as many as a queue keeps before it archives them
_CLAIM_LASTS = timedelta(minutes=10)


def view_at(
    at: datetime,
    target: Branch,
    records: Mapping[MrId, MergeRequest],
    verdicts: Iterable[Verdict],
) -> View:
    """What the queue would have shown of one target at that instant."""
    known = [mr for mr in records.values() if mr.target == target and mr.submitted_at <= at]
    closed = [mr for mr in known if mr.closed_at is not None and mr.closed_at <= at]
    closed.sort(key=lambda mr: (mr.closed_at, mr.id))
    waiting = [_as_open(mr, at) for mr in known if mr.closed_at is None or mr.closed_at > at]
    told = [each for each in verdicts if each.target == target]
    claims = [_claim(each, at) for each in told if began(each) <= at < each.at and each.purpose]
    landed = [mr.landing for mr in closed if mr.landing is not None]
    last = landed[-1] if landed else None
    later = (mr.landing for mr in sorted(records.values(), key=_end) if mr.target == target)
    first = next((each for each in later if each is not None), None)
    tip = (last.merged_as or last.commit) if last else first.base if first else None
    return View(
        header=QueueHeader(default_target=target),
        mrs={mr.id: mr for mr in chain(closed[-KEPT_CLOSED:], waiting)},
        claims={name: claim for claim in claims for name in claim.names},
        testing=testing(claims),
        verdicts={each.key: each for each in told if each.at <= at},
        targets={target: tip} if tip else {},
        target_trees={target: last.tree} if last else {},
    )


def began(verdict: Verdict) -> datetime:
    """When somebody began the run that gave this verdict."""
    return verdict.at - timedelta(seconds=max(verdict.seconds, verdict.took or 0.0))


def _end(mr: MergeRequest) -> tuple[bool, datetime, MrId]:
    return mr.closed_at is None, mr.closed_at or mr.submitted_at, mr.id


def _as_open(mr: MergeRequest, at: datetime) -> MergeRequest:
    return replace(
        mr,
        status=Status.OPEN,
        closed_at=None,
        close_reason=None,
        merge_commit=None,
        landing=None,
        proposal=None,
        superseded_by=None,
        block=None,
        blocked_by=None,
        attempts=tuple(each for each in mr.attempts if each.at <= at),
        failure=mr.failure if mr.failure is not None and mr.failure.at <= at else None,
        hold=mr.hold if mr.hold is not None and mr.hold.at <= at else None,
    )


def _claim(verdict: Verdict, at: datetime) -> Claim:
    return Claim(
        token=verdict.tree,
        worker=verdict.worker,
        candidate=verdict.candidate,
        target=verdict.target,
        claimed_at=began(verdict),
        expires_at=at + _CLAIM_LASTS,
        base=verdict.base,
        purpose=verdict.purpose,
    )
