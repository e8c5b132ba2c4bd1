"""Every answer is promised by a schema: each command has one, and each key in it is described."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from refinery.answers.schema import ERROR, names, schema_of
from refinery.cli.catalogue import COMMANDS
from refinery.cli.command import load, parser_of
from refinery.resources import answer_names, schema_text
from tools import make_answers


def answering(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """The commands and actions that take --json, as their schemas are called."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, sub in action.choices.items():
                yield from answering(f"{name}-{word}", sub)
        elif "--json" in action.option_strings:
            yield name


def test_every_command_that_takes_json_has_a_schema_and_no_other() -> None:
    found = {each for name in COMMANDS for each in answering(name, parser_of(name, load(name)))}
    assert {*names()} == {*found, ERROR}


def test_every_object_is_closed_and_every_key_described() -> None:
    for name in answer_names():
        holds(name)


def holds(name: str) -> None:
    schema = json.loads(schema_text(f"answers/{name}"))
    Draft202012Validator.check_schema(schema)
    assert schema["description"].endswith(".")
    for where, node in nodes(schema):
        if "properties" in node:
            assert "additionalProperties" in node, f"{name}: {where} is open"
            assert {*node["required"]} <= {*node["properties"]}, f"{name}: {where}"
            for key, each in node["properties"].items():
                assert "description" in each or "$ref" in each, f"{name}: {where}.{key}"


def test_a_schema_stands_by_itself() -> None:
    for name in names():
        schema = schema_of(name)
        assert "$ref" not in schema, name
        for where, node in nodes(schema):
            head, _, wanted = node.get("$ref", "#/$defs/").rpartition("/")
            assert head == "#/$defs", f"{name}: {where}"
            assert wanted in ("", *schema.get("$defs", ())), f"{name}: {where}"


def nodes(node: Any, where: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside of a schema."""
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from nodes(each, f"{where}[{number}]")
    elif isinstance(node, dict):
        if {"type", "properties", "$ref", "anyOf", "enum"} & node.keys():
            yield where, node
        for key, each in node.items():
            if key not in ("enum", "required", "default"):
                yield from nodes(each, f"{where}.{key}")


def test_what_follows_from_records_and_codes_is_up_to_date() -> None:
    for file, text in make_answers.files().items():
        assert file.read_text() == text, f"{file.name}: python -m tools.make_reference"
