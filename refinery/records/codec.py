"""Turns record values into mappings and back; the fields of the class are the whole rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from refinery.records.times import format_time, parse_time
from refinery.typed import Any, TypeVar
from refinery.values import MISSING, StrEnum, fields

Record = TypeVar("Record")

# Field name -> record class, StrEnum class, `datetime`, or (class,) for a list.
Nested = Mapping[str, Any]


def to_mapping(record: Any) -> dict[str, Any]:
    """What is written: declared order, nothing for a field that holds its default."""
    mapping = {}
    for name, default in _defaults(record.__class__):
        value = getattr(record, name)
        if value != default or default is _REQUIRED:
            mapping[name] = _plain(value)
    return mapping


def to_json(record: Any) -> dict[str, Any]:
    """What `--json` shows: every field, nothing left out."""
    return {name: _plain(getattr(record, name)) for name, _ in _defaults(record.__class__)}


def from_mapping(cls: type[Record], mapping: Mapping[str, Any]) -> Record:
    """The record a checked mapping stands for."""
    nested: Nested = getattr(cls, "NESTED", {})
    values = {}
    for name, value in mapping.items():
        if name == "version":
            continue
        kind = nested.get(name)
        if kind is not None and value is not None:
            value = _typed(kind, value)
        elif type(value) is list:
            value = tuple(value)
        values[name] = value
    return cls(**values)


_REQUIRED = object()


_known: dict[Any, tuple[tuple[str, object], ...]] = {}


def _defaults(cls: Any) -> tuple[tuple[str, object], ...]:
    if cls not in _known:
        _known[cls] = tuple(_fields_of(cls))
    return _known[cls]


def _fields_of(cls: Any) -> Iterator[tuple[str, object]]:
    yield from (
        (
            field.name,
            field.default_factory()
            if field.default_factory is not MISSING
            else _REQUIRED
            if field.default is MISSING
            else field.default,
        )
        for field in fields(cls)
    )


def _typed(kind: Any, value: Any) -> Any:
    if kind is datetime:
        return parse_time(value)
    if isinstance(kind, tuple):
        return tuple(from_mapping(kind[0], item) for item in value)
    if issubclass(kind, StrEnum):
        return kind(value)
    return from_mapping(kind, value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return round(value, 3)  # finer ones may need an exponent, which YAML 1.1 takes for text
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return to_mapping(value)
