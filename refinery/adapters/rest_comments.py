"""Says things on issues and pull requests once, also where an answer or a run was lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from refinery.adapters.forge_errors import ForgeAway


class Comments(Protocol):
    """What was said on the issues, or on the pull requests, of a repository."""

    def newest(self, number: int, doing: str) -> Iterator[str]:
        """What was said, the newest first; asked for as it is looked at."""
        ...

    def add(self, number: int, body: str, doing: str) -> None:
        """Say one thing more."""
        ...


def say(comments: Comments, number: int, body: str, *, doing: str) -> None:
    """Comment; where the answer is lost, look whether it was heard."""
    try:
        comments.add(number, body, doing)
    except ForgeAway:
        if not _is_last(comments, number, body, doing):
            raise


def say_once(comments: Comments, number: int, body: str, *, doing: str) -> None:
    """Comment, unless that is what was said last: a run that died may have said it."""
    if body and not _is_last(comments, number, body, doing):
        say(comments, number, body, doing=doing)


def _is_last(comments: Comments, number: int, body: str, doing: str) -> bool:
    last = next(comments.newest(number, doing), "")
    return _plain(last) == _plain(body)


def _plain(text: str) -> str:
    """As it is compared: a forge may change line ends and trailing space."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
