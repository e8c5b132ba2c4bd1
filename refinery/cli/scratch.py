"""A folder to play in: the user's own, kept, or one that is removed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refinery.errors import UsageError


@contextmanager
def scratch_folder(keep: str | None, *, prefix: str) -> Iterator[Path]:
    """`keep` has to be an empty folder, or not there yet."""
    if keep is not None:
        yield _own(Path(keep).expanduser().resolve())
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def _own(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"--keep: {str(folder)!r} is there already, and not an empty folder",
            hint="name a folder that is not there yet",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder
