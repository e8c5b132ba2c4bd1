"""Asks whether anything of a queue has moved, for a third of what reading it again costs."""

from __future__ import annotations

from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.store.ref_store import RefStore
    from refinery.store.view import View


def moved(store: RefStore, view: View) -> bool:
    """Whether the queue's own refs are not those that the view was read from.

    Nothing is fetched, and it does not matter where the targets are.
    """
    refs = store.refs
    folders = refs.below("inbox"), refs.below("claims")
    there = store.transport.list(refs.queue, *(f"{folder}*" for folder in folders))
    return there != {
        ref: oid for ref, oid in view.leases.items() if ref == refs.queue or ref.startswith(folders)
    }
