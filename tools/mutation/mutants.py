"""The mutants of a module: mutmut's operators, on all functions, decorated ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

CANNOT_HAPPEN = re.compile(r"\bassert_never\(")
"""Lines that a type checker proves to be never reached."""


@dataclass(frozen=True)
class Mutant:
    """One change of one function."""

    path: Path
    number: int
    """Its place among the mutants of the module, which is the same each time."""
    function: str
    first_line: int
    """Of the function, or of its first decorator: how Python knows a function's code."""
    lines: range
    """The statement that is changed."""
    in_signature: bool

    @property
    def name(self) -> str:
        return f"{self.path}:{self.lines.start} {self.function} #{self.number}"


@dataclass(frozen=True)
class Module:
    """A parsed module and what can be changed in it."""

    path: Path
    source: str
    tree: cst.Module
    mutants: tuple[Mutant, ...]
    changes: tuple[tuple[cst.CSTNode, cst.CSTNode], ...]

    def mutated(self, mutant: Mutant) -> str:
        """The source with that one change."""
        tree = deep_replace(self.tree, *self.changes[mutant.number])
        assert isinstance(tree, cst.Module)
        return tree.code

    def difference(self, mutant: Mutant) -> list[str]:
        """The lines that are removed and added."""
        old, new = self.source.splitlines(), self.mutated(mutant).splitlines()
        return list(unified_diff(old, new, n=0, lineterm=""))[3:]


def read_module(path: Path) -> Module:
    """All mutants of a file."""
    source = path.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source))
    unreachable = {
        number for number, line in enumerate(source.splitlines(), 1) if CANNOT_HAPPEN.search(line)
    }
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), unreachable))
    wrapper.visit(visitor)
    found = list(_found(path, visitor, wrapper))
    mutants = [Mutant(path, number, *told) for number, (told, _) in enumerate(found)]
    return Module(path, source, wrapper.module, tuple(mutants), tuple(it for _, it in found))


class _Visitor(MutationVisitor):
    """mutmut leaves decorated functions alone, for it puts a trampoline in their place."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            names = {_name(each.decorator) for each in node.decorators}
            return "overload" in names
        return super()._skip_node_and_children(node)


def _name(decorator: cst.BaseExpression) -> str:
    return decorator.value if isinstance(decorator, cst.Name) else ""


def _found(
    path: Path, visitor: MutationVisitor, wrapper: MetadataWrapper
) -> Iterator[tuple[tuple[str, int, range, bool], tuple[cst.CSTNode, cst.CSTNode]]]:
    places = wrapper.resolve(PositionProvider)
    owners = dict(_functions(wrapper.module))
    parents = {child: node for node in _below(wrapper.module) for child in node.children}
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef) or function not in owners:
            continue
        node: cst.CSTNode = mutation.original_node
        in_signature = _is_in(node, function.params, parents)
        while not isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
            node = parents[node]
        start = places[function].start.line
        first = min([start, *(places[each].start.line for each in function.decorators)])
        told = (owners[function], first, _lines(node, places), in_signature)
        yield told, (mutation.original_node, mutation.mutated_node)


def _lines(node: cst.CSTNode, places: Mapping[cst.CSTNode, CodeRange]) -> range:
    """A simple statement, or the head of a compound one; of a function, all of it."""
    place = places[node]
    if isinstance(node, (cst.If, cst.For, cst.While, cst.With)):
        return range(place.start.line, max(place.start.line + 1, places[node.body].start.line))
    return range(place.start.line, place.end.line + 1)


def _functions(module: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement, statement.name.value
        elif isinstance(statement, cst.ClassDef):
            for each in statement.body.body:
                if isinstance(each, cst.FunctionDef):
                    yield each, f"{statement.name.value}.{each.name.value}"


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    waiting = [node]
    while waiting:
        yield (node := waiting.pop())
        waiting.extend(node.children)


def _is_in(node: cst.CSTNode, whole: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> bool:
    while node is not whole and node in parents:
        node = parents[node]
    return node is whole
