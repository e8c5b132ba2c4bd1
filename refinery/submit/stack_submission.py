"""Submits the branches of a stack in one push, each after the one below it."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.records.names import Sha, branch_ref
from refinery.submit.branches import Overwrite
from refinery.submit.local_stack import Level, LocalStack, NoStack
from refinery.submit.restacking import Restacked
from refinery.submit.submitting import Door, Options, Outcome, prepare, together


def submit_stack(
    door: Door,
    stack: LocalStack,
    *,
    unit: str | None = None,
    priority: int | None = None,
    overwrite: Overwrite = Overwrite.NEVER,
) -> list[Outcome]:
    """Queue every open level; doing it again changes nothing."""
    open = {each.branch for each in stack.open}
    options = [
        Options(
            branch=each.branch,
            target=stack.target,
            depends_on=(each.below,) if each.below in open else (),
            unit=unit,
            priority=priority,
            overwrite=overwrite,
        )
        for each in stack.open
    ]
    return _submitted(door, options)


def push_again(door: Door, stack: LocalStack, found: Sequence[Restacked]) -> list[Outcome]:
    """Push what was rebased over what was last seen there, and queue anew what was queued."""
    queued = [one.level for one in found if one.moved and _is_queued(one.level)]
    options = [
        Options(branch=each.branch, target=stack.target, overwrite=Overwrite.SEEN)
        for each in queued
    ]
    return _submitted(door, options) if options else []


def pushes(door: Door, found: Sequence[Restacked]) -> dict[str, Sha]:
    """The branches that the remote has and that are to move, each with where it was last seen."""
    moved = [one.level.branch for one in found if one.moved]
    refs = [door.store.mirror.local(branch_ref(branch)) for branch in moved]
    seen = door.repo.reader.read_many(refs)
    return {str(branch): there.oid for branch, there in zip(moved, seen, strict=True) if there}


def _is_queued(level: Level) -> bool:
    return level.mr is not None and not level.mr.closed


def _submitted(door: Door, options: Sequence[Options]) -> list[Outcome]:
    """Each is looked at before its branch is fetched: a lease is on what was seen before."""
    return together(door, [(each, prepare(door, each)) for each in options])


def nothing_open(stack: LocalStack) -> NoStack:
    """All of it is in the target."""
    return NoStack(
        f"all of the stack of {stack.current} has landed on {stack.target}",
        hint=f"git switch {stack.target}",
    )
