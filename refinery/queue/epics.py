"""The integration branch of an epic: what is on it, what it waits for, and whether it may land."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.queue.order import live
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class EpicState:
    """An epic as the queue and its branch show it; `head` is None where there is no branch.

    `landed` are the merge requests on the branch that the target lacks, oldest first; `unfinished`
    are open ones that are to land on it, or belong to the epic; `landing` is the branch's own merge
    request.
    """

    epic: str
    branch: Branch
    target: Branch
    head: Sha | None
    commits: int
    landed: tuple[MrId, ...]
    unfinished: tuple[MrId, ...]
    landing: MergeRequest | None

    @property
    def obstacle(self) -> str | None:
        """Why it may not land as a unit now; None where it may."""
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
    )
