"""What may befall a worker at its remote: its death, the server's, or an answer that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any

import pytest

from refinery.repo.answers import Unknown
from refinery.repo.remote import Remote


class Mishap(StrEnum):
    """What happens at one of its pushes."""

    NONE = "none"
    DIES_BEFORE = "dies before it"
    DIES_AFTER = "dies after it"
    UNHEARD = "its answer is lost"
    TORN = "the server dies between two refs of it"


class Died(BaseException):
    """The worker is no more: nothing that it would still do reaches the remote."""


@contextmanager
def befallen(mishap: Mishap, at: int) -> Iterator[None]:
    """The push of this number (from 1) goes wrong; after a death the remote is out of reach."""
    pushes, dead = 0, False
    push, fetch = Remote.push, Remote.fetch

    def pushed(self: Remote, *arguments: Any, **options: Any) -> Any:
        nonlocal pushes, dead
        pushes += 1
        is_it = pushes == at
        dead = dead or (is_it and mishap is Mishap.DIES_BEFORE)
        if dead:
            raise Died
        if is_it and mishap is Mishap.TORN:
            updates, *others = arguments
            push(self, updates[: 1 + pushes % len(updates)], *others, **options)
            return Unknown("the remote end hung up")
        answer = push(self, *arguments, **options)
        if is_it and mishap is Mishap.DIES_AFTER:
            dead = True
            raise Died
        return Unknown("the connection was cut") if is_it and mishap is Mishap.UNHEARD else answer

    def fetched(self: Remote, *arguments: Any, **options: Any) -> Any:
        if dead:
            raise Died
        return fetch(self, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Remote, "push", pushed)
        patch.setattr(Remote, "fetch", fetched)
        with suppress(Died):
            yield
