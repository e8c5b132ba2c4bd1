"""Reads payloads from outside: every value is typed, bounded and valid, or it is not there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from refinery.errors import RefineryError
from refinery.records.names import Branch, InvalidName, IssueRef, Sha, parse_sha
from refinery.repo.refs import valid_branch
from refinery.store.message import one_line
from refinery.typed import Any
from refinery.webhook.events import Forge

LONGEST_BRANCH = 240
LONGEST_NAME = 240
LONGEST_TITLE = 1000
LARGEST_NUMBER = 10**12
_HEADS = "refs/heads/"


class Unparsable(RefineryError):
    """A body that is not a JSON object."""

    code = "unreadable-event"


def read(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body holds."""
    try:
        document = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unparsable(f"not JSON: {type(error).__name__}") from None
    if not isinstance(document, dict):
        raise Unparsable("not a JSON object")
    return document


def part(payload: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at a path; an empty one where there is none."""
    found: Any = payload
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def listed(payload: Mapping[str, Any], key: str, *, most: int = 200) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    found = payload.get(key)
    return (
        [item for item in found[:most] if isinstance(item, dict)] if isinstance(found, list) else []
    )


def text(payload: Mapping[str, Any], key: str, *, most: int = LONGEST_NAME) -> str | None:
    """A text of a bounded length that can be written as UTF-8."""
    found = payload.get(key)
    if not isinstance(found, str) or not found or len(found) > most:
        return None
    return None if any("\ud800" <= letter <= "\udfff" for letter in found) else found


def title(payload: Mapping[str, Any]) -> str:
    """A title for people, on one line, cut where it is too long; empty where there is none."""
    found = payload.get("title")
    whole = found[:LONGEST_TITLE] if isinstance(found, str) else ""
    return one_line(whole.encode("utf-8", "replace").decode("utf-8"))


def number(payload: Mapping[str, Any], key: str) -> int | None:
    """The number of an issue or a pull request."""
    found = payload.get(key)
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    return found if 0 < found <= LARGEST_NUMBER else None


def issue(forge: Forge, payload: Mapping[str, Any], key: str) -> IssueRef | None:
    """The queue's name for a forge's issue."""
    found = number(payload, key)
    return IssueRef(f"{forge}#{found}") if found is not None else None


def branch(payload: Mapping[str, Any], key: str) -> Branch | None:
    """A branch by its short name."""
    return checked_branch(text(payload, key))


def branch_of_ref(payload: Mapping[str, Any], key: str) -> Branch | None:
    """A branch by the full name of its ref; None for tags and whatever else there is."""
    ref = text(payload, key, most=LONGEST_BRANCH + len(_HEADS))
    return checked_branch(ref.removeprefix(_HEADS)) if ref and ref.startswith(_HEADS) else None


def checked_branch(name: str | None) -> Branch | None:
    """A name that git takes for a branch, and that no command takes for an option."""
    if name is None or len(name) > LONGEST_BRANCH or not name.isprintable():
        return None
    return Branch(name) if valid_branch(name) else None


def sha(payload: Mapping[str, Any], key: str) -> Sha | None:
    """A full commit id; the zero id that stands for none is one too (`is_zero`)."""
    found = text(payload, key)
    try:
        return parse_sha(found) if found else None
    except InvalidName:
        return None


def is_zero(oid: Sha) -> bool:
    """Whether an id stands for no commit."""
    return not oid.strip("0")
