"""Git's own memory of resolved conflicts, asked in a scratch repository that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from refinery.repo.clone import init
from refinery.repo.conflict_sides import ConflictedFile, has_markers
from refinery.repo.environment import alternates
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_RERERE: Final = ("-c", "rerere.enabled=true", "-c", "rerere.autoUpdate=false", "rerere")

Memory = Mapping[str, bytes]
"""Files as git keeps them below rr-cache: `<id>/preimage` and `<id>/postimage` by path."""


@dataclass(slots=True)
class Rerere:
    """Conflicting files, as they are with their markers, in a repository of their own.

    The id of a conflict is made of its sides alone, whatever file and commit they are from.
    """

    _scratch: Repository
    _files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def beside(cls, source: Repository) -> Iterator[Rerere]:
        """One that borrows the objects of `source`, for as long as the block runs."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(
            prefix="rerere-", dir=source.state_dir, ignore_cleanup_errors=True
        ) as folder:
            scratch = init(Path(folder), object_format=source.object_format)
            info = scratch.common_dir / "objects" / "info"
            info.mkdir(exist_ok=True)
            (info / "alternates").write_text(f"{alternates(source.object_dir)}\n")
            try:
                yield cls(scratch)
            finally:
                scratch.close()

    def conflicts(self, files: Mapping[ConflictedFile, bytes]) -> dict[str, str]:
        """Let git see the conflicts: the path of each that it can remember, and its id."""
        files = {file: data for file, data in files.items() if _stays_inside(file.path)}
        self._index(files)
        for file, data in files.items():
            self._files[file.path] = data
            self._write(file.path, data)
        self._run()
        known = (self._scratch.git_dir / "MERGE_RR").read_bytes().decode("utf-8", "surrogateescape")
        pairs = (entry.partition("\t") for entry in known.split("\0") if entry)
        return {path: id.partition(".")[0] for id, _, path in pairs}

    def recalled(self, memory: Memory) -> dict[str, bytes]:
        """What git makes of the conflicts with this memory: only those left without a conflict."""
        self._forget()
        for name, data in memory.items():
            self._write(name, data, below=self._cache)
        self._run()
        now = {path: (self._scratch.path / path).read_bytes() for path in self._files}
        return {
            path: data
            for path, data in now.items()
            if data != self._files[path] and not has_markers(data)
        }

    def learnt(self, resolved: Mapping[str, bytes]) -> Memory:
        """What git remembers once these paths are resolved like this."""
        for path, data in resolved.items():
            self._write(path, data)
        self._run()
        found = {
            str(file.relative_to(self._cache)): file.read_bytes()
            for file in sorted(self._cache.glob("*/*"))
        }
        whole = {name.partition("/")[0] for name in found if name.endswith("/postimage")}
        names = ("preimage", "postimage")
        return {
            name: data
            for name, data in found.items()
            if name.partition("/")[0] in whole and name.partition("/")[2] in names
        }

    @property
    def _cache(self) -> Path:
        return self._scratch.git_dir / "rr-cache"

    def _forget(self) -> None:
        import shutil

        shutil.rmtree(self._cache, ignore_errors=True)
        (self._scratch.git_dir / "MERGE_RR").unlink(missing_ok=True)

    def _index(self, files: Mapping[ConflictedFile, bytes]) -> None:
        lines = [
            f"{side.mode} {side.oid} {stage}\t{file.path}\0"
            for file in files
            for stage, side in enumerate((file.base, file.ours, file.theirs), start=1)
            if side is not None
        ]
        listing = "".join(lines).encode("utf-8", "surrogateescape")
        self._scratch.git.run("update-index", "-z", "--index-info", stdin=listing)

    def _run(self) -> None:
        self._scratch.git.run(*_RERERE)

    def _write(self, name: str, data: bytes, *, below: Path | None = None) -> None:
        path = (below or self._scratch.path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _stays_inside(path: str) -> bool:
    """Whether a path of a tree, which anybody may have made, leads to a file of the scratch."""
    return not {"", ".", "..", ".git"} & {part.lower() for part in path.split("/")}
