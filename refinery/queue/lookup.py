"""Finds the merge request somebody means: by its id, a prefix that only one has, or its branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.errors import RefineryError
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, trimmed


class NoSuchMergeRequest(RefineryError):
    """No merge request has this id."""

    code = "no-such-merge-request"


class AmbiguousId(RefineryError):
    """More than one id begins like this; nobody guesses which was meant."""

    code = "ambiguous-id"


_SHOWN = 8


def find_mr(text: str, mrs: Mapping[MrId, MergeRequest]) -> MrId:
    """The one that `text` names: an id, else a whole branch, else the beginning of an id."""
    wanted = trimmed(text)
    if wanted in mrs:
        return MrId(wanted)
    named = [mr for mr in mrs.values() if mr.branch == wanted]
    live = [mr for mr in named if not mr.closed]
    if len(live) > 1:
        listed = ", ".join(f"{mr.id} for {mr.target}" for mr in live[:_SHOWN])
        raise AmbiguousId(f"{wanted!r} is the branch of {listed}", hint="give one of these ids")
    last = live or sorted(named, key=lambda mr: (mr.submitted_at, mr.id))[-1:]
    return last[0].id if last else find_id(text, mrs)


def find_id(text: str, ids: Iterable[MrId]) -> MrId:
    """The one id that `text` is or begins; with or without the leading "mr-"."""
    wanted = trimmed(text)
    known = sorted(set(ids))
    if wanted in known:
        return MrId(wanted)
    matching = [
        id
        for id in known
        if wanted and (id.startswith(wanted) or id.removeprefix("mr-").startswith(wanted))
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        listed = ", ".join(matching[:_SHOWN]) + (" ..." if len(matching) > _SHOWN else "")
        raise AmbiguousId(f"{wanted!r} is ambiguous: {listed}", hint="give more letters of the id")
    raise NoSuchMergeRequest(
        f"MR {wanted} not found in queue", hint="`refinery list` shows what is there"
    )
