"""docs/proof.md, put together from what is kept of each part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.soak.catalogue import PARTS
from tests.soak.figure import Figure, shown
from tests.soak.kept import DOCS, Kept, read

PAGE = DOCS / "proof.md"
_HEAD = """\
# Proof

What was measured of [what is promised](promises.md): each figure with its bar, and the command
that makes it again in a checkout. Each part was run whole, and is kept in `docs/proof/` until it
is run again.

```text
python -m tests.soak                  all parts, and this page; hours
python -m tests.soak --part faults    one part, and this page
python -m tests.soak --quick          small sizes, to see that they run; nothing is kept
```

Seconds are of the machine that is named. A bar that is missed stays here as missed.
"""


def wanted() -> str:
    """The page as it has to be."""
    return text(read(list(PARTS)))


def write() -> Path:
    """Make it."""
    PAGE.write_text(wanted())
    return PAGE


def text(kept: Mapping[str, Kept]) -> str:
    """The page of these parts."""
    figures = [figure for each in kept.values() for figure in each.figures]
    missed = [figure for figure in figures if figure.ok is False]
    barred = [figure for figure in figures if figure.ok is not None]
    met = f"{len(figures)} figures; {len(barred) - len(missed)} of {len(barred)} bars are met.\n"
    return "\n".join([_HEAD, met, *(section(each) for each in kept.values())])


def section(kept: Kept) -> str:
    """One part as a table."""
    part = PARTS[kept.part]
    has_own = any(figure.how for figure in kept.figures)
    again = f"`python -m tests.soak --part {kept.part}`"
    columns = ["what", "figure", "bar", "", *(["again"] if has_own else [])]
    lines = [f"## {part.title}", "", part.about, "", _row(columns), _row(["---"] * len(columns))]
    lines += [_row(_cells(figure)[: len(columns)]) for figure in kept.figures]
    lines += [
        "",
        f"Again{' where nothing else is said' if has_own else ''}: {again}, {_took(kept)}.",
        "",
    ]
    return "\n".join(lines)


def _cells(figure: Figure) -> list[str]:
    mark = {True: "met", False: "**missed**", None: ""}[figure.ok]
    said = "; ".join(filter(None, (mark, figure.note)))
    how = f"`{figure.how}`" if figure.how else ""
    return [figure.what, shown(figure.value, figure.unit), figure.bar, said, how]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _took(kept: Kept) -> str:
    minutes = kept.seconds / 60
    length = f"{minutes:.0f} minutes" if minutes >= 2 else f"{kept.seconds:.0f} seconds"
    return f"{length}; made on {kept.date} with {kept.version} on {kept.machine}"
