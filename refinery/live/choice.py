"""What stands under the cursor: a candidate, a merge request, or nothing."""

from __future__ import annotations

from refinery.live.log_files import Logs, logs_of_mr, logs_of_run
from refinery.live.snapshot import Snapshot
from refinery.queue.board import Line, Running
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` names a candidate where `of_runs`, else a merge request."""

    snapshot: Snapshot
    key: str
    of_runs: bool

    @property
    def run(self) -> Running | None:
        """The candidate, while it is tested."""
        runs = self.snapshot.board.running if self.of_runs else ()
        return next((each for each in runs if each.name == self.key), None)

    @property
    def mr(self) -> MergeRequest | None:
        """The merge request; of a candidate, its only member."""
        if not self.of_runs:
            return self.snapshot.view.mrs.get(MrId(self.key))
        members = self.run.members if self.run else ()
        return self.snapshot.view.mrs.get(members[0]) if len(members) == 1 else None

    @property
    def line(self) -> Line | None:
        """Its line in the queue, while it is open."""
        return self.snapshot.board.of(self.mr.id) if self.mr else None

    @property
    def logs(self) -> Logs:
        """What this clone has of its checks' output."""
        if self.of_runs:
            return logs_of_run(self.snapshot, self.key)
        return logs_of_mr(self.snapshot, self.mr) if self.mr else ()

    @property
    def why_no_line(self) -> str:
        """Why nothing can be decided about it."""
        if self.mr is not None:
            return f"{self.mr.id} has ended, and what has ended never changes"
        return "choose one of its members in the queue"
