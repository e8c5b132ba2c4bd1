"""The repositories that a soak is fought in, and the changes that are queued in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.aftermath import Start, all_decided
from benchmarks.told import Check, Told, tell
from benchmarks.world import World
from refinery.records.names import MrId
from tests.sandbox import Sandbox, make_template

CHECK = Check(median=0.4, shortest=0.1, longest=1.0, flake=0.02)
BAD = 0.08
BATCH = 30
LATE = 0.1  # of the merge requests, submitted while the others are worked on
CHANNEL = "TEAM"
NOTIFY = f"notify:\n- to: {CHANNEL}\n"


@dataclass
class Field:
    """The repositories, and the changes that are queued in them."""

    box: Sandbox
    changes: Sequence[Told]
    late: Sequence[str]
    clones: Sequence[Path]
    logs: Path
    log: Path
    start: Start
    ids: list[MrId]

    @classmethod
    def made(cls, root: Path, count: int, workers: int, seed: int) -> Field:
        """Everything as it is before the first worker comes."""
        (template := root / "template").mkdir(parents=True)
        make_template(template)
        (root / "field").mkdir()
        box = Sandbox.copied(template, root / "field")
        box.git("config", "core.logAllRefUpdates", "always", cwd=box.origin)
        files = CHECK.files(batch=BATCH, minutes=0.2)
        box.advance({**files, ".refinery.yaml": files[".refinery.yaml"] + NOTIFY})
        branches = [f"change/{number:04}" for number in range(count)]
        pairs, clashes = max(1, count // 50), max(1, count // 25)
        changes = tell(branches, bad=round(BAD * count), pairs=pairs, clashes=clashes, seed=seed)
        for each in changes:
            box.commit(each.branch, each.files)
        late = branches[count - round(LATE * count) :]
        ids = World(box.root, branches[: count - len(late)]).submit_all()
        clones = [box.clone(f"worker-{number}").path for number in range(workers)]
        (logs := root / "logs").mkdir()
        (log := logs / "runs").touch()
        return cls(box, changes, late, clones, logs, log, Start.of(box.origin), ids)

    def is_over(self) -> bool:
        """Whether all are submitted and decided."""
        return len(self.ids) == len(self.changes) and all_decided(self.box.path, self.ids)
