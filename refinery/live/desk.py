"""The desk: the only part of the live view that touches the queue, from one thread at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from refinery.adapters.forge_pages import forge_pages
from refinery.app import Queue
from refinery.config.config import Config
from refinery.errors import RefineryError
from refinery.live.snapshot import Processor, Snapshot
from refinery.queue.deeds import Order
from refinery.queue.folding import seen
from refinery.queue.tips import told_tips, with_tip
from refinery.records.issue import Issue
from refinery.records.names import IssueRef, Sha
from refinery.repo.history import is_ancestor
from refinery.store.peeking import moved
from refinery.store.update import Committed
from refinery.store.view import View
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An issue of a forge, and where it is shown; `""` where nobody knows."""

    issue: IssueRef
    url: str


@dataclass(slots=True)
class Desk:
    """A queue with what the view needs of it.

    `processor` tells of this clone's processor, `worded` words what the queue's rules refuse, `log`
    is where the processor writes.
    """

    queue: Queue
    processor: Callable[[], Processor]
    worded: Callable[[object], RefineryError]
    log: Path
    _view: View | None = field(default=None)
    _order: dict[tuple[Sha, Sha], bool] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the repository is called."""
        return self.queue.name

    def now(self) -> datetime:
        """The time, as the queue counts it."""
        return self.queue.now()

    def look(self) -> tuple[Snapshot, bool]:
        """The queue as it is now, and whether it moved; what is known already is not fetched."""
        known = self._view
        if known is None or moved(self.queue.store, known):
            self._view = self.queue.records()
        assert self._view is not None
        return self._snapshot(self._view), known is None or known.leases != self._view.leases

    def carry_out(self, order: Order) -> Snapshot:
        """Do it, and look at what came of it; a refusal is raised with its words."""
        done = self.queue.carry_out(order, by=self.queue.person)
        if not isinstance(done, Committed):
            raise self.worded(done)
        self._view = seen(done.view, self.now())
        return self._snapshot(self._view)

    def issue(self, issue: IssueRef) -> Issue | Elsewhere:
        """An issue of the embedded tracker, or the address of any other."""
        if issue.partition("#")[0] != "local":
            return Elsewhere(issue, self._address(issue))
        from refinery.adapters.local import NoSuchIssue

        found = self.queue.local_tracker().store.read().issues.get(issue)
        if found is None:
            raise NoSuchIssue(f"{issue} is not in the tracker")
        return found

    def close(self) -> None:
        """End the processes that were started."""
        self.queue.close()

    def _address(self, issue: IssueRef) -> str:
        view = self._view or self.queue.records()
        config = self.queue.configs(view).get(view.header.default_target) or Config()
        return forge_pages(self.queue.repo, config).issue(issue) or ""

    def _snapshot(self, view: View) -> Snapshot:
        repo = self.queue.repo
        configs = self.queue.configs(view)
        view = self._with_newest_tips(view)
        return Snapshot(
            name=self.queue.name,
            view=view,
            board=self.queue.board(view, configs=configs),
            configs=configs,
            processor=self.processor(),
            logs=repo.state_dir / "logs",
            remote=repo.remote_name() or "origin",
            at=self.queue.now(),
        )

    def _with_newest_tips(self, view: View) -> View:
        """Targets are not fetched: the records tell of newer tips than this clone has seen."""
        for target, tip in told_tips(view).items():
            here = view.targets.get(target)
            if here is None or not self._contains(here, tip.commit):
                view = with_tip(view, target, tip)
        return view

    def _contains(self, here: Sha, told: Sha) -> bool:
        """Whether what this clone has seen is the newer one, or the same."""
        if here == told:
            return True
        if (here, told) not in self._order:
            repo = self.queue.repo
            known = repo.reader.read(told) is not None
            self._order = {(here, told): known and is_ancestor(repo, told, here)}
        return self._order[here, told]
