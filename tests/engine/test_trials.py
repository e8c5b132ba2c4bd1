"""What conflicts with its target as things stand now: asked before somebody is let go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refinery.engine.conflicts import can_go_on, trial
from refinery.engine.engine import Engine
from refinery.records.merge_request import Block, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.values import replace
from tests.sandbox import Sandbox

REBASED = "version: 1\nmethod: rebase\n"


@pytest.fixture
def engine(box: Sandbox) -> Iterator[Engine]:
    box.advance({"a.txt": "1\n2\n3\n", "b.txt": "b\n"})
    with box.queue(engine=True) as queue:
        yield queue.engine(lambda _: None)


def tried(engine: Engine, id: MrId) -> tuple[str, ...] | None:
    engine.refresh()
    mr = engine.view.mrs[id]
    return trial(engine, mr, engine.view.targets[mr.target])


def main(box: Sandbox) -> Sha:
    tip = box.sha("main", at=box.origin)
    assert tip is not None
    return tip


def blocked(engine: Engine, id: MrId, *, head: Sha | None = None) -> MergeRequest:
    mr = engine.view.mrs[id]
    block = Block("conflict", head or mr.head, engine.view.targets[mr.target], ("a.txt",))
    return replace(mr, block=block)


def test_the_files_are_named_or_it_can_be_put_there(box: Sandbox, engine: Engine) -> None:
    before = main(box)
    fits = box.request("fits", {"f.txt": "f\n"}, onto=before)
    clashes = box.request("clashes", {"a.txt": "1\nmine\n3\n", "b.txt": "mine\n"}, onto=before)
    box.advance({"a.txt": "1\ntheirs\n3\n", "b.txt": "theirs\n"})
    assert tried(engine, fits) is None
    assert tried(engine, clashes) == ("a.txt", "b.txt")
    assert can_go_on(engine, blocked(engine, fits))
    assert not can_go_on(engine, blocked(engine, clashes))


def test_a_new_commit_is_looked_at_when_its_turn_comes(box: Sandbox, engine: Engine) -> None:
    before = main(box)
    id = box.request("clashes", {"a.txt": "1\nmine\n3\n"}, onto=before)
    box.advance({"a.txt": "1\ntheirs\n3\n"})
    assert tried(engine, id) == ("a.txt",)
    assert can_go_on(engine, blocked(engine, id, head=before))


def test_without_its_target_nothing_goes_on(box: Sandbox, engine: Engine) -> None:
    id = box.request("fits", {"f.txt": "f\n"}, onto=main(box))
    engine.refresh()
    mr = blocked(engine, id)
    assert can_go_on(engine, mr)
    assert not can_go_on(engine, replace(mr, target=Branch("gone")))


def test_histories_that_never_met_cannot_be_joined(box: Sandbox, engine: Engine) -> None:
    id = box.request("feat", {"f.txt": "f\n"}, onto=main(box))
    box.git("switch", "-q", "--orphan", "alien")
    box.git("commit", "-q", "--allow-empty", "-m", "Alien")
    alien = box.sha("refs/heads/alien", at=box.path)
    assert alien is not None
    engine.refresh()
    assert trial(engine, engine.view.mrs[id], alien) == ()


def test_what_merges_may_conflict_commit_by_commit(box: Sandbox, engine: Engine) -> None:
    """The first of its commits makes a line what the second makes it not be any more."""
    before = main(box)
    box.commit("there-and-back", {"a.txt": "1\nmine\n3\n"}, onto=before)
    id = box.request("there-and-back", {"a.txt": "1\n2\n3\n", "c.txt": "c\n"})
    box.advance({"a.txt": "1\ntheirs\n3\n"})
    assert tried(engine, id) is None
    box.config(REBASED)
    assert tried(engine, id) == ("a.txt",)
    box.config("version: 1\nmethod: nonsense\n")
    assert tried(engine, id) is None, "a broken configuration asks for nothing"


def test_what_it_stands_on_has_landed_as_another_commit(box: Sandbox, engine: Engine) -> None:
    """The top changes what the bottom made: without the bottom's own commit that is a conflict."""
    box.config("version: 1\nmethod: squash\nbatch: {max: 1}\n")
    box.request("bottom", {"a.txt": "1\nbottom\n3\n"}, onto=main(box))
    top = box.request("top", {"a.txt": "1\ntop\n3\n"}, onto="bottom")
    assert box.cli("process", "--once").code == 0
    assert box.landed == ["bottom"]
    assert tried(engine, top) is None
    box.config(REBASED)
    assert tried(engine, top) is None
    assert can_go_on(engine, blocked(engine, top))
