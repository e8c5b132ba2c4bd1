"""What GitHub's runner takes for a command in a step's log, as its source says it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_NEW = re.compile(r"^\s*::(?P<name>[\w-]+)(?P<properties> [^:]*)?::(?P<data>.*)$")
_OLD = re.compile(r"##\[(?P<name>[\w-]+)(?P<properties> [^\]]*)?\](?P<data>.*)$")


@dataclass(frozen=True)
class Obeyed:
    """A command, unescaped."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    data: str = ""


def obeyed(log: str) -> list[Obeyed]:
    """The commands that a runner would carry out."""
    found: list[Obeyed] = []
    resumes: str | None = None
    for line in re.split(r"\r\n|\r|\n", log):
        match = _NEW.match(line) or _OLD.search(line)
        if match is None:
            continue
        name = match["name"]
        if resumes is not None:
            resumes = None if name == resumes else resumes
        elif name == "stop-commands":
            resumes = match["data"]
        else:
            properties = dict(
                pair.split("=", 1)
                for pair in (match["properties"] or "").strip().split(",")
                if pair
            )
            told = {key: _unescaped(value, inner=True) for key, value in properties.items()}
            found.append(Obeyed(name, told, _unescaped(match["data"])))
    return found


def _unescaped(text: str, *, inner: bool = False) -> str:
    pairs = [("%0D", "\r"), ("%0A", "\n")] + ([("%3A", ":"), ("%2C", ",")] if inner else [])
    for code, letter in [*pairs, ("%25", "%")]:
        text = text.replace(code, letter)
    return text


def outputs(text: str) -> dict[str, str]:
    """The outputs in a file of them; the delimiter of each entry must be new."""
    found = {}
    lines = text.split("\n")
    while lines and lines[0]:
        name, delimiter = lines.pop(0).split("<<", 1)
        end = lines.index(delimiter)
        found[name] = "\n".join(lines[:end])
        assert delimiter not in found[name]
        lines = lines[end + 1 :]
    return found


def shown(page: str) -> str:
    """A page as a browser shows it, more or less: without tags, entities as what they stand for."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))
