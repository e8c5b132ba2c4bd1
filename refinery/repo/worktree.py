"""A working tree for the checks: reused, exactly the commit asked for, healed when broken."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from refinery.records.names import Sha
from refinery.repo.locking import FileLock, try_lock
from refinery.repo.process import Git, GitError

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

# Nothing a clone or an earlier check configured may decide what the files look like, or run.
_SETTINGS: Final = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "core.sparseCheckout=false"),
    *("-c", "submodule.recurse=false"),
    *("-c", "advice.detachedHead=false"),
)
_CHECKOUT: Final = ("checkout", "--quiet", "--force", "--detach", "--no-recurse-submodules")


class CheckWorktree:
    """One slot under the clone's state directory, this process's alone until `close`.

    The index that git compares the files with is kept apart from the one the checks see, so that
    nothing a check tells git about its files survives into the next checkout.
    """

    def __init__(
        self, repo: Repository, lock: FileLock, path: Path, *, keep: Sequence[str] = ()
    ) -> None:
        self.path = path
        self._repo = repo
        self._lock = lock
        self._keep = tuple(keep)
        self._index = path.with_name(f"{path.name}.index")

    @classmethod
    def open(cls, repo: Repository, *, keep: Sequence[str] = ()) -> CheckWorktree:
        """The first slot that no other process uses; `keep`: patterns of caches to leave."""
        folder = repo.state_dir / "worktrees"
        folder.mkdir(exist_ok=True)
        for number in count():
            lock = try_lock(folder / f"check-{number}.lock")
            if lock is not None:
                return cls(repo, lock, folder / f"check-{number}", keep=keep)
        raise AssertionError("unreachable")

    def checkout(self, commit: Sha) -> Path:
        """Make the files those of the commit, and nothing else but what is kept."""
        admin = self._admin_dir()
        if admin is not None:
            try:
                self._renew(admin, commit)
                return self.path
            except (GitError, OSError):
                pass  # whatever a check did to it, making it anew is the cure
        self._renew(self._make(commit), commit)
        return self.path

    def close(self) -> None:
        self._lock.release()

    def __enter__(self) -> CheckWorktree:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _renew(self, admin: Path, commit: Sha) -> None:
        self._repair(admin)
        git = Git(self.path, git_dir=admin)
        try:
            self._switch(git, commit)
        except GitError:
            # Folders without write permission, or something kept where the commit has a file.
            _make_writable(self.path)
            git.run(*_SETTINGS, "clean", "-ffdxq", env=self._env(), ok=(0, 1))
            self._switch(git, commit)
        _copy_index(self._index, admin / "index")

    def _switch(self, git: Git, commit: Sha) -> None:
        kept = [part for pattern in self._keep for part in ("-e", pattern)]
        git.run(*_SETTINGS, *_CHECKOUT, commit, "--", env=self._env(), timeout=600)
        git.run(*_SETTINGS, "clean", "-ffdxq", *kept, env=self._env(), timeout=600)
        _remove_special(self.path)

    def _env(self) -> dict[str, str]:
        return {
            "GIT_WORK_TREE": str(self.path),
            "GIT_INDEX_FILE": str(self._index),
            "GIT_LFS_SKIP_SMUDGE": "1",
        }

    def _repair(self, admin: Path) -> None:
        """Put back the link to the repository; drop the locks of whoever was killed in here."""
        link = self.path / ".git"
        content = f"gitdir: {admin}\n"
        if link.is_symlink() or not link.is_file() or link.read_text() != content:
            _remove(link)
            link.write_text(content)
        for stale in (self._index.with_name(f"{self._index.name}.lock"), *admin.glob("*.lock")):
            stale.unlink(missing_ok=True)

    def _admin_dir(self) -> Path | None:
        """Where git keeps this worktree's HEAD; None when either half is missing."""
        if self.path.is_symlink() or not self.path.is_dir():
            return None
        for link in (self._repo.common_dir / "worktrees").glob("*/gitdir"):
            if link.read_text("utf-8", "surrogateescape").strip() == str(self.path / ".git"):
                return link.parent if (link.parent / "HEAD").is_file() else None
        return None

    def _make(self, commit: Sha) -> Path:
        _make_writable(self.path)
        _remove(self.path)
        self._index.unlink(missing_ok=True)
        git = Git(self._repo.common_dir, git_dir=self._repo.common_dir)
        git.run(*_SETTINGS, "worktree", "prune")
        add = ("worktree", "add", "--force", "--force", "--quiet", "--no-checkout", "--detach")
        git.run(*_SETTINGS, *add, "--end-of-options", str(self.path), commit)
        admin = self._admin_dir()
        if admin is None:
            raise GitError("worktree", 128, f"no worktree was made at {str(self.path)!r}")
        return admin


@contextmanager
def checkout(repo: Repository, commit: Sha, *, keep: Sequence[str] = ()) -> Iterator[Path]:
    """The files of a commit in a worktree of this process's own, for as long as the block runs."""
    with CheckWorktree.open(repo, keep=keep) as worktree:
        yield worktree.checkout(commit)


def _copy_index(source: Path, target: Path) -> None:
    import shutil

    # With its times: git takes an entry for unchanged only when it is older than the index.
    shutil.copy2(source, target)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_special(path: Path) -> None:
    """Remove sockets and pipes: to git they do not exist, so it leaves them where they are."""
    folders = [os.fspath(path)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif not (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                    os.unlink(entry.path)  # noqa: PTH108


def _make_writable(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        return
    for folder, _, _ in os.walk(path):
        # Before it is read: os.walk goes top down, and a folder must be open to be entered.
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)  # noqa: PTH101
