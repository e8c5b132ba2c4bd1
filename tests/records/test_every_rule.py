"""Each rule of each schema refuses what breaks it, wherever it applies."""

from __future__ import annotations

import copy
import importlib
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from refinery.records.compiled import BrokenRule
from refinery.records.document import SCHEMA_OF
from refinery.records.schema_text import load_schema

SCHEMAS = [*SCHEMA_OF.values(), "config"]
WORDS = (
    *("word", "mr-a", "local#1", "0" * 16, "0" * 32, "0" * 40, "2026-01-02T03:04:05Z", "5m"),
    *("2026-01-02", "03:04", "mon", "https://forge.example", "1.2", "a/b", "mr/{epic}", "WORD"),
)
VALUES: dict[str, Any] = {
    "string": "\0",
    "integer": 10**9,
    "number": 1.5,
    "boolean": True,
    "null": None,
    "array": [None],
    "object": {"no such key": None},
}

Place = tuple[str | int, ...]


class Rules:
    """A schema, the documents that it allows, and those that break one rule of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.schema = load_schema(name)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref", "")
        return self.schema["$defs"][reference.rpartition("/")[2]] if reference else schema

    def sample(self, schema: dict[str, Any], kind: str = "") -> Any:
        """A value with every key there is."""
        schema = self.resolved(schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", next(iter(schema.get("enum", [None]))))
        match kind or kinds(schema)[0]:
            case "object":
                named = {key: self.sample(it) for key, it in schema.get("properties", {}).items()}
                others = schema.get("additionalProperties", False)
                return named | ({"other": self.sample(others)} if others else {})
            case "array":
                return [self.sample(schema["items"])] if "items" in schema else []
            case "string":
                fitting = [word for word in WORDS if re.search(schema.get("pattern", ""), word)]
                assert fitting, schema["pattern"]
                return fitting[0]
            case "boolean":
                return True
            case "null":
                return None
            case number:
                above = schema.get("exclusiveMinimum", schema.get("minimum", 0) - 1) + 1
                return above if number == "integer" else float(above)

    def places(self, schema: dict[str, Any], at: Place = ()) -> Iterator[tuple[Place, Any]]:
        """Every value in the sample and the schema it is for."""
        schema = self.resolved(schema)
        yield at, schema
        for key, inner in schema.get("properties", {}).items():
            yield from self.places(inner, (*at, key))
        if isinstance(others := schema.get("additionalProperties"), dict):
            yield from self.places(others, (*at, "other"))
        if "items" in schema and kinds(schema)[0] == "array":
            yield from self.places(schema["items"], (*at, 0))

    def variants(self, schema: dict[str, Any]) -> Iterator[Any]:
        """Other values that are allowed."""
        for kind in kinds(schema) if "type" in schema else ():
            yield self.sample(schema, kind)
        yield from schema.get("enum", ())
        if kinds(schema)[0] == "object" and not schema.get("required"):
            yield {}
        if kinds(schema)[0] == "array" and not schema.get("minItems"):
            yield []
        for bound in ("minimum", "maximum"):
            if bound in schema:
                yield schema[bound]

    def breaches(self, schema: dict[str, Any]) -> Iterator[Any]:
        """Values of which each breaks a rule."""
        allowed = {*kinds(schema), *(["integer"] if "number" in kinds(schema) else [])}
        if "number" in allowed or "integer" in allowed:
            yield from self.other_numbers(schema)
        yield from (value for kind, value in VALUES.items() if kind not in allowed)
        sample = self.sample(schema)
        if "enum" in schema or "const" in schema:
            yield "no such choice"
        if isinstance(sample, dict):
            yield from (
                {k: v for k, v in sample.items() if k != it} for it in schema.get("required", ())
            )
            if schema.get("additionalProperties") is False:
                yield sample | {"no such key": None}
        if "string" in kinds(schema):
            yield from ["\0"] * ("pattern" in schema) + [""] * (schema.get("minLength", 0) > 0)
            if "maxLength" in schema:
                yield "w" * (schema["maxLength"] + 1)
        if isinstance(sample, list):
            yield from [[]] * (schema.get("minItems", 0) > 0)
            if "maxItems" in schema:
                yield sample * (schema["maxItems"] + 1)

    def other_numbers(self, schema: dict[str, Any]) -> Iterator[Any]:
        if "minimum" in schema:
            yield schema["minimum"] - 1
        if "exclusiveMinimum" in schema:
            yield schema["exclusiveMinimum"]
        if "maximum" in schema:
            yield schema["maximum"] + 1


def kinds(schema: dict[str, Any]) -> list[str]:
    told = schema.get("type", "string")
    return told if isinstance(told, list) else [told]


def placed(document: Any, at: Place, value: Any) -> Any:
    if not at:
        return value
    changed = copy.copy(document)
    changed[at[0]] = placed(document[at[0]], at[1:], value)
    return changed


def refused(name: str, document: Any) -> bool:
    module = importlib.import_module(f"refinery.records.compiled.{name.replace('-', '_')}")
    try:
        module.validate(document)
    except BrokenRule:
        return True
    return False


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_record_with_everything_in_it_is_allowed(name: str) -> None:
    rules = Rules(name)
    whole = rules.sample(rules.schema)
    jsonschema.Draft202012Validator(rules.schema).validate(whole)
    assert not refused(name, whole)


@pytest.mark.parametrize("name", SCHEMAS)
def test_so_is_each_other_choice(name: str) -> None:
    rules = Rules(name)
    whole = rules.sample(rules.schema)
    for at, schema in rules.places(rules.schema):
        for value in rules.variants(schema):
            assert not refused(name, placed(whole, at, value)), (at, value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_breaks_one_rule_is_refused(name: str) -> None:
    rules = Rules(name)
    whole = rules.sample(rules.schema)
    for at, schema in rules.places(rules.schema):
        for value in rules.breaches(schema):
            assert refused(name, placed(whole, at, value)), (at, value)
