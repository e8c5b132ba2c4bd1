"""The schemas as plain Python, made by tools/compile_schemas.py; what they share is here."""

from __future__ import annotations

import re


class BrokenRule(ValueError):
    """A document broke a rule of its schema."""

    def __init__(self, message: str, **_: object) -> None:
        super().__init__(message)


class Patterns(dict[str, re.Pattern[str]]):
    """Regular expressions by how the schema writes them, compiled when one is first looked up."""

    def __init__(self, sources: dict[str, str]) -> None:
        super().__init__()
        self._sources = sources

    def __missing__(self, written: str) -> re.Pattern[str]:
        pattern = self[written] = re.compile(self._sources[written])
        return pattern
