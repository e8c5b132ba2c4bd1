"""What is left after many workers: is everything as it must be, and how long did it take?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from benchmarks.told import Run, Told, is_green, runs
from benchmarks.world import git
from refinery.app import open_queue
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import MrId
from refinery.records.times import now
from refinery.store.archive import fetch_archive


class Fate(Enum):
    """What became of a merge request."""

    LANDED = "landed"
    REFUSED = "refused"
    BLOCKED = "blocked"
    OPEN = "open"


@dataclass(frozen=True)
class Start:
    """The origin before the work: its target's commit, and how long the queue's history was."""

    at: datetime
    target: str
    transactions: int

    @classmethod
    def of(cls, origin: Path) -> Start:
        """As it is now."""
        return cls(now(), git(origin, "rev-parse", "main"), transactions(origin))


@dataclass
class Aftermath:
    """The end of the work; `faults` is everything that should never be.

    `refused_wrongly` are good ones, sent back because the check lied.  `waits` are the seconds
    until those that were tested were decided, in order of submission.
    """

    faults: list[str] = field(default_factory=list)
    fates: Mapping[str, Fate] = field(default_factory=dict)
    refused_wrongly: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    transactions: int = 0
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, fate: Fate) -> int:
        """How many ended so."""
        return sum(each is fate for each in self.fates.values())


def transactions(origin: Path) -> int:
    """How many commits the queue ref has."""
    return int(git(origin, "rev-list", "--count", "--glob=refs/refinery/queue*"))


def claims(origin: Path) -> list[str]:
    """The claims that are there, live or not."""
    form = "--format=%(refname)"
    return git(origin, "for-each-ref", form, "refs/refinery/claims/").splitlines()


def all_decided(place: Path, ids: Collection[MrId]) -> bool:
    """Whether each of them has landed, was sent back, or is blocked."""
    with open_queue(str(place)) as queue:
        live = queue.view().mrs
    return all(id not in live or fate_of(live[id]) is not Fate.OPEN for id in ids)


def fate_of(mr: MergeRequest) -> Fate:
    """What became of it."""
    if mr.close_reason is CloseReason.MERGED:
        return Fate.LANDED
    if mr.failure is not None:
        return Fate.REFUSED
    return Fate.BLOCKED if mr.block is not None or mr.blocked_by is not None else Fate.OPEN


def aftermath(
    origin: Path, place: Path, told: Sequence[Told], *, start: Start, log: Path
) -> Aftermath:
    """Look at everything: records, commits, trees, refs; `log` is the check's own."""
    mrs = _records(place)
    found = Aftermath(runs=runs(log.read_text()) if log.is_file() else [])
    found.transactions = transactions(origin) - start.transactions
    found.fates = {branch: fate_of(mr) for branch, mr in mrs.items()}
    passed = {run.tree for run in found.runs if run.said == "pass"}
    found.faults += _of_tips(origin, start, passed)
    found.faults += _of_fates(told, found)
    found.faults += _of_landings(origin, start, told, mrs, passed)
    found.faults += _of_refs(origin, mrs.values())
    tested = [mr for mr in mrs.values() if fate_of(mr) in (Fate.LANDED, Fate.REFUSED)]
    tested.sort(key=lambda mr: (mr.created_at, mr.id))
    found.waits = [
        (_decided_at(mr) - max(start.at, mr.submitted_at)).total_seconds() for mr in tested
    ]
    found.seconds = max(
        ((_decided_at(mr) - start.at).total_seconds() for mr in tested), default=0.0
    )
    return found


def _records(place: Path) -> dict[str, MergeRequest]:
    """Every record, live or archived, by its branch."""
    with open_queue(str(place)) as queue:
        live = queue.view().mrs
        known = {**fetch_archive(queue.store).read().mrs, **live}
    return {mr.branch: mr for mr in known.values()}


def _decided_at(mr: MergeRequest) -> datetime:
    if mr.closed_at is not None:
        return mr.closed_at
    return mr.failure.at if mr.failure is not None else mr.submitted_at


