"""Names a worker so that others on the same machine can tell when its process is gone."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path

_NAME = r".+-(?P<pid>\d+)-(?P<machine>[0-9a-f]{6})(?P<salt>[0-9a-f]{6})"


def worker_name(*, outlives_process: bool) -> str:
    """Host, pid and a random part.

    A worker that ends with its process also names this boot of this machine (or container), so that
    others here can tell that it is gone.  A claim made by hand outlives the command that made it.
    """
    salt = os.urandom(3).hex()
    machine = "" if outlives_process else _machine()
    return f"{_host()[:100]}-{os.getpid()}-{machine}{salt}"


def _host() -> str:
    """The machine's name; `socket` knows it everywhere, and costs ten times as much."""
    if sys.platform != "win32":
        return os.uname().nodename
    import socket

    return socket.gethostname()


def is_dead_worker(worker: str) -> bool:
    """Whether a worker with a name of ours ran here and has ended; False where nobody knows."""
    found = re.fullmatch(_NAME, worker)
    if found is None or not _machine() or found["machine"] != _machine():
        return False
    try:
        os.kill(int(found["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@cache
def _machine() -> str:
    """Six hex digits for this boot and process namespace; empty where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        namespace = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - not a path
    except OSError:
        return ""
    import hashlib

    return hashlib.sha256(f"{boot} {namespace}".encode()).hexdigest()[:6]
