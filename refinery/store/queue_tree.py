"""The tree of the queue ref: reads only what changed, rewrites only the folders that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.records.names import Sha
from refinery.repo.objects import ObjectReader, TreeEntry
from refinery.repo.writing import ObjectWriter

FILE = 0o100644
FOLDER = 0o040000


class QueueTree:
    """One tree of up to three levels, as a cache: folders are kept until it changes."""

    def __init__(self, reader: ObjectReader, writer: ObjectWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._folders: dict[Sha, tuple[TreeEntry, ...]] = {}

    def files(self, root: Sha) -> dict[str, Sha]:
        """Every file below a tree: path -> blob; the folders of other trees are forgotten."""
        found: dict[str, Sha] = {}
        walked: dict[Sha, tuple[TreeEntry, ...]] = {}
        level: list[tuple[str, Sha]] = [("", root)]
        while level:
            self._load(oid for _, oid in level)
            deeper: list[tuple[str, Sha]] = []
            for prefix, oid in level:
                walked[oid] = self._folders[oid]
                for entry in walked[oid]:
                    path = prefix + entry.name
                    if entry.mode == FOLDER:
                        deeper.append((path + "/", entry.oid))
                    else:
                        found[path] = entry.oid
            level = deeper
        self._folders = walked
        return found

    def rewrite(self, root: Sha | None, changes: Mapping[str, Sha | None]) -> Sha:
        """The tree with some files put (blob) or removed (None); what is not named stays."""
        entries = {entry.name: entry for entry in self._entries(root)}
        below: dict[str, dict[str, Sha | None]] = {}
        for path, blob in changes.items():
            name, slash, rest = path.partition("/")
            if slash:
                below.setdefault(name, {})[rest] = blob
            elif blob is None:
                entries.pop(name, None)
            else:
                entries[name] = TreeEntry(FILE, name, blob)
        for name, inner in below.items():
            old = entries.get(name)
            folder = self.rewrite(old.oid if old and old.mode == FOLDER else None, inner)
            if self._folders[folder]:
                entries[name] = TreeEntry(FOLDER, name, folder)
            else:
                entries.pop(name, None)
        written = tuple(entries.values())
        oid = self._writer.tree(written)
        self._folders[oid] = written
        return oid

    def _entries(self, oid: Sha | None) -> tuple[TreeEntry, ...]:
        if oid is None:
            return ()
        self._load([oid])
        return self._folders[oid]

    def _load(self, oids: Iterable[Sha]) -> None:
        missing = [oid for oid in dict.fromkeys(oids) if oid not in self._folders]
        if missing:
            self._folders |= zip(missing, self._reader.trees(missing), strict=True)
