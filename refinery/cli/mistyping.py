"""Words what was typed wrongly: which word, what was probably meant, and where it is explained."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from refinery.errors import UsageError

_CHOICE = re.compile(r"invalid choice: '?(?P<word>.*?)'? \(choose from ", re.DOTALL)
_REWORDED = (
    (re.compile("^expected (?:one|at least one) argument$"), "needs a value"),
    (re.compile("^not allowed with argument "), "cannot stand beside "),
    (re.compile("^invalid int value: "), "is a whole number, not "),
    (re.compile("^invalid float value: "), "is a number, not "),
)
_MISSING = "the following arguments are required: "
_ENOUGH = 0.6
_ARGUMENT = "argument "


def unknown_arguments(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> UsageError:
    """Nobody knows these: an option that there is not, or a word too many."""
    first = unknown[0]
    name = first.partition("=")[0]
    if not first.startswith("-"):
        return UsageError(f"{parser.prog}: {first!r} is one argument too many", hint=_usage(parser))
    close = closest(name, _options(parser))
    hint = f"did you mean {close}? " if close else ""
    return UsageError(
        f"{parser.prog}: there is no option {name}", hint=f"{hint}{_help(parser)} lists them"
    )


def wrong_arguments(parser: argparse.ArgumentParser, message: str) -> UsageError:
    """What argparse found, in our words: something is missing, or is none of what it may be."""
    if message.startswith(_MISSING):
        return _missing(parser, message.removeprefix(_MISSING))
    named, _, what = message.removeprefix(_ARGUMENT).partition(": ")
    found = _CHOICE.match(what)
    if found is not None:
        return _none_of_them(parser, named, found["word"])
    for pattern, words in _REWORDED:
        what = pattern.sub(words, what)
    return UsageError(f"{parser.prog}: {named} {what}".rstrip(), hint=_usage(parser))


def _missing(parser: argparse.ArgumentParser, names: str) -> UsageError:
    choices = _choices(parser, names)
    hint = f"one of {', '.join(choices)}; {_help(parser)} explains them" if choices else None
    return UsageError(f"{parser.prog}: {names} is missing", hint=hint or _usage(parser))


def _none_of_them(parser: argparse.ArgumentParser, named: str, word: str) -> UsageError:
    choices = _choices(parser, named)
    close = closest(word, choices)
    return UsageError(
        f"{parser.prog}: {named} is one of {', '.join(choices)}, not {word!r}",
        hint=f"did you mean {close}?" if close else f"{_help(parser)} explains them",
    )


def closest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant; a beginning counts as much as a slip of the finger."""
    words = list(known)
    began = [each for each in words if len(word) > 1 and each.startswith(word)]
    if len(began) == 1:
        return began[0]
    return next(iter(get_close_matches(word, words, n=1, cutoff=_ENOUGH)), None)


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [option for action in parser._actions for option in action.option_strings]


def _choices(parser: argparse.ArgumentParser, named: str) -> list[str]:
    """What the argument that argparse calls so may be; a bare list of commands has no name."""
    for action in parser._actions:
        if action.choices is not None and named in (
            *("/".join(action.option_strings), action.metavar, action.dest),
        ):
            return [*map(str, action.choices)]
    return []


def _usage(parser: argparse.ArgumentParser) -> str:
    return " ".join(parser.format_usage().split())


def _help(parser: argparse.ArgumentParser) -> str:
    return f"`{parser.prog} --help`"
