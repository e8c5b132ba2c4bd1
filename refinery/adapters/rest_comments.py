"""Says things on issues and pull requests once, also where an answer or a run was lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from refinery.adapters.forge_errors import ForgeAway
from refinery.typed import Protocol


class Comments(Protocol):
    """What was said on the issues, or on the pull requests, of a repository."""

    def newest(self, number: int, doing: str) -> Iterator[str]:
        """What was said, the newest first; asked for as it is looked at."""
        ...

    def add(self, number: int, body: str, doing: str) -> None:
        """Say one thing more."""
        ...


def say(comments: Comments, number: int, body: str, *, doing: str) -> None:
    """Comment; where the answer is lost, look whether it was heard.

    The same may have been said before: what counts is whether it is there once more.
    """
    before = _times_last(comments, number, body, doing)
    try:
        comments.add(number, body, doing)
    except ForgeAway:
        if _times_last(comments, number, body, doing) == before:
            raise


def say_once(comments: Comments, number: int, body: str, *, doing: str) -> None:
    """Comment, unless that is what was said last: a run that died may have said it."""
    if body and not _times_last(comments, number, body, doing):
        say(comments, number, body, doing=doing)


def _times_last(comments: Comments, number: int, body: str, doing: str) -> int:
    """How often it was said with nothing said after it."""
    wanted = _plain(body)
    same = takewhile(lambda said: _plain(said) == wanted, comments.newest(number, doing))
    return sum(1 for _ in same)


def _plain(text: str) -> str:
    """As it is compared: a forge may change line ends and trailing space."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
