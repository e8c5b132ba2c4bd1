"""Smart HTTP with authentication: who may what, wrong credentials, servers that die."""

from __future__ import annotations

from tests.sandbox import Sandbox
from tests.servers import rights
from tests.servers.smart_http import GitServer


def refused(ref: str) -> str:
    return f"{ref}: only refinery may write it, not ada (refinery.engines)"


def test_a_whole_life(guarded: Sandbox, web: GitServer) -> None:
    rights.whole_life(guarded, lambda user: web.clone(guarded, user))


def test_developers_do_not_run_the_queue(guarded: Sandbox, web: GitServer) -> None:
    rights.developers_do_not_run_the_queue(guarded, lambda user: web.clone(guarded, user), refused)


def test_nobody_pushes_to_the_target(guarded: Sandbox, web: GitServer) -> None:
    why = "refused: refs/heads/main: it moves only through the queue"
    rights.nobody_pushes_to_the_target(
        guarded, lambda user: web.clone(guarded, user), {"ada": why, "refinery": why}
    )
