"""Keeps what the formats of the last release can say: tests/upgrades/formats.json.

python -m tools.freeze_formats        as they are now, which a release does (tools/release.py)

A test holds the schemas to it: what is added after a release comes with a later format.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.compile_schemas import SCHEMAS, resolved

KEPT = SCHEMAS.parent / "tests" / "upgrades" / "formats.json"


def words(schema: dict[str, Any]) -> dict[str, int]:
    """Every key and choice of a kind of document: where it stands -> the format it came with."""
    return dict(_words(schema, schema.get("$defs", {}), "", schema.get("since", 1)))


def _words(
    schema: dict[str, Any], shared: dict[str, Any], path: str, since: int
) -> Iterator[tuple[str, int]]:
    schema = resolved(schema, shared)
    if "items" in schema:
        yield from _words(schema["items"], shared, f"{path}/*", since)
    for choice in schema.get("enum", ()):
        yield f"{path}={choice}", max(since, schema.get("later", {}).get(choice, 1))
    for key, value in schema.get("properties", {}).items():
        inner = max(since, value.get("since", 1))
        yield f"{path}/{key}", inner
        yield from _words(value, shared, f"{path}/{key}", inner)


def released(schemas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What is kept of them: per kind the newest format, and all that it can say."""
    return {
        name: {"format": schema["properties"]["version"]["const"], "says": sorted(words(schema))}
        for name, schema in sorted(schemas.items())
    }


def broken(kept: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> list[str]:
    """What older versions would not understand, and which documents of theirs nobody would."""
    found = []
    for name, before in kept.items():
        last, now = before["format"], words(schemas[name])
        newest = schemas[name]["properties"]["version"]["const"]
        for word in sorted(now.keys() - {*before["says"]}):
            if now[word] <= last:
                found.append(f"{name}: {word} is new: it needs `since` or `later` {last + 1}")
        gone = sorted({*before["says"]} - now.keys())
        if gone and newest == last:
            found.append(f"{name}: {', '.join(gone)} went: a format {last + 1} has to say how")
    return found


def all_schemas() -> dict[str, dict[str, Any]]:
    """The schemas of this checkout."""
    return {
        path.name.removesuffix(".schema.json"): json.loads(path.read_text())
        for path in SCHEMAS.glob("*.schema.json")
    }


def main(path: Path = KEPT) -> int:
    path.write_text(json.dumps(released(all_schemas()), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
