"""The names of `typing` that refinery uses, without the 4 ms that it would take of each start.

Type checkers see the originals.  At run time annotations are text, so that most names only have to
be there; those that are called or inherited from do what is left of them.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import (
        IO,
        Any,
        ClassVar,
        Final,
        Generic,
        Literal,
        NamedTuple,
        NewType,
        NoReturn,
        Protocol,
        Self,
        TextIO,
        TypeGuard,
        TypeVar,
        assert_never,
    )
else:

    class _Parametrised:
        """What takes parameters and makes nothing of them."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    class Protocol(_Parametrised):
        """What something must be able to do, for type checkers alone."""

        __slots__ = ()

    class Generic(_Parametrised):
        """What is the same for values of several types."""

        __slots__ = ()

    IO = ClassVar = Final = Literal = TypeGuard = _Parametrised
    Any = NoReturn = Self = TextIO = object

    def NamedTuple(name, fields):  # noqa: N802
        """Tuples whose places have names; for classes with methods there is `typing`'s own."""
        return namedtuple(name, [field for field, _ in fields])

    def NewType(_name, supertype):  # noqa: N802
        """A type that only type checkers tell from this one."""
        return supertype

    def TypeVar(_name, *_types, **_bounds):  # noqa: N802
        """A name for a type."""
        return object

    def assert_never(value, /):
        """Say which case was forgotten."""
        raise AssertionError(f"expected code to be unreachable, but got: {value!r}")


__all__ = [
    "IO",
    "TYPE_CHECKING",
    "Any",
    "ClassVar",
    "Final",
    "Generic",
    "Literal",
    "NamedTuple",
    "NewType",
    "NoReturn",
    "Protocol",
    "Self",
    "TextIO",
    "TypeGuard",
    "TypeVar",
    "assert_never",
]
