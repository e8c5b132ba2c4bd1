"""Finds a repository: where its parts are, how it is configured, which remote it serves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from refinery.errors import RefineryError
from refinery.records.names import Ref, trimmed
from refinery.repo.environment import QUARANTINE
from refinery.repo.objects import ObjectReader
from refinery.repo.process import Git, GitError, Running, first_complaint
from refinery.typed import TYPE_CHECKING, Final, NewType
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from refinery.repo.signature import Signature
    from refinery.repo.writing import ObjectWriter

RemoteName = NewType("RemoteName", str)

IN_PLACE: Final = RemoteName(".")
"""The remote name that means the refs of this very repository."""

_FACTS: Final = (
    "rev-parse",
    "--path-format=absolute",
    "--git-dir",
    "--git-common-dir",
    "--is-bare-repository",
    "--show-object-format",
    "--is-inside-work-tree",
    "--show-cdup",
)


def symref_target(content: str) -> Ref | None:
    """The ref that a file of git's stands for; None where it holds an object id."""
    if not content.startswith("ref:"):
        return None
    return Ref(trimmed(content.removeprefix("ref:")))


class NotARepository(RefineryError):
    """There is no repository that can be used at the place that was given."""

    code = "not-a-repository"


@dataclass(slots=True, eq=False)
class Repository:
    """One repository as seen from one place in it; `close` ends the processes that were started."""

    path: Path
    git: Git
    git_dir: Path
    common_dir: Path
    worktree: Path | None
    bare: bool
    object_format: str
    config: Mapping[str, tuple[str, ...]]
    _reader: ObjectReader | None = field(default=None, repr=False)
    _writer: ObjectWriter | None = field(default=None, repr=False)

    @classmethod
    def discover(
        cls, path: Path | str | None = None, *, from_environment: bool = False
    ) -> Repository:
        """The repository around `path`: a subdirectory, a worktree, a bare repository, inside .git.

        `from_environment` follows GIT_DIR and the quarantine variables, as a server's hooks must.
        """
        start = Path(path) if path is not None else current_directory()
        git = _git_at(start, from_environment=from_environment)
        listing = git.begin("config", "-z", "--list")
        try:
            git_dir, common_dir, bare, object_format, *tree = _facts(git, start)
        except BaseException:
            listing.give_up()
            raise
        top = None if bare == "true" else _worktree(git.directory, Path(git_dir), tree)
        settled = Git(
            top or Path(git_dir),
            git_dir=git.git_dir and Path(git_dir),
            environ=git.environ,
        )
        return cls(
            path=top or Path(git_dir),
            git=settled,
            git_dir=Path(git_dir),
            common_dir=Path(common_dir),
            worktree=top,
            bare=bare == "true",
            object_format=object_format,
            config=_settings(listing),
        )

    @property
    def shallow(self) -> bool:
        return (self.common_dir / "shallow").is_file()

    @property
    def object_dir(self) -> Path:
        """Where new objects go: the quarantine of a push while its hooks run, else `objects`."""
        given = self.git.environ.get("GIT_OBJECT_DIRECTORY")
        return self.path / given if given else self.common_dir / "objects"

    @property
    def reader(self) -> ObjectReader:
        if self._reader is None:
            self._reader = ObjectReader(self.git, self.object_format)
        return self._reader

    @property
    def writer(self) -> ObjectWriter:
        if self._writer is None:
            from refinery.repo.writing import ObjectWriter

            self._writer = ObjectWriter.configured(self.object_dir, self.object_format, self.config)
        return self._writer

    @property
    def state_dir(self) -> Path:
        """The clone's own folder for caches, logs, worktrees and locks; nothing in it is truth."""
        directory = self.common_dir / "refinery"
        directory.mkdir(exist_ok=True)
        return directory

    def setting(self, key: str) -> str | None:
        """The last value of a config key, which is the one that counts."""
        values = self.config.get(key)
        return values[-1] if values else None

    def remote_name(self) -> RemoteName | None:
        """Where the queue lives: `refinery.remote`, or in place, or the remote work is pushed to.

        None when nothing says which: several remotes and none is named origin, or no remote at all.
        """
        told = self.setting("refinery.remote")
        if told:
            return RemoteName(told)
        if self.bare:
            return IN_PLACE
        found = self._branch_remote() or self._usual_remote()
        if found is None and self.setting("core.bare") == "true":
            return IN_PLACE  # a worktree of a bare repository that has no remote
        return found

    def _branch_remote(self) -> RemoteName | None:
        branch = self.current_branch()
        name = self.setting(f"branch.{branch}.remote") if branch else None
        return RemoteName(name) if name and name != IN_PLACE else None

    def _usual_remote(self) -> RemoteName | None:
        names = {
            key[len("remote.") : -len(".url")]
            for key in self.config
            if key.startswith("remote.") and key.endswith(".url")
        }
        if "origin" in names:
            return RemoteName("origin")
        return RemoteName(names.pop()) if len(names) == 1 else None

    def current_branch(self) -> str | None:
        """The branch HEAD is on, born or not; None when detached."""
        try:
            head = (self.git_dir / "HEAD").read_text("utf-8", "surrogateescape")
        except OSError:
            return None
        ref, prefix = symref_target(head), "refs/heads/"
        return ref.removeprefix(prefix) if ref and ref.startswith(prefix) else None

    def identity(self) -> tuple[str, str]:
        """Name and email that refinery's own commits carry."""
        name = self.setting("committer.name") or self.setting("user.name")
        email = self.setting("committer.email") or self.setting("user.email")
        return name or "refinery", email or "refinery@localhost"

    def signature(self, when: int, *, tz: str = "+0000") -> Signature:
        """`identity` at a moment, as commits want it."""
        from refinery.repo.signature import Signature

        name, email = self.identity()
        return Signature(name, email, when, tz)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def current_directory() -> Path:
    """Where the command was called."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise NotARepository(
            f"the current directory is not there any more: {os.environ.get('PWD', '.')!r}",
            hint='`cd "$PWD"` where it was made again, else go to another',
        ) from None


def _git_at(start: Path, *, from_environment: bool) -> Git:
    if not start.exists():
        raise NotARepository(f"no such directory: {str(start)!r}")
    directory = start if start.is_dir() else start.parent
    if not from_environment:
        return Git(directory)
    told = os.environ.get("GIT_DIR")
    quarantine = {key: os.environ[key] for key in QUARANTINE if key in os.environ}
    return Git(directory, git_dir=Path(told) if told else None, environ=quarantine)


def _facts(git: Git, start: Path) -> list[str]:
    done = git.run(*_FACTS, ok=range(256))
    if done.returncode == 0:
        return done.text.split("\n")
    hint = "run it inside a clone, or give the path of one"
    if "safe.directory" in done.stderr:
        hint = f"git config --global --add safe.directory {start.resolve()}"
    raise NotARepository(f"{str(start)!r}: {first_complaint(done.stderr)}", hint=hint)


def _worktree(asked_in: Path, git_dir: Path, tree: list[str]) -> Path | None:
    """The top of the working tree, also when asked from inside its git directory."""
    inside, *top = tree
    if inside == "true" or (top and top[0]):
        return (asked_in / (top[0] if top else "")).resolve()
    if git_dir.name == ".git":
        return git_dir.parent
    try:
        linked = (git_dir / "gitdir").read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return None
    return Path(linked).parent


def read_config(git: Git) -> dict[str, tuple[str, ...]]:
    """All settings git sees here: keys as git prints them, section and variable in lower case."""
    return _settings(git.begin("config", "-z", "--list"))


def _settings(listing: Running) -> dict[str, tuple[str, ...]]:
    settings: dict[str, tuple[str, ...]] = {}
    try:
        listed = listing.finish().text
    except GitError as error:
        raise NotARepository(f"read git config: {first_complaint(error.stderr)}") from error
    for entry in listed.split("\0"):
        key, has_value, value = entry.partition("\n")
        if key:
            settings[key] = (*settings.get(key, ()), value if has_value else "true")
    return settings
