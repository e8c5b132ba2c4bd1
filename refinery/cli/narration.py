"""The engine's happenings as lines for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from refinery.cli.output import plain
from refinery.engine import happenings as told
from refinery.engine.happenings import Happening
from refinery.records.names import MrId
from refinery.records.verdict import Result

_MARKS = {
    Result.PASS: "✓",
    Result.FAIL: "✗",
    Result.TIMEOUT: "✗",
    Result.ERROR: "!",
}


class Narrator:
    """Prints each happening as it comes; counts what a summary needs."""

    def __init__(self, out: Callable[[str], None], *, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self.landed = 0
        self.conflicts = 0
        self.blamed = 0

    def __call__(self, happening: Happening) -> None:
        """Say it."""
        self._count(happening)
        line = worded(happening)
        if line and (not self._quiet or _needs_attention(happening)):
            self._out(plain(line))

    def summary(self) -> str:
        """One line for the whole run."""
        parts = [f"{self.landed} landed"]
        parts += [f"{self.conflicts} in conflict"] if self.conflicts else []
        parts += [f"{self.blamed} in need of rework"] if self.blamed else []
        return ", ".join(parts)

    def _count(self, happening: Happening) -> None:
        match happening:
            case told.Landed(mrs=mrs):
                self.landed += len(mrs)
            case told.Conflicted():
                self.conflicts += 1
            case told.Blamed():
                self.blamed += 1
            case _:
                pass


def _needs_attention(happening: Happening) -> bool:
    return isinstance(
        happening,
        (told.Conflicted, told.IssueOpened, told.Blamed, told.Trouble, told.StaysBlocked),
    )


def worded(happening: Happening) -> str:
    """One line for one happening; empty for what needs no word."""
    match happening:
        case told.Folded(ids=ids):
            return f"queued {_ids(ids)}"
        case told.Chosen(candidate=candidate):
            what = _ids(candidate.members) or candidate.target
            return f"→ {what}: {candidate.why}"
        case told.Tested(verdict=verdict, ids=ids, cached=cached):
            how = "known" if cached else f"{verdict.seconds:.1f} s"
            return f"  {_MARKS[verdict.result]} checks {verdict.result.value} ({how})"
        case told.Landed(mrs=mrs, target=target, commit=commit):
            return f"  ✓ landed {_ids(tuple(mr.id for mr in mrs))} on {target} at {commit[:12]}"
        case told.Proposed(ids=ids, number=number, url=url):
            return f"  ✓ proposed {_ids(ids)} in pull request {number}: {url}"
        case told.Conflicted(mr=mr, files=files):
            return f"  ⚠ {mr.id} ({mr.branch}) conflicts with {mr.target}: {', '.join(files)}"
        case told.IssueOpened(mr=mr_id, issue=issue):
            return f"  ⚠ {mr_id} is blocked by {issue}: close it once the branch is repaired"
        case told.Blamed(mr=mr):
            why = mr.failure.message if mr.failure else ""
            return f"  ✗ {mr.id} ({mr.branch}) needs rework: {why}"
        case told.Ended(mr=mr_id, words=words):
            return f"  - {mr_id}: {words}"
        case told.Unblocked(words=words):
            return words
        case told.BlockedAgain(mr=mr_id, issue=issue):
            return f"{mr_id} is blocked again: {issue} was reopened"
        case told.StaysBlocked(mr=mr_id, words=words):
            return f"{mr_id} stays blocked: {words}"
        case told.Healed(words=words):
            return f"healed: {words}"
        case told.Trouble(words=words):
            return f"warning: {words}"
        case told.Abandoned(ids=ids, why=why):
            return f"  gave back {_ids(ids)}: {why}"
        case told.Waiting(target=target, why=why):
            return f"{target}: {why}"
        case _:
            assert_never(happening)


def _ids(ids: tuple[MrId, ...]) -> str:
    return ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
