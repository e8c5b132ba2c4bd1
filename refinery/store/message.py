"""The commit messages of the store: subject for people, trailers for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refinery.records.names import MrId
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


@dataclass(frozen=True, slots=True)
class Trailers:
    """The last paragraph of a message, where it is made of `Key: value` lines."""

    pairs: tuple[tuple[str, str], ...]

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of a key, in order."""
        return tuple(value for name, value in self.pairs if name.lower() == key.lower())

    def first(self, key: str) -> str | None:
        """The first value of a key."""
        return next(iter(self.all(key)), None)

    @property
    def mrs(self) -> tuple[MrId, ...]:
        """The merge requests a commit speaks of."""
        return tuple(MrId(value) for value in self.all(MR))


def trailers(message: str) -> Trailers:
    """The trailers of a commit message; a paragraph with any other line has none."""
    paragraphs = message.strip().split("\n\n")
    pairs = list(_pairs(paragraphs[-1])) if len(paragraphs) > 1 else []
    return Trailers(tuple(pair for pair in pairs if pair is not None) if all(pairs) else ())


def _pairs(paragraph: str) -> Iterator[tuple[str, str] | None]:
    for line in paragraph.splitlines():
        key, colon, value = line.partition(": ")
        valid = colon and key.replace("-", "").isalnum()
        yield (key, value.strip()) if valid else None
