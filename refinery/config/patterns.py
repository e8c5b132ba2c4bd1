"""Patterns of branches: `*` and `?` stay in a folder, `**` does not; `{name}` is what it finds.

They come from files that anybody may have pushed, so they are not handed to `re`, which a few
stars keep busy for a lifetime: the time here is that of pattern and name multiplied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_TOKEN = re.compile(r"\{(worker|issue)\}|\*\*|\*|\?")
_NOWHERE = -1


@lru_cache(maxsize=4096)
def fits(pattern: str, name: str) -> bool:
    """Whether the whole name fits."""
    return found(pattern, name) is not None


def found(pattern: str, name: str) -> Mapping[str, str] | None:
    """What the names in the pattern stand for; None where the whole name does not fit.

    What comes first takes as much as it can; a name that is there twice is twice the same.
    """
    tokens = _tokens(pattern)
    steps = _steps(tokens, name)
    fields: dict[str, str] = {}
    place = 0
    for token, ends in zip(tokens, steps, strict=True):
        end = ends[place]
        if end == _NOWHERE:
            return None
        named = _TOKEN.fullmatch(token)
        if named and named[1] and fields.setdefault(named[1], name[place:end]) != name[place:end]:
            return None
        place = end
    return fields if place == len(name) else None


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[str, ...]:
    """The pattern in pieces: wildcards, and the text between them."""
    pieces: list[str] = []
    end = 0
    for token in _TOKEN.finditer(pattern):
        pieces += [pattern[end : token.start()], token[0]]
        end = token.end()
    return tuple(filter(None, [*pieces, pattern[end:]]))


def _steps(tokens: tuple[str, ...], name: str) -> list[list[int]]:
    """For each token and each place in the name: where it ends at most so that the rest fits."""
    after = [_NOWHERE] * len(name) + [len(name)]
    steps: list[list[int]] = []
    for token in reversed(tokens):
        after = _ends(token, name, after)
        steps.append(after)
    return steps[::-1]


def _ends(token: str, name: str, after: list[int]) -> list[int]:
    ends = [_NOWHERE] * (len(name) + 1)
    if not _TOKEN.fullmatch(token):
        for place in _places(token, name):
            if after[place + len(token)] != _NOWHERE:
                ends[place] = place + len(token)
        return ends
    if token == "?":
        for place, letter in enumerate(name):
            if letter != "/" and after[place + 1] != _NOWHERE:
                ends[place] = place + 1
        return ends
    furthest = _NOWHERE
    for place in range(len(name), -1, -1):
        if token != "**" and name[place : place + 1] == "/":
            furthest = _NOWHERE
        longer = furthest
        if furthest == _NOWHERE and after[place] != _NOWHERE:
            furthest = place
        ends[place] = longer if token.startswith("{") else furthest
    return ends


def _places(text: str, name: str) -> list[int]:
    """Where the text stands in the name."""
    places = []
    place = name.find(text)
    while place != -1:
        places.append(place)
        place = name.find(text, place + 1)
    return places
