"""Writes what follows from the code: parts of the documentation, manual page, completion scripts.

    python -m tools.make_reference            writes them
    python -m tools.make_reference --check    exits 1 where one is out of date

Each part stands between two comments in a file whose other words are written by hand.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from refinery.cli.catalogue import ALIASES, COMMANDS
from refinery.cli.command import Command, load
from refinery.cli.main import main as main_of_refinery
from tools import answers_reference, make_answers, make_completions, make_looks, make_manual
from tools.whole_parser import groups, value_of

ROOT = Path(__file__).resolve().parent.parent

_PART = re.compile(
    r"(<!-- made by tools/make_reference\.py: (?P<name>[a-z-]+) -->\n)(?P<body>.*?)(<!-- end -->)",
    re.DOTALL,
)
_CHANGING = re.compile(r"\bmr-[0-9a-z]{10}\b|\b[0-9a-f]{7,40}\b|\b\d+(?:\.\d+)? ?(?:m?s|m)\b")
_SHOWN_OF_DEMO = ("4", "7", "8")


def documents() -> dict[Path, str]:
    """Every file that is made, or has a made part, as it has to be."""
    parts = {file: renewed(text) for file, text in documents_with_parts().items()}
    return {**parts, **make_answers.files(), **make_completions.files(), **make_manual.files()}


def documents_with_parts() -> dict[Path, str]:
    """Every file with a made part, as it is."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    texts = {file: file.read_text() for file in files}
    return {file: text for file, text in texts.items() if _PART.search(text)}


def renewed(text: str) -> str:
    """The text with every made part made again."""
    return _PART.sub(_made, text)


def _made(found: re.Match[str]) -> str:
    """One part; what differs from it only in ids and times stays, or it would never be fresh."""
    body = f"\n{PARTS[found['name']]()}\n"
    if unchanging(body) == unchanging(found["body"]):
        return found[0]
    return f"{found[1]}{body}{found[4]}"


def unchanging(text: str) -> str:
    """What two runs have in common."""
    return _CHANGING.sub("*", text)


# The demo


def demo_run() -> str:
    """Some steps of a real `refinery demo`."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main_of_refinery(["demo"])
    if code != 0:
        raise SystemExit(f"refinery demo ended with {code}:\n{out.getvalue()}")
    story = out.getvalue().rpartition("\n\n")[0]
    steps = re.split(r"\n\n(?=\d\. )", story)
    shown = [step if step[0] in _SHOWN_OF_DEMO else "[...]" for step in steps]
    kept = [step for step, before in zip(shown, ["", *shown], strict=False) if step != before]
    return "```text\n" + "\n\n".join(kept) + "\n```\n"


# Commands


def command_table() -> str:
    """One row for each command, as `refinery --help` groups them."""
    rows = ["| command | |", "|---|---|"]
    for title, names in groups():
        rows.append(f"| **{title}** | |")
        rows += [f"| [`{name}`](docs/commands.md#{name}) | {COMMANDS[name]} |" for name in names]
    return "\n".join(rows) + "\n"


def command_reference() -> str:
    """Every command with its words, arguments, options and examples."""
    sections = []
    for title, names in groups():
        sections += [f"## {title}\n", *(_command(name, load(name)) for name in names)]
    return "\n".join(sections)


def _command(name: str, command: Command) -> str:
    parser = argparse.ArgumentParser(prog=f"refinery {name}")
    command.configure(parser)
    alias = [other for other, known in ALIASES.items() if known == name]
    lines = [f"### {name}\n", _words(command.HELP), *_arguments(parser)]
    lines += [f"Also called: `{'`, `'.join(alias)}`.\n"] if alias else []
    lines += [f"```text\n{_unindented(command.EXAMPLES)}\n```\n"]
    return "\n".join(lines)


def _words(text: str) -> str:
    """Help as Markdown: paragraphs flow, what is indented stays as it is."""
    shown = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if re.search(r"^ ", part, re.MULTILINE):
            shown.append(f"```text\n{part}\n```\n")
        else:
            shown.append(f"{' '.join(part.split())}\n")
    return "\n".join(shown)


def _unindented(examples: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in examples.rstrip().splitlines())


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    """Arguments and options; read from the parser itself, whose own layout varies with Python's."""
    lines = []
    below = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if isinstance(action, argparse._SubParsersAction):
            help_of = {each.dest: each.help for each in action._choices_actions}
            for name, sub in action.choices.items():
                below += [f"`{name}`: {help_of.get(name) or ''}\n", *_arguments(sub)]
            continue
        lines.append(f"- {_name(action)}: {_help(action)}")
    return ["\n".join(lines) + "\n", *below] if lines else below


