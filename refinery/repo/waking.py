"""Wakes the processor of a clone: what was submitted here need not wait for its next look."""

from __future__ import annotations

import os
import sys

from refinery.repo.repository import Repository

EAR = "processor.ask"
"""The pipe in a clone's state folder that its processor listens to."""


def wake(repo: Repository) -> None:
    """A processor that runs for this very clone looks at the queue now; nobody waits for it."""
    if sys.platform == "win32":
        return  # no processor runs there
    try:
        pipe = os.open(repo.common_dir / "refinery" / EAR, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return  # none runs
    try:
        os.write(pipe, b"look\n")
    except OSError:
        return  # it ended in this moment
    finally:
        os.close(pipe)
