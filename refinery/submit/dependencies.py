"""Which merge requests a submission has to wait for: ids as people give them, made exact."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.errors import RefineryError
from refinery.queue.lookup import NoSuchMergeRequest, find_id, find_mr
from refinery.queue.standing import newest_revision
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass

LANDED = frozenset({CloseReason.MERGED, CloseReason.ALREADY_MERGED})


class CannotDepend(RefineryError):
    """Waiting for that merge request would be waiting for ever."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Those to wait for, and what was said about others that were named."""

    ids: tuple[MrId, ...] = ()
    notes: tuple[str, ...] = ()


def resolve(
    store: RefStore, view: View, named: Sequence[str], *, instead_of: MrId | None
) -> Dependencies:
    """Ids or prefixes of them; what has landed is dropped, what ended otherwise is refused.

    `instead_of` is the revision that the submission replaces: it cannot be waited for.
    """
    ids: list[MrId] = []
    notes: list[str] = []
    for text in named:
        mr = _latest(view, _found(store, view, text))
        if mr.close_reason in LANDED:
            notes.append(f"{mr.id} has landed already: nothing to wait for")
        elif mr.closed:
            raise _ended(mr)
        elif instead_of is not None and _waits_for(view, mr, instead_of):
            raise CannotDepend(
                f"{mr.id} waits for this very branch: neither could ever land",
                hint=f"refinery show {mr.id}",
            )
        else:
            ids.append(mr.id)
    return Dependencies(tuple(dict.fromkeys(ids)), tuple(notes))


def _found(store: RefStore, view: View, text: str) -> MergeRequest:
    try:
        return view.mrs[find_mr(text, view.mrs)]
    except NoSuchMergeRequest:
        from refinery.store.archive import fetch_archive

        archive = fetch_archive(store)
        id = find_id(text, archive.blobs)
        archived = archive.read([id])
        if id in archived.mrs:
            return archived.mrs[id]
        raise CannotDepend(
            f"{id}: its archived record cannot be read", hint="refinery fsck"
        ) from None


def _latest(view: View, mr: MergeRequest) -> MergeRequest:
    """The revision that stands for it now."""
    if mr.superseded_by is None:
        return mr
    return newest_revision(view, mr.superseded_by) or mr


def _waits_for(view: View, mr: MergeRequest, wanted: MrId) -> bool:
    left = [mr]
    seen: set[MrId] = set()
    while left:
        each = left.pop()
        if each.id == wanted:
            return True
        if each.id not in seen:
            seen.add(each.id)
            left += [_latest(view, view.mrs[id]) for id in each.depends_on if id in view.mrs]
    return False


def _ended(mr: MergeRequest) -> CannotDepend:
    how = mr.close_reason.value if mr.close_reason else "closed"
    return CannotDepend(
        f"{mr.id} was {how} and will never land: nothing can depend on it",
        hint=f"refinery show {mr.id}",
    )
