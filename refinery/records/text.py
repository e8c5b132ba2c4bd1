"""The textual form of a record: YAML whose every value is written as JSON, one key a line.

JSON values are YAML flow values, so any YAML reader understands a record, diffs stay small, and the
common case is read by `json` alone: ten thousand live records cost a tenth of what a YAML parser asks
for.  Text that people edited by hand and that left this form goes through PyYAML's safe loader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from refinery.errors import RefineryError

MAX_BYTES = 1 << 20

_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


class UnreadableText(RefineryError):
    """A document that is no mapping in YAML."""


def dump(mapping: Mapping[str, Any]) -> bytes:
    """Write a mapping; a list of mappings gets one line an item, so that appending is a one-line diff."""
    lines = []
    for key, value in mapping.items():
        if _is_list_of_mappings(value):
            lines.append(f"{key}:\n" + "".join(f"- {_yaml(item)}\n" for item in value))
        else:
            lines.append(f"{key}: {_yaml(value)}\n")
    return "".join(lines).encode("utf-8", "surrogatepass")


def load(data: bytes) -> dict[str, Any]:
    """Read what `dump` wrote, or any other YAML mapping; raises `UnreadableText` saying where."""
    if len(data) > MAX_BYTES:
        raise UnreadableText(f"{len(data)} bytes are more than the {MAX_BYTES} a record may have")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableText(f"not UTF-8 at byte {error.start}") from None
    written = _load_written(text)
    return written if written is not None else _load_yaml(text)


def _is_list_of_mappings(value: object) -> bool:
    return isinstance(value, Sequence) and bool(value) and isinstance(value[0], Mapping)


def _yaml(value: object) -> str:
    # YAML takes no raw control characters, lone surrogates or its own line breaks; JSON does.
    text = _encode(value)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(_escape(letter) for letter in text)


def _escape(letter: str) -> str:
    code = ord(letter)
    if code < 0x7F or 0xA0 <= code < 0x2028 or 0x202A <= code < 0xD800 or 0xE000 <= code < 0xFEFF:
        return letter
    if code in (0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF) or code < 0xA0 or code < 0xE000:
        return f"\\u{code:04x}"
    return letter


def _load_written(text: str) -> dict[str, Any] | None:
    """The fast reader; None for any text that is not exactly what `dump` writes."""
    fields = []
    block: list[str] | None = None
    for line in text.splitlines():
        if line.startswith("- "):
            if block is None:
                return None
            block.append(line[2:])
            continue
        if block is not None:
            fields.append(f"{fields.pop()}[{','.join(block)}]")
            block = None
        key, colon, value = line.partition(":")
        if not colon or not key.isidentifier():
            return None
        if value:
            fields.append(f'"{key}":{value}')
        else:
            fields.append(f'"{key}":')
            block = []
    if block is not None:
        fields.append(f"{fields.pop()}[{','.join(block)}]")
    try:
        mapping: dict[str, Any] = json.loads("{" + ",".join(fields) + "}")
    except ValueError:
        return None
    return mapping if len(mapping) == len(fields) else None


def _load_yaml(text: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise UnreadableText("aliases are not used in records")
        mapping = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, chosen above
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 1}, column {place.column + 1}" if place else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise UnreadableText(f"not YAML{where}: {problem}") from None
    if not isinstance(mapping, dict) or not all(isinstance(key, str) for key in mapping):
        raise UnreadableText("not a mapping of names to values")
    return mapping
