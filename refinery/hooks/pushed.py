"""What a hook is told of a push: one line a ref, on its standard input."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.records.names import SHA, Branch, Ref, Sha
from refinery.values import dataclass

_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Pushed:
    """One ref of a push; None for absent on either side."""

    ref: Ref
    old: Sha | None
    new: Sha | None

    @property
    def branch(self) -> Branch | None:
        """The branch it is, if it is one."""
        return Branch(self.ref.removeprefix(_HEADS)) if self.ref.startswith(_HEADS) else None


def of_server(lines: Iterable[str]) -> list[Pushed]:
    """`<old> <new> <ref>`, as pre-receive and post-receive get it."""
    rows = (line.rstrip("\n").split(" ", 2) for line in lines)
    return [Pushed(Ref(row[2]), _oid(row[0]), _oid(row[1])) for row in rows if len(row) == 3]


def of_client(lines: Iterable[str]) -> list[Pushed]:
    """`<local ref> <local oid> <remote ref> <remote oid>`, as pre-push gets it."""
    rows = (line.rstrip("\n").rsplit(" ", 3) for line in lines)
    return [Pushed(Ref(row[2]), _oid(row[3]), _oid(row[1])) for row in rows if len(row) == 4]


def _oid(text: str) -> Sha | None:
    return Sha(text) if SHA.fullmatch(text) and text.strip("0") else None
