"""Places that hold a queue: memory, a remote with a clone for each store, a bare repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha
from refinery.repo.remote import RefTransport, transport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from refinery.store.memory_store import MemoryStore
from refinery.store.ref_store import RefStore
from refinery.store.update import Store
from tests.decisions.makers import an_mr
from tests.sandbox import Sandbox


@dataclass
class Place:
    """Where a queue is, and as many stores at it as a test wants."""

    kind: str
    box: Sandbox
    heads: dict[str, Sha]
    _memory: MemoryStore = field(default_factory=MemoryStore)
    _repos: list[Repository] = field(default_factory=list)

    def open(self, wrap: Any = None) -> Store:
        """One more store, as if in another process."""
        if self.kind == "memory":
            return self._memory
        return self.open_refs(wrap)

    def open_refs(self, wrap: Any = None, *, path: Path | None = None, **options: Any) -> RefStore:
        """A store in refs; `wrap` goes around its transport."""
        repo = Repository.discover(path or self._path())
        self._repos.append(repo)
        way: RefTransport = transport(repo)
        store = RefStore(
            repo,
            wrap(way) if wrap else way,
            refs=RefNames(),
            default_target=Branch("main"),
            clock=self.box.clock,
            **{"with_pins": True, **options},
        )
        return store

    def mr(self, name: str = "a", **fields: Any) -> MergeRequest:
        """A merge request of a branch that exists."""
        return an_mr(name, head=self.heads[name], **fields)

    def state(self) -> object:
        """All there is, to see that nothing changed."""
        return self._memory.read() if self.kind == "memory" else self.box.refs()

    def close(self) -> None:
        for repo in self._repos:
            repo.close()

    def _path(self) -> Path:
        if self.kind == "in place":
            return self.box.origin
        return self.box.clone(f"clone-{len(self._repos)}").path


def places(kind: str, template: tuple[Path, dict[str, Sha]], root: Path) -> Iterator[Place]:
    place = Place(kind, Sandbox.copied(template[0], root), template[1])
    main = place.box.sha("main")
    assert main is not None
    place._memory.set_target("main", main)
    yield place
    place.close()
    place.box.close()
