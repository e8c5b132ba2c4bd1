"""Counts what was tried of one kind of fault, and keeps what did not come out right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """So many faults of one kind were injected; `lost` says what some of them cost."""

    what: str
    injected: int = 0
    lost: list[str] = field(default_factory=list)

    def add(self, where: str, wrong: Sequence[str], *, was_injected: bool = True) -> None:
        """One trial more, and what is wrong after it."""
        self.injected += was_injected
        if wrong:
            self.lost.append(f"{where}: {'; '.join(wrong)}")
