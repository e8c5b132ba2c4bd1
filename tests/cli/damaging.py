"""Damages queues by hand, in every way that people and servers could, and asks what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from refinery.queue.claiming import Claimant, claim
from refinery.queue.folding import fold
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.store import layout
from refinery.store.update import Committed
from tests.sandbox import Result, Sandbox

QUEUE = "refs/refinery/queue"


def fsck(box: Sandbox) -> Result:
    return box.cli("fsck", "--json")


def found(box: Sandbox) -> list[tuple[str, str]]:
    """Severity and code of each finding; the exit code says whether there are errors."""
    done = fsck(box)
    rows = [(each["severity"], each["code"]) for each in done.json["findings"]]
    assert done.code == (1 if any(severity == "error" for severity, _ in rows) else 0)
    return rows


def forge(box: Sandbox, files: Mapping[str, str | None], ref: str = QUEUE) -> None:
    """Change files of a ref by hand, as a transaction that nobody checked."""
    box.git("fetch", "-q", "origin", f"+{ref}:refs/heads/forged")
    operation = f"forged-{len(box.git('rev-list', 'forged').split())}"
    box.commit("forged", files, message=f"forged\n\nRefinery-Op: {operation}")
    push(box, "forged", ref)
    box.git("branch", "-D", "-q", "forged")


def push(box: Sandbox, value: str, ref: str) -> None:
    box.git("push", "-q", "--no-verify", "origin", f"+{value}:{ref}")


def rewrite(box: Sandbox, id: MrId, change: Callable[[MergeRequest], MergeRequest]) -> None:
    changed = document.write(change(box.mr(id))).decode()
    forge(box, {layout.mr_path(id): changed})


def folded(box: Sandbox, *branches: str) -> list[MrId]:
    """Requests that are in the queue, not in its inbox."""
    ids = [box.request(branch) for branch in branches]
    fold_all(box)
    return ids


def fold_all(box: Sandbox) -> None:
    assert isinstance(box.queue().update(lambda view: fold(view, box.clock())), Committed)


def land(box: Sandbox, *branches: str) -> None:
    for branch in branches:
        box.request(branch)
    assert box.cli("process", "--drain", "--quiet").code == 0


def claim_ref(box: Sandbox, id: MrId) -> str:
    by = Claimant("bob", "f" * 32, box.clock(), timedelta(minutes=10))
    assert isinstance(box.queue().update(lambda view: claim(view, [id], by)), Committed)
    box.git("fetch", "-q", "origin", f"+refs/refinery/claims/{id}:refs/claimed")
    return str(box.sha("refs/claimed", at=box.path))
