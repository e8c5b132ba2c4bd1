"""Writes the parts of the documentation that follow from the schemas of answers and the codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from refinery.codes.catalogue import ALL
from refinery.codes.findings import DOCTOR, IN_HISTORY, IN_RECORDS, IN_REFS, NEXT_RUN
from refinery.codes.meaning import WHERE, Kind, Meaning

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "answers"

_TITLES = {
    Kind.STANDING: "Where a merge request stands",
    Kind.ENDING: "How a merge request ended",
    Kind.FAILURE: "Why one needs rework",
    Kind.ATTEMPT: "What came of an attempt",
    Kind.WAIT: "How waiting ended",
    Kind.SUBMISSION: "What became of a submission",
    Kind.PURPOSE: "Why a candidate is tested",
    Kind.REFUSAL: "Why a command was refused",
    Kind.FINDING: "What is wrong with a queue",
}
_FOUND = {
    "In records": IN_RECORDS,
    "In refs": IN_REFS,
    "In histories and targets": IN_HISTORY,
}
_PARTS = {
    "id": "id of a merge request",
    "sha": "commit",
    "time": "time, UTC",
    "branch": "branch",
    "name": "string",
    "line": "one line",
    "text": "text",
    "issue": "tracker#number",
    "standing": "[code](codes.md#where-a-merge-request-stands)",
    "ending": "[code](codes.md#how-a-merge-request-ended)",
    "failure": "[code](codes.md#why-one-needs-rework)",
    "wait": "[code](codes.md#how-waiting-ended)",
    "submission": "[code](codes.md#what-became-of-a-submission)",
    "purpose": "[code](codes.md#why-a-candidate-is-tested)",
    "refusal": "[code](codes.md#why-a-command-was-refused)",
}
_SEVERAL = {
    "id": "ids of merge requests",
    "time": "times, UTC",
    "branch": "branches",
    "line": "lines",
}
_TYPES = {
    "string": "string",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
_INLINE = ("parts.schema.json#", "error.schema.json#")
_LIKE_A_MERGE_REQUEST = ("next", "show")
_FIRST = ("error", "merge-request")


def codes() -> str:
    """Every code, by kind."""
    sections = []
    for kind, group in groupby(ALL, key=lambda each: each.kind):
        head = f"## {_TITLES[kind]}\n\n{WHERE[kind][:1].upper()}{WHERE[kind][1:]}.\n"
        rows = ["| code | means | why it comes | run |", "|---|---|---|---|"]
        sections.append("\n".join([head, *rows, *map(_code, group)]) + "\n")
    return "\n".join(sections)


def findings() -> str:
    """What `fsck` finds, and who puts it right."""
    sections = []
    for title, group in _FOUND.items():
        rows = ["| what is wrong | code | how it comes about | put right by |", "|---|---|---|---|"]
        rows += [
            f"| {_cell(each.means)} | `{each.code}` | {_cell(each.why)} | {_who(each)} |"
            for each in group
        ]
        sections.append("\n".join([f"## {title}\n", *rows]) + "\n")
    return "\n".join(sections)


def _who(each: Meaning) -> str:
    known = {NEXT_RUN: "the next run", DOCTOR: f"`{DOCTOR}`", None: "nobody needs to"}
    return known.get(each.next, f"you: `{each.next}`")


def _code(each: Meaning) -> str:
    run = f"`{each.next}`" if each.next else ""
    return f"| `{each.code}` | {_cell(each.means)} | {_cell(each.why)} | {run} |"


def answers() -> str:
    """Every answer, each key with its meaning."""
    names = sorted(file.name.removesuffix(".schema.json") for file in FOLDER.glob("*.json"))
    rest = [name for name in names if name not in (*_FIRST, "parts")]
    return "\n".join(_answer(name) for name in (*_FIRST, *rest))


def _answer(name: str) -> str:
    schema = _read(name)
    title = schema["title"] if name == "merge-request" else f"`{schema['title']}`"
    if name == "error":
        title = "When a command is refused"
    lines = [f"## {title}\n", f"{schema['description']}\n"]
    if any("$ref" in each and each["$ref"].startswith("#") for each in schema.get("anyOf", ())):
        lines.append("It is one of these.\n")
    elif "anyOf" in schema or "$ref" in schema:
        lines.append(f"It is {_kind(schema)}.\n".replace("It is [", "It is a ["))
    elif schema.get("type") == "array":
        lines.append(f"It is a list of {_kind(schema['items'], several=True)}.\n")
    tables = [("", schema), *(() if name == "error" else schema.get("$defs", {}).items())]
    if name in _LIKE_A_MERGE_REQUEST:
        lines.append("It has all keys of a [merge request](#merge-request), and these.\n")
        tables = [("", _beyond(schema, _read("merge-request")))]
    for about, each in tables:
        rows = [
            f"| `{path}` | {_kind(node)} | {_cell(_words(node))} |" for path, node in _keys(each)
        ]
        if rows:
            lines += [f"{_named(about)}:\n"] if about else []
            lines.append("\n".join(["| key | value | |", "|---|---|---|", *rows]) + "\n")
    lines.append(f"Schema: `schemas/answers/{name}.schema.json`.\n")
    return "\n".join(lines)


def _beyond(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What a schema has that another one has not."""
    properties = schema["properties"].items()
    return {"properties": {key: each for key, each in properties if key not in known["properties"]}}


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text())
    if name == "error":  # which others share
        schema["properties"] = schema["$defs"]
    return schema


