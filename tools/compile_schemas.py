"""Compiles schemas/*.schema.json into refinery/records/compiled/*.py.

python -m tools.compile_schemas            writes them
python -m tools.compile_schemas --check    exits 1 where one is out of date
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import fastjsonschema

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
COMPILED = ROOT / "refinery" / "records" / "compiled"

_IMPORT = re.compile(r"(from|import) |VERSION = ")

HEAD = '''"""Made from schemas/{name}.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = {format}
SINCE = {since}

'''


def compiled(path: Path) -> str:
    """The Python source that validates what the schema describes."""
    schema = json.loads(path.read_text())
    schema.pop("$schema")
    schema.pop("$id")
    version = schema["properties"]["version"]
    newest, since = version["const"], (schema.get("since", 1), later(schema, schema["$defs"]))
    version["enum"] = [version.pop("const")]  # fastjsonschema cannot word a broken const tersely
    source = fastjsonschema.compile_to_code(
        schema, use_default=False, use_formats=False, detailed_exceptions=False
    )
    body = "\n".join(line for line in source.splitlines() if not _IMPORT.match(line))
    body = body.replace("JsonSchemaValueException", "BrokenRule").replace(", Decimal)", ")")
    body = _with_patterns_compiled_when_needed(body.strip()) + "\n"
    entry = re.findall(r"^def (validate\w*)\(", body, re.MULTILINE)[0]
    body = body.replace(f"def {entry}(", "def validate(", 1) if entry != "validate" else body
    name = path.name.removesuffix(".schema.json")
    return HEAD.format(name=name, format=newest, since=since) + body


def _with_patterns_compiled_when_needed(body: str) -> str:
    """Most documents meet few of the patterns, and `re` takes a tenth of a millisecond for each."""
    body = re.sub(r"^(    '.*': ?(?:\n +)?)re\.compile\((.*)\)(,?)$", r"\1\2\3", body, flags=re.M)
    if "re.compile" in body:
        raise SystemExit("fastjsonschema writes its patterns in another way now")
    return re.sub(
        r"^REGEX_PATTERNS = (\{$.*?^\})$", r"REGEX_PATTERNS = Patterns(\1)", body, flags=re.M | re.S
    )


def later(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """What came with a later format than the first: key -> (format, choice -> format, keys below).

    `since` beside a property's description is the format it came with; `later` beside an `enum`
    names the choices that came with another format than the property, and which.
    """
    found = {}
    for key, value in schema.get("properties", {}).items():
        inner = resolved(resolved(value, shared).get("items", value), shared)
        since = value.get("since", 1), inner.get("later", {}), later(inner, shared)
        if since != (1, {}, {}):
            found[key] = since
    return found


def resolved(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference stands for."""
    reference = schema.get("$ref", "")
    return shared[reference.removeprefix("#/$defs/")] if reference else schema


def main(arguments: list[str]) -> int:
    stale = []
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json").replace("-", "_")
        output = COMPILED / f"{name}.py"
        source = compiled(path)
        if output.exists() and output.read_text() == source:
            continue
        stale.append(output.name)
        if "--check" not in arguments:
            output.write_text(source)
    if stale:
        print("stale:" if "--check" in arguments else "compiled:", ", ".join(stale))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
