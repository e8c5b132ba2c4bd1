"""A working tree for the checks: reused, exactly the commit asked for, healed when broken."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from refinery.records.names import Sha
from refinery.repo.borrowing import make_borrower, remove
from refinery.repo.locking import FileLock, try_lock
from refinery.repo.process import Git, GitError
from refinery.typed import TYPE_CHECKING, Final

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

    To the checks it is a repository of its own that borrows the clone's objects: what they make git
    remember (hooks, settings, branches) is gone with the next checkout, and never was the clone's.
    The index that git compares the files with is kept apart from the one the checks see, so that
    nothing a check tells git about its files survives either.
    """

    def __init__(
        self, repo: Repository, lock: FileLock, path: Path, *, keep: Sequence[str] = ()
    ) -> None:
        self.path = path
        self._repo = repo
        self._lock = lock
        self._keep = tuple(keep)
        self._index = path.with_name(f"{path.name}.index")
        self._git_dir = path.with_name(f"{path.name}.git")

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

    @property
    def git_dir(self) -> Path:
        """The repository that the checks see, made anew by each checkout."""
        return self._git_dir

    def checkout(self, commit: Sha) -> Path:
        """Make the files those of the commit, and nothing else but what is kept."""
        if self.path.is_dir() and not self.path.is_symlink():
            try:
                self._renew(commit)
                return self.path
            except (GitError, OSError):
                pass  # whatever a check did to it, making it anew is the cure
        for there in (self.path, self._git_dir):
            _make_writable(there)
        remove(self.path)
        remove(self._index)
        self.path.mkdir()
        self._renew(commit)
        return self.path

    def changed(self, commit: Sha) -> list[str]:
        """The files that are no longer those of the commit; what is ignored or kept is left out.

        Nothing that somebody told git in there counts: the repository is made anew first.
        """
        make_borrower(self._repo, self._git_dir, head=commit)
        git = Git(self.path, git_dir=self._git_dir)
        kept = [part for pattern in self._keep for part in ("-x", pattern)]
        new = ("ls-files", "--others", "--exclude-standard", *kept, "-z")
        names = [
            *git.text(*_SETTINGS, "diff-files", "--name-only", "-z", env=self._env()).split("\0"),
            *git.text(*_SETTINGS, *new, env=self._env()).split("\0"),
        ]
        return sorted(set(filter(None, names)))

    def tree_with(self, paths: Sequence[str]) -> Sha:
        """The tree of the commit with these files as they are now, in the clone's own objects."""
        git = Git(self.path, git_dir=self._git_dir)
        env = {**self._env(), "GIT_OBJECT_DIRECTORY": str(self._repo.object_dir)}
        listing = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        update = ("update-index", "--add", "--remove", "-z", "--stdin")
        git.run(*_SETTINGS, *update, stdin=listing, env=env)
        return Sha(git.text(*_SETTINGS, "write-tree", env=env))

    def close(self) -> None:
        self._lock.release()

    def __enter__(self) -> CheckWorktree:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _renew(self, commit: Sha) -> None:
        self._index.with_name(f"{self._index.name}.lock").unlink(missing_ok=True)
        make_borrower(self._repo, self._git_dir, head=commit)
        link = self.path / ".git"
        content = f"gitdir: {self._git_dir}\n"
        if link.is_symlink() or not link.is_file() or link.read_text() != content:
            remove(link)
            link.write_text(content)
        git = Git(self.path, git_dir=self._git_dir)
        try:
            self._switch(git, commit)
        except GitError:
            # Folders without write permission, or something kept where the commit has a file.
            _make_writable(self.path)
            git.run(*_SETTINGS, "clean", "-ffdxq", env=self._env(), ok=(0, 1))
            self._switch(git, commit)
        _copy_index(self._index, self._git_dir / "index")

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


@contextmanager
def checkout(repo: Repository, commit: Sha, *, keep: Sequence[str] = ()) -> Iterator[Path]:
    """The files of a commit in a worktree of this process's own, for as long as the block runs."""
    with CheckWorktree.open(repo, keep=keep) as worktree:
        yield worktree.checkout(commit)


def _copy_index(source: Path, target: Path) -> None:
    import shutil

    # With its times: git takes an entry for unchanged only when it is older than the index.
    shutil.copy2(source, target)


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
    path.chmod(0o700)
    for folder, _, _ in os.walk(path):
        # Before it is read: os.walk goes top down, and a folder must be open to be entered.
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)  # noqa: PTH101
