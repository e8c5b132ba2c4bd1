"""The textual form of a record: YAML whose every value is written as JSON, one key a line.

JSON values are YAML flow values, so any YAML reader understands a record, diffs stay small, and
the common case is read by `json` alone: ten thousand live records cost a tenth of what a YAML
parser asks for.  Text that people edited by hand and that left this form goes through PyYAML's
safe loader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from refinery.errors import RefineryError
from refinery.typed import Any

MAX_BYTES = 1 << 20
MAX_DEPTH = 32  # no schema nests deeper; libyaml's loader crashes the process on a hundred thousand
MAX_EVENTS = 100_000  # of YAML that somebody wrote by hand; what `dump` wrote is read without them
MAX_DIGITS = 100  # Python's own limits are far higher, and not the same for each base

_DIRECTIVE = r"(?:^|[\n\r\x85\u2028\u2029])\ufeff?%"  # libyaml compares each with all before it
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(", ", ": ")).encode


class UnreadableText(RefineryError):
    """A document that is no mapping in YAML."""

    code = "unreadable-text"


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key is used twice")
    return mapping


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is neither JSON nor a number in YAML")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number - number != 0:  # 1e999 is JSON, and no number
        raise ValueError(f"{digits} is too large")
    return number


_reader: Any = json.JSONDecoder(
    object_pairs_hook=_mapping,
    parse_constant=_no_number,
    parse_int=_whole,
    parse_float=_finite,
)
_scan = _reader.scan_once  # `raw_decode` is the same with a call of Python's around it


def dump(mapping: Mapping[str, Any]) -> bytes:
    """Write a mapping; a list of mappings gets one line an item, so appending adds one line."""
    lines = []
    for key, value in mapping.items():
        if _is_list_of_mappings(value):
            lines.append(f"{key}:\n" + "".join(f"- {_yaml(item)}\n" for item in value))
        else:
            lines.append(f"{key}: {_yaml(value)}\n")
    return "".join(lines).encode("utf-8", "surrogatepass")


def line(mapping: Mapping[str, Any]) -> str:
    """A mapping as one line, which is JSON and YAML: `load` reads it too.

    JSON's own way to write an emoji in ASCII, two halves of a letter, is none of YAML's.
    """
    return _yaml(mapping)


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
    lines = text.splitlines()
    if len(lines) != text.count("\n"):
        return None  # a line break of Unicode's, or none at the end
    mapping: dict[str, Any] = {}
    block: list[Any] | None = None
    try:
        for line in lines:
            if block is not None and line.startswith("- "):
                block.append(_value(line, 2))
                continue
            key, _, rest = line.partition(":")
            if not key.isidentifier() or key in mapping or block == []:
                return None  # a block without an item is null in YAML
            block = None if rest else []
            mapping[key] = _value(line, len(key) + 2) if block is None else block
    except (ValueError, RecursionError, StopIteration):
        return None
    return mapping if block != [] else None


def _value(line: str, start: int) -> Any:
    """The JSON value that the line holds from `start`, after a space, to its end."""
    value, end = _scan(line, start)
    if end != len(line) or line[start - 1] != " ":
        raise ValueError("more than one value")
    return value


def _load_yaml(text: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if re.search(_DIRECTIVE, text):
        raise UnreadableText("directives are not used in records")
    try:
        _refuse_odd_structure(yaml.parse(text, Loader=loader))
        _refuse_odd_values(yaml.compose(text, Loader=loader))
        mapping = yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        if "nesting depth" in problem:
            # Newer parsers have a limit of their own, and read ahead of what is asked for.
            raise UnreadableText(f"nested too deeply{_at(place)}") from None
        raise UnreadableText(f"not YAML{_at(place)}: {problem}") from None
    if not isinstance(mapping, dict):
        raise UnreadableText("not a mapping of names to values")
    return mapping


def _refuse_odd_structure(events: Iterable[Any]) -> None:
    depth = 0
    for number, event in enumerate(events):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if kind == "AliasEvent":
            raise UnreadableText(f"aliases are not used in records{_at(event.start_mark)}")
        if getattr(event, "tag", None) is not None:
            # PyYAML stumbles over those that its text does not fit.
            raise UnreadableText(f"tags are not used in records{_at(event.start_mark)}")
        if number > MAX_EVENTS:
            raise UnreadableText(f"too many values{_at(event.start_mark)}")
        if depth > MAX_DEPTH:
            raise UnreadableText(f"nested too deeply{_at(event.start_mark)}")


def _refuse_odd_values(node: Any) -> None:
    kind = getattr(node, "id", "")
    if kind == "scalar" and node.tag in _NUMBERS and not _is_number(node.value):
        raise UnreadableText(f"not a number that can be counted with{_at(node.start_mark)}")
    if kind == "sequence":
        for item in node.value:
            _refuse_odd_values(item)
    if kind != "mapping":
        return
    known = set()
    for key, value in node.value:
        if key.tag != "tag:yaml.org,2002:str":
            raise UnreadableText(f"a key that is not a name{_at(key.start_mark)}")
        if key.value in known:
            raise UnreadableText(f"{key.value[:100]!r} is used twice{_at(key.start_mark)}")
        known.add(key.value)
        _refuse_odd_values(value)


def _is_number(text: str) -> bool:
    """Neither infinite, nor of so many digits that reading or showing it is work."""
    return len(text) <= MAX_DIGITS and text.lower().lstrip("+-") not in (".inf", ".nan")


def _at(mark: Any) -> str:
    return f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
