"""The schemas as plain Python, made by tools/compile_schemas.py; their one error is here."""

from __future__ import annotations


class BrokenRule(ValueError):
    """A document broke a rule of its schema."""

    def __init__(self, message: str, **_: object) -> None:
        super().__init__(message)
