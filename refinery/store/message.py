"""The commit messages of the store: subject for people, trailers for programs."""

from __future__ import annotations

from refinery.records.names import MrId
from refinery.repo.trailers import trailers
from refinery.store.edit import Event

OPERATION = "Refinery-Op"
EVENT = "Refinery-Event"
MR = "Refinery-MR"
WORKER = "Refinery-Worker"


def compose(event: Event, operation: str) -> str:
    """The message of one transaction.

    `operation` is unique: two workers that build the same commit would otherwise both be told that
    their push succeeded, since git finds the ref up to date before it looks at the lease.
    """
    trailers = [f"{EVENT}: {event.name}"]
    trailers += [f"{MR}: {id}" for id in event.mrs]
    trailers += [f"{WORKER}: {event.worker}"] if event.worker else []
    trailers += [f"{key}: {one_line(value)}" for key, value in event.details.items()]
    trailers.append(f"{OPERATION}: {operation}")
    return f"{one_line(event.subject)}\n\n" + "\n".join(trailers) + "\n"


def one_line(text: str) -> str:
    """Text from outside as part of one line: no line breaks, no control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def named_mrs(message: str) -> tuple[MrId, ...]:
    """The merge requests a commit message speaks of in its trailers."""
    return tuple(MrId(value) for key, value in trailers(message) if key.lower() == MR.lower())