def _name(action: argparse.Action) -> str:
    value = value_of(action)
    if not action.option_strings:
        return f"`{value}`" + (" (optional)" if action.nargs in ("?", "*") else "")
    last = f"{action.option_strings[-1]} {value}".rstrip()
    return ", ".join(f"`{each}`" for each in [*action.option_strings[:-1], last])


def _help(action: argparse.Action) -> str:
    if not action.help:
        raise SystemExit(f"{'/'.join(action.option_strings) or action.dest} has no help")
    return action.help % {**vars(action), "prog": "refinery"}


# The code


def layers() -> str:
    """The layers of the package from the top, as import-linter enforces them."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [contract] = linter["contracts"]
    return "\n".join(["```text", *contract["layers"], "```"]) + "\n"


# Records and configuration


def config_reference() -> str:
    """Every key of .refinery.yaml."""
    return _table(_schema("config"), required=False)


def record_reference() -> str:
    """Every field of every record."""
    names = ("merge-request", "claim", "verdict", "queue", "issue", "candidate")
    sections = []
    for name in names:
        schema = _schema(name)
        head = f"## {schema['title']}\n\n{schema['description']}\n"
        sections.append(f"{head}\n{_table(schema, required=True)}")
    return "\n".join(sections)


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    return schema


def _table(schema: Mapping[str, Any], *, required: bool) -> str:
    rows = ["| key | value | |", "|---|---|---|"]
    for path, node, needed in _fields(schema):
        mark = " *(always)*" if needed and required and "." not in path else ""
        rows.append(f"| `{path}` | {_kind(node)} | {_cell(node.get('description', ''))}{mark} |")
    return "\n".join(rows) + "\n"


def _fields(
    schema: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every property with its path, parents first."""
    for name, node in schema["properties"].items():
        path = f"{prefix}{name}"
        yield path, node, name in schema.get("required", ())
        inner = node.get("items", node)
        if "properties" in inner:
            yield from _fields(inner, f"{path}{'[]' if inner is not node else ''}.")


def _kind(node: Mapping[str, Any]) -> str:
    """The type in words."""
    if "$ref" in node:
        return _KINDS[node["$ref"].removeprefix("#/$defs/")]
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if "enum" in node:
        return ", ".join(f"`{each}`" for each in node["enum"])
    types = node.get("type", "string")
    if types == "array":
        return f"list of {_plural(node['items'])}"
    if types == "object" and "properties" not in node:
        return f"mapping to {_kind(node['additionalProperties'])}"
    types = [types] if isinstance(types, str) else types
    limits = [node[key] for key in ("minimum", "maximum") if key in node]
    within = f" {limits[0]} to {limits[1]}" if len(limits) == 2 else ""
    return " or ".join(_TYPES[each] for each in types) + within


def _plural(items: Mapping[str, Any]) -> str:
    if "$ref" in items:
        return f"{items['$ref'].removeprefix('#/$defs/')}s"
    return "mappings" if "properties" in items else "strings"


def _cell(text: str) -> str:
    """Text in a table: what Markdown would take for its own is code."""
    quoted = re.sub(r"(?<!`)\S*(?:<\w+>|\{\w+\}|\*\*)\S*?(?=[,.:]?(?:\s|$))", r"`\g<0>`", text)
    return quoted.replace("|", "\\|")


_TYPES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "true or false",
    "array": "list of strings",
    "object": "mapping",
    "null": "nothing",
}
_KINDS = {
    "sha": "commit or tree",
    "id": "id of a merge request",
    "time": "time, UTC",
    "branch": "branch",
    "name": "string",
    "line": "one line",
    "text": "text",
    "issue": "tracker#number",
    "pattern": "pattern",
}

PARTS: dict[str, Callable[[], str]] = {
    "demo": demo_run,
    "command-table": command_table,
    "commands": command_reference,
    "configuration": config_reference,
    "records": record_reference,
    "answers": answers_reference.answers,
    "codes": answers_reference.codes,
    "findings": answers_reference.findings,
    "layers": layers,
    "states": make_looks.states,
    "colours": make_looks.colours,
}


def _written(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def main(arguments: list[str]) -> int:
    stale = {file: text for file, text in documents().items() if _written(file) != text}
    if "--check" not in arguments:
        for file, text in stale.items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    if stale:
        names = ", ".join(str(file.relative_to(ROOT)) for file in stale)
        print("stale:" if "--check" in arguments else "wrote:", names)
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
