"""How a code is described."""

from __future__ import annotations

from refinery.values import StrEnum, dataclass


class Kind(StrEnum):
    """What a code is about, and so where it stands in answers."""

    STANDING = "standing"
    ENDING = "ending"
    FAILURE = "failure"
    ATTEMPT = "attempt"
    WAIT = "wait"
    SUBMISSION = "submission"
    PURPOSE = "purpose"
    REFUSAL = "refusal"
    FINDING = "finding"


WHERE = {
    Kind.STANDING: "`code` of `why`, `standing` of a merge request: what it waits for now",
    Kind.ENDING: "`close_reason` of a merge request: how it ended",
    Kind.FAILURE: "`failure` of `why`, `failure.type` of a merge request: why it needs rework",
    Kind.ATTEMPT: "`attempts[].outcome` of a merge request: what came of one attempt to land it",
    Kind.WAIT: "`outcome` of `wait`, with its exit code",
    Kind.SUBMISSION: "`outcome` of `submit` and `push`: what became of the branch",
    Kind.PURPOSE: "`purpose` in `plan`: why a candidate is tested",
    Kind.REFUSAL: "`error.code` of any command: why it was refused or failed",
    Kind.FINDING: "`code` of `fsck`: what is wrong with a queue",
}
"""Where the codes of each kind are found with `--json`."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code of one kind; ID stands for the merge request in `next`, the command to run."""

    kind: Kind
    code: str
    means: str
    why: str
    next: str | None = None


def meanings(kind: Kind, described: dict[str, tuple[str, str, str | None]]) -> tuple[Meaning, ...]:
    """All of one kind: what it means, why it happens, what to run next."""
    return tuple(Meaning(kind, code, *words) for code, words in described.items())
