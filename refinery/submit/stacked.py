"""What a submission waits for and stands on: as it was told, as its commits say, as they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refinery.config.config import Stacks
from refinery.queue.stacks import waits_for
from refinery.queue.standing import newest_revision
from refinery.queue.submission import Request
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, Sha
from refinery.repo.history import is_ancestor
from refinery.repo.repository import Repository
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.submit.dependencies import as_told, resolve
from refinery.submit.footing import DEPENDS_ON, UNIT, Footing, footing
from refinery.typed import Protocol
from refinery.values import dataclass

_MOST = 100  # that a record may name


class Place(Protocol):
    """Where the queue and the commits are."""

    @property
    def repo(self) -> Repository: ...

    @property
    def store(self) -> RefStore: ...


@dataclass(frozen=True, slots=True)
class Stacked:
    """Whom it waits for, whose commits it holds, the unit its commits name, and what to say."""

    depends_on: tuple[MrId, ...]
    stands_on: tuple[Sha, ...]
    unit: str | None
    notes: tuple[str, ...]


def stacked(
    place: Place,
    view: View,
    request: Request,
    before: MergeRequest | None,
    base: MergeRequest | None,
    named: Sequence[str],
    rules: Stacks,
) -> Stacked:
    """Everything below one head; `named` is what its author asked it to wait for.

    `base` is whose branch it is to land on.  A dependency that only followed from a commit ends
    when the head does not hold that any more.
    """
    base = base if rules.retarget else None
    ground = footing(place.repo, view, request.branch, request.target, request.head)
    told, notes = as_told(ground.told(DEPENDS_ON)) if rules.trailers else ([], [])
    replaced = before.id if before is not None and not before.closed else None
    explicit = resolve(
        place.store, view, [*named, *told], target=request.target, instead_of=replaced
    )
    found = _found(view, ground, replaced) if rules.ancestry else []
    kept, gone = _kept(view, before, ground)
    bases = [base.id] if base is not None else []
    depends_on = tuple(dict.fromkeys((*bases, *kept, *explicit.ids, *found)))
    new = [id for id in found if id not in explicit.ids and id not in kept]
    left = [id for id in gone if _now(view, id) not in depends_on]
    units = ground.told(UNIT) if rules.trailers else ()
    return Stacked(
        depends_on,
        _stands_on(place.repo, view, request, ground, before, depends_on),
        units[-1] if units else None,
        (*notes, *explicit.notes, *_notes(view, base, new, left, ground)),
    )


def _found(view: View, ground: Footing, replaced: MrId | None) -> list[MrId]:
    """The open ones below, but for those that wait for the very revision that is replaced."""
    return [
        id
        for id in ground.waited_for()
        if replaced is None or not waits_for(view, view.mrs[id], replaced)
    ]


def _notes(
    view: View,
    base: MergeRequest | None,
    new: Sequence[MrId],
    left: Sequence[MrId],
    ground: Footing,
) -> Iterator[str]:
    """What nobody asked for is said."""
    if base is not None:
        yield f"goes on to {base.target} once {base.id} has landed, whose branch it is for"
    for id in new:
        yield f"its commits stand on those of {id} ({view.mrs[id].branch}), which land first"
    for id in left:
        yield f"waits no longer for {id}: its commits are not below any more"
    for mr in ground.unwanted:
        yield f"holds the commits of {mr.id}, which was rejected"


def base_of(view: View, request: Request) -> MergeRequest | None:
    """The open merge request whose branch is the target; a branch that takes landings is none's."""
    header = view.header
    if request.target == header.default_target or request.target in header.landed:
        return None
    found = [
        mr
        for mr in view.mrs.values()
        if mr.branch == request.target and mr.target != request.branch and not mr.closed
    ]
    return min(found, key=lambda mr: (mr.created_at, mr.id), default=None)


def _kept(
    view: View, before: MergeRequest | None, ground: Footing
) -> tuple[list[MrId], list[MrId]]:
    """What the revision before waited for, as it is now, and what the head no longer holds."""
    kept: list[MrId] = []
    gone: list[MrId] = []
    for id in before.depends_on if before is not None and not before.closed else ():
        below = view.mrs.get(id)
        stood = before is not None and below is not None and below.head in before.stands_on
        if stood and below is not None and below.head not in ground.contained:
            gone.append(id)
        else:
            kept.append(_now(view, id))
    return kept, [id for id in gone if id in view.mrs and not view.mrs[_now(view, id)].closed]


def _now(view: View, id: MrId) -> MrId:
    newest = newest_revision(view, id)
    return newest.id if newest is not None else id


def _stands_on(
    repo: Repository,
    view: View,
    request: Request,
    ground: Footing,
    before: MergeRequest | None,
    depends_on: Sequence[MrId],
) -> tuple[Sha, ...]:
    """The commits below its own: heads of others, those of before, those of whom it waits for."""
    heads = dict.fromkeys(ground.below)
    if before is not None:
        heads |= dict.fromkeys(oid for oid in before.stands_on if oid in ground.contained)
    for id in depends_on:
        mr = view.mrs.get(id)
        if mr is not None and mr.head not in heads and is_ancestor(repo, mr.head, request.head):
            heads[mr.head] = None
    return tuple(heads)[:_MOST]
