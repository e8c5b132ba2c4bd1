"""Collects what is done on behalf of deliveries: for the log, and for scripts."""

from __future__ import annotations

from collections.abc import Callable

from refinery.engine.happenings import (
    BlockedAgain,
    Ended,
    Folded,
    Happening,
    IssueOpened,
    StaysBlocked,
    Unblocked,
)
from refinery.records.names import MrId
from refinery.values import dataclass, field


@dataclass(slots=True)
class Teller:
    """Says each thing as it happens, and remembers what was said about whom."""

    worded: Callable[[Happening], str]
    out: Callable[[str], None] = lambda line: None
    lines: list[str] = field(default_factory=list)
    mrs: list[MrId] = field(default_factory=list)

    def happened(self, happening: Happening) -> None:
        """The engine did something."""
        match happening:
            case Folded():
                return  # submissions say themselves that they are queued
            case Unblocked(mr=mr) | BlockedAgain(mr=mr) | StaysBlocked(mr=mr) | Ended(mr=mr):
                self.say(self.worded(happening), mr)
            case IssueOpened(mr=mr):
                self.say(self.worded(happening), mr)
            case _:
                self.say(self.worded(happening))

    def say(self, line: str, mr: MrId | None = None) -> None:
        """One line, about a merge request where it is about one."""
        if line:
            self.lines.append(line.strip())
            self.out(line.strip())
        if mr is not None and mr not in self.mrs:
            self.mrs.append(mr)
