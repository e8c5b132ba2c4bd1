"""Runs checks in the sandbox that operator and repository ask for, or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from refinery.config.sandbox import Sandbox, Tool
from refinery.engine import check_bubblewrap, check_systemd
from refinery.engine.check_walls import Walls
from refinery.errors import RefineryError
from refinery.repo.masking import masked
from refinery.repo.yes_or_no import yes_or_no
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

REQUIRED: Final = "refinery.sandbox"
NETWORK: Final = "refinery.sandboxnetwork"
READABLE: Final = "refinery.sandboxreadable"
WRITABLE: Final = "refinery.sandboxwritable"
_TOOLS: Final = {Tool.BUBBLEWRAP: check_bubblewrap, Tool.SYSTEMD_RUN: check_systemd}
_BUS: Final = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")  # how the user's manager is found
_PATIENCE: Final = 30.0


class NoSandbox(RefineryError):
    """Checks have to run in a sandbox that this machine cannot make; nothing runs without it."""

    code = "no-sandbox"


class BadSandbox(RefineryError):
    """A setting of the sandbox does not say what it must."""

    code = "bad-setting"


def required(repo: Repository) -> Sandbox:
    """What the operator of this clone, account or machine asks for, in git's settings."""
    told = repo.setting(REQUIRED) or Tool.NONE
    if told not in set(Tool):
        raise BadSandbox(
            f"{REQUIRED}: {told!r} is no sandbox",
            hint=f"git config {REQUIRED} bubblewrap, or one of: {', '.join(Tool)}",
        )
    said = repo.setting(NETWORK) or ""
    network = yes_or_no(said)
    if said and network is None:
        raise BadSandbox(
            f"refinery.sandboxNetwork: {said.lower()!r} is neither true nor false",
            hint="git config refinery.sandboxNetwork false",
        )
    return Sandbox(Tool(told), network)


def ensure_required(repo: Repository) -> None:
    """Raises `NoSandbox` where the operator requires what this machine cannot do."""
    if (wanted := required(repo)).is_wanted:
        ensure_usable(wanted.tool)


@dataclass(frozen=True, slots=True)
class Confinement:
    """One worktree's sandbox; `marks` is where each command says that it has begun."""

    tool: Tool
    walls: Walls
    marks: Path

    @classmethod
    def around(
        cls, repo: Repository, asked: Sandbox, *, worktree: Path, git_dir: Path
    ) -> Confinement | None:
        """What both words come to; None where neither asks for a sandbox."""
        wanted = asked.under(required(repo))
        if not wanted.is_wanted:
            return None
        ensure_usable(wanted.tool)
        walls = Walls.around(
            writable=(*_places(repo, WRITABLE), worktree, git_dir),
            readable=(*_places(repo, READABLE), *_object_stores(repo.object_dir)),
            network=bool(wanted.network),
            home=os.environ.get("HOME", ""),
        )
        return cls(wanted.tool, walls, git_dir)

    @property
    def words(self) -> str:
        """What it is, for a log."""
        return f"in a sandbox of {self.tool}, {'with' if self.walls.network else 'without'} network"

    def enter(
        self,
        argv: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        number: int,
        timeout: float,
    ) -> tuple[tuple[str, ...], dict[str, str]]:
        """The command and environment that run `argv` inside."""
        mark = self._mark(number)
        mark.unlink(missing_ok=True)
        inner = self.walls.environment(dict(environment))
        if self.tool is Tool.BUBBLEWRAP:
            made = check_bubblewrap.command(self.walls, argv, directory=directory, mark=mark)
            return made, inner
        from refinery.engine.check_process import MARK

        made = check_systemd.command(
            self.walls,
            argv,
            directory=directory,
            mark=mark,
            names=[*inner, MARK],
            strange=[name for name in _manager_variables() if name not in inner],
            timeout=timeout,
        )
        return made, {**inner, **{name: os.environ[name] for name in _BUS if name in os.environ}}

    def has_begun(self, number: int) -> bool:
        """Whether the command itself ran: else what failed was the sandbox."""
        return os.path.lexists(self._mark(number))

    def _mark(self, number: int) -> Path:
        return self.marks / f"begun-{number:02d}"


def _places(repo: Repository, key: str) -> list[Path]:
    found = [Path(told).expanduser() for told in repo.config.get(key, ())]
    for place in found:
        if not place.is_absolute():
            raise BadSandbox(
                f"{key}: {str(place)!r} is no absolute path", hint=f"git config --get-all {key}"
            )
    return found


def _object_stores(first: Path) -> list[Path]:
    """The folder of objects, and those that it borrows from."""
    found, left = [], [first]
    while left:
        folder = left.pop()
        if folder in found:
            continue
        found.append(folder)
        listing = folder / "info" / "alternates"
        if listing.is_file():
            lines = listing.read_text("utf-8", "surrogateescape").splitlines()
            left += [folder / line for line in lines if line and not line.startswith("#")]
    return found


@cache
def ensure_usable(tool: Tool) -> None:
    """Tries it, once in the life of a process."""
    import tempfile
    from shutil import which

    module = _TOOLS[tool]
    with tempfile.TemporaryDirectory(prefix="refinery-sandbox-") as folder:
        place = Path(folder).resolve()
        walls = Walls.around(writable=(place,), readable=(), network=False, home="")
        mark = place / "begun"
        argv = module.command(walls, ("true",), directory=place, mark=mark)
        said = _said(argv) if which(module.PROGRAM) else f"there is no {module.PROGRAM}"
        if mark.exists():
            return
    last = masked(said.strip().rpartition("\n")[2]) or "it does not say why"
    raise NoSandbox(
        f"checks have to run in a sandbox of {tool}, which does not work here: {last}",
        hint=f"install the package {module.PACKAGE}, see docs/sandbox.md; nothing runs without it",
    )


def _said(argv: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            argv, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stderr + done.stdout).decode(errors="replace")


def _manager_variables() -> list[str]:
    """What the user's manager gives to each of its units, secrets perhaps among it."""
    return check_systemd.manager_variables(_said(("systemctl", "--user", "show-environment")))
