"""Landing through a pull request: the record follows the candidate from its branch to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.candidate import Built
from refinery.queue.freeze_words import frozen_words
from refinery.queue.freezing import frozen
from refinery.queue.halting import hold_of, pause_of
from refinery.queue.order import live
from refinery.queue.settling import (
    Stale,
    evidence_of,
    landed,
    landed_subject,
    newly_spent,
    out_of_order,
    why_not,
)
from refinery.queue.turns import header_after
from refinery.records.claim import Claim
from refinery.records.fitting import as_line, as_text
from refinery.records.merge_request import Failure, FailureType, MergeRequest, Proposal
from refinery.records.names import Branch, MrId, Ref, Sha, branch_ref
from refinery.records.verdict import Verdict
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import LANDING_BRANCHES
from refinery.store.view import View
from refinery.values import replace

MODE = "pull-request"


def proposed(
    view: View, built: Built, verdict: Verdict | None, claim: Claim, config: Config, now: datetime
) -> Edit | Stale:
    """Put the tested candidate on a branch of its own, and its members behind that; one push.

    The target stays where it is: the forge moves it.
    """
    why = why_not(view, built, claim, now)
    before = proposed_for(view, built.target)
    if why is None and before is not None:
        why = f"{before.branch} is to land first"
    if why is not None:
        return Stale(why)
    landing = evidence_of(built, verdict, claim, config, mode=MODE)
    branch = Branch(f"{LANDING_BRANCHES}{built.ids[0]}-{built.commit[:12]}")
    return Edit(
        event=Event(
            "proposed",
            f"propose to {landed_subject(view, built)}",
            built.ids,
            claim.worker,
            newly_spent(view, verdict),
        ),
        put=tuple(
            replace(view.mrs[member.id], proposal=Proposal(branch, member.commit, landing, now))
            for member in built.members
        ),
        verdicts=() if verdict is None else (verdict,),
        release=claim.names,
        moves=(RefMove(branch_ref(branch), None, built.commit),),
    )


def proposals(view: View) -> dict[Branch, list[MergeRequest]]:
    """Every proposed candidate: its branch, and those of its members that are still open."""
    found: dict[Branch, list[MergeRequest]] = {}
    for mr in live(view):
        if mr.proposal is not None:
            found.setdefault(mr.proposal.branch, []).append(mr)
    return found


def abandoned(view: View) -> dict[Branch, MergeRequest]:
    """Branches of candidates whose every open member is gone, each with one that ended."""
    open_ones = proposals(view)
    return {
        mr.proposal.branch: mr
        for mr in view.mrs.values()
        if mr.closed and mr.proposal is not None and mr.proposal.branch not in open_ones
    }


def proposed_for(view: View, target: Branch) -> Proposal | None:
    """The candidate that is about to land on a target: another would be outdated by it."""
    return next((mr.proposal for mr in live(view) if mr.target == target and mr.proposal), None)


def noted(view: View, branch: Branch, number: int, why: str) -> Edit | None:
    """Remember the number of the pull request, and what the forge still asks for."""
    words = as_line(why)
    changed = [
        replace(mr, proposal=replace(mr.proposal, number=number, why=words))
        for mr in proposals(view).get(branch, ())
        if mr.proposal and (mr.proposal.number, mr.proposal.why) != (number, words)
    ]
    if not changed:
        return None
    ids = tuple(mr.id for mr in changed)
    what = f"pull request {number} is to land {', '.join(ids)}" + (f": {words}" if words else "")
    return Edit(event=Event("proposed", what, ids), put=tuple(changed))


def why_withdrawn(view: View, branch: Branch, now: datetime) -> str | None:
    """Why a proposed candidate may not land any more as it is; None while it may."""
    members = proposals(view).get(branch, [])
    proposal = members[0].proposal if members else None
    if proposal is None:
        return "nothing of it is waiting any more"
    target = members[0].target
    if view.targets.get(target) != proposal.landing.base:
        return f"{target} moved: what was tested is outdated"
    there = {mr.id for mr in members}
    for id in proposal.landing.candidate:
        if id not in there:
            return f"{id} is not waiting any more"
        mr = view.mrs[id]
        if hold_of(mr, now) is not None:
            return f"{id} is held"
        freeze = frozen(view, mr, now)
        if freeze is not None:
            return frozen_words(freeze)
        if mr.block is not None or mr.blocked_by is not None or mr.failure is not None:
            return f"{id} may not land any more"
    if pause_of(view, now) is not None:
        return "the queue was paused"
    return out_of_order(view, proposal.landing.candidate)


def withdrawn(view: View, branch: Branch, why: str, tips: Mapping[Ref, Sha]) -> Edit | None:
    """Take the branch away and put the members back into the queue; `tips` has the branch's."""
    members = proposals(view).get(branch, [])
    moves = _gone(branch, tips)
    if not members and not moves:
        return None
    ids = tuple(mr.id for mr in members)
    return Edit(
        event=Event("withdrawn", f"withdraw {branch}: {why}", ids),
        put=tuple(replace(mr, proposal=None) for mr in members),
        moves=moves,
    )


def turned_down(
    view: View, branch: Branch, number: int, now: datetime, tips: Mapping[Ref, Sha]
) -> Edit | None:
    """Somebody closed the pull request: its members wait for a person."""
    members = proposals(view).get(branch, [])
    if not members:
        return None
    words = as_text(f"pull request {number}, which was to land it, was closed on the forge")
    put = tuple(
        replace(mr, proposal=None, failure=Failure(type=FailureType.ERROR, at=now, message=words))
        for mr in members
    )
    ids = tuple(mr.id for mr in members)
    subject = f"{', '.join(ids)}: pull request {number} was closed"
    return Edit(event=Event("merge_failed", subject, ids), put=put, moves=_gone(branch, tips))


def merged(
    view: View,
    branch: Branch,
    *,
    tip: Sha,
    commits: Mapping[MrId, Sha],
    merged_as: Sha | None,
    number: int,
    now: datetime,
    tips: Mapping[Ref, Sha],
) -> Edit | None:
    """Close what the forge merged.

    `tip` is the candidate's last commit as it is on the target, `commits` each member's own,
    `merged_as` the merge commit that the forge made of them, if it made one, and `number` that of
    the pull request.
    """
    members = proposals(view).get(branch, [])
    if not members:
        return None
    put = []
    for mr in members:
        assert mr.proposal is not None
        landing = replace(
            mr.proposal.landing,
            commit=tip,
            pull_request=number,
            merged_as=merged_as,
        )
        put.append(landed(mr, commits.get(mr.id, tip), landing, now))
    ids = tuple(mr.id for mr in members)
    target = members[0].target
    on = merged_as or tip
    return Edit(
        event=Event(
            name="merged",
            subject=f"pull request {number} landed {', '.join(ids)} on {target}",
            mrs=ids,
            details={"Refinery-Target": target, "Refinery-Commit": on},
        ),
        put=tuple(put),
        header=header_after(
            view,
            target,
            on,
            landed=ids,
            rules=(view.config(target) or Config()).fairness,
            now=now,
        ),
        release=tuple(id for id in ids if id in view.claims),
        pins=dict.fromkeys(ids),
        moves=_gone(branch, tips),
    )


def _gone(branch: Branch, tips: Mapping[Ref, Sha]) -> tuple[RefMove, ...]:
    ref = branch_ref(branch)
    return (RefMove(ref, tips[ref], None),) if ref in tips else ()
