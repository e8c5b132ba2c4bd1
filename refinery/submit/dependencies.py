"""Which merge requests a submission has to wait for: ids as people give them, made exact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refinery.errors import RefineryError
from refinery.queue.lookup import NoSuchMergeRequest, find_id, find_mr
from refinery.queue.stacks import waits_for
from refinery.queue.standing import LANDED, newest_revision
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha, branch_ref, trimmed
from refinery.repo.history import is_ancestor
from refinery.repo.refs import valid_branch
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass

_FOREIGN = re.compile(r"://|[\s#]")


class CannotDepend(RefineryError):
    """Waiting for that merge request would be waiting for ever."""

    code = "cannot-depend"


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Those to wait for, and what was said about others that were named."""

    ids: tuple[MrId, ...] = ()
    notes: tuple[str, ...] = ()


def resolve(
    store: RefStore,
    view: View,
    named: Sequence[str],
    *,
    target: Branch,
    instead_of: MrId | None,
) -> Dependencies:
    """Ids, prefixes of them, or branches; what has landed is dropped, what ended else is refused.

    `instead_of` is the revision that the submission replaces: it cannot be waited for.
    """
    ids: list[MrId] = []
    notes: list[str] = []
    for text in named:
        found = _of_branch(view, text, target) or _found(store, view, text, target)
        if found is None:
            notes.append(f"{text} has landed already: nothing to wait for")
            continue
        mr = _latest(view, found)
        if mr.close_reason in LANDED:
            notes.append(f"{mr.id} has landed already: nothing to wait for")
        elif mr.closed:
            raise _ended(mr)
        elif instead_of is not None and waits_for(view, mr, instead_of):
            raise CannotDepend(
                f"{mr.id} waits for this very branch: neither could ever land",
                hint=f"refinery show {mr.id}",
            )
        else:
            ids.append(mr.id)
    return Dependencies(tuple(dict.fromkeys(ids)), tuple(notes))


def as_told(values: Sequence[str]) -> tuple[list[str], list[str]]:
    """What trailers name, and what is said of values that are another system's."""
    foreign = [value for value in values if _FOREIGN.search(value)]
    notes = [f"Depends-On: {value} is of another system: ignored" for value in foreign]
    return [value for value in values if value not in foreign], notes


def _of_branch(view: View, text: str, target: Branch) -> MergeRequest | None:
    """The newest of a branch that is to land, or landed, on the same target."""
    found = [mr for mr in view.mrs.values() if (mr.branch, mr.target) == (text, target)]
    return max(found, key=lambda mr: (not mr.closed, mr.submitted_at, mr.id), default=None)


def _found(store: RefStore, view: View, text: str, target: Branch) -> MergeRequest | None:
    """What it names; None for a branch that is not queued, and all in the target."""
    is_known = text in view.mrs or any(mr.branch == text for mr in view.mrs.values())
    tips = [] if is_known else _tips(store, text)
    if tips:
        if all(is_ancestor(store.repo, tip, view.targets[target]) for tip in tips):
            return None
        raise CannotDepend(
            f"the branch {text!r} is not in the queue: nothing can wait for it",
            hint=f"submit it first: refinery submit {text}",
        )
    try:
        return view.mrs[find_mr(text, view.mrs)]
    except NoSuchMergeRequest:
        from refinery.store.archive import fetch_archive

        archive = fetch_archive(store)
        named = archive.find(trimmed(text))
        id = find_id(text, named)
        archived = archive.of({id: named[id]})
        if id in archived.mrs:
            return archived.mrs[id]
        raise CannotDepend(
            f"{id}: its archived record cannot be read", hint="refinery fsck"
        ) from None


def _tips(store: RefStore, text: str) -> list[Sha]:
    """Where a branch of that name is, here and on the remote as last seen."""
    if not valid_branch(text):
        return []
    ref = branch_ref(text)
    found = store.repo.reader.read_many([ref, store.mirror.local(ref)])
    return [each.oid for each in found if each is not None]


def _latest(view: View, mr: MergeRequest) -> MergeRequest:
    """The revision that stands for it now."""
    if mr.superseded_by is None:
        return mr
    return newest_revision(view, mr.superseded_by) or mr


def _ended(mr: MergeRequest) -> CannotDepend:
    how = mr.close_reason.value if mr.close_reason else "closed"
    return CannotDepend(
        f"{mr.id} was {how} and will never land: nothing can depend on it",
        hint=f"refinery show {mr.id}",
    )
