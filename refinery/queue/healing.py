"""Healing: what a crash, a torn server or an outside push left, and how to put it right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.folding import PORTION
from refinery.queue.turns import header_after
from refinery.records.merge_request import CloseReason, Landing, MergeRequest, Method, Status
from refinery.records.names import CANDIDATE, Branch, CandidateId, MrId, Sha
from refinery.store.edit import Edit, Event
from refinery.store.layout import RefNames
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class FoundCommit:
    """A commit on the target since the last recorded landing, and whom its trailers name."""

    oid: Sha
    tree: Sha
    parent: Sha | None
    mrs: tuple[MrId, ...]
    tested_tree: Sha | None


def torn(view: View, target: Branch) -> bool:
    """Whether the target is not where the last landing left it."""
    recorded = view.header.landed.get(target)
    return recorded is not None and view.targets.get(target) not in (None, recorded)


def is_recorded(view: View, target: Branch) -> bool:
    """Whether the target is where the last landing left it, and there was one."""
    return view.header.landed.get(target) == view.targets.get(target)


def roll_forward(
    view: View,
    target: Branch,
    commits: Sequence[FoundCommit],
    *,
    worker: str,
    config: Config,
    now: datetime,
) -> Edit | None:
    """Close what landed without its record.

    A server that is killed between its renames has moved the target and not the queue.  `commits`
    are those on the first-parent line from the recorded landing to the real tip, oldest first; one
    that names an open merge request is its landing.  Others are pushes from outside.
    """
    landed = [
        mr
        for together in _candidates(view, target, commits, config)
        for mr in _landed_together(view, target, together, worker, config, now)
    ]
    if not landed:
        return None
    ids = tuple(mr.id for mr in landed)
    return Edit(
        event=Event(
            "healed", f"record the landing of {', '.join(ids)}, which was interrupted", ids, worker
        ),
        put=tuple(landed),
        header=header_after(
            view, target, view.targets[target], landed=ids, rules=config.fairness, now=now
        ),
        release=tuple(id for id in ids if id in view.claims),
        fold=tuple(id for id in ids if id in view.unfolded),
        pins=dict.fromkeys(ids),
    )


def _candidates(
    view: View, target: Branch, commits: Sequence[FoundCommit], config: Config
) -> list[list[FoundCommit]]:
    """The commits of each candidate: up to the one that names the tested tree.

    Commits without a name before the first named one came from outside, except where a rebase
    gives a merge request several.  A fast-forward names nothing: its candidate ends with the last
    commit that is somebody's head.
    """
    names = [bool(_named(view, commit, target, config)) for commit in commits]
    if config.method is Method.FAST_FORWARD:
        return [list(commits[: _last(names) + 1])] if any(names) else []
    found: list[list[FoundCommit]] = []
    together: list[FoundCommit] = []
    for commit, named in zip(commits, names, strict=True):
        if named or together or config.method is Method.REBASE:
            together.append(commit)
        if together and commit.tested_tree is not None:
            found.append(together)
            together = []
    return found


def _last(names: Sequence[bool]) -> int:
    return max(index for index, named in enumerate(names) if named)


def _named(view: View, commit: FoundCommit, target: Branch, config: Config) -> list[MergeRequest]:
    """The open merge requests that a commit lands.

    A fast-forward puts authors' own commits on the target, and anybody can write a trailer: there
    only the pinned head counts.  What a pull request lands is recorded by whoever follows it.
    """
    if config.method is Method.FAST_FORWARD:
        heads = [mr for mr in view.mrs.values() if mr.head == commit.oid]
        claimed = {*view.claims, *view.testing}  # what is not was pushed by hand
        named = [mr for mr in heads if mr.id in claimed]
    else:
        named = [view.mrs[id] for id in commit.mrs if id in view.mrs]
    return [mr for mr in named if not mr.closed and mr.target == target and mr.proposal is None]


def _landed_together(
    view: View,
    target: Branch,
    together: Sequence[FoundCommit],
    worker: str,
    config: Config,
    now: datetime,
) -> list[MergeRequest]:
    """The records of one candidate, closed with the evidence that its commits carry."""
    members = [
        (mr, commit.oid) for commit in together for mr in _named(view, commit, target, config)
    ]
    last = together[-1]
    landing = Landing(
        base=together[0].parent or together[0].oid,
        commit=last.oid,
        tree=last.tested_tree or last.tree,
        candidate=tuple(mr.id for mr, _ in members),
        method=config.method,
        fingerprint=config.fingerprint,
        result="pass" if config.checks else "none",
        worker=worker,
        mode="healed",
    )
    return [
        replace(
            mr,
            status=Status.CLOSED,
            close_reason=CloseReason.MERGED,
            closed_at=now,
            merge_commit=commit,
            blocked_by=None,
            block=None,
            failure=None,
            landing=landing,
        )
        for mr, commit in members
    ]


def unpinned(view: View, refs: RefNames) -> dict[MrId, Sha]:
    """The folded merge requests whose commit is pinned by nothing, or whose pin is elsewhere."""
    return {
        mr.id: mr.pin
        for mr in view.mrs.values()
        if not mr.closed
        and mr.id not in view.unfolded
        and view.leases.get(refs.pin(mr.id)) != mr.pin
    }


def pinned_again(view: View, refs: RefNames, at_hand: Collection[Sha], worker: str) -> Edit | None:
    """Pin what a push that tore has left without its pin, as far as its commit is at hand."""
    pins = {id: pin for id, pin in unpinned(view, refs).items() if pin in at_hand}
    if not pins:
        return None
    words = f"pin {', '.join(pins)} again"
    return Edit(event=Event("healed", words, tuple(pins), worker), pins=pins)


def leftovers(view: View, refs: RefNames, worker: str, now: datetime) -> Edit | None:
    """Remove what belongs to nothing live: pins, claims and inbox entries of ended merge requests.

    A claim that ran out is left alone: taking it over is a compare-and-swap of its own.  That of a
    candidate goes after as long again, since nobody may want the same one any more.  While a record
    cannot be read, or the queue is gone, nobody knows whose it is, so pins without a record stay.
    """
    gone = _ids(view, refs, "heads", keep_live=True)
    if view.damage or refs.queue not in view.leases:
        gone = [id for id in gone if id in view.mrs]
    by_hand = _ids(view, refs, "claims", keep_live=True)
    claims: list[MrId | CandidateId] = [id for id in by_hand if not id.startswith(CANDIDATE)]
    claims += _forgotten_candidates(view, now)
    inbox = [id for id in _ids(view, refs, "inbox", keep_live=False) if _is_known(view, id)]
    if not gone and not claims and not inbox:
        return None
    return Edit(
        event=Event("tidied", "remove refs of ended merge requests", worker=worker),
        pins=dict.fromkeys(gone[:PORTION]),
        release=tuple(claims[:PORTION]),
        fold=tuple(inbox[:PORTION]),
    )


def _forgotten_candidates(view: View, now: datetime) -> list[CandidateId]:
    """Claims of candidates whose members have all ended, or that ran out long ago."""
    found = []
    for name, claim in view.claims.items():
        if claim.base is None or (claim.is_report and not claim.candidate):
            continue
        ended = [
            view.mrs[id].closed if id in view.mrs else not is_damaged(view, id)
            for id in claim.candidate
        ]
        lasted = claim.expires_at - claim.claimed_at
        ran_out = not claim.is_report and now - claim.expires_at > lasted
        if (ended and all(ended)) or ran_out:
            found.append(CandidateId(name))
    return found


def _is_known(view: View, id: MrId) -> bool:
    return id in view.mrs and id not in view.unfolded


def _ids(view: View, refs: RefNames, folder: str, *, keep_live: bool) -> list[MrId]:
    below = refs.below(folder)
    ids = [MrId(ref.removeprefix(below)) for ref in view.leases if ref.startswith(below)]
    if not keep_live:
        return ids
    return [
        id
        for id in ids
        if (id in view.mrs and view.mrs[id].closed)
        or (id not in view.mrs and not is_damaged(view, id))
    ]


def is_damaged(view: View, id: MrId) -> bool:
    """Whether its record is there and cannot be read."""
    return any(f"/{id}.yaml" in damage.where for damage in view.damage)
