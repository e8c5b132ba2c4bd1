"""Writes metrics as OpenMetrics text 1.0.0, which parsers of Prometheus' older format read too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from refinery.values import StrEnum, dataclass, field

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Kind(StrEnum):
    """What a family of samples is; the text format of older parsers knows all of these too."""

    COUNTER = "counter"
    GAUGE = "gauge"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Sample:
    """One value and its labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one metric; `unit` is the last part of its name."""

    name: str
    kind: Kind
    help: str
    samples: tuple[Sample, ...]
    unit: str = ""


def render(families: Iterable[Family]) -> str:
    """The whole text; a family without samples is left out, since it would say nothing."""
    lines = [line for family in families if family.samples for line in _lines(family)]
    return "\n".join([*lines, "# EOF\n"])


def _lines(family: Family) -> list[str]:
    name = family.name
    suffix = "_total" if family.kind is Kind.COUNTER else ""
    return [
        f"# HELP {name} {_escaped(family.help)}",
        f"# TYPE {name} {family.kind.value}",
        *([f"# UNIT {name} {family.unit}"] if family.unit else []),
        *(f"{name}{suffix}{_labels(each)} {_number(each.value)}" for each in family.samples),
    ]


def _labels(sample: Sample) -> str:
    if not sample.labels:
        return ""
    told = (f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
    return f"{{{','.join(told)}}}"


def _escaped(text: str) -> str:
    """As it may stand in a label's quotes; a line break would begin a sample of somebody's own."""
    told = text.encode("utf-8", "replace").decode()
    return told.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", " ")


def _number(value: float) -> str:
    if not isfinite(value):
        return "NaN"
    return str(int(value)) if value == int(value) else repr(round(value, 9))
