"""Makes repositories: empty ones and bare copies, for the demo and for replay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from refinery.errors import RefineryError
from refinery.repo.masking import masked
from refinery.repo.process import Git, first_complaint
from refinery.repo.repository import Repository

Progress = Callable[[str, int, int | None], None]
"""Called with the step's name, how much is done, and of how much, when git knows that."""


class CloneFailed(RefineryError):
    """The source could not be copied."""

    code = "clone-failed"


def init_bare(path: Path, branch: str = "main", *, object_format: str = "sha1") -> Repository:
    """A new bare repository without the user's template, so without hooks."""
    path.mkdir(parents=True, exist_ok=True)
    Git(path).run(
        *("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}"),
        *(f"--object-format={object_format}", "--end-of-options", "."),
    )
    return Repository.discover(path)


def init(path: Path, branch: str = "main", *, object_format: str = "sha1") -> Repository:
    """A new repository with a working tree and without the user's template."""
    path.mkdir(parents=True, exist_ok=True)
    Git(path).run(
        *("init", "--quiet", "--template=", f"--initial-branch={branch}"),
        f"--object-format={object_format}",
    )
    return Repository.discover(path)


def clone_bare(source: str, dest: Path, progress: Progress | None = None) -> Repository:
    """A bare copy of all branches of `source`, its progress told while it runs."""
    import git

    if source.startswith("-"):
        raise CloneFailed(f"not a repository: {source!r}")
    try:
        git.Repo.clone_from(
            source,
            dest,
            progress=_listener(progress) if progress else None,  # type: ignore[arg-type]
            bare=True,
            env={"GIT_TEMPLATE_DIR": ""},
        ).close()
    except git.GitCommandError as error:
        said = first_complaint(masked(str(error.stderr).strip().strip("'")))
        raise CloneFailed(
            f"clone {masked(source)!r}: {said}", hint=f"try: git ls-remote {masked(source)}"
        ) from None
    return Repository.discover(dest)


def _listener(progress: Progress) -> object:
    from git import RemoteProgress

    steps = {
        RemoteProgress.COUNTING: "counting",
        RemoteProgress.COMPRESSING: "compressing",
        RemoteProgress.RECEIVING: "receiving",
        RemoteProgress.RESOLVING: "resolving",
    }

    class Listener(RemoteProgress):
        def update(
            self,
            op_code: int,
            cur_count: str | float,
            max_count: str | float | None = None,
            message: str = "",
        ) -> None:
            step = steps.get(op_code & RemoteProgress.OP_MASK, "working")
            progress(step, int(float(cur_count)), int(float(max_count)) if max_count else None)

    return Listener()
