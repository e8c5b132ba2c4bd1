"""gitolite: its own rules say who may what, the guard puts it in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox import Sandbox
from tests.servers import guide, rights
from tests.servers.gitolite import Gitolite


@pytest.fixture(scope="session")
def gitolite(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Gitolite:
    """One for all tests, as on a real server."""
    return Gitolite(tmp_path_factory.mktemp("gitolite") / "git")


def host(gitolite: Gitolite, box: Sandbox, name: str) -> rights.Connect:
    """The origin behind gitolite, with the rules that the guide shows."""
    rules = guide.block("@developers = ada bob").replace("repo project\n", f"repo {name}\n")
    gitolite.host(box, name, rules)
    return lambda user: gitolite.clone(box, name, user)



def test_a_whole_life(gitolite: Gitolite, box: Sandbox) -> None:
    connect = host(gitolite, box, "life")
    guide.install_hooks(box)
    guide.name_engines(box)
    rights.whole_life(box, connect)


def test_the_rules_of_gitolite_are_enough(gitolite: Gitolite, box: Sandbox) -> None:
    """Without the guard's own setting: what the guard lets through, gitolite does not."""
    connect = host(gitolite, box, "rules")
    guide.install_hooks(box)
    rights.developers_do_not_run_the_queue(
        box, connect, lambda ref: f"FATAL: W {ref} rules ada DENIED by fallthru"
    )


def test_nobody_pushes_to_the_target(gitolite: Gitolite, box: Sandbox) -> None:
    connect = host(gitolite, box, "target")
    guide.install_hooks(box)
    guide.name_engines(box)
    why = "refused: refs/heads/main: it moves only through the queue"
    rights.nobody_pushes_to_the_target(box, connect, {"ada": why, "refinery": why})
    (Path(box.origin) / "hooks" / "pre-receive").unlink()
    denied = "FATAL: W refs/heads/main target ada DENIED by refs/heads/main$"
    rights.nobody_pushes_to_the_target(box, connect, {"ada": denied})
