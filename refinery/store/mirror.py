"""The remote's refs as last seen here: which local ref stands for which remote one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refinery.records.names import Ref, Sha
from refinery.repo.refs import list_refs
from refinery.repo.remote import RefTransport
from refinery.repo.repository import IN_PLACE, Repository

_HEADS = "refs/heads/"


class Mirror:
    """Queue refs are kept under their own names, branches as the remote-tracking refs they are.

    In place, every ref stands for itself and nothing has to be fetched.
    """

    def __init__(self, repo: Repository, transport: RefTransport) -> None:
        self._repo = repo
        self._transport = transport
        remote = repo.remote_name()
        self._tracking = _HEADS if remote == IN_PLACE else f"refs/remotes/{remote}/"

    def fetch(self, names: Sequence[str], *, prune: bool = True) -> None:
        """Bring full refs, and folders of refs written with a final `*`, with one command."""
        self._transport.fetch([f"+{name}:{self.local(name)}" for name in names], prune=prune)

    def local(self, name: str) -> str:
        """The local name of a remote ref or pattern."""
        if name.startswith(_HEADS):
            return self._tracking + name.removeprefix(_HEADS)
        return name

    def known(self, names: Iterable[str]) -> dict[Ref, Sha]:
        """What was fetched: remote ref -> object."""
        found = list_refs(self._repo, *(self.local(name) for name in names))
        return {Ref(self._remote(ref)): oid for ref, oid in found.items()}

    def _remote(self, local: str) -> str:
        if local.startswith(self._tracking):
            return _HEADS + local.removeprefix(self._tracking)
        return local
