"""Makes the manual page out of the commands' own parsers, words and examples."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from refinery import __version__
from refinery.cli.catalogue import ALIASES, COMMANDS
from refinery.cli.command import load
from tools.whole_parser import groups, value_of, whole_parser

FOLDER = Path(__file__).resolve().parent.parent / "man"
DATE = "2026-11-23"
_LINE = 64

NAME = "A merge queue that lives in git"
DESCRIPTION = """\
refinery lands branches one after the other, and only what was tested as the very tree that lands.
The queue is a ref of the repository it serves: there is no server to run and no database to lose.
git push submits, any number of workers test and land, an issue tracker resolves conflicts.

Results go to standard output, everything else to standard error. With --json a command prints one
JSON document and nothing else. Merge requests are named by their id or by a prefix that no other
has. RIG is a repository: a path, or a name from the list of repositories; without it, the one of
the current directory."""

EVERYWHERE = (
    (("-h", "--help"), "", "show the options of the command, with examples"),
    (("--color",), "WHEN", "auto (the default), always or never"),
    (("-V", "--version"), "", "print the version"),
)
EXIT_STATUS = (
    ("0", "done"),
    ("1", "refused or failed, as said"),
    ("2", "wrong usage"),
    ("3", "a bug in refinery; the report's file is named"),
    ("75", "nothing was changed, and trying again may help: the remote is away, or busy"),
    ("130", "interrupted; what is left behind is said"),
)
ENVIRONMENT = (
    ("REFINERY_WORKER", "the name claims are made under (default: host, process and a number)"),
    ("NO_COLOR", "if set, nothing is coloured"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "if set, everything is coloured, also in a pipe"),
    ("COLUMNS", "how wide to print"),
    ("GITHUB_TOKEN, GITLAB_TOKEN, GITEA_TOKEN", "the credentials for a forge"),
)
FILES = (
    (".refinery.yaml", "the queue's configuration, read from the tip of the target"),
    ("$XDG_CONFIG_HOME/refinery/rigs.yaml", "names of repositories, for RIG"),
    ("refs/refinery/*", "the queue, in the repository that it serves"),
)


def files() -> dict[Path, str]:
    """Every page by its place; `git refinery --help` asks for the second."""
    return {
        FOLDER / "refinery.1": manual(),
        FOLDER / "git-refinery.1": ".so man1/refinery.1\n",
    }


def manual() -> str:
    """The page of all commands."""
    parts = [
        f'.TH REFINERY 1 "{DATE}" "refinery {__version__}" "git-refinery manual"',
        ".nh",  # no hyphens within words: an option must stay in one piece
        ".ad l",
        f".SH NAME\nrefinery, git\\-refinery \\- {_text(NAME[0].lower() + NAME[1:])}",
        ".SH SYNOPSIS\n.B refinery\n.I command\n.RI [ options ]\n.br\n"
        ".B git refinery\n.I command\n.RI [ options ]",
        f".SH DESCRIPTION\n{_prose(DESCRIPTION)}",
        ".SH OPTIONS OF ALL COMMANDS",
        *(_option(names, value, words) for names, value, words in EVERYWHERE),
        *_commands(),
        _section("EXIT STATUS", EXIT_STATUS),
        _section("ENVIRONMENT", ENVIRONMENT),
        _section("FILES", FILES),
        ".SH SEE ALSO\n.BR git (1),\n.BR git\\-push (1),\n.BR githooks (5)",
    ]
    return "\n".join(parts) + "\n"


def _section(title: str, rows: tuple[tuple[str, str], ...]) -> str:
    shown = [f".TP\n.B {_text(name)}\n{_filled(words)}" for name, words in rows]
    return "\n".join([f".SH {title}", *shown])


def _commands() -> Iterator[str]:
    subcommands = next(
        action
        for action in whole_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for title, names in groups():
        yield f".SH COMMANDS: {title.upper()}"
        for name in names:
            yield from _command(name, subcommands.choices[name])


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    command = load(name)
    alias = "".join(f", {other}" for other, known in ALIASES.items() if known == name)
    yield f".SS {_text(name + alias)}"
    yield f"{_usage(parser)}\n.PP"
    yield _prose(command.HELP or COMMANDS[name])
    yield from _arguments(parser)
    yield ".PP\nExamples:\n.PP\n.nf\n.RS 4"
    yield "\n".join(_text(line.removeprefix("  ")) for line in command.EXAMPLES.splitlines())
    yield ".RE\n.fi"


def _usage(parser: argparse.ArgumentParser) -> str:
    """The line of usage, as argparse has it, in bold up to the first argument."""
    words = " ".join(parser.format_usage().removeprefix("usage: ").split())
    words = words.replace(" [-h]", "")
    head = re.match(r"refinery(?: [a-z-]+)*", words)
    assert head is not None
    return f".B {_text(head[0])}\n{_filled(words[head.end() :])}"


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield f".PP\n{_usage(below)}"
                yield ".RS 4"
                yield from _arguments(below)
                yield ".RE"
        elif not isinstance(action, argparse._HelpAction):
            words = (action.help or "") % {**vars(action), "prog": "refinery"}
            names = tuple(action.option_strings) or (value_of(action),)
            yield _option(names, value_of(action) if action.option_strings else "", words)


def _option(names: tuple[str, ...], value: str, words: str) -> str:
    shown = ", ".join(f"\\fB{_text(each)}\\fR" for each in names)
    taken = f" \\fI{_text(value)}\\fR" if value else ""
    return f".TP\n{shown}{taken}\n{_filled(words)}"


def _prose(text: str) -> str:
    """Paragraphs flow; what is indented stays as it is."""
    shown = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if re.search(r"^ ", part, re.MULTILINE):
            lines = "\n".join(_text(line) for line in part.splitlines())
            shown.append(f".nf\n{lines}\n.fi")
        else:
            shown.append(_filled(part))
    return "\n.PP\n".join(shown)


def _filled(text: str) -> str:
    """Text in lines of a decent length; a word that roff would take for its own stays apart."""
    return "\n".join(_text(line) for line in textwrap.wrap(" ".join(text.split()), _LINE))


def _text(text: str) -> str:
    """Text in which roff finds nothing of its own; a hyphen may be copied into a shell."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = escaped.replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha")
    escaped = escaped.replace("~", "\\(ti").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
