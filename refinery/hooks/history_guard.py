"""Whether a push that begins the queue's or the archive's history anew loses nothing of it."""

from __future__ import annotations

from refinery.hooks.pushed import Pushed
from refinery.store.trail import continued
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.hooks.guard import Guard


def begins_anew(guard: Guard, each: Pushed) -> bool:
    """Whether a ref goes on, with nothing changed, from a tip that is kept already."""
    if each.old is None or each.new is None:
        return False
    read = guard.repo.reader.commit
    first, last = read(each.new), read(each.old)
    return (
        continued(first) == each.old
        and first.tree == last.tree
        and any(
            ref.startswith(guard.refs.kept(each.ref)) and guard.is_ancestor(last.oid, kept)
            for ref, kept in guard.standing.items()
        )
    )


def kept_refused(guard: Guard, each: Pushed) -> str | None:
    """Why a ref that keeps history may not move like this."""
    if each.new is None:
        return "the queue's history is not deleted"
    if each.old is not None and not guard.is_ancestor(each.old, each.new):
        return "its history would be rewritten: it only ever grows"
    tips = [
        tip
        for line in (guard.refs.queue, guard.refs.archive)
        if each.ref.startswith(guard.refs.kept(line)) and (tip := guard.standing.get(line))
    ]
    is_on = any(guard.is_ancestor(each.new, tip) for tip in tips)
    return None if is_on else "it keeps nothing of the queue's"
