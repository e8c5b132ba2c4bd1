"""How a command is declared and its arguments are parsed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib import import_module

from refinery.cli.catalogue import COMMANDS
from refinery.errors import UsageError
from refinery.typed import Any, NoReturn, Protocol

WHICH = "its id, a prefix that no other has, or its branch"
_COLUMNS = 80  # where there is no terminal


class Command(Protocol):
    """What each module in `commands/` offers."""

    HELP: str
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare options and arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; the exit code."""
        ...


def parse(name: str, arguments: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """Import one command and parse its arguments."""
    command = load(name)
    return command, parser_of(name, command).parse_args(arguments)


def load(name: str) -> Command:
    """The module of one command."""
    module: Command = import_module(f"refinery.cli.commands.{name.replace('-', '_')}")
    return module


def parser_of(name: str, command: Command) -> argparse.ArgumentParser:
    """The parser of one command, its help with examples at the end."""
    parser = Parser(
        prog=f"refinery {name}",
        description=command.HELP or COMMANDS[name],
        epilog=f"examples:\n{command.EXAMPLES.rstrip()}" if command.EXAMPLES else None,
        formatter_class=_help_formatter,
    )
    command.configure(parser)
    return parser


class Parser(argparse.ArgumentParser):
    """One that says what is wrong as every other error is said, and what to write instead.

    An option is never guessed from its beginning: a script would break once there are two such.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **options})
        self.color = False  # Python 3.14 would colour the help, and does not know of `--color`

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """What it does not know is refused here, where the options of a subcommand are known."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            from refinery.cli.mistyping import unknown_arguments

            raise unknown_arguments(self, unknown)
        return parsed, unknown

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """The value that a word stands for; who refuses the word need not know its option."""
        try:
            return super()._get_value(action, arg_string)
        except UsageError as error:
            name = action.option_strings[-1] if action.option_strings else action.dest
            raise UsageError(f"{self.prog}: {name}: {error.message}", hint=error.hint) from None

    def error(self, message: str) -> NoReturn:
        """Something is missing, or is none of what it may be."""
        from refinery.cli.mistyping import wrong_arguments

        raise wrong_arguments(self, message)


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """One that knows its width: argparse would import shutil to ask, for each option again."""
    return argparse.RawDescriptionHelpFormatter(prog, width=_columns() - 2)


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size().columns or _COLUMNS
    except OSError:
        return _COLUMNS


def add_rig(parser: argparse.ArgumentParser) -> None:
    """The optional `[rig]` that says which repository."""
    parser.add_argument(
        "rig", nargs="?", help="a repository's path, or a name from the rig list (default: here)"
    )


def add_repo(parser: argparse.ArgumentParser) -> None:
    """`--repo`, for commands whose positional argument is something else."""
    parser.add_argument(
        "--repo", dest="rig", metavar="RIG", help="a repository's path, or a name from the rig list"
    )


def add_mr(parser: argparse.ArgumentParser) -> None:
    """The merge request that somebody asks about; without one, that of the current branch."""
    parser.add_argument("id", nargs="?", help=f"{WHICH} (default: the branch you are on)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: one document on stdout and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
