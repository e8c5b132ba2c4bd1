"""`resolve:` in the configuration: the cheap ways out of a conflict, and for which files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from refinery.config.patterns import fits
from refinery.typed import Any
from refinery.values import dataclass

DEFAULT_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Regenerate:
    """Files that a command makes again from the others; `timeout` in seconds."""

    files: tuple[str, ...]
    run: str | tuple[str, ...]
    timeout: float = DEFAULT_TIMEOUT
    directory: str = "."


@dataclass(frozen=True, slots=True)
class Resolve:
    """What is tried before an issue is opened; by default nothing."""

    rerere: bool = False
    rebase: bool = False
    union: tuple[str, ...] = ()
    regenerate: tuple[Regenerate, ...] = ()

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to try."""
        return bool(self.rerere or self.rebase or self.union or self.regenerate)

    def is_united(self, path: str) -> bool:
        """Whether the lines of both sides may stand one after the other in this file."""
        return is_declared(path, self.union)

    def generator(self, path: str) -> Regenerate | None:
        """What makes this file."""
        return next((each for each in self.regenerate if is_declared(path, each.files)), None)


def parsed(mapping: Mapping[str, Any], seconds: Callable[[str | float], float]) -> Resolve:
    """The section as a value."""
    return Resolve(
        rerere=mapping.get("rerere", False),
        rebase=mapping.get("rebase", False),
        union=tuple(mapping.get("union", ())),
        regenerate=tuple(
            Regenerate(
                files=tuple(item["files"]),
                run=item["run"] if isinstance(item["run"], str) else tuple(item["run"]),
                timeout=seconds(item.get("timeout", DEFAULT_TIMEOUT)),
                directory=item.get("directory", "."),
            )
            for item in mapping.get("regenerate", ())
        ),
    )


def is_declared(path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern names the file, read as .gitattributes reads it.

    Without a slash it is a name in any folder; `*` stops at a slash, `**` does not.
    """
    name = path.rpartition("/")[2]
    return any(
        fits(pattern.removeprefix("/"), path if "/" in pattern else name)
        or (pattern.startswith("**/") and fits(pattern[3:], path))
        for pattern in patterns
    )
