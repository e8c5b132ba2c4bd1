"""The words by which a step speaks to its runner: annotations and outputs, safe from their text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from refinery.cli.output import plain
from refinery.values import StrEnum


class Level(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


def annotation(level: Level, title: str, message: str) -> str:
    """The line that makes a runner show a message beside the job."""
    return f"::{level.value} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


@contextmanager
def unheeded(out: Callable[[str], None]) -> Iterator[None]:
    """What is printed meanwhile is only shown: nothing is obeyed before a secret is heard."""
    secret = _unguessable()
    out(f"::stop-commands::{secret}")
    try:
        yield
    finally:
        sys.stdout.flush()  # what waits in there must come before the word
        out(f"::{secret}::")


def output_entry(name: str, value: str) -> str:
    """An entry for the file of a step's outputs, whose value may hold anything."""
    delimiter = _unguessable()
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def _unguessable() -> str:
    import uuid

    return f"refinery-{uuid.uuid4().hex}"
