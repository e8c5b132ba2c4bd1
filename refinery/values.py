"""Values: dataclasses and enumerations that share their methods, and are made in no time.

The standard library writes six methods for each class that a command imports, at a millisecond a
class, and needs `inspect` for it: together they took a hook more time than all the rest of Python.
An enumeration takes it another tenth of a millisecond.  This is the part of both that refinery
uses, under the same names.  Type checkers see the originals, and the functions of `dataclasses`
(`asdict`, `fields`, `is_dataclass`) work on these classes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter

from refinery.typed import TYPE_CHECKING, Any

__all__ = ["MISSING", "StrEnum", "dataclass", "field", "fields", "replace"]


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


class _Closed(type):
    """The class of enumerations: an ordered collection of its members, called to find one."""

    __members__: dict[str, Any]

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        texts = {key: body.pop(key) for key in [*body] if _is_member(key, body[key])}
        body.setdefault("__slots__", ())
        cls: Any = super().__new__(mcs, name, bases, body)
        found = {}
        for key, text in texts.items():
            member: Any = str.__new__(cls, text)
            member.name = key
            type.__setattr__(cls, key, member)
            found[key] = member
        type.__setattr__(cls, "__members__", found)
        type.__setattr__(cls, "__values__", {found[key].value: found[key] for key in found})
        return cls

    def __call__(cls: Any, value: object) -> Any:
        try:
            return cls.__values__[value]
        except (KeyError, TypeError):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}") from None

    def __getitem__(cls, name: str) -> Any:
        return cls.__members__[name]

    def __iter__(cls) -> Iterator[Any]:
        return iter(cls.__members__.values())

    def __setattr__(cls, name: str, value: object) -> None:
        raise AttributeError(f"cannot change {name!r} of {cls.__qualname__}")

    def __len__(cls) -> int:
        return len(cls.__members__)

    def __contains__(cls, value: object) -> bool:
        return value in cls.__members__.values()


def _is_member(name: str, value: object) -> bool:
    return type(value) is str and not name.startswith("_")


if TYPE_CHECKING:
    from dataclasses import MISSING, dataclass, field, fields, replace
    from enum import StrEnum
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

    class StrEnum(str, metaclass=_Closed):
        """Texts of which there are no others."""

        __slots__ = ("name",)

        @property
        def value(self):
            return str.__str__(self)

        def __repr__(self):
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

        def __reduce__(self):
            return type(self), (self.value,)

        def __copy__(self):
            return self

        def __deepcopy__(self, _):
            return self


def _defined(cls: type, *, frozen: bool, eq: bool) -> type:
    body = dict(cls.__dict__)
    declared = {
        name: body.pop(name, MISSING)
        for name, annotation in cls.__annotations__.items()
        if not annotation.startswith("ClassVar")
    }
    names = tuple(declared)
    body |= _SHARED | {
        "__slots__": names,
        "__declared__": declared,
        "__match_args__": tuple(name for name in names if _is_given(declared[name])),
        "__values__": attrgetter(*names) if names else _no_values,
    }
    body.setdefault("__post_init__", None)
    body.setdefault("__repr__", _repr)
    if eq:
        body |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        body |= _FROZEN
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    return type(cls)(cls.__name__, cls.__bases__, body)


def _is_given(default: object) -> bool:
    return default.init if isinstance(default, Field) else True


class _OnDemand:
    """An attribute of the class, made when it is first asked for: most classes never are."""

    def __init__(self, name: str, make: Callable[[Any], object]) -> None:
        self._name = name
        self._make = make

    def __get__(self, _: object, cls: Any) -> Any:
        owner = next(each for each in cls.__mro__ if "__declared__" in each.__dict__)
        made = self._make(owner)
        setattr(owner, self._name, made)
        return made


def _fields(cls: Any) -> tuple[Field, ...]:
    return tuple(_named(name, default) for name, default in cls.__declared__.items())


def _named(name: str, default: Any) -> Field:
    found: Field = default if isinstance(default, Field) else field(default=default)
    found.name = name
    return found


def _plan(cls: Any) -> tuple[object, ...]:
    wanted = [each for each in cls.__fields__ if each.init]
    return (
        cls.__match_args__,
        {it.name: it.default for it in wanted if it.default is not MISSING},
        [(it.name, it.default_factory) for it in wanted if it.default_factory is not MISSING],
        {it.name: cls.__dict__[it.name].__set__ for it in wanted},
    )


def _init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    names, defaults, factories, setters = self.__plan__
    values = (
        {**defaults, **dict(zip(names, args, strict=False)), **kwargs}
        if args
        else {**defaults, **kwargs}
    )
    for name, make in factories:
        if name not in values:
            values[name] = make()
    if len(values) != len(setters) or len(args) + len(kwargs) > len(values):
        raise TypeError(_wrong_call(type(self), args, kwargs))
    try:
        for name, value in values.items():
            setters[name](self, value)
    except KeyError:
        raise TypeError(_wrong_call(type(self), args, kwargs)) from None
    if self.__post_init__ is not None:
        self.__post_init__()


def _wrong_call(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    names, defaults, factories, _ = cls.__plan__
    given = {*names[: len(args)], *kwargs, *defaults, *dict(factories)}
    unknown = ", ".join(name for name in kwargs if name not in names)
    missing = ", ".join(name for name in names if name not in given)
    return f"{cls.__qualname__}(): missing: {missing}; unknown: {unknown}; {len(args)} by position"


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


_SHARED = {
    "__init__": _init,
    "__reduce__": _reduce,
    "__fields__": _OnDemand("__fields__", _fields),
    "__plan__": _OnDemand("__plan__", _plan),
    "__dataclass_fields__": _StandardFields(),
}
_FROZEN = {"__setattr__": _frozen, "__delattr__": _frozen}
