"""Where the servers that tests need are: as scripts/servers unpacked them, or installed."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.sandbox import CHECKOUT

UNPACKED = Path(sys.prefix) / "servers"
FOLDERS = ("usr/bin", "usr/sbin", "usr/share/gitolite3")


@cache
def tool(name: str) -> Path:
    """A program; the test is skipped where it is neither unpacked nor installed."""
    places = [str(root / folder) for root in (UNPACKED, Path("/")) for folder in FOLDERS]
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not there: scripts/servers brings it on Debian and Ubuntu")
    return Path(found).resolve()


def environment(home: Path) -> dict[str, str]:
    """What a server's programs see: nothing of the test's own, and the libraries unpacked."""
    libraries = [str(path) for path in UNPACKED.glob("usr/lib/*-linux-gnu*")]
    told = {
        "HOME": str(home),
        "PATH": f"{UNPACKED / 'usr/bin'}{os.pathsep}{os.environ['PATH']}",
        "LD_LIBRARY_PATH": os.pathsep.join(libraries),
        "PERL5LIB": str(UNPACKED / "usr" / "share" / "perl5"),
        **hooks_environment(),
    }
    return {name: value for name, value in told.items() if value}


def hooks_environment() -> dict[str, str]:
    """What lets the hooks of a server find this checkout, and its bytecode."""
    bytecode = os.environ.get("PYTHONPYCACHEPREFIX", "")
    told = {"PYTHONPATH": str(CHECKOUT), "PYTHONPYCACHEPREFIX": bytecode}
    return {"GIT_CONFIG_NOSYSTEM": "1"} | {name: value for name, value in told.items() if value}


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
