"""Checks under bubblewrap: namespaces of their own, made without any privilege."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from refinery.engine.check_walls import SECRETS, SYSTEM, Walls
from refinery.typed import Final

PROGRAM: Final = "bwrap"
PACKAGE: Final = "bubblewrap"

# bwrap must outlive the SIGTERM that asks the check to tidy up: its end is that of all inside.
# No --new-session: the runner makes one without a terminal, and one group must reach both sides.
_OUTSIDE: Final = ("env", "--ignore-signal=TERM", PROGRAM)
_INSIDE: Final = ("env", "--default-signal=TERM", "/bin/sh", "-c", ': >"$0" && exec "$@"')
_NAMESPACES: Final = (
    *("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"),
    "--die-with-parent",
)


def command(walls: Walls, argv: Sequence[str], *, directory: Path, mark: Path) -> tuple[str, ...]:
    """The command as bubblewrap runs it; its environment is that of bubblewrap."""
    words = [*_OUTSIDE, *_NAMESPACES]
    if not walls.network:
        words.append("--unshare-net")
    words += ["--proc", "/proc", "--dev", "/dev"]
    for _, _, *mount in sorted(_mounts(walls)):
        words += mount
    words += ["--remount-ro", "/", "--chdir", str(directory)]
    return (*words, "--", *_INSIDE, str(mark), *argv)


def _mounts(walls: Walls) -> Iterator[tuple[int, int, str, *tuple[str, ...]]]:
    """In the order in which they have to be made: what lies within another comes after it."""
    emptied = [*walls.emptied, *(secret for secret in map(Path, SECRETS) if secret.is_dir())]
    kinds = (
        ("--tmpfs", emptied),
        ("--ro-bind-try", [*map(Path, SYSTEM), *walls.readable]),
        ("--bind-try", walls.writable),
    )
    for rank, (kind, places) in enumerate(kinds):
        for place in places:
            names = [str(place)] if kind == "--tmpfs" else [str(place)] * 2
            yield len(place.parts), rank, kind, *names
