"""Stacks: who stands on whom by their commits, and what goes on to another target."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from refinery.queue.standing import LANDED, is_left_behind, newest_revision, stands_for
from refinery.queue.submission import NothingToLand, Relation, Request, Unchanged, submit
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace

Parents = Mapping[Sha, Sequence[Sha]]
"""The commits that a target lacks, each with its parents."""


def waits_for(view: View, mr: MergeRequest, wanted: MrId) -> bool:
    """Whether one lands only after another, or is that other."""
    left = [mr]
    seen: set[MrId] = set()
    while left:
        each = left.pop()
        if each.id == wanted:
            return True
        if each.id not in seen:
            seen.add(each.id)
            left += [
                stands_for(view, id) or view.mrs[id] for id in each.depends_on if id in view.mrs
            ]
    return False


def settled_below(view: View, mr: MergeRequest) -> tuple[Sha, ...]:
    """The commits below its own, if all of that is in its target, whatever it is called there."""
    below = (stands_for(view, id) for id in mr.depends_on)
    return () if any(each is not None and not each.closed for each in below) else mr.stands_on


def nearest(parents: Parents, head: Sha, known: Collection[Sha]) -> tuple[list[Sha], set[Sha]]:
    """The first known commits on each way down from a head, and the commits above them."""
    below: list[Sha] = []
    own: set[Sha] = set()
    left = [head]
    while left:
        oid = left.pop()
        if oid in own or oid in below or oid not in parents:
            continue
        if oid != head and oid in known:
            below.append(oid)
        else:
            own.add(oid)
            left += parents[oid]
    return below, own


def attached(view: View, target: Branch, parents: Parents, *, new: Collection[MrId]) -> Edit | None:
    """Have those wait whose heads turn out to hold the head of another, one of the two new.

    What was pushed first may well be the upper part of a stack.
    """
    heads: dict[Sha, MergeRequest] = {}
    for mr in view.mrs.values():
        if mr.target == target and not mr.closed and not mr.intent:
            heads[mr.head] = mr
    put = [
        each
        for mr in heads.values()
        if (each := _standing_on(view, mr, _below(mr, parents, heads, new))) is not None
    ]
    if not put:
        return None
    ids = tuple(mr.id for mr in put)
    words = ", ".join(f"{mr.id} stands on {mr.depends_on[-1]}" for mr in put[:3])
    more = f" and {len(put) - 3} more" if len(put) > 3 else ""
    return Edit(event=Event("stacked", words + more, ids), put=tuple(put))


def _below(
    mr: MergeRequest, parents: Parents, heads: Mapping[Sha, MergeRequest], new: Collection[MrId]
) -> list[MergeRequest]:
    found, _ = nearest(parents, mr.head, heads.keys())
    below = [heads[oid] for oid in found if heads[oid].branch != mr.branch]
    return [each for each in below if mr.id in new or each.id in new]


def _standing_on(
    view: View, mr: MergeRequest, below: Sequence[MergeRequest]
) -> MergeRequest | None:
    known = {newest.id for id in mr.depends_on if (newest := newest_revision(view, id))}
    more = [each for each in below if each.id not in known and not waits_for(view, each, mr.id)]
    if not more:
        return None
    heads = [each.head for each in more if each.head not in mr.stands_on]
    return replace(
        mr,
        depends_on=(*mr.depends_on, *(each.id for each in more)),
        stands_on=(*mr.stands_on, *heads),
    )


def stranded(view: View) -> Iterator[tuple[MergeRequest, MergeRequest]]:
    """Those that were to land on the branch of another which has landed, each with that other."""
    for mr in view.mrs.values():
        for id in () if mr.closed or mr.intent else mr.depends_on:
            below = stands_for(view, id)
            if below is not None and is_left_behind(view, mr, below):
                yield mr, below
                break


def retargeted(view: View, id: MrId, now: datetime) -> Edit | None:
    """Submit one anew for the target that its base landed on; it keeps its age and what it was."""
    mr, below = next((pair for pair in stranded(view) if pair[0].id == id), (None, None))
    if mr is None or below is None or below.target == mr.branch:
        return None
    request = Request(
        branch=mr.branch,
        target=below.target,
        head=mr.head,
        worker=mr.worker,
        title=mr.title,
        source_issue=mr.source_issue,
        rig=mr.rig,
        agent_bead=mr.agent_bead,
        target_reason=f"{below.id}, on whose branch it was to land, landed there",
        depends_on=tuple(each for each in mr.depends_on if stands_for(view, each) is not below),
        stands_on=mr.stands_on,
        instead_of=mr.id,
    )
    choice = submit(view, request, relation=Relation.AHEAD, now=now)
    if isinstance(choice, Unchanged | NothingToLand) or choice.submit[0].id in view.mrs:
        return None
    words = f"{mr.id} goes on to {below.target}, where {below.id} has landed"
    return replace(choice, event=replace(choice.event, name="retargeted", subject=words))


def connected(view: View, mrs: Sequence[MergeRequest]) -> list[MergeRequest]:
    """These, those they stand on and those that stand on them, open or landed."""
    above: dict[MrId, list[MergeRequest]] = {}
    below: dict[MrId, list[MergeRequest]] = {}
    for mr in filter(_counts, view.mrs.values()):
        for id in mr.depends_on:
            lower = stands_for(view, id)
            if lower is not None and _counts(lower):
                above.setdefault(lower.id, []).append(mr)
                below.setdefault(mr.id, []).append(lower)
    found = {mr.id: mr for mr in mrs}
    left = list(mrs)
    while left:
        mr = left.pop()
        for each in (*below.get(mr.id, ()), *above.get(mr.id, ())):
            if each.id not in found:
                found[each.id] = each
                left.append(each)
    return list(found.values())


def _counts(mr: MergeRequest) -> bool:
    return not mr.closed or mr.close_reason in LANDED
