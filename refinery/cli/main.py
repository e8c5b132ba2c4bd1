"""The entry point: finds the command, imports only its module, words errors."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

from refinery import __version__
from refinery.cli.catalogue import ALIASES, COMMANDS, GROUPS
from refinery.errors import RefineryError, UsageError
from refinery.typed import NoReturn, TextIO

OK = 0
WRONG_USAGE = 2
INTERRUPTED = 130

_C_LOCALE = ("C", "POSIX")
_OWN_SCREEN = frozenset({"attach", "top"})  # they draw all of it themselves


def command() -> int:
    """What the installed `refinery` runs: `main`, without looking for garbage at start and end."""
    gc.set_threshold(100_000)
    code = main()
    gc.freeze()  # the interpreter goes through all that is not frozen once more before it ends
    return code


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused or failed, 2 usage, 3 our bug, 75 again, 130 ^C."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        _show_what_it_can(stream)
    try:
        return _answer(arguments)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _answer(arguments: list[str]) -> int:
    try:
        code = _run(_colour_said(arguments))
        sys.stdout.flush()
        return code
    except RefineryError as error:
        return _fail(error, arguments)
    except KeyboardInterrupt:
        return _interrupted(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else WRONG_USAGE
    except BrokenPipeError:
        raise
    except Exception as error:
        return _trouble(error, arguments)


def _show_what_it_can(stream: TextIO) -> None:
    """Nothing fails for want of a letter: what cannot be shown gets a plain sign, or `?`."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    if stream.encoding.lower() in ("utf-8", "utf8") and os.environ.get("LC_ALL") not in _C_LOCALE:
        stream.reconfigure(errors="replace")
    else:
        from refinery.cli.plain_signs import fall_back

        fall_back(stream)


def _colour_said(arguments: list[str]) -> list[str]:
    """`--color`, which every command takes wherever it stands, is taken out and obeyed."""
    if not any(each.startswith("--color") for each in arguments):
        return arguments
    from refinery.cli.colour_option import taken_out

    return taken_out(arguments)


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return _help(arguments)
    if arguments[0] in ("-V", "--version", "version"):
        print(f"refinery {__version__}")
        return OK
    name = ALIASES.get(arguments[0], arguments[0])
    if name not in COMMANDS:
        _unknown(arguments[0])
    from refinery.cli.command import parse

    command, parsed = parse(name, arguments[1:])
    if sys.stderr.isatty() and name not in _OWN_SCREEN and not getattr(parsed, "json", False):
        from refinery.cli.progress import shown_if_long

        with shown_if_long():
            return command.run(parsed)
    return command.run(parsed)


def _help(arguments: list[str]) -> int:
    if arguments[1:] == ["--man"]:
        return _manual()
    if len(arguments) > 1:
        return _run([arguments[1], "--help"])
    print("usage: refinery <command> [options]\n")
    print("A merge queue that lives in git: push submits, CI lands, issues resolve conflicts.\n")
    for title, names in GROUPS:
        print(f"{title}:")
        for name in names:
            print(f"  {name:<13} {COMMANDS[name]}")
        print()
    print("Every command takes --help, which shows options and examples, and --color WHEN (auto,")
    print("always, never). `refinery help --man` opens the manual page.")
    return OK if arguments else WRONG_USAGE


def _manual() -> int:
    """Become `man`; where there is none, say where the same words are."""
    from refinery.resources import manual_path

    try:
        os.execvp("man", ["man", str(manual_path())])
    except FileNotFoundError:
        raise RefineryError(
            f"there is no `man` here to show {manual_path()}",
            hint="`refinery <command> --help` says the same of one command",
        ) from None


def _unknown(name: str) -> NoReturn:
    from refinery.cli.mistyping import closest

    close = closest(name, [*COMMANDS, *ALIASES])
    hint = f"did you mean `refinery {close}`?" if close else "`refinery --help` lists them"
    raise UsageError(f"{name!r} is not a refinery command", hint=hint, code="no-such-command")


def _interrupted(arguments: list[str]) -> int:
    """Say how things stand: git was ended, and whatever a command changes is one atomic push."""
    from refinery.cli.failing import Interrupted, answer
    from refinery.cli.interrupting import left_behind
    from refinery.cli.output import folded

    words = left_behind(arguments)
    said = f"interrupted: {words}" if words else "interrupted"
    print(folded(said, stream=sys.stderr), file=sys.stderr)
    answer(Interrupted(said), arguments)
    return INTERRUPTED


def _fail(error: RefineryError, arguments: Sequence[str]) -> int:
    from refinery.cli.failing import fail

    return fail(error, arguments)


def _trouble(error: Exception, arguments: Sequence[str]) -> int:
    """The machine's trouble in its own words; anything else is a bug, whose traceback is kept."""
    from refinery.answers.trouble import worded

    return _fail(worded(error), arguments)
