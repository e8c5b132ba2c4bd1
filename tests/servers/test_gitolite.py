"""gitolite: its own rules say who may what, the guard puts it in words."""

from __future__ import annotations

from functools import cache

import pytest

from tests.sandbox import Sandbox
from tests.servers import guide, rights
from tests.servers.gitolite import Gitolite


@pytest.fixture
def gitolite(box: Sandbox) -> Gitolite:
    """gitolite with the sandbox's origin in it, and the rules that the guide shows."""
    made = Gitolite(box.root / "git")
    made.host(box, "project", guide.block("@developers = ada bob"))
    guide.install_hooks(box)
    return made


def test_a_whole_life(gitolite: Gitolite, box: Sandbox) -> None:
    """By the rules of gitolite, then with the guard's words where it is told who is who."""
    connect = cache(lambda user: gitolite.clone(box, "project", user))
    rights.whole_life(box, connect, " project ada DENIED by fallthru")
    ada = connect("ada")
    ada.commit("mr/three")
    ada.push("mr/three")
    guide.name_engines(box)
    assert rights.BY_NAME in ada.cli("claim", box.mr("mr/three").id).err
    why = "refused: refs/heads/main: it moves only through the queue"
    assert why in direct(ada)
    assert why in direct(connect("refinery"))
    (box.origin / "hooks" / "pre-receive").unlink()
    assert "FATAL: W refs/heads/main project ada DENIED by refs/heads/main$" in direct(ada)


def direct(clone: Sandbox) -> str:
    """What the server says to a push to the target."""
    tip = clone.sha("main")
    clone.commit("main", {"direct.txt": clone.worker}, onto="main")
    said = clone.push("main", check=False).err
    assert clone.sha("main") == tip
    return said
