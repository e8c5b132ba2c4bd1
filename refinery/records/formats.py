"""The formats of documents: an older one is brought up when it is read, and what is written is in
the oldest that can say it, so that a refinery that knows no newer one goes on reading it.

Each `schemas/*.schema.json` says its newest format as the `const` of `version`, and with `since`
which keys and choices came with a later one than the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refinery.records.schema import InvalidRecord, SchemaName, compiled, newest
from refinery.typed import Any

Step = Callable[[Mapping[str, Any]], dict[str, Any]]

STEPS: dict[tuple[SchemaName, int], Step] = {}
"""What makes a document of a format one of the next; none where only something was added."""

_MISFITS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def upgraded(name: SchemaName, document: Mapping[str, Any], *, where: str) -> Mapping[str, Any]:
    """The document in the newest format; one of no known format is left for `check` to refuse."""
    version, last = document.get("version"), newest(name)
    if type(version) is not int or not 1 <= version < last:
        return document
    for number in range(version, last):
        step = STEPS.get((name, number))
        try:
            document = step(document) if step else document
        except _MISFITS:
            raise InvalidRecord(where, "", f"is not what format {number} allows") from None
    return {**document, "version": last}


def oldest(name: SchemaName, document: Mapping[str, Any]) -> int:
    """The oldest format that can say all that a valid document of the newest one says."""
    first: int
    first, keys = compiled(name).SINCE
    return max(first, _needed(keys, document))


def _needed(keys: Mapping[str, Any], value: Any) -> int:
    """`keys` holds what may need a later format: key -> (format, choice -> format, keys below)."""
    if isinstance(value, list):
        return max((_needed(keys, item) for item in value), default=1)
    needed = 1
    for key, (since, choices, below) in keys.items():
        if key in value:
            inner = value[key]
            chosen = max((choices.get(each, 1) for each in _chosen(inner)), default=1)
            deeper = _needed(below, inner) if below else 1
            needed = max(needed, since, chosen, deeper)
    return needed


def _chosen(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if type(each) is str]
