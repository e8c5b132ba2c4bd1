"""A file that a set-up adds or changes, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from refinery.repo.repository import Repository
from refinery.values import dataclass

ReadFile = Callable[[str], bytes | None]
"""The content of a file of the repository; for a folder, anything but None. `name/` is a folder."""


class Place(Enum):
    """Where new and changed files go."""

    TARGET = "commit"
    WORKTREE = "file"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file as it will be; `old` is what stands there now."""

    path: str
    text: str
    why: str
    old: str | None = None

    @property
    def diff(self) -> list[str]:
        """What changes, as `git diff` shows it."""
        from difflib import unified_diff

        before = [] if self.old is None else self.old.splitlines()
        was = "/dev/null" if self.old is None else f"a/{self.path}"
        now = f"b/{self.path}"
        return list(unified_diff(before, self.text.splitlines(), was, now, lineterm=""))


def by_hand(target: str, paths: Sequence[str], *, unborn: bool = False) -> str:
    """What to do with files that are only in the working tree."""
    *others, last = paths
    named = f"{', '.join(others)} and {last}" if others else last
    if unborn:
        them = "them" if others else "it"
        return f"{target} has no commit yet: commit {named} with the first one and push {them}"
    verb = "them" if others else "it"
    return f"commit {named} and land {verb} on {target}: until then nothing is tested"


def reader(repo: Repository, tip: str | None) -> ReadFile:
    """Files of a commit; of the working tree where there is none yet."""
    if tip is not None:

        def from_tip(name: str) -> bytes | None:
            found = repo.reader.read(f"{tip}:{name}")
            return None if found is None else found.data

        return from_tip

    def from_worktree(name: str) -> bytes | None:
        path = repo.worktree / name if repo.worktree else None
        if path is None or not path.exists() or (name.endswith("/") and not path.is_dir()):
            return None
        return path.read_bytes() if path.is_file() else b""

    return from_worktree


def text_of(data: bytes) -> str:
    """A file's text as it is shown and compared; what is not UTF-8 is never written back."""
    return data.decode("utf-8", "replace")
