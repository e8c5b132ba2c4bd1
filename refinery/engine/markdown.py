"""Text from outside in Markdown: it is shown, and never obeyed."""

from __future__ import annotations


def code(text: str) -> str:
    """Text from outside as Markdown code, which nothing inside can end."""
    clean = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    longest = max((len(run) for run in _backtick_runs(clean)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if clean.startswith("`") or clean.endswith("`") or not clean else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def _backtick_runs(text: str) -> list[str]:
    return "".join(letter if letter == "`" else " " for letter in text).split()


def escaped(text: str) -> str:
    """Text from outside as plain Markdown: no mention, link, image or HTML comes of it."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)[:200]
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]()#+!<>|@&~" else letter for letter in clean
    )
