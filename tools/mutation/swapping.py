"""Gives a function that is already imported, everywhere it was imported to, another's code."""

from __future__ import annotations

import ast
import gc
import importlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType

from tools.mutation.mutants import Mutant

Place = tuple[str, str, int]
Functions = dict[Place, list[FunctionType]]


def functions_of(paths: Sequence[Path]) -> Functions:
    """The functions of these modules by file, qualified name and first line.

    Found among all objects: behind properties, caches and context managers too.
    """
    for path in paths:
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    files = {str(path.resolve()) for path in paths}
    found: Functions = defaultdict(list)
    gc.unfreeze()
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename in files:
            found[_place(each.__code__)].append(each)
    gc.freeze()
    return found


def swap(mutant: Mutant, source: str, functions: Functions) -> bool:
    """Whether the mutant could be put in place of the original."""
    file = str(mutant.path.resolve())
    place = (file, mutant.function, mutant.first_line)
    whole = compile(source, file, "exec", dont_inherit=True)
    codes = [code for code in _codes(whole) if _place(code) == place]
    if not codes or not functions.get(place):
        return False
    for function in functions[place]:
        if len(codes[0].co_freevars) != len(function.__code__.co_freevars):
            return False
        function.__code__ = codes[0]
        if mutant.in_signature:
            _swap_defaults(function, source)
    return True


def _swap_defaults(function: FunctionType, source: str) -> None:
    code = function.__code__
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first == code.co_firstlineno:
                given = [_value(each, function) for each in node.args.defaults]
                function.__defaults__ = tuple(given) or None
                for name, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
                    if default is not None and function.__kwdefaults__ is not None:
                        function.__kwdefaults__[name.arg] = _value(default, function)


def _value(node: ast.expr, function: FunctionType) -> object:
    return eval(compile(ast.Expression(node), "<default>", "eval"), function.__globals__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno
