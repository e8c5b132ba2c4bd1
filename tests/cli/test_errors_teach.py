"""Errors teach: each says what is wrong and where, and which command to run next; those exist."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import refinery
from refinery.answers.refusals import RefusedRequest
from refinery.cli.catalogue import ALIASES, COMMANDS
from refinery.cli.command import load, parser_of
from refinery.cli.main import main
from refinery.codes.catalogue import usual_next
from refinery.errors import RefineryError, TryAgain, UsageError, command_in
from tests.sandbox import Sandbox

PACKAGE = Path(refinery.__file__).parent

SPEAKS_OF_ONE_THING = {
    # there is only one of what they speak of, so that no place has to be named
    *("AlreadyRuns", "CannotRunChecks", "CannotServe", "NoForge", "NoBranch", "NoSecret"),
    *("NoRemote", "NotInstalled", "NothingMerged", "NothingToServe", "ProcessorTrouble"),
    *("CannotCopy", "CannotReplay", "WorldMoved", "RefineryError", "Unparsable", "UsageError"),
    # the place is put before these words
    *("GitError", "UnreadableText"),
}


@dataclass(frozen=True)
class Raised:
    """One place where an error is made."""

    where: str
    kind: type[RefineryError]
    call: ast.Call

    def __str__(self) -> str:
        return f"{self.where} {self.kind.__name__}"

    @property
    def hint(self) -> ast.expr | None:
        return next((each.value for each in self.call.keywords if each.arg == "hint"), None)


@cache
def raised() -> list[Raised]:
    """Every call of an error's class in the package."""
    return [each for path in sorted(PACKAGE.rglob("*.py")) for each in _raised_in(path)]


def _raised_in(path: Path) -> Iterator[Raised]:
    text = path.read_text()
    if "Error(" not in text and not re.search(r"raise [A-Z]|return [A-Z]", text):
        return
    calls = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    module = import_module(name.removesuffix(".__init__"))
    for node in calls:
        assert isinstance(node.func, ast.Name)
        kind = getattr(module, node.func.id, None) or _imported_inside(text, node.func.id)
        if isinstance(kind, type) and issubclass(kind, RefineryError) and node.args:
            yield Raised(f"{path.relative_to(PACKAGE)}:{node.lineno}", kind, node)


def _imported_inside(text: str, name: str) -> object:
    """What a function imports for itself."""
    found = re.search(rf"^\s+from (refinery[.\w]*) import [^\n]*\b{name}\b", text, re.MULTILINE)
    return getattr(import_module(found[1]), name, None) if found else None


