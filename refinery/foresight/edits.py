"""Tells without a merge that two heads fit: both edited the same text, and not near each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from refinery.foresight.path_sets import Span, trees_of
from refinery.foresight.remembering import answers, answers_of_two
from refinery.records.names import Sha
from refinery.repo.changed_lines import Edits, carried, clear_of_each_other, edited_lines_many
from refinery.repo.repository import Repository

NEAR = 3  # so many unchanged lines between two edits, and git surely merges them
MANY_PATHS = 300  # who changes more files is not looked at line by line
MOST_DRIFTED = 200  # files that are followed on their way along the target


class LineByLine:
    """What heads edited, on the text that their target had when they left it."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._edits: dict[Span, Edits] = {}

    def read(self, spans: Mapping[Span, int]) -> None:
        """Get to know the edits of these, of which it is known how many files they change."""
        self._edits = {span: self._edits[span] for span in spans if span in self._edits}
        missing = [span for span in spans if span not in self._edits]
        few = [span for span in missing if spans[span] <= MANY_PATHS]
        self._edits |= {span: {} for span in missing} | answers_of_two(self._read, few)

    def clear(self, one: Span, other: Span, paths: frozenset[str]) -> bool:
        """Whether their edits of these files are clear of each other; False: nobody knows."""
        return clear_of_each_other(self._edits[one], self._edits[other], paths, lines=NEAR)

    def on_other_texts(self, one: Span, other: Span, paths: frozenset[str]) -> set[str]:
        """The files that both edited, but the target changed them after one of the two had left."""
        mine, theirs = self._edits[one], self._edits[other]
        both = paths & mine.keys() & theirs.keys()
        return {path for path in both if mine[path].old != theirs[path].old}

    def carried_to(self, tip: Sha, spans: Collection[Span], paths: Collection[str]) -> LineByLine:
        """The same on the text that the target has now, as far as these files go."""
        only = sorted(paths)[:MOST_DRIFTED]
        ways = sorted({(base, tip) for base, _ in spans if base != tip})
        drifts = answers(lambda some: self._read(some, only), ways)
        moved = LineByLine(self._repo)
        for span in spans:
            drift = drifts.get((span[0], tip), {})
            moved._edits[span] = carried(self._edits[span], drift, lines=NEAR)
        return moved

    def _read(self, spans: Sequence[Span], only: Sequence[str] = ()) -> dict[Span, Edits]:
        found = edited_lines_many(self._repo, trees_of(self._repo, spans), only=only)
        return dict(zip(spans, found, strict=True))
