"""Keeps what this process knows (tokens in environment and memory) from others and from disks."""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4  # <sys/prctl.h>
_NONE_TO_ANYBODY = 1  # bytes: too small for a file, and the one limit that programs get nothing at


def leave_no_core() -> None:
    """If this process or one that it starts crashes, no image of its memory is written."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    limit = _NONE_TO_ANYBODY if most == resource.RLIM_INFINITY else min(_NONE_TO_ANYBODY, most)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (limit, most))


def keep_private() -> None:
    """On Linux other processes of the same user can no longer read /proc/<pid>/environ or memory.

    Root can, and so can whoever may become root: code that is not trusted belongs in another job.
    """
    leave_no_core()
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
