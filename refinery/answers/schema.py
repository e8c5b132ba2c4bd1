"""Owns the JSON Schema of each answer: `schemas/answers/<command>.schema.json`, made whole."""

from __future__ import annotations

import json
from functools import cache

from refinery.resources import answer_names, schema_text
from refinery.typed import Any

PARTS = frozenset({"parts", "merge-request"})
"""What other schemas are made of; no command answers with it by that name."""
ERROR = "error"

_FILE = ".schema.json"
_OWN = "#/$defs/"


@cache
def schema_of(command: str) -> dict[str, Any]:
    """What a command answers with `--json`; of `issue show` the name is `issue-show`.

    The schema stands by itself: what its file takes from other files is among its `$defs`.
    """
    definitions: dict[str, Any] = {}
    root = _whole(_read(command), command, definitions)
    if "$ref" in root:
        root = {**definitions.pop(root.pop("$ref").removeprefix(_OWN)), **root}
    return {**root, "$defs": definitions} if definitions else root


def names() -> tuple[str, ...]:
    """Every answer that has a schema."""
    return tuple(name for name in answer_names() if name not in PARTS)


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(schema_text(f"answers/{name}"))
    return schema


def _whole(node: Any, file: str, definitions: dict[str, Any]) -> Any:
    """A part of a file, where each reference is one to the definitions."""
    if isinstance(node, list):
        return [_whole(each, file, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _whole(value, file, definitions) for key, value in node.items() if key != "$defs"}
    if "$ref" in whole:
        whole["$ref"] = _OWN + _defined(whole["$ref"], file, definitions)
    return whole


def _defined(reference: str, file: str, definitions: dict[str, Any]) -> str:
    """The name of what is referred to, which is brought among the definitions."""
    other, _, pointer = reference.partition("#")
    other = other.removesuffix(_FILE) or file
    name = pointer.removeprefix("/$defs/") or other
    if name not in definitions:
        schema = _read(other)
        definitions[name] = {}  # one that refers to itself finds it
        found = schema["$defs"][name] if pointer else _without_head(schema)
        definitions[name] = _whole(found, other, definitions)
    return name


def _without_head(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$schema"}
