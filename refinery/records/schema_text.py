"""Loads the JSON Schemas as documents, for messages, tests and the reference."""

from __future__ import annotations

import json
from functools import cache

from refinery.resources import schema_text
from refinery.typed import Any


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of record."""
    document: dict[str, Any] = json.loads(schema_text(name))
    return document
