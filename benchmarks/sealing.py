"""The environment every process of a benchmark gets: nobody's configuration, bytecode kept."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "REFINERY_REAL_HISTORY")


def seal(cache: Path) -> None:
    """Make it this process's own, so that everything it starts inherits it.

    An installed package has its bytecode beside it; what runs from a checkout keeps it in `cache`.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(
        LC_ALL="C.UTF-8",
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_TERMINAL_PROMPT="0",
        GIT_AUTHOR_NAME="Ada Author",
        GIT_AUTHOR_EMAIL="ada@example.com",
        GIT_COMMITTER_NAME="Carl Committer",
        GIT_COMMITTER_EMAIL="carl@example.com",
        PYTHONPATH=str(CHECKOUT),
        PYTHONPYCACHEPREFIX=str(cache / "bytecode"),
        REFINERY_WORKER="bench",
    )
