"""Keeps what this process knows (tokens in its environment and memory) from what it starts."""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4  # <sys/prctl.h>


def keep_private() -> None:
    """On Linux other processes of the same user can no longer read /proc/<pid>/environ or memory.

    Root can, and so can whoever may become root: code that is not trusted belongs in another job.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
