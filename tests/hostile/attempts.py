"""What a hostile check tries, run as one: each attempt, and whether it came to anything.

python attempts.py FACTS    FACTS is a JSON file that says where there is something to be had
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FACTS = json.loads(Path(sys.argv[1]).read_text()) if __name__ == "__main__" else {}
PTRACE_ATTACH, PTRACE_DETACH = 16, 17


def reads(name: str) -> Callable[[], bool]:
    return lambda: b"canary" in Path(FACTS[name]).read_bytes()


def writes(name: str) -> Callable[[], bool]:
    def attempt() -> bool:
        place = Path(FACTS[name])
        place.write_text("#!/bin/sh\necho owned\n")
        return place.exists()

    return attempt


def removes(name: str) -> Callable[[], bool]:
    def attempt() -> bool:
        Path(FACTS[name]).unlink()
        return True

    return attempt


def connects(family: socket.AddressFamily, name: str) -> Callable[[], bool]:
    def attempt() -> bool:
        told = FACTS[name]
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(5)
            line.connect(tuple(told) if isinstance(told, list) else told)
            return line.recv(6) == b"canary"

    return attempt


def kills() -> bool:
    os.kill(FACTS["victim"], signal.SIGUSR1)
    return True


def traces() -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    if library.ptrace(PTRACE_ATTACH, FACTS["victim"], None, None):
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(FACTS["victim"], 0x40000000)  # __WALL
    library.ptrace(PTRACE_DETACH, FACTS["victim"], None, None)
    return True


def sees_processes() -> bool:
    """Whether anybody's command line says what only the victim's does."""
    return any(
        FACTS["word"].encode() in Path(entry, "cmdline").read_bytes()
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and int(entry.name) != os.getpid()
    )


def survives() -> bool:
    """A process of no group of ours, without a variable to be known by, that ignores everything."""
    if os.fork():
        return True
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 100)
    os.execve("/bin/sleep", [FACTS["survivor"], "300"], {})


def attempts() -> Iterator[tuple[str, Callable[[], bool]]]:
    for name in FACTS:
        kind = name.partition(" ")[0]
        if kind in ("read", "write", "remove"):
            yield name, {"read": reads, "write": writes, "remove": removes}[kind](name)
    yield "connect to a server on this machine", connects(socket.AF_INET, "address")
    yield "connect to a socket that is a file", connects(socket.AF_UNIX, "socket")
    yield "connect to a socket without a file", connects(socket.AF_UNIX, "abstract")
    yield "see others' processes", sees_processes
    yield "trace a process", traces
    yield "signal a process", kills
    yield "survive", survives


def main() -> None:
    had: dict[str, bool] = {}
    for name, attempt in attempts():
        with contextlib.suppress(OSError):
            had[name] = False
            had[name] = attempt()
    Path("attempted.json").write_text(json.dumps(had))


if __name__ == "__main__":
    main()
