"""The guard lets a history begin anew that is kept, and nobody take any of it away."""

from __future__ import annotations

import pytest

from refinery.store.compaction import Compacted, compact, long_lines
from refinery.store.trail import CONTINUES
from tests.conftest import Begin
from tests.hooks.conftest import said, serve
from tests.sandbox import Sandbox

QUEUE, KEPT = "refs/refinery/queue", "refs/refinery/history/queue-1"
REWRITTEN = "its history would be rewritten: it only ever grows"


def _queue_one(box: Sandbox) -> None:
    serve(box)
    box.commit("feat", {"a.txt": "a\n"})
    id = box.submit("feat")
    box.cli("hold", id, "--reason", "test")


@pytest.fixture
def queued(begin: Begin) -> Sandbox:
    """One merge request, folded, behind a guard."""
    return begin(_queue_one)


def test_a_history_that_is_kept_begins_anew_and_goes_on(queued: Sandbox) -> None:
    store = queued.queue().store
    for _ in range(2):
        lines = long_lines(store, {store.refs.queue: 1})
        done = [compact(store, store.read(), line, worker="w") for line in lines]
        assert [type(each) for each in done] == [Compacted]
        assert queued.cli("unhold", "feat").code == 0
        assert queued.cli("hold", "feat", "--reason", "test").code == 0
    assert queued.cli("fsck").code == 0
    events = [each["event"] for each in queued.cli("log", "--json").json]
    assert events.count("compacted") == 2
    assert events.count("held") == 3


@pytest.mark.journey
@pytest.mark.parametrize("change", ["not kept", "another tree", "another tip"])
def test_nothing_may_get_lost_when_it_begins_anew(queued: Sandbox, change: str) -> None:
    git, place = queued.git, queued.path
    git("fetch", "-q", "origin", f"{QUEUE}:{QUEUE}")
    tip = git("rev-parse", QUEUE).strip()
    if change != "not kept":
        git("push", "-q", "origin", f"{tip}:{KEPT}")
    tree = git("mktree") if change == "another tree" else f"{tip}^{{tree}}"
    told = git("rev-parse", "origin/main").strip() if change == "another tip" else tip
    message = f"begin anew\n\n{CONTINUES}: {told}\nRefinery-Op: {'0' * 32}\n"
    forged = git("commit-tree", tree.strip(), "-m", message, cwd=place).strip()
    done = queued.run_git("push", "--force", "origin", f"{forged}:{QUEUE}")
    assert done.code != 0
    assert said(done)[0] == f"refused: {QUEUE}: {REWRITTEN}"


@pytest.mark.journey
def test_what_is_kept_is_neither_deleted_nor_moved_elsewhere(queued: Sandbox) -> None:
    store = queued.queue().store
    for line in long_lines(store, {store.refs.queue: 1}):
        compact(store, store.read(), line, worker="w")
    tip = queued.git("ls-remote", "origin", QUEUE).split()[0]
    main = queued.git("rev-parse", "origin/main").strip()
    for refspec, why in {
        f":{KEPT}": "the queue's history is not deleted",
        f"+{tip}:{KEPT}": REWRITTEN,
        f"{main}:refs/refinery/history/queue-2": "it keeps nothing of the queue's",
        f"{main}:refs/refinery/history/other-1": "it keeps nothing of the queue's",
    }.items():
        done = queued.run_git("push", "origin", refspec)
        assert done.code != 0
        assert said(done)[0].endswith(why), said(done)
