"""Submits branches as the remote shows them now, whatever a delivery said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from refinery.app import Queue
from refinery.records.names import Branch, Sha
from refinery.store.view import View
from refinery.submit.authorship import is_submitted_by_push
from refinery.submit.submitting import Options, Outcome, settings, submit
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Follower:
    """The queue with some branches as they are on the remote, read together."""

    queue: Queue
    view: View
    patterns: tuple[str, ...]

    def tip(self, branch: Branch) -> Sha | None:
        """The commit that the remote's branch is at; None where there is no such branch."""
        return self.view.targets.get(branch)

    def is_wanted(self, branch: Branch) -> bool:
        """Whether a plain push of it asks for the queue."""
        return asks(self.view, branch, self.patterns)

    def submit(
        self, branch: Branch, head: Sha, *, target: Branch | None = None, title: str | None = None
    ) -> Outcome:
        """Queue the remote's branch at this commit."""
        options = Options(branch=branch, target=target, head=head, title=title, move_branch=False)
        return submit(self.queue, options, view=self.view)


def asks(view: View, branch: Branch, patterns: Sequence[str]) -> bool:
    """Whether a plain push of a branch asks for the queue.

    Targets do not, whatever the patterns say.
    """
    targets = {view.header.default_target, *view.header.landed}
    return branch not in targets and is_submitted_by_push(branch, patterns)


@contextmanager
def following(queue: Queue, branches: Iterable[Branch]) -> Iterator[Follower]:
    """Read the queue together with these branches; afterwards they are not followed any more.

    A store goes on fetching what it was told to follow, and takes it for a target.
    """
    before = set(queue.store.targets)
    queue.store.targets |= set(branches)
    try:
        view = queue.store.read()
        yield Follower(queue, view, settings(queue, view)[0].branches)
    finally:
        queue.store.targets.clear()
        queue.store.targets |= before
