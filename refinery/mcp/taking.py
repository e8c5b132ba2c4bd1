"""What tools take: the schema of each argument, and the refusal of any that does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.mcp.tool import Schema, Tool

LONGEST = 1000  # letters: no name, title or reason is longer
_CONTROL = re.compile("[\\x00-\\x1f\\x7f]")  # a command line could not hand on a NUL either


def text(words: str, *, most: int = LONGEST) -> dict[str, Any]:
    """A line of text."""
    return {"type": "string", "minLength": 1, "maxLength": most, "description": words}


def one_of(values: Iterable[str], words: str) -> dict[str, Any]:
    """One of a few words."""
    return {"type": "string", "enum": [*values], "description": words}


def flag(words: str) -> dict[str, Any]:
    """Yes or no; no by itself."""
    return {"type": "boolean", "default": False, "description": words}


def number(words: str, *, least: int, most: int, usual: int | None = None) -> dict[str, Any]:
    """A whole number."""
    bounds = {"type": "integer", "minimum": least, "maximum": most, "description": words}
    return bounds if usual is None else {**bounds, "default": usual}


def several(each: Schema, words: str, *, most: int = 100) -> dict[str, Any]:
    """Some of them."""
    return {"type": "array", "items": {**each}, "maxItems": most, "description": words}


def check(tool: Tool, given: Mapping[str, Any]) -> None:
    """Refuse what the tool does not take, in words that say what it takes instead."""
    for name in given:
        if name not in tool.takes:
            raise UsageError(f"{tool.name} takes no {_shown(name)}", hint=_instead(tool, name))
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    wrong = best_match(Draft202012Validator(tool.input_schema).iter_errors(dict(given)))
    if wrong is not None:
        where = ".".join([tool.name, *map(str, wrong.absolute_path)])
        raise UsageError(f"{where}: {_cut(wrong.message)}", hint=_takes(tool))
    for name, value in given.items():
        if any(_CONTROL.search(each) for each in _texts(value)):
            raise UsageError(f"{tool.name}.{name} has control characters", hint=_takes(tool))


def _texts(value: object) -> list[str]:
    """The words in an argument."""
    each = value if isinstance(value, list) else [value]
    return [word for word in each if isinstance(word, str)]


def _instead(tool: Tool, name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name[:100], tool.takes, n=1)
    return f"did you mean {close[0]!r}?" if close else _takes(tool)


def _takes(tool: Tool) -> str:
    return f"it takes {', '.join(tool.takes)}" if tool.takes else "it takes no arguments"


def _shown(name: str) -> str:
    return repr(_cut(name))


def _cut(words: str, most: int = 200) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
