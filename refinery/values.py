"""Values: dataclasses whose methods are written when the first of them is made.

The standard library writes six methods for each class that a command imports, at a millisecond a
class, and needs `inspect` for it: together they took a hook more time than all the rest of Python.
This is the part of it that refinery uses, under the same names.  Type checkers see the original, and
its functions (`asdict`, `fields`, `is_dataclass`) work on these classes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["MISSING", "dataclass", "field", "fields", "replace"]


class _Missing:
    """No default."""


class Field:
    """What is known of one field."""

    __slots__ = ("default", "default_factory", "init", "name", "repr")

    def __init__(self, default: Any, default_factory: Any, *, init: bool, repr: bool) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr


if TYPE_CHECKING:
    from dataclasses import MISSING, dataclass, field, fields, replace
else:
    MISSING = _Missing()

    def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True):
        """More about a field than its default."""
        return Field(default, default_factory, init=init, repr=repr)

    def fields(value):
        """The fields of a value or its class, in declared order."""
        return value.__fields__

    def replace(value, /, **changes):
        """The value with some fields changed."""
        for name in value.__match_args__:
            if name not in changes:
                changes[name] = getattr(value, name)
        return type(value)(**changes)

    def dataclass(cls=None, /, *, slots=True, frozen=False, eq=True):
        """Make a class one whose instances are its annotated fields; they have slots, always."""
        define = partial(_defined, frozen=frozen, eq=eq)
        return define if cls is None else define(cls)


def _defined(cls: type, *, frozen: bool, eq: bool) -> type:
    body = dict(cls.__dict__)
    known = tuple(_declared(cls, body))
    names = tuple(each.name for each in known)
    body |= {
        "__slots__": names,
        "__fields__": known,
        "__match_args__": tuple(each.name for each in known if each.init),
        "__dataclass_fields__": _StandardFields(),
        "__values__": attrgetter(*names) if names else _no_values,
        "__init__": _first_init,
        "__reduce__": _reduce,
    }
    body.setdefault("__repr__", _repr)
    if eq:
        body |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        body |= {"__setattr__": _frozen, "__delattr__": _frozen}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    return type(cls)(cls.__name__, cls.__bases__, body)


def _declared(cls: type, body: dict[str, Any]) -> Iterator[Field]:
    for name, annotation in cls.__annotations__.items():
        if not annotation.startswith("ClassVar"):
            default = body.pop(name, MISSING)
            found = default if isinstance(default, Field) else field(default=default)
            found.name = name
            yield found


def _first_init(self: Any, *args: Any, **kwargs: Any) -> None:
    cls = type(self)
    cls.__init__ = _written_init(cls)
    cls.__init__(self, *args, **kwargs)


def _written_init(cls: Any) -> Callable[..., None]:
    """What a person would write: a parameter a field, set through its slot, past `__setattr__`."""
    parameters, lines = ["self"], []
    names: dict[str, Any] = {"MISSING": MISSING}
    for each in cls.__fields__:
        name, value = each.name, each.name
        names[f"set_{name}"] = cls.__dict__[name].__set__
        if each.default_factory is not MISSING:
            names[f"new_{name}"] = each.default_factory
            value = f"new_{name}() if {name} is MISSING else {name}"
            parameters.append(f"{name}=MISSING")
        elif each.default is not MISSING:
            names[f"default_{name}"] = each.default
            parameters.append(f"{name}=default_{name}")
        elif each.init:
            parameters.append(name)
        else:
            continue
        lines.append(f" set_{name}(self, {value})")
    lines += [" self.__post_init__()"] if hasattr(cls, "__post_init__") else [" pass"]
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), names)
    names["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    init: Callable[..., None] = names["__init__"]
    return init


def _no_values(self: Any) -> tuple[()]:
    return ()


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or type(self).__values__(self) == type(self).__values__(other)


def _hash(self: Any) -> int:
    return hash(type(self).__values__(self))


def _repr(self: Any) -> str:
    shown = (each.name for each in self.__fields__ if each.repr)
    told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({told})"


def _reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


def _frozen(self: Any, name: str, value: object = None) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change field {name!r}")


class _StandardFields:
    """The fields as the standard library knows them, made when it asks."""

    def __get__(self, _: object, cls: Any) -> Any:
        import dataclasses

        described = [
            (each.name, cls.__annotations__[each.name], _standard(each)) for each in cls.__fields__
        ]
        twin: Any = dataclasses.make_dataclass(cls.__name__, described)
        return twin.__dataclass_fields__


def _standard(each: Field) -> Any:
    import dataclasses

    given: dict[str, Any] = {"init": each.init, "repr": each.repr}
    if each.default is not MISSING:
        given["default"] = each.default
    if each.default_factory is not MISSING:
        given["default_factory"] = each.default_factory
    return dataclasses.field(**given)
