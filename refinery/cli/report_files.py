"""Writes a report's files into a folder, and takes those of an earlier report away."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from refinery.errors import RefineryError

LIST = ".refinery-report"
"""Names the files of the report, a line each: what is not in it is not ours."""


class CannotWrite(RefineryError):
    """The folder cannot be written, or holds somebody else's pages."""

    code = "cannot-write"
    usual_hint = "name another place, or make this one writable"


def write(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write them; the paths, in order.  What has not changed is left as it is."""
    try:
        before = _listed(folder)
        if "index.html" not in before and (folder / "index.html").exists():
            raise CannotWrite(
                f"{folder}: there is an index.html that no report wrote",
                hint=f"give the report a folder of its own, such as {folder / 'queue'}",
            )
        paths = [_put(folder, path, content) for path, content in files]
        for path in before - set(paths):
            (folder / path).unlink(missing_ok=True)
        _put(folder, LIST, "".join(f"{path}\n" for path in sorted(paths)).encode())
    except OSError as error:
        raise CannotWrite(f"write {error.filename or folder}: {error.strerror}") from error
    return sorted(paths)


def _listed(folder: Path) -> set[str]:
    """The files of the report before; a list that leads out of the folder is not followed."""
    file = folder / LIST
    if not file.is_file():
        return set()
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return {line for line in lines if _is_inside(PurePosixPath(line))}


def _is_inside(path: PurePosixPath) -> bool:
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _put(folder: Path, path: str, content: bytes) -> str:
    place = folder / path
    if not place.is_file() or place.read_bytes() != content:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return path
