"""Makes of any Python one that knows of POSIX no more than Windows does, as far as refinery goes.

What Windows lacks is taken away, and to refinery's own modules `sys.platform` is win32.
"""

from __future__ import annotations

import importlib.machinery
import os
import signal
import socket
import subprocess  # decides what it is on before the stand-in is there
import sys
import time
import types
from typing import Any

LACKING = {
    os: "O_CLOEXEC O_NONBLOCK getuid killpg mkfifo pidfd_open setsid uname waitid",
    signal: "SIGALRM SIGHUP SIGKILL SIGQUIT SIGUSR1 pthread_sigmask",
    socket: "AF_UNIX SOCK_CLOEXEC",
    time: "CLOCK_MONOTONIC clock_gettime_ns",
    subprocess: "",
}

if sys.platform != "win32":
    import fcntl

    for module, names in LACKING.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)

    def locking(descriptor: int, mode: int, length: int) -> None:
        """What `msvcrt.locking` does there."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    msvcrt: Any = types.ModuleType("msvcrt")
    msvcrt.locking, msvcrt.LK_NBLCK = locking, 2
    sys.modules["msvcrt"] = msvcrt
    for absent in ("fcntl", "grp", "pwd", "resource", "termios"):
        sys.modules[absent] = None  # type: ignore[assignment]

    class Loader(importlib.machinery.SourceFileLoader):
        """Loads refinery as it would be read on Windows; nothing of it comes out of a cache."""

        def get_code(self, fullname: str) -> Any:
            path = self.get_filename(fullname)
            source = self.get_data(path)
            if fullname.partition(".")[0] != "refinery":
                return super().get_code(fullname)
            return self.source_to_code(source.replace(b"sys.platform", b"'win32'"), path)

    hook = importlib.machinery.FileFinder.path_hook(
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (Loader, importlib.machinery.SOURCE_SUFFIXES),
        (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
    )
    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
