"""Finds the merge request somebody means: by its id, or a prefix that only one id has."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.errors import RefineryError
from refinery.records.names import MrId


class NoSuchMergeRequest(RefineryError):
    """No merge request has this id."""


class AmbiguousId(RefineryError):
    """More than one id begins like this; nobody guesses which was meant."""


_SHOWN = 8


def find_id(text: str, ids: Iterable[MrId]) -> MrId:
    """The one id that `text` is or begins; with or without the leading "mr-"."""
    wanted = text.strip()
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