def _of_tips(origin: Path, start: Start, passed: Collection[str]) -> Iterable[str]:
    """The target was green at each value it ever had, and each was tested."""
    before = start.target
    lines = (origin / "logs" / "refs" / "heads" / "main").read_text().splitlines()
    moves = [(line.split()[0], line.split()[1]) for line in lines]
    for old, new in moves[[new for _, new in moves].index(before) + 1 :]:
        if old != before:
            yield f"main went from {before} to {old} unseen"
        if not is_green(git(origin, "ls-tree", "-r", "--name-only", new).splitlines()):
            yield f"main was red at {new}"
        if git(origin, "rev-parse", f"{new}^{{tree}}") not in passed:
            yield f"main was at {new}, whose tree never passed"
        if git(origin, "merge-base", old, new) != old:
            yield f"main went back from {old} to {new}"
        before = new
    if before != git(origin, "rev-parse", "main"):
        yield f"main is not at {before}, where its log ends"


def _of_fates(told: Sequence[Told], found: Aftermath) -> Iterable[str]:
    """Exactly the bad ones were refused, and one of each two that are at odds."""
    groups: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for each in told:
        fate = found.fates.get(each.branch)
        if fate is None or fate is Fate.OPEN:
            yield f"{each.branch} is {'lost' if fate is None else 'undecided'}"
        elif each.pair is not None:
            groups["pair", each.pair].append(each)
        elif each.clash is not None:
            groups["clash", each.clash].append(each)
        elif each.bad and fate is not Fate.REFUSED:
            yield f"{each.branch} is bad, and {fate.value}"
        elif not each.bad and fate is Fate.BLOCKED:
            yield f"{each.branch} conflicts with nobody, and is blocked"
        elif not each.bad and fate is Fate.REFUSED:
            found.refused_wrongly.append(each.branch)
    for (kind, number), group in groups.items():
        fates = Counter(found.fates[each.branch] for each in group)
        loser = Fate.REFUSED if kind == "pair" else Fate.BLOCKED
        if fates == {Fate.LANDED: 1, loser: 1}:
            continue
        names = ", ".join(f"{each.branch} {found.fates[each.branch].value}" for each in group)
        if fates[Fate.LANDED] < 2 and fates[Fate.REFUSED]:
            found.refused_wrongly.append(names)
        else:
            yield f"{kind} {number}: {names}"


def _of_landings(
    origin: Path,
    start: Start,
    told: Sequence[Told],
    mrs: Mapping[str, MergeRequest],
    passed: Collection[str],
) -> Iterable[str]:
    """What landed is in the target, once, with the verdict of the tree that it landed with."""
    line = git(origin, "rev-list", "--parents", f"{start.target}..main").splitlines()
    merged = Counter(parent for commit in line for parent in commit.split()[2:])
    commits = {commit.split()[0] for commit in line}
    files = set(git(origin, "ls-tree", "-r", "--name-only", "main").splitlines())
    for each in told:
        mr = mrs.get(each.branch)
        landed = mr is not None and fate_of(mr) is Fate.LANDED
        brought = next(iter(each.files))
        if (brought in files) != landed:
            yield f"{each.branch} {'landed, and is not there' if landed else 'is there unlanded'}"
        if mr is None or not landed:
            continue
        if merged[mr.head] != 1:
            yield f"{each.branch} was merged {merged[mr.head]} times"
        if mr.merge_commit not in commits:
            yield f"{each.branch} landed as {mr.merge_commit}, which is not there"
        landing = mr.landing
        if landing is None or landing.result != "pass" or landing.tree not in passed:
            yield f"{each.branch} landed without a verdict: {landing}"
        elif git(origin, "rev-parse", f"{landing.commit}^{{tree}}") != landing.tree:
            yield f"{each.branch} landed as another tree than {landing.tree}"


def _of_refs(origin: Path, mrs: Iterable[MergeRequest]) -> Iterable[str]:
    """Nothing is claimed, folded is all, and who lives is pinned."""
    listed = git(origin, "for-each-ref", "--format=%(refname)", "refs/refinery").splitlines()
    for ref in listed:
        if ref.startswith(("refs/refinery/claims/", "refs/refinery/inbox/")):
            yield f"{ref} is left"
    pins = {ref.rpartition("/")[2] for ref in listed if ref.startswith("refs/refinery/heads/")}
    live = {str(mr.id) for mr in mrs if not mr.closed}
    if pins != live:
        yield f"pinned are {sorted(pins - live)} too many, {sorted(live - pins)} too few"
