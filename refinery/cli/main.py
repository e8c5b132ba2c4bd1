"""The entry point: finds the command, imports only its module, words errors."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from refinery import __version__
from refinery.cli.catalogue import ALIASES, COMMANDS, GROUPS
from refinery.errors import RefineryError, UsageError

OK = 0
FAILED = 1
WRONG_USAGE = 2
OUR_BUG = 3
INTERRUPTED = 130

_C_LOCALE = ("C", "POSIX")
_OWN_SCREEN = frozenset({"attach", "top"})  # they draw all of it themselves
_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE}
    | {errno.ENOMEM, errno.EIO, errno.EAGAIN}
)


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
        code = _run(_colour_said(arguments))
        sys.stdout.flush()
        return code
    except RefineryError as error:
        return _report(error)
    except KeyboardInterrupt:
        return _interrupted(arguments)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else WRONG_USAGE
    except OSError as error:
        return _report_machine(error) if error.errno in _OF_THE_MACHINE else report_bug()
    except Exception:
        return report_bug()


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
    raise UsageError(f"{name!r} is not a refinery command", hint=hint)


def _interrupted(arguments: list[str]) -> int:
    """Say how things stand: git was ended, and whatever a command changes is one atomic push."""
    from refinery.cli.interrupting import left_behind
    from refinery.cli.output import folded

    words = left_behind(arguments)
    said = f"interrupted: {words}" if words else "interrupted"
    print(folded(said, stream=sys.stderr), file=sys.stderr)
    return INTERRUPTED


def _report(error: RefineryError) -> int:
    _say(error.message, error.hint)
    return error.exit_code


def _say(message: str, hint: str | None) -> None:
    """What is wrong, and what to do next."""
    from refinery.cli.output import plain, style

    sys.stdout.flush()
    print(f"{style('error:', 'bold', 'red', stream=sys.stderr)} {plain(message)}", file=sys.stderr)
    if hint:
        print(f"{style('hint:', 'cyan', stream=sys.stderr)} {plain(hint)}", file=sys.stderr)


def _report_machine(error: OSError) -> int:
    """The machine, not the program, is at fault: its own words, and where."""
    where = f": {error.filename}" if error.filename else ""
    _say(f"{error.strerror}{where}", "nothing was left half done; put it right and run it again")
    return FAILED


def report_bug() -> int:
    """Keep the traceback in a file, and say where it is."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="refinery-bug-", suffix=".txt", delete=False
    ) as file:
        file.write(f"refinery {__version__}, Python {sys.version}\n\n{traceback.format_exc()}")
    problem = traceback.format_exception_only(*sys.exc_info()[:2])[-1].strip()
    _say(f"this is a bug in refinery: {problem}", f"please report it with {file.name}")
    return OUR_BUG
