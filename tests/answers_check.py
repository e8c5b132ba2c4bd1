"""Holds every answer that a test sees against its schema: what a command prints is its promise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from refinery.answers.schema import names, schema_of
from refinery.cli.catalogue import ALIASES
from refinery.cli.failing import wants_json


def check(argv: Sequence[str], code: int, out: str) -> None:
    """Fail where `--json` was asked for and the answer is not as its schema says."""
    if not wants_json(argv) or "--help" in argv or "-h" in argv:
        return
    document = json.loads(out)
    name = "error" if isinstance(document, dict) and [*document] == ["error"] else command_of(argv)
    wrong = best_match(validator(name).iter_errors(document))
    assert wrong is None, f"answer of {name}: {wrong.json_path}: {wrong.message}"
    if name == "error":
        assert document["error"]["exit_code"] == code


def command_of(argv: Sequence[str]) -> str:
    """The name of the schema: the command's, with its action where it has some."""
    words = [word for word in argv if not word.startswith("-")]
    name = ALIASES.get(words[0], words[0])
    action = f"{name}-{words[1]}" if len(words) > 1 else name
    return action if action in names() else name


@cache
def validator(name: str) -> Draft202012Validator:
    """What holds an answer against its schema."""
    return Draft202012Validator(schema_of(name))