def _keys(node: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key with its path, parents first."""
    inner, path = node, prefix
    while "items" in inner:
        inner, path = inner["items"], f"{path[:-1]}[]." if path else ""
    for name, each in inner.get("properties", {}).items():
        yield f"{path}{name}", each
        yield from _keys(_whole(each), f"{path}{name}.")


def _whole(node: dict[str, Any]) -> dict[str, Any]:
    """The one thing that it is where it is not null."""
    if "anyOf" in node:
        some = [each for each in node["anyOf"] if each.get("type") != "null"]
        if len(some) == 1:
            return _whole(some[0])
    reference = node.get("$ref", "")
    if reference.startswith(_INLINE) and "properties" in (part := _referred(reference)):
        return part
    return node


def _words(node: dict[str, Any]) -> str:
    if "description" in node or "$ref" not in node:
        return str(node.get("description", ""))
    return str(_referred(node["$ref"]).get("description", ""))


def _referred(reference: str) -> dict[str, Any]:
    file, _, pointer = reference.partition("#")
    schema = _read(file.removesuffix(".schema.json"))
    found: dict[str, Any] = schema["$defs"][pointer.rpartition("/")[2]] if pointer else schema
    return found


def _kind(node: dict[str, Any], *, several: bool = False) -> str:
    """What it is, in words; one or several."""
    if "anyOf" in node:
        kinds = [_kind(each) for each in node["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in node:
        return _kind_of_reference(node["$ref"], several=several)
    if "enum" in node:
        return ", ".join(f"`{json.dumps(each)}`" for each in node["enum"])
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    types = node.get("type", "string")
    if types == "array":
        return f"list of {_kind(node['items'], several=True)}"
    if types == "object" and "properties" not in node:
        return "names and their values"
    names = [_TYPES[each] for each in ([types] if isinstance(types, str) else types)]
    return f"{names[0]}s" if several and len(names) == 1 else " or ".join(names)


def _kind_of_reference(reference: str, *, several: bool) -> str:
    file, _, pointer = reference.partition("#")
    name = pointer.rpartition("/")[2]
    if not file and name not in _PARTS:
        return "object"
    if not pointer:
        other = file.removesuffix(".schema.json")
        if other == "merge-request":
            return f"[{'merge requests' if several else 'merge request'}](#merge-request)"
        return f"what [`{other.replace('-', ' ', 1)}`](#{other}) answers"
    if name not in _PARTS:
        return _kind(_referred(reference))
    words = _PARTS[name]
    if not several or words.startswith("["):
        return words
    return _SEVERAL.get(name, f"{words}s")


def _named(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _cell(text: str) -> str:
    """Text in a table: what Markdown would take for its own is code."""
    return re.sub(r"(?<!`)\S*[<{*]\S+", r"`\g<0>`", text).replace("|", "\\|")
