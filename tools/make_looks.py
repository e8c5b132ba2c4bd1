"""Makes the tables of docs/looks.md: every state with its signs and word, every colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery import looks
from refinery.looks import Look, Role

_TABLES = (
    ("A merge request stands", looks.STANDINGS),
    ("It ended", looks.ENDINGS),
    ("A check, or all of them", looks.RESULTS),
    ("An attempt to land", looks.ATTEMPTS),
    ("A target by itself", looks.HEALTH),
    ("Queue and processor", looks.PROCESSOR),
    ("An issue", looks.ISSUES),
    ("A finding of `fsck` and `doctor`", looks.FINDINGS),
)
_MEANINGS = {
    Role.PLAIN: "as it should be, nothing to see",
    Role.MUTED: "of no concern now",
    Role.ACTIVE: "being worked at",
    Role.GOOD: "done, and well",
    Role.ATTENTION: "somebody must do something, or has stopped it",
    Role.BAD: "failed",
}
_COLOURS = {"2": "dim", "31": "red", "32": "green", "33": "yellow", "36": "cyan", "": "none"}


def states() -> str:
    """A table for each kind of thing that has states."""
    return "\n".join(f"**{title}**\n\n{_states(table)}" for title, table in _TABLES)


def _states(table: Mapping[str, Look]) -> str:
    in_lists = table in (looks.STANDINGS, looks.ENDINGS)
    titles = ["sign", "ASCII", "word", "in JSON", "role", *(["in lists"] if in_lists else [])]
    rows = [_row(titles), _row(["---"] * len(titles))]
    for state, look in table.items():
        cells = [look.sign, f"`{look.ascii}`", look.word, f"`{state}`", look.role.value]
        rows.append(_row([*cells, *([f"`{look.in_brackets}`"] if in_lists else [])]))
    return "\n".join(rows) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def colours() -> str:
    """What each role means, and its colours."""
    rows = [
        "| role | means | terminal | light: text, fill, badge | dark: text, fill, badge |",
        "|---|---|---|---|---|",
    ]
    for role in Role:
        light, dark = (
            ", ".join(f"`{each}`" for each in (shades.text, shades.fill, shades.badge))
            for shades in (looks.LIGHT[role], looks.DARK[role])
        )
        terminal = _COLOURS[looks.ANSI[role]]
        rows.append(f"| {role} | {_MEANINGS[role]} | {terminal} | {light} | {dark} |")
    return "\n".join(rows) + "\n"
