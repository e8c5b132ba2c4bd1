"""The names that identify things, and what makes one valid: ids, branches, workers, commits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refinery.errors import RefineryError
from refinery.typed import NewType

Sha = NewType("Sha", str)
Ref = NewType("Ref", str)
Branch = NewType("Branch", str)
MrId = NewType("MrId", str)
CandidateId = NewType("CandidateId", str)
IssueRef = NewType("IssueRef", str)  # "<tracker>#<number>", as in "local#7"

MR_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
ISSUE_REF = re.compile(r"[a-z]+#[A-Za-z0-9._/-]+")

CANDIDATE = "candidate-"
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_ID_LENGTH = 10
_MAX_ID = 64
_SPACES = " \t\n\v\f\r"


class InvalidName(RefineryError):
    """A name from outside that cannot be used."""

    code = "invalid-name"


def trimmed(text: str) -> str:
    """What somebody gave as a name, without the spaces around it.

    ASCII's alone: a branch may begin and end with those of Unicode.
    """
    return text.strip(_SPACES)


def listed_names(values: Iterable[str]) -> tuple[str, ...]:
    """The names in values that can hold several with commas."""
    return tuple(name for value in values for each in value.split(",") if (name := trimmed(each)))


def derive_id(branch: str, target: str, head: str, predecessor: str) -> MrId:
    """The id of a merge request follows from what it pins.

    Two doors that submit the same push at the same time therefore name the same ref, and git's own
    "must not exist" lease makes one of them the winner.  `predecessor` is the id this one
    supersedes or resubmits, or "".  Ten characters carry 50 bits: a clash in a million requests
    has p = 0.0005.
    """
    return MrId("mr-" + _hashed((branch, target, head, predecessor)))


def derive_candidate_id(target: str, base: str, members: Iterable[str]) -> CandidateId:
    """The id of a candidate follows from what is put on what: two workers never test the same."""
    return CandidateId(CANDIDATE + _hashed((target, base, *members)))


def _hashed(parts: Iterable[str]) -> str:
    import hashlib

    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(told).digest()[:8], "big")
    letters = []
    for _ in range(_ID_LENGTH):
        number, index = divmod(number, 32)
        letters.append(_ID_ALPHABET[index])
    return "".join(letters)


def parse_mr_id(text: str) -> MrId:
    """A validated merge request id; `InvalidName` for anything that could leave its folder."""
    if len(text) <= _MAX_ID and MR_ID.fullmatch(text):
        return MrId(text)
    raise InvalidName(
        f"{text!r} is not a merge request id",
        hint="ids look like mr-0a1b2c3d4e; `refinery list` shows them",
    )


def parse_sha(text: str) -> Sha:
    """A validated full object id, SHA-1 or SHA-256."""
    if SHA.fullmatch(text):
        return Sha(text)
    raise InvalidName(f"{text!r} is not a full commit id")


def branch_ref(branch: str) -> Ref:
    """The full name of a branch's ref."""
    return Ref(f"refs/heads/{branch}")
