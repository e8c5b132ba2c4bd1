"""Every regular expression of the program, how it is used, and the texts that would hold it up."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import re._constants as ops  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sandbox import CHECKOUT

METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")


@dataclass(frozen=True)
class Use:
    """An expression with the way it is applied, and where."""

    where: str
    expression: str
    flags: int
    method: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression, self.flags)

    def apply(self, text: str) -> None:
        """As the program does it."""
        method = getattr(self.pattern, self.method)
        found = method("", text) if self.method == "sub" else method(text)
        if self.method == "finditer":
            for _ in found:
                pass


def uses() -> tuple[list[Use], list[str]]:
    """All that can be found, and the calls whose expression cannot be told from the source."""
    found: list[Use] = []
    unknown: list[str] = []
    for path in sorted((CHECKOUT / "refinery").rglob("*.py")):
        source = path.read_text()
        if "compiled" not in path.parts and "re." in source:
            _in_module(path, ast.parse(source), found, unknown)
    return found, unknown


def _in_module(path: Path, tree: ast.Module, found: list[Use], unknown: list[str]) -> None:
    name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in METHODS:
            continue
        where, method, owner = f"{name}:{call.lineno}", call.func.attr, call.func.value
        if isinstance(owner, ast.Name) and owner.id == "re":
            expression = _value(call.args[0], name)
            if isinstance(expression, str):
                found.append(Use(where, expression, _flags(call), method))
            else:
                unknown.append(f"{name}: {ast.unparse(call.args[0])}")
            continue
        pattern = _value(owner, name)
        if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
            found.append(Use(where, pattern.pattern, pattern.flags, method))


def _value(node: ast.expr, module: str) -> object:
    """What a constant, or a name of the module, stands for."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return getattr(importlib.import_module(module), node.id, None)
    return None


def _flags(call: ast.Call) -> int:
    told = {each.arg: each.value for each in call.keywords}
    names = ast.unparse(told["flags"]).split("|") if "flags" in told else []
    return sum(getattr(re, each.strip().removeprefix("re.")) for each in names)


def attacks(use: Use) -> Iterator[tuple[str, str, str]]:
    """What to begin with, what to repeat, and what to end with: each repetition is tried."""
    tree = parser.parse(use.expression, use.flags)
    pumps = {"\n", " ", "a"}
    heads = {""}
    for head, pump in _repetitions(list(tree), ""):
        heads.add(head)
        pumps |= {pump, head + pump, head}
    for head, pump in itertools.product(sorted(heads)[:12], sorted(filter(None, pumps))[:24]):
        for tail in ("", "\x00"):
            yield head, pump, tail


def _repetitions(items: list[Any], head: str) -> Iterator[tuple[str, str]]:
    for op, argument in items:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            _, most, body = argument
            yield from _repetitions(list(body), head)
            if most > 8:
                yield head, _sample(list(body))
        elif op is ops.SUBPATTERN:
            yield from _repetitions(list(argument[-1]), head)
        elif op is ops.BRANCH:
            for branch in argument[1]:
                yield from _repetitions(list(branch), head)
        elif op in (ops.ASSERT, ops.ASSERT_NOT):
            yield from _repetitions(list(argument[1]), head)
        head += _sample([(op, argument)])


def _sample(items: list[Any]) -> str:
    """A text that these items match, or nearly."""
    return "".join(_one(op, argument) for op, argument in items)


def _one(op: Any, argument: Any) -> str:
    if op is ops.LITERAL:
        return chr(argument)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        least, _, body = argument
        return _sample(list(body)) * max(1, least)
    if op is ops.SUBPATTERN:
        return _sample(list(argument[-1]))
    if op is ops.ATOMIC_GROUP:
        return _sample(list(argument))
    if op is ops.BRANCH:
        return _sample(list(argument[1][0]))
    if op is ops.IN:
        return _member(argument)
    return "a" if op in (ops.ANY, ops.NOT_LITERAL) else ""


def _member(choices: list[Any]) -> str:
    expression = re.compile(f"[{''.join(map(_class, choices))}]")
    usual = "a0 \n\t-_/:.\"'A\x1b\x07"
    letters = itertools.chain(usual, map(chr, range(0x2100)))
    return next((each for each in letters if expression.match(each)), "")


def _class(choice: tuple[Any, Any]) -> str:
    op, argument = choice
    if op is ops.NEGATE:
        return "^"
    if op is ops.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if op is ops.CATEGORY:
        return _CATEGORIES[argument]
    return re.escape(chr(argument))


_CATEGORIES = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}
