"""Writes loose objects without starting git: a record's commit costs files, not processes."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from refinery.errors import RefineryError
from refinery.records.names import Sha
from refinery.repo.objects import TreeEntry
from refinery.repo.permissions import Sharing
from refinery.repo.signature import Signature
from refinery.typed import Final
from refinery.values import dataclass, field

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_COMMITTED: Final = frozenset({"loose-object", "objects", "committed", "added", "all"})
_REFUSED_NAMES: Final = frozenset({"", ".", "..", ".git", "git~1"})
_serial = count()


class StorageFull(RefineryError):
    """The disk or the quota of the repository is used up; nothing points at what was written."""

    code = "storage-full"


class InvalidTree(RefineryError):
    """Entries that no git tree may hold."""

    code = "invalid-tree"


@dataclass(frozen=True, slots=True)
class ObjectWriter:
    """Writes into one object directory; writing what is there already is free."""

    directory: Path
    object_format: str = "sha1"
    fsync: bool = False
    sharing: Sharing = field(default_factory=Sharing)

    @classmethod
    def configured(
        cls, directory: Path, object_format: str, config: Mapping[str, tuple[str, ...]]
    ) -> ObjectWriter:
        return cls(
            directory,
            object_format,
            fsyncs_loose_objects(config),
            Sharing.configured((config.get("core.sharedrepository") or ("umask",))[-1]),
        )

    def blob(self, data: bytes) -> Sha:
        return self._write("blob", data)

    def tree(self, entries: Iterable[TreeEntry]) -> Sha:
        """A tree of the entries in git's order; raises InvalidTree for names git would refuse."""
        ordered = sorted(entries, key=_sort_key)
        names = [entry.name for entry in ordered]
        if len(set(names)) != len(names):
            raise InvalidTree(f"a tree cannot hold a name twice: {_first_twice(names)!r}")
        return self._write("tree", b"".join(map(_entry_bytes, ordered)))

    def commit(
        self,
        *,
        tree: Sha,
        parents: Sequence[Sha],
        author: Signature,
        committer: Signature,
        message: str,
    ) -> Sha:
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author}", f"committer {committer}", "", clean_message(message)]
        return self._write("commit", "\n".join(lines).encode("utf-8", "replace"))

    def _write(self, kind: str, data: bytes) -> Sha:
        content = b"%s %d\0" % (kind.encode(), len(data)) + data
        oid = _digest(content, self.object_format)
        folder = self.directory / oid[:2]
        path = f"{folder}{os.sep}{oid[2:]}"
        if not os.path.lexists(path):
            try:
                self._store(zlib.compress(content, 1), folder, path)
            except OSError as error:
                raise _storage_error(error, kind, folder) from error
        return Sha(oid)

    def _store(self, packed: bytes, folder: Path, path: str) -> None:
        # git's own gc removes what is named tmp_obj_*, should this process die in between.
        temporary = f"{folder}{os.sep}tmp_obj_r{os.getpid()}_{next(_serial)}"
        descriptor = self._create(folder, temporary)
        try:
            _write_all(descriptor, packed, fsync=self.fsync)
            self.sharing.open_file(temporary)
            _publish(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _create(self, folder: Path, temporary: str) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            return os.open(temporary, flags, 0o444)
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            self.sharing.open_folder(folder)
            return os.open(temporary, flags, 0o444)


def _digest(content: bytes, object_format: str) -> str:
    if object_format == "sha1":
        try:  # without OpenSSL, which takes longer to load than all objects of a command to hash
            from _sha1 import sha1  # type: ignore[import-not-found]
        except ImportError:
            pass
        else:
            return str(sha1(content, usedforsecurity=False).hexdigest())
    import hashlib

    return hashlib.new(object_format, content, usedforsecurity=False).hexdigest()


def _write_all(descriptor: int, data: bytes, *, fsync: bool) -> None:
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if fsync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _publish(temporary: str, path: str) -> None:
    try:
        os.rename(temporary, path)  # noqa: PTH104 - Path objects cost more than the call
    except FileExistsError:  # Windows: another writer was first, with the same bytes
        Path(temporary).unlink(missing_ok=True)


def _storage_error(error: OSError, kind: str, folder: Path) -> RefineryError:
    if error.errno in _FULL:
        return StorageFull(
            f"write {kind}: no space left in {str(folder.parent)!r}",
            hint="free some space and run the command again; nothing was recorded",
        )
    return RefineryError(f"write {kind} in {str(folder.parent)!r}: {error.strerror}")


def _sort_key(entry: TreeEntry) -> bytes:
    name = entry.name.encode("utf-8", "surrogateescape")
    return name + b"/" if entry.is_tree else name


def _entry_bytes(entry: TreeEntry) -> bytes:
    if entry.name.lower() in _REFUSED_NAMES or "/" in entry.name or "\0" in entry.name:
        raise InvalidTree(f"a tree cannot hold an entry named {entry.name!r}")
    name = entry.name.encode("utf-8", "surrogateescape")
    return b"%o %s\0%s" % (entry.mode, name, bytes.fromhex(entry.oid))


def _first_twice(names: list[str]) -> str:
    return next(name for index, name in enumerate(names) if name in names[:index])


def clean_message(text: str) -> str:
    """A message as a commit can hold it."""
    clean = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return clean if clean.endswith("\n") else clean + "\n"


def fsyncs_loose_objects(config: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether git itself would fsync loose objects here; its default is not to."""
    values = config.get("core.fsync")
    if not values:
        old = config.get("core.fsyncobjectfiles")
        if not old:
            return False
        from refinery.repo.yes_or_no import yes_or_no

        return yes_or_no(old[-1]) is True
    wanted = False
    for component in values[-1].split(","):
        name = component.strip()
        if name.removeprefix("-") in _COMMITTED:
            wanted = not name.startswith("-")
        elif name == "none":
            wanted = False
    return wanted