def literal(node: ast.AST) -> str:
    """The text of an expression; what is filled in stands as {}."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(literal(each) for each in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return literal(left) + literal(right)
        case _:
            return "{}"


def test_the_walk_finds_them() -> None:
    assert len(raised()) > 150
    assert len({each.kind for each in raised()}) > 50


def test_every_refusal_says_what_to_run_next() -> None:
    """Where it is raised, in its class, by its code; wrong usage has its help, and others again."""
    silent = [
        str(each)
        for each in raised()
        if each.hint is None
        and each.kind.usual_hint is None
        and not issubclass(each.kind, UsageError)
        and usual_next(each.kind.code) is None
    ]
    assert silent == []


def test_every_kind_of_refusal_has_a_code_of_its_own() -> None:
    """Programs tell them apart by it."""
    roots = (RefineryError, UsageError, TryAgain, RefusedRequest)
    kinds = {each.kind for each in raised()} - {*roots}
    assert [kind for kind in kinds if kind.code in {root.code for root in roots}] == []


def test_every_message_says_where() -> None:
    """Something is filled in, or an option or a file is named: `failed` alone teaches nothing."""
    vague = [
        f"{each}: {text}"
        for each in raised()
        if "{}" not in (text := literal(each.call.args[0]))
        and not re.search(r"--\w|[A-Z]{4}|`|-n:", text)
        and each.kind.__name__ not in SPEAKS_OF_ONE_THING
        and not issubclass(each.kind, TryAgain)
    ]
    assert vague == []


def test_messages_are_one_sentence_without_its_full_stop() -> None:
    """They stand behind `error: `, and often in front of more."""
    for each in raised():
        text = literal(each.call.args[0])
        assert not text.endswith((".", "!", "\n")), str(each)
        assert "failed to" not in text, str(each)
        assert not re.match(r"(?!HEAD|MR|GIT|CI)[A-Z][a-z]", text), str(each)


# The commands that hints name


def hints() -> list[tuple[str, str]]:
    """Every hint with its place, also those of functions that only choose one."""
    found = [(str(each), each.hint) for each in raised() if each.hint is not None]
    texts = [(where, text) for where, node in found for text in _texts(node)]
    return [(where, text) for where, text in texts if "refinery " in text]


def _texts(node: ast.AST) -> Iterator[str]:
    """Every whole text in an expression, such as both sides of a choice."""
    if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
        yield literal(node)
        return
    for below in ast.iter_child_nodes(node):
        yield from _texts(below)


def _calls(text: str) -> Iterator[list[str]]:
    """The commands of ours that a text tells to run: in backticks, after a colon, or all of it."""
    quoted = re.findall(r"`refinery ([^`]*)`", text)
    bare = re.findall(r"(?:^|: |; )refinery ([a-z][^;,`()]*)", re.sub(r"`[^`]*`", "", text))
    for words in (*quoted, *bare):
        filled = words.replace("{}", "1").replace("<branch>", "x").replace("<command>", "queue")
        yield shlex.split(filled)


def test_every_command_that_a_hint_names_can_be_run() -> None:
    named = [(where, call) for where, text in hints() for call in _calls(text)]
    assert len(named) > 30
    assert [f"{where}: {call}" for where, call in named if not _can_be_run(call)] == []


def test_a_command_that_programs_get_out_of_a_hint_is_only_the_command() -> None:
    for each in raised():
        for text in _texts(each.hint) if each.hint is not None else ():
            command = command_in(text) or ""
            assert not re.search(r" (shows|says|lists|and|until|which|if) ", command), str(each)


def _can_be_run(call: list[str]) -> bool:
    words = [word for word in call if word != "--color=never"]
    if words[-1] == "--help":
        return words[0] in {*COMMANDS, "--help"}
    name = ALIASES.get(words[0], words[0])
    try:
        parser_of(name, load(name)).parse_args(words[1:])
    except UsageError as error:
        return error.message.endswith("not '1'")  # which stands for one of the choices
    return True


# What was typed wrongly


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "quue",
            "error: 'quue' is not a refinery command\nhint: did you mean `refinery queue`?\n",
        ),
        (
            "queue --jsn",
            "error: refinery queue: there is no option --jsn\n"
            "hint: did you mean --json? `refinery queue --help` lists them\n",
        ),
        (
            "queue --xyzzy=1",
            "error: refinery queue: there is no option --xyzzy\n"
            "hint: `refinery queue --help` lists them\n",
        ),
        (
            "issue show 1 --jso",
            "error: refinery issue show: there is no option --jso\n"
            "hint: did you mean --json? `refinery issue show --help` lists them\n",
        ),
        (
            "queue a b",
            "error: refinery queue: 'b' is one argument too many\n"
            "hint: usage: refinery queue [-h] [--json] [rig]\n",
        ),
        (
            "hold --reason later",
            "error: refinery hold: id is missing\n"
            "hint: usage: refinery hold [-h] [--repo RIG] [--json] -r TEXT "
            "[--until TIME | --for TIME] [--tz ZONE] id\n",
        ),
        (
            "integration",
            "error: refinery integration: ACTION is missing\n"
            "hint: one of create, land, status; `refinery integration --help` explains them\n",
        ),
        (
            "next --strategy fif",
            "error: refinery next: --strategy is one of priority, fifo, not 'fif'\n"
            "hint: did you mean fifo?\n",
        ),
        (
            "process --jobs 0",
            "error: refinery process: --jobs: '0' is not a number from 1 to 1000\n"
            "hint: `refinery process --help`\n",
        ),
        (
            "log -n many",
            "error: refinery log: -n/--number is a whole number, not 'many'\n"
            "hint: usage: refinery log [-h] [-n N] [--repo RIG] [--json] [id]\n",
        ),
        (
            "list --ready --status open",
            "error: refinery list: --status cannot stand beside --ready\n"
            "hint: usage: refinery list [-h] [--ready | --status "
            "{open,in_progress,blocked,closed,all}] [--worker W] [--epic E] [--target T] "
            "[-n N] [--after ID] [--json] [rig]\n",
        ),
    ],
)
def test_what_was_typed_wrongly_is_named_and_what_was_meant_is_guessed(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed.split()) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", said)


def test_an_option_is_never_guessed_from_its_beginning(box: Sandbox) -> None:
    assert box.cli("issue", "list", "--sta", "all").code == 2
