"""Writes those schemas of answers that follow from the records and from the stable codes.

A merge request in an answer is its record, each field there or null, with what follows from it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from refinery.codes.catalogue import ALL
from refinery.codes.meaning import Kind
from refinery.records.merge_request import MergeRequest
from refinery.values import MISSING, fields

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "schemas" / "answers"

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_KINDS = {
    "standing": Kind.STANDING,
    "ending": Kind.ENDING,
    "failure": Kind.FAILURE,
    "wait": Kind.WAIT,
    "submission": Kind.SUBMISSION,
    "purpose": Kind.PURPOSE,
}
_PARTS = "parts.schema.json#/$defs/"


def files() -> dict[Path, str]:
    """Every schema that is made, by its file."""
    record = _record()
    made = {
        "parts": _parts(record),
        "merge-request": _merge_request(record),
        "show": _show(record),
        "next": _next(record),
    }
    return {FOLDER / f"{name}.schema.json": _text(schema) for name, schema in made.items()}


def _record() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        (ROOT / "schemas" / "merge-request.schema.json").read_text()
    )
    return schema


def _parts(record: dict[str, Any]) -> dict[str, Any]:
    """What several answers are made of."""
    return {
        "$schema": _DRAFT,
        "title": "Parts",
        "description": "What several answers are made of.",
        "$defs": {
            **record["$defs"],
            **{name: {"enum": _codes(kind)} for name, kind in _KINDS.items()},
            "refusal": {"enum": _codes(Kind.REFUSAL)},
            **_ESTIMATE,
        },
    }


def _codes(kind: Kind) -> list[str]:
    return [each.code for each in ALL if each.kind is kind]


def _merge_request(record: dict[str, Any]) -> dict[str, Any]:
    return _object(
        "Merge request", "The record of a merge request, and where it stands.", _properties(record)
    )


def _show(record: dict[str, Any]) -> dict[str, Any]:
    own = {
        "score": _SCORE,
        **{name: _estimated(name) for name in _ESTIMATE},
        "logs": {
            "description": "Files of this clone that hold what its checks printed.",
            "type": "array",
            "items": {"type": "string"},
        },
    }
    words = "All about one merge request: the record, where it stands, when it is expected to land."
    return _object("show", words, {**_properties(record), **own})


def _next(record: dict[str, Any]) -> dict[str, Any]:
    words = "The merge request that is next, or null where none is ready."
    schema = _object("next", words, {**_properties(record), "score": _SCORE})
    return {**schema, "type": ["object", "null"]}


def _object(title: str, words: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "title": title,
        "description": words,
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _properties(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of the record in their order, then what follows from it."""
    known = record["properties"]
    found = {name: _shared(_field(known[name], default)) for name, default in _defaults().items()}
    found["status"] = {
        "description": "open, in_progress while a live claim is on it, or closed.",
        "enum": ["open", "in_progress", "closed"],
    }
    return {**found, **_FOLLOWS}


def _defaults() -> dict[str, Any]:
    return {each.name: each.default for each in fields(MergeRequest)}


def _field(schema: dict[str, Any], default: Any) -> dict[str, Any]:
    """As in the record; where the record leaves it out because it is None, null stands here."""
    return schema if default is MISSING or default is not None else _or_null(schema)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" in schema and isinstance(schema["type"], str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        rest = {key: value for key, value in schema.items() if key != "type"}
        return {**rest, "enum": [*schema["enum"], None]}
    words = {"description": schema["description"]} if "description" in schema else {}
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {**words, "anyOf": [rest, {"type": "null"}]}


def _shared(node: Any) -> Any:
    """The same, where each reference is one to the parts."""
    if isinstance(node, list):
        return [_shared(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _PARTS + value.removeprefix("#/$defs/") if key == "$ref" else _shared(value)
        for key, value in node.items()
    }


def _estimated(name: str) -> dict[str, Any]:
    return {"$ref": f"{_PARTS}{name}"}


def _nullable(part: str, words: str) -> dict[str, Any]:
    return {"description": words, "anyOf": [{"$ref": _PARTS + part}, {"type": "null"}]}


_SCORE = {"description": "Its score now: the higher, the sooner.", "type": "number"}
_FOLLOWS = {
    "claimed_by": {
        "description": "The worker whose live claim is on it, alone or with others.",
        "type": ["string", "null"],
    },
    "claimed_at": _nullable("time", "Since when."),
    "claim_expires_at": _nullable("time", "When the claim ends, unless it is renewed."),
    "standing": {
        "description": "What it waits for now: a stable code, see `refinery explain`.",
        "$ref": f"{_PARTS}standing",
    },
    "waits_for": {
        "description": "The merge request or the issue that it waits for.",
        "type": ["string", "null"],
    },
}
_SECONDS = {"type": "number"}
_ESTIMATE: dict[str, Any] = {
    "place": {
        "description": "Where it is among those that can land on its target; null for others.",
        "type": ["object", "null"],
        "properties": {
            "number": {"description": "1 is the first.", "type": "integer"},
            "of": {"description": "How many there are.", "type": "integer"},
        },
        "required": ["number", "of"],
        "additionalProperties": False,
    },
    "estimate": {
        "description": "When it is expected to land; null where `no_estimate` says why not.",
        "type": ["object", "null"],
        "properties": {
            "median_seconds": {
                "description": "From now until then: as likely sooner as later.",
                "type": "number",
            },
            "half_seconds": {
                "description": "Between these two land half of such merge requests.",
                "type": "array",
                "items": _SECONDS,
                "minItems": 2,
                "maxItems": 2,
            },
            "range_seconds": {
                "description": "Between these two land 9 in 10.",
                "type": "array",
                "items": _SECONDS,
                "minItems": 2,
                "maxItems": 2,
            },
            "expected_at": {
                "description": "The moment that `median_seconds` says.",
                "$ref": "#/$defs/time",
            },
            "range_at": {
                "description": "The moments that `range_seconds` says.",
                "type": "array",
                "items": {"$ref": "#/$defs/time"},
                "minItems": 2,
                "maxItems": 2,
            },
            "chance": {
                "description": "The chance that it lands at all, from 0 to 1.",
                "type": "number",
            },
            "landings_seen": {
                "description": "How many landings the estimate is made of.",
                "type": "integer",
            },
        },
        "required": [
            *("median_seconds", "half_seconds", "range_seconds", "expected_at"),
            *("range_at", "chance", "landings_seen"),
        ],
        "additionalProperties": False,
    },
    "no_estimate": {
        "description": "Why nobody can say when it lands; null where there is an estimate.",
        "type": ["string", "null"],
    },
}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
