"""Checks as units of the user's service manager, with what systemd takes away from services."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refinery.engine.check_walls import SECRETS, SYSTEM, Walls
from refinery.typed import Final

PROGRAM: Final = "systemd-run"
PACKAGE: Final = "systemd"

_CALL: Final = (
    *(PROGRAM, "--user", "--pipe", "--wait", "--collect", "--quiet", "--service-type=exec"),
)
_PROPERTIES: Final = (
    "PrivateUsers=yes",
    "PrivateDevices=yes",
    "PrivateIPC=yes",
    "ProtectHostname=yes",
    "ProtectControlGroups=yes",
    "ProtectKernelModules=yes",
    "ProtectClock=yes",
    "NoNewPrivileges=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "MountAPIVFS=yes",
    "KillMode=control-group",
    "LimitCORE=0",
    "TemporaryFileSystem=/:ro",
)
# Units have no process namespace of their own before systemd 257, and could signal the worker.
_INSIDE: Final = (
    *("unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child"),
    *("--mount-proc", "--"),
    # Not `exec`: the first process of a namespace ignores signals that would end any other.
    *("/bin/sh", "-c", ': >"$0" && "$@"; exit $?'),
)
_MORE = 60  # seconds beside a check's own limit, after which a unit that nobody watches is ended


def command(
    walls: Walls,
    argv: Sequence[str],
    *,
    directory: Path,
    mark: Path,
    names: Sequence[str] = (),
    strange: Sequence[str] = (),
    timeout: float = 0.0,
) -> tuple[str, ...]:
    """The command as a unit: it has the variables of these names, and none of the `strange` ones.

    Nobody but the manager ends it when the runner is killed, hence the time that it gets.
    """
    words = [*_CALL, f"--working-directory={directory}"]
    # By name only: what stands in a command line is read by everybody on the machine.
    words += [f"--setenv={name}" for name in names]
    properties = [*_PROPERTIES]
    if not walls.network:
        properties.append("PrivateNetwork=yes")
    properties.append(f"RuntimeMaxSec={timeout + _MORE:.0f}")
    if strange:
        properties.append(f"UnsetEnvironment={' '.join(strange)}")
    properties += [f"TemporaryFileSystem={_quoted(each)}" for each in walls.emptied]
    properties += [f"TemporaryFileSystem={each}" for each in SECRETS if Path(each).is_dir()]
    properties += [f"BindReadOnlyPaths=-{each}" for each in SYSTEM]
    properties += [f"BindReadOnlyPaths={_quoted(each, '-')}" for each in walls.readable]
    properties += [f"BindPaths={_quoted(each, '-')}" for each in walls.writable]
    words += [f"--property={each}" for each in properties]
    # A `$` would be a variable of the manager's.
    inside = (each.replace("$", "$$") for each in (*_INSIDE, str(mark), *argv))
    return (*words, "--", *inside)


def _quoted(path: Path, before: str = "") -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{before}{escaped}"'


def manager_variables(listing: str) -> list[str]:
    """The names in what `systemctl --user show-environment` says."""
    names = (line.partition("=")[0] for line in listing.splitlines() if "=" in line)
    return sorted({name for name in names if name.replace("_", "a").isalnum()})
