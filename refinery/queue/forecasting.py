"""Forecasts: which merges are worth trying, and what their answers mean for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from refinery.config.config import Config
from refinery.queue.order import queue
from refinery.records.names import Branch, MrId, Sha
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A head that is to land on a target; `mr` is None where it is not queued yet."""

    mr: MrId | None
    branch: Branch
    target: Branch
    head: Sha


@dataclass(frozen=True, slots=True)
class Pair:
    """Two heads that touch the same place; the one ahead lands first."""

    ahead: Subject
    behind: Subject
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class ForecastClash:
    """With whom it will conflict (None: the target) and where; no files: no common history."""

    mr: MrId | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one head will run into.

    `unknown` says why nothing can be said of it; `untried` are those ahead of it whose commits are
    not here, so that nothing is said about them.
    """

    subject: Subject
    conflicts: tuple[ForecastClash, ...] = ()
    unknown: str = ""
    untried: tuple[MrId, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether everything was tried and nothing conflicts."""
        return not self.conflicts and not self.unknown and not self.untried


def subjects(view: View, now: datetime, config: Config) -> tuple[Subject, ...]:
    """The live merge requests in the order in which they will land."""
    return tuple(
        Subject(mr.id, mr.branch, mr.target, mr.pin)
        for mr in (entry.mr for entry in queue(view, now, config))
    )


def pairs_that_touch(
    line: Sequence[Subject], paths: Mapping[Subject, frozenset[str]]
) -> list[Pair]:
    """Those of the same target that change a file both, or where one has a folder for a file.

    `paths` are what each head changes since it left its target.  Without a common path nothing can
    conflict, so that of thousands of pairs a few are tried.
    """
    owners: dict[tuple[Branch, str], list[int]] = defaultdict(list)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for index, path in _touched(line, paths):
        for earlier in owners[line[index].target, path]:
            shared[earlier, index].add(path)
        owners[line[index].target, path].append(index)
    for index, path in _touched(line, paths):
        for folder in folders_above(path):
            for other in owners.get((line[index].target, folder), ()):
                shared[min(index, other), max(index, other)] |= {folder, path}
    return [
        Pair(line[ahead], line[behind], frozenset(files))
        for (ahead, behind), files in sorted(shared.items())
        if line[ahead].head != line[behind].head
    ]


def _touched(
    line: Sequence[Subject], paths: Mapping[Subject, frozenset[str]]
) -> Iterator[tuple[int, str]]:
    for index, subject in enumerate(line):
        for path in paths.get(subject, frozenset()):
            yield index, path


def folders_above(path: str) -> Iterator[str]:
    """The folders that a path lies in, outermost first."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def own_clash(pair: Pair, files: Sequence[str], drifted: Collection[str]) -> ForecastClash | None:
    """What a conflict of two heads says about the two.

    Their merge also holds what the target got between their branch points.  A file that conflicts
    with the target anyway (`drifted`) counts only where both change it.
    """
    kept = tuple(file for file in files if file in pair.shared or file not in drifted)
    return ForecastClash(pair.ahead.mr, kept) if kept else None


def forecast_words(forecast: Forecast) -> str:
    """One line of it: `clean`, or with whom it conflicts and where."""
    if forecast.unknown:
        return f"unknown: {forecast.unknown}"
    parts = [_clash_words(clash, forecast.subject.target) for clash in forecast.conflicts]
    if forecast.untried:
        parts.append(f"not tried with {', '.join(forecast.untried)}: their commits are not here")
    return "; ".join(parts) or "clean"


def _clash_words(clash: ForecastClash, target: Branch) -> str:
    whom = clash.mr or target
    if not clash.files:
        return f"shares no history with {whom}"
    return f"conflicts with {whom} in {listed(clash.files)}"


def listed(files: Sequence[str], most: int = 5) -> str:
    """A few files by name, the rest as a number."""
    shown = ", ".join(files[:most])
    return shown if len(files) <= most else f"{shown} and {len(files) - most} more"
