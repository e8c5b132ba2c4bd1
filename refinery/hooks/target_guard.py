"""What has to come with a target's move: a landing, its evidence, the claims it was made under."""

from __future__ import annotations

from refinery.config.config import FILE, parse
from refinery.hooks.freeze_guard import stopped
from refinery.hooks.pushed import Pushed
from refinery.records.merge_request import Landing, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.records.verdict import Result, Verdict, VerdictKey
from refinery.repo.history import commits_between
from refinery.store import layout
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.hooks.guard import Guard

ALONE = "it moves only through the queue"


def landing_refused(guard: Guard, each: Pushed, target: Branch) -> str | None:
    """Why a target may not move like this; None when its landing is recorded and proven."""
    if each.new is None:
        return "a target of the queue is not deleted"
    assert each.old is not None
    if guard.refs.queue not in guard.pushed:
        return None if _is_proposed(guard, each.old, each.new, target) else ALONE
    header = guard.change.header_after
    if header is None or header.landed.get(target) != each.new:
        return f"{ALONE}: the queue does not say that {each.new[:12]} has landed"
    if not guard.is_ancestor(each.old, each.new):
        return "its history would be rewritten: it only ever grows"
    landed = _landed(guard, target)
    if not landed:
        return f"{ALONE}: no merge request of the queue lands with this push"
    left = _left_behind(guard, landed)
    if left is not None:
        return left
    why = _not_now(guard, landed, each.old)
    if why is not None:
        return why
    return next((why for mr in landed if (why := _unproven(guard, each, mr))), None) or _strangers(
        guard, each.old, each.new, landed
    )


def _is_proposed(guard: Guard, old: Sha, new: Sha, target: Branch) -> bool:
    """Whether the forge merges what the queue proposed: from its base, to the tree that was tested.

    The record follows; which commits a forge makes of a candidate is its own affair.
    """
    tree = guard.repo.reader.commit(new).tree
    return guard.is_ancestor(old, new) and any(
        (landing.base, landing.tree) == (old, tree)
        and all(_may_land(guard, id, old) for id in landing.candidate)
        and _untested(guard, landing) is None
        for mr in guard.change.all_after()
        if not mr.closed and mr.target == target and mr.proposal is not None
        for landing in (mr.proposal.landing,)
    )


def _may_land(guard: Guard, id: MrId, base: Sha) -> bool:
    mr = guard.change.record(id)
    if mr is None or mr.closed or mr.proposal is None:
        return False
    return stopped(guard, mr, base) is None


def _landed(guard: Guard, target: Branch) -> list[MergeRequest]:
    """Those that end as merged on the target by this push."""
    return [
        change.after
        for change in guard.change.records()
        if change.after
        and change.after.target == target
        and change.after.landing
        and not (change.before and change.before.closed)
    ]


def _not_now(guard: Guard, landed: list[MergeRequest], base: Sha) -> str | None:
    """Why one of them may not land at this time, by its record as it was before the push."""
    ids = {mr.id for mr in landed}
    before = (each.before or each.after for each in guard.change.records() if each.id in ids)
    return next((why for mr in before if mr and (why := stopped(guard, mr, base))), None)


def _left_behind(guard: Guard, landed: list[MergeRequest]) -> str | None:
    """Those of a unit land with one push, or none of them does."""
    units = {(mr.unit, mr.target) for mr in landed if mr.unit is not None}
    if not units:
        return None
    for mr in guard.change.all_after():
        if (mr.unit, mr.target) in units and not mr.closed:
            return f"{mr.id} is of unit {mr.unit}, which lands as a whole or not at all"
    return None


def _unproven(guard: Guard, each: Pushed, mr: MergeRequest) -> str | None:
    landing = mr.landing
    assert landing is not None
    if (landing.base, landing.commit) != (each.old, each.new):
        return f"{mr.id} landed from or as another commit"
    if guard.repo.reader.commit(landing.commit).tree != landing.tree:
        return f"{mr.id}: the tree that lands is not the tree its record names"
    if not any(mr.id in claim.candidate for claim in guard.given_back):
        return f"{mr.id} does not land under a claim that this push gives back"
    return _untested(guard, landing)


def _untested(guard: Guard, landing: Landing) -> str | None:
    """The checks must have passed on the very tree; no checks where the target defines none."""
    if landing.result == "none":
        data = guard.repo.reader.blob(f"{landing.base}:{FILE}")
        if data is None or not parse(data, where=FILE).checks:
            return None
        return "it lands without the checks that the target asks for"
    path = layout.verdict_path(VerdictKey(landing.tree, landing.fingerprint))
    oid = guard.change.after.get(path)
    if oid is None or guard.change.read(Verdict, oid, path).result is not Result.PASS:
        return "no verdict says that the checks passed on this tree"
    return None


def _strangers(guard: Guard, old: Sha, new: Sha, landed: list[MergeRequest]) -> str | None:
    """The target ends at a merge request's commit, and each of theirs is part of what lands."""
    own = {mr.merge_commit for mr in landed}
    if new not in own:
        return f"{new[:12]} is not the commit of any merge request that lands"
    steps = {commit.oid for commit in commits_between(guard.repo, old, new)}
    outside = sorted(str(commit) for commit in own if commit not in steps)
    return f"{outside[0][:12]} is not part of what lands" if outside else None
