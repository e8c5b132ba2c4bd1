"""Patterns of branches: `*` and `?` stay in a folder, `**` does not; `{name}` is what it finds."""

from __future__ import annotations

import re
from functools import cache

_TOKEN = re.compile(r"\{(worker|issue)\}|(\*\*)|(\*)|(\?)")


@cache
def expression(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression, for `fullmatch`."""
    parts: list[str] = []
    named: set[str] = set()
    end = 0
    for token in _TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[end : token.start()]))
        parts.append(_translated(token, named))
        end = token.end()
    return re.compile("".join(parts) + re.escape(pattern[end:]))


def fits(pattern: str, branch: str) -> bool:
    """Whether the whole name of the branch fits."""
    return expression(pattern).fullmatch(branch) is not None


def _translated(token: re.Match[str], named: set[str]) -> str:
    name = token[1]
    if name is None:
        return {"**": ".*", "*": "[^/]*", "?": "[^/]"}[token[0]]
    if name in named:
        return f"(?P={name})"
    named.add(name)
    return f"(?P<{name}>[^/]+)"
