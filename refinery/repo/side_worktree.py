"""A worktree beside the clone's own, in which somebody resolves a conflict with ordinary git."""

from __future__ import annotations

import os
from pathlib import Path

from refinery.records.names import Ref, Sha
from refinery.repo.conflict_sides import ConflictedFile, conflicted_files, has_markers
from refinery.repo.process import Git, GitError
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import StrEnum, dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_ASK_NOBODY: Final = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.editor=true"),
    *("-c", "sequence.editor=true"),
    *("-c", "advice.mergeConflict=false"),
    *("-c", "rerere.autoUpdate=false"),
    *("-c", "merge.conflictStyle=zdiff3"),
)
_LONG: Final = 600  # seconds: a checkout of many files


class How(StrEnum):
    """How the two sides are brought together."""

    MERGE = "merge"
    REBASE = "rebase"


@dataclass(frozen=True, slots=True)
class Step:
    """Which commit of a rebase stopped, and how many there are."""

    number: int
    of: int
    commit: Sha


def checked_out_at(repo: Repository, branch: Ref) -> bool:
    """Whether some worktree of the clone is on the branch."""
    listing = repo.git.text("worktree", "list", "--porcelain", "-z")
    return f"branch {branch}" in listing.split("\0")


class SideWorktree:
    """One of the clone's worktrees, on no branch."""

    def __init__(self, repo: Repository, path: Path) -> None:
        self.path = path
        self._repo = repo
        self._git = Git(path)

    @property
    def is_there(self) -> bool:
        return (self.path / ".git").is_file()

    def add(self, commit: Sha) -> None:
        """Check the commit out; a folder that git does not know of is not written over."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        command = ("worktree", "add", "--quiet", "--force", "--detach")
        self._repo.git.run(
            *_ASK_NOBODY, *command, "--end-of-options", str(self.path), commit, timeout=_LONG
        )

    def remove(self) -> None:
        """Remove it, with whatever is in it."""
        if self.is_there:
            command = ("worktree", "remove", "--force", "--force", "--end-of-options")
            self._repo.git.run(*command, str(self.path), ok=(0, 128), timeout=_LONG)
        self._repo.git.run("worktree", "prune")

    @property
    def _settings(self) -> tuple[str, ...]:
        """With somebody who commits: where nobody is configured, whoever writes our commits."""
        name, email = self._repo.identity()
        return (*_ASK_NOBODY, "-c", f"user.name={name}", "-c", f"user.email={email}")

    @property
    def head(self) -> Sha:
        """The commit it is at."""
        return Sha(self._git.text("rev-parse", "--verify", "HEAD"))

    def merge(self, commit: str) -> None:
        """Merge, and stop before the commit; what conflicts stays there with its markers."""
        command = ("merge", "--no-ff", "--no-commit", "--no-stat", "--quiet", "--no-verify")
        self._stopped(*command, "--end-of-options", commit)

    def rebase(self, onto: Sha, *, upstream: str) -> None:
        """Replay the commits that `upstream` lacks, up to the first that conflicts."""
        command = ("rebase", "--quiet", "--no-verify", "--no-autosquash", "--no-update-refs")
        self._stopped(*command, "--empty=drop", f"--onto={onto}", upstream)

    def go_on(self) -> None:
        """Go on with a rebase, up to the next commit that conflicts."""
        self._stopped("rebase", "--continue")

    def _stopped(self, *command: str) -> None:
        done = self._git.run(*self._settings, *command, ok=range(256), timeout=_LONG)
        if done.returncode and self.under_way is None:
            raise GitError(command[0], done.returncode, done.stderr or done.text)

    @property
    def under_way(self) -> How | None:
        """What was begun in it and waits to be finished."""
        folder = Path(self._git.text("rev-parse", "--path-format=absolute", "--git-dir"))
        if (folder / "rebase-merge").is_dir():
            return How.REBASE
        return How.MERGE if (folder / "MERGE_HEAD").is_file() else None

    @property
    def step(self) -> Step | None:
        """Where a rebase stands."""
        folder = Path(self._git.text("rev-parse", "--path-format=absolute", "--git-dir"))
        told = [folder / "rebase-merge" / name for name in ("msgnum", "end", "stopped-sha")]
        if not all(path.is_file() for path in told):
            return None
        number, of, commit = (path.read_text().strip() for path in told)
        return Step(int(number), int(of), Sha(commit))

    def unmerged(self) -> tuple[ConflictedFile, ...]:
        """The files that git waits for somebody to resolve."""
        return conflicted_files(self._git.text("ls-files", "--unmerged", "-z").split("\0"))

    def holds_markers(self, path: str) -> bool:
        """Whether conflict markers are left in a file."""
        file = self.path / path
        return file.is_file() and not file.is_symlink() and has_markers(file.read_bytes())

    def untracked(self) -> list[str]:
        """Files that git does not know and is not told to ignore."""
        listing = self._git.text("ls-files", "--others", "--exclude-standard", "-z")
        return [path for path in listing.split("\0") if path]

    def write(self, path: str, data: bytes) -> None:
        """Resolve a file."""
        (self.path / path).write_bytes(data)
        self._stage([path])

    def stage(self) -> None:
        """Take the conflicting files as they are, and every change of a file that git knows."""
        self._stage([file.path for file in self.unmerged()])
        self._git.run("add", "--update", "--", ".")

    def _stage(self, paths: list[str]) -> None:
        listing = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        self._git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing)

    def commit(self, message: str) -> None:
        """Conclude a merge."""
        command = ("commit", "--quiet", "--no-verify", "--cleanup=whitespace", "--file=-")
        self._git.run(*self._settings, *command, stdin=message.encode(), timeout=_LONG)
