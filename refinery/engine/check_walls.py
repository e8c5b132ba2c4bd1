"""What a sandboxed check sees of the machine: the system, read only, and what it is given."""

from __future__ import annotations

from pathlib import Path

from refinery.typed import Final
from refinery.values import dataclass

SYSTEM: Final = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/etc", "/opt", "/sys", "/nix/store", "/gnu/store"),
)
"""Where programs lie, and how they are configured; secrets of services do not belong there."""
SECRETS: Final = ("/etc/refinery",)
"""Where this project's own documentation has people keep tokens."""
PRIVATE: Final = ("/tmp", "/var/tmp", "/run")
"""Empty to each check, and gone after it; what else there is does not exist inside."""
RESOLVER: Final = Path("/etc/resolv.conf")
_GONE: Final = ("TMP", "TEMP", "XDG_RUNTIME_DIR")


@dataclass(frozen=True, slots=True)
class Walls:
    """Which places a check may read and write besides the system's, and whether it has a network.

    `home` is where it finds its own, empty one.
    """

    writable: tuple[Path, ...]
    readable: tuple[Path, ...]
    network: bool
    home: Path

    @classmethod
    def around(
        cls, *, writable: tuple[Path, ...], readable: tuple[Path, ...], network: bool, home: str
    ) -> Walls:
        """Links are followed: a path is there under both of its names."""
        shown = (*readable, RESOLVER.resolve()) if network else readable
        return cls(_both(writable), _both(shown), network, _home(home))

    def environment(self, given: dict[str, str]) -> dict[str, str]:
        """Without what leads to places that are not there."""
        kept = {name: value for name, value in given.items() if name not in _GONE}
        return {**kept, "TMPDIR": "/tmp", "HOME": str(self.home)}

    @property
    def emptied(self) -> tuple[Path, ...]:
        """Folders that are there, empty and its own."""
        homes = [] if self.home == Path("/tmp") else _both([self.home])
        return tuple(dict.fromkeys((*map(Path, PRIVATE), *homes)))


def _both(paths: tuple[Path, ...] | list[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(each for path in paths for each in (path, path.resolve())))


def _home(told: str) -> Path:
    """Where it is, unless that would hide the system."""
    home = Path(told or "/")
    hides = not home.is_absolute() or any(Path(each).is_relative_to(home) for each in SYSTEM)
    return Path("/tmp") if hides else home
