"""Finds out which heads of one target do not fit together.

    1  Without a common path there is nothing to try.
    2  Where both only edited lines of the same text, and no two of them are near, they fit.
    3  The rest is tried on real commits, a few at a time, the ones next in line first.

Only the front of the line is looked at: nobody builds on the rest before it has moved up.  So one
question takes bounded time whatever the heads touch, and if it is one file for all of them.  Who
was not tried yet counts as fitting: a build finds out, and takes the other one later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from refinery.foresight.couples import Couple, Couples, couple
from refinery.foresight.edits import LineByLine
from refinery.foresight.path_sets import Span
from refinery.foresight.remembering import answers_of_two
from refinery.foresight.trying import tried
from refinery.queue.forecasting import Pair, Subject, folders_above, pairs_that_touch
from refinery.records.names import Branch, Sha
from refinery.repo.repository import Repository
from refinery.values import dataclass

FRONT = 400  # of the line
TRIED_AT_ONCE = 24

Two = tuple[Sha, Sha]
"""A head of the line, and one behind it."""

Places = Mapping[Sha, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """The heads that are to land on a target, best first, each with who it is of, where it left the
    target, and which files it changed since."""

    target: Branch
    tip: Sha
    subjects: Mapping[Sha, Subject]
    spans: Mapping[Sha, Span]
    paths: Mapping[Sha, frozenset[str]]


class Clashes:
    """Looks at each two heads once; one for as long as the process lives."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._lines = LineByLine(repo)
        self._settled: dict[Branch, set[Sha]] = {}
        self._untold: set[Couple] = set()
        self._unclear: set[Couple] = set()
        self.couples = Couples(repo)

    def look(self, line: Line, *, first: Collection[Couple], live: Collection[Sha]) -> None:
        """Look at what nobody has looked at; `first` are worth it before all others.

        What is known of heads that are not `live` is forgotten.
        """
        places = _places(line, list(line.subjects)[:FRONT])
        open = list(self._open(line.target, places))
        near = self._near(line, open, places)
        near.sort(key=lambda two: couple(*two) not in first)
        if open:
            found = {couple(*two): False for two in set(open).difference(near)}
            self.couples.learn(found | self._try(line, near[:TRIED_AT_ONCE]), live=live)
            self._unclear = {couple(*two) for two in near[TRIED_AT_ONCE:]}
        waiting = {head for two in near[TRIED_AT_ONCE:] for head in two}
        self._settled[line.target] = places.keys() - waiting

    def _open(self, target: Branch, places: Places) -> Iterator[Two]:
        """Each two that have a place in common and were not looked at."""
        settled = self._settled.get(target, set())
        before: list[tuple[Sha, frozenset[str]]] = []
        new: list[tuple[Sha, frozenset[str]]] = []
        for behind, its in places.items():
            is_new = behind not in settled
            for ahead, theirs in before if is_new else new:
                if not its.isdisjoint(theirs) and self._is_open(couple(ahead, behind)):
                    yield ahead, behind
            before.append((behind, its))
            if is_new:
                new.append((behind, its))

    def _is_open(self, two: Couple) -> bool:
        return two not in self.couples and two not in self._untold

    def _near(self, line: Line, open: Sequence[Two], places: Places) -> list[Two]:
        """Those of whom lines do not tell that they fit, which is found out once."""
        new = [two for two in open if couple(*two) not in self._unclear]
        heads = {head for two in new for head in two}
        self._lines.read({line.spans[head]: len(line.paths[head]) for head in heads})
        near = _unclear(line, self._lines, new, places)
        near = self._near_on_tip(line, near, places)
        self._unclear |= {couple(*two) for two in near}
        return [two for two in open if couple(*two) in self._unclear]

    def _near_on_tip(self, line: Line, near: list[Two], places: Places) -> list[Two]:
        """The same, where the two edited different versions of a file: on that of the tip."""
        moved = {
            (ahead, behind): paths
            for ahead, behind in near
            if (
                paths := self._lines.on_other_texts(
                    line.spans[ahead], line.spans[behind], places[ahead] & places[behind]
                )
            )
        }
        spans = {line.spans[head] for two in moved for head in two}
        there = self._lines.carried_to(line.tip, spans, frozenset[str]().union(*moved.values()))
        still = set(_unclear(line, there, list(moved), places))
        return [two for two in near if two in still or two not in moved]

    def _try(self, line: Line, trying: Sequence[Two]) -> dict[Couple, bool]:
        """Where git cannot tell there is no answer, and it is not asked again."""
        pairs = [pair for two in trying for pair in _pairs(line, two)]
        bases = {head: line.spans[head][0] for two in trying for head in two}
        told = answers_of_two(lambda some: tried(self._repo, some, bases), pairs)
        found = {couple(*two): False for two in trying}
        for pair in pairs:
            two = couple(pair.ahead.head, pair.behind.head)
            if pair in told:
                found[two] = told[pair]
            else:
                self._untold.add(two)
                del found[two]
        return found


def _unclear(line: Line, lines: LineByLine, some: Sequence[Two], places: Places) -> list[Two]:
    return [
        (ahead, behind)
        for ahead, behind in some
        if not lines.clear(line.spans[ahead], line.spans[behind], places[ahead] & places[behind])
    ]


def _pairs(line: Line, two: Two) -> list[Pair]:
    """The two as a pair, if they do touch."""
    paths = {line.subjects[head]: line.paths[head] for head in two}
    return pairs_that_touch(list(paths), paths)


def _places(line: Line, heads: Sequence[Sha]) -> Places:
    """The paths of each, and the folders it changes something in where another has a file."""
    paths = {head: line.paths[head] for head in heads}
    files = frozenset[str]().union(*paths.values())
    folders = {folder for path in files for folder in folders_above(path)} & files
    if not folders:
        return paths
    return {
        head: its | {folder for path in its for folder in folders_above(path) if folder in folders}
        for head, its in paths.items()
    }
