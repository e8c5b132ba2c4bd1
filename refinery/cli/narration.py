"""The engine's happenings as lines for people."""

from __future__ import annotations

from collections.abc import Callable

from refinery import doing
from refinery.cli.output import in_role, plain
from refinery.engine import happenings as told
from refinery.engine.happenings import Happening
from refinery.looks import RESULTS, Role
from refinery.queue.resolving import in_words
from refinery.records.names import MrId
from refinery.typed import TextIO, assert_never


class Narrator:
    """Prints each happening as it comes; counts what a summary needs.

    `stream` is where its words end up, if they may be coloured there.
    """

    def __init__(
        self, out: Callable[[str], None], *, quiet: bool = False, stream: TextIO | None = None
    ) -> None:
        self._out = out
        self._quiet = quiet
        self._stream = stream
        self.landed = 0
        self.conflicts = 0
        self.blamed = 0

    def __call__(self, happening: Happening) -> None:
        """Say it."""
        self._count(happening)
        _show_as_doing(happening)
        line = worded(happening)
        if line and (not self._quiet or _needs_attention(happening)):
            self._out(self._in_colour(plain(line), happening))

    def _in_colour(self, line: str, happening: Happening) -> str:
        """The line with its sign in colour, if it begins with one."""
        sign, gap, rest = line.lstrip().partition(" ")
        if self._stream is None or len(sign) != 1:
            return line
        indent = line[: len(line) - len(line.lstrip())]
        return f"{indent}{in_role(sign, _role(happening), stream=self._stream)}{gap}{rest}"

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


def _show_as_doing(happening: Happening) -> None:
    """Checks may take long, and say nothing meanwhile."""
    if isinstance(happening, told.Chosen):
        what = _ids(happening.candidate.members) or happening.candidate.target
        doing.current = doing.Doing(f"testing {what}")
    elif not isinstance(happening, told.Folded):
        doing.current = None


def _role(happening: Happening) -> Role:
    match happening:
        case told.Landed() | told.Proposed():
            return Role.GOOD
        case told.Tested(verdict=verdict):
            return RESULTS[verdict.result].role
        case told.Chosen():
            return Role.ACTIVE
        case told.Blamed():
            return Role.BAD
        case told.Conflicted() | told.IssueOpened() | told.StaysBlocked() | told.Trouble():
            return Role.ATTENTION
        case _:
            return Role.PLAIN


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
            look = RESULTS[verdict.result]
            return f"  {look.sign} checks {look.word} ({how})"
        case told.Landed(mrs=mrs, target=target, commit=commit):
            return f"  ✓ landed {_ids(tuple(mr.id for mr in mrs))} on {target} at {commit[:12]}"
        case told.Proposed(ids=ids, number=number, url=url):
            return f"  ✓ proposed {_ids(ids)} in pull request {number}: {url}"
        case told.Conflicted(mr=mr, files=files):
            return f"  ⚠ {mr.id} ({mr.branch}) conflicts with {mr.target}: {', '.join(files)}"
        case told.ConflictResolved(mr=mr):
            how = in_words(mr.resolution.ways) if mr.resolution else ""
            return f"  {mr.id} ({mr.branch}) conflicted with {mr.target}: {how}"
        case told.IssueOpened(mr=mr_id, issue=issue):
            return f"  ⚠ {mr_id} is blocked by {issue}: close it once the branch is repaired"
        case told.Blamed(mr=mr):
            why, *evidence = mr.failure.message.splitlines() if mr.failure else [""]
            said = [f"  ✗ {mr.id} ({mr.branch}) needs rework: {why}"]
            return "\n".join([*said, *(f"    | {line}" for line in evidence)])
        case told.Ended(mr=mr_id, words=words):
            return f"  - {mr_id}: {words}"
        case told.Unblocked(words=words):
            return words
        case told.BlockedAgain(mr=mr_id, issue=issue):
            return f"{mr_id} is blocked again: {issue} was reopened"
        case told.StaysBlocked(mr=mr_id, words=words):
            return f"{mr_id} stays blocked: {words}"
        case told.EpicQueued(mr=mr_id, epic=epic, branch=branch, target=target):
            return f"epic {epic} is finished: {branch} queued for {target} as {mr_id}"
        case told.Healed(words=words):
            return f"healed: {words}"
        case told.Arranged(words=words):
            return words
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
