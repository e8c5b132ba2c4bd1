"""Lets something go wrong in programs' dealings with their disk: shim.c, built and switched on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

_SOURCE = Path(__file__).with_name("shim.c")
_LINE = 128

MOVES = "m"
"""Renames, links and unlinks."""
WRITES = "w"
"""Writes into files, and their creation."""
ALL = "a"
"""Everything that asks for a file by its name."""


class NoCompiler(Exception):
    """Faults cannot be injected here."""


@cache
def library() -> Path:
    """The shim, built once for each version of its source."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        raise NoCompiler("a C compiler is needed, and Linux")
    digest = sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    built = Path(gettempdir(), f"refinery-shim-{os.getuid()}-{digest}.so")
    if not built.exists():
        made = built.with_suffix(f".{os.getpid()}")
        command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        made.rename(built)
    return built


@dataclass(frozen=True)
class Fault:
    """What goes wrong, at which of the calls that count; `at` 0: nothing, they are only counted.

    `log` has a line for each of these calls; see shim.c for the rest.
    """

    log: Path = Path(os.devnull)
    calls: str = MOVES
    kind: str = "after"
    at: int = 0
    within: str = ""
    parent_dies: bool = False
    pause: int = 0

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program has to be started with."""
        return {
            "LD_PRELOAD": str(library()),
            "FAULT_LOG": str(self.log),
            "FAULT_CALLS": self.calls,
            "FAULT_KIND": self.kind,
            "FAULT_AT": str(self.at),
            "FAULT_IN": self.within,
            "FAULT_ALSO": "parent" if self.parent_dies else "",
            "FAULT_PAUSE": str(self.pause),
        }

    @property
    def words(self) -> str:
        """The same as a beginning of a shell's command."""
        return "env " + " ".join(f"{name}='{value}'" for name, value in self.environment.items())

    @property
    def count(self) -> int:
        """How many calls there were."""
        return self.log.stat().st_size // _LINE if self.log.exists() else 0

    @property
    def was_met(self) -> bool:
        """Whether there were enough calls for it to happen."""
        return self.count >= self.at > 0

    @property
    def call(self) -> str:
        """The call at which it happened: program, call, end of the path."""
        with self.log.open("rb") as lines:
            lines.seek((self.at - 1) * _LINE)
            return " ".join(lines.read(_LINE).decode(errors="replace").split())

    @contextmanager
    def injected(self) -> Iterator[None]:
        """Into every program that this process starts meanwhile."""
        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
