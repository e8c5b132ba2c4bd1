"""The integration branch of an epic: what is on it, what it waits for, and whether it may land."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from refinery.config.integration import EpicLanding, Integration
from refinery.queue.order import live
from refinery.queue.submission import Relation, Request, submit
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import ISSUE_REF, Branch, MrId, Sha
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class EpicState:
    """An epic as the queue and its branch show it; `head` is None where there is no branch.

    `landed` are the merge requests on the branch that the target lacks, oldest first; `unfinished`
    are open ones that are to land on it, or belong to the epic; `landing` is the branch's own merge
    request, `done` whether the target has all of it: it landed, or landed and the branch is gone.
    """

    epic: str
    branch: Branch
    target: Branch
    head: Sha | None
    commits: int
    landed: tuple[MrId, ...]
    unfinished: tuple[MrId, ...]
    landing: MergeRequest | None
    done: bool = False

    @property
    def obstacle(self) -> str | None:
        """Why it may not land as a unit now; None where it may."""
        if self.done:
            return f"it has landed on {self.target} already"
        if self.head is None:
            return f"there is no branch {self.branch}"
        if not self.commits:
            return f"{self.branch} has nothing that {self.target} lacks"
        if self.unfinished:
            count = len(self.unfinished)
            what = "merge request is" if count == 1 else "merge requests are"
            return f"{count} {what} unfinished: {', '.join(self.unfinished[:5])}"
        return None


def epic_state(
    view: View,
    epic: str,
    branch: Branch,
    target: Branch,
    *,
    head: Sha | None,
    commits: int,
    landed: Sequence[MrId],
) -> EpicState:
    """What is known of an epic."""
    own = [mr for mr in live(view) if mr.branch == branch and mr.target == target]
    was_landed = any(
        (mr.branch, mr.target, mr.close_reason) == (branch, target, CloseReason.MERGED)
        and head in (None, mr.head)
        for mr in view.mrs.values()
    )
    unfinished = [
        mr.id
        for mr in live(view)
        if mr.target == branch or (mr.epic == epic and mr.branch != branch)
    ]
    return EpicState(
        epic=epic,
        branch=branch,
        target=target,
        head=head,
        commits=commits,
        landed=tuple(landed),
        unfinished=tuple(unfinished),
        landing=own[0] if own else None,
        done=was_landed or (head is not None and not commits and branch in view.header.landed),
    )


@dataclass(frozen=True, slots=True)
class Finished:
    """An epic of which everything that was submitted has landed on its branch, or was given up."""

    epic: str
    branch: Branch
    target: Branch


def finished(view: View, rules: Integration) -> list[Finished]:
    """The epics whose branches could be queued by themselves, as far as the records tell."""
    if rules.land is EpicLanding.BY_HAND:
        return []
    target = view.header.default_target
    open = live(view)
    busy = {mr.target for mr in open} | {mr.branch for mr in open}
    unfinished = {mr.epic for mr in open}
    return [
        Finished(epic, Branch(branch), target)
        for branch in sorted(view.header.landed)
        if branch not in busy and branch != target
        if (epic := rules.epic_of(branch)) is not None and epic not in unfinished
    ]


def queued(view: View, epic: Finished, head: Sha, *, by: str, now: datetime) -> Edit | None:
    """The edit that queues an epic's branch as one merge request; None where it is not due."""
    before = [mr for mr in view.mrs.values() if mr.branch == epic.branch and mr.head == head]
    if before or epic.branch in {mr.target for mr in live(view)}:
        return None
    request = Request(
        branch=epic.branch,
        target=epic.target,
        head=head,
        worker=by,
        title=title_of(epic.epic),
        source_issue=issue_of(epic.epic),
        epic=epic.epic,
        target_reason="the epic is finished",
    )
    choice = submit(view, request, relation=Relation.AHEAD, now=now)
    return choice if isinstance(choice, Edit) else None


def title_of(epic: str) -> str:
    """What people call the merge request that lands an epic."""
    return f"Epic {epic}"


def issue_of(epic: str) -> str | None:
    """The issue that an epic is called as, if it is called as one: 42, #42, github#42."""
    named = re.fullmatch(r"#?[1-9][0-9]*", epic) or ISSUE_REF.fullmatch(epic)
    return epic if named else None
