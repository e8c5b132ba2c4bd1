"""What heads changed, read once each: kept in memory, and in the clone for the next process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from refinery.foresight.clashes import Line
from refinery.foresight.path_sets import Span, changed_in, spans_of
from refinery.foresight.remembering import answers
from refinery.queue.forecasting import Subject
from refinery.records.names import Branch, Sha
from refinery.repo.repository import Repository


class Changes:
    """Where heads left their targets and what they changed since.

    A head keeps the span it had when it was first seen: what the target takes in of it later only
    makes it smaller.
    """

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._spans: dict[tuple[Branch, Sha], Span | None] = {}
        self._paths: dict[Span, frozenset[str]] = {}

    def read(
        self,
        targets: Mapping[Branch, Sha],
        subjects: Sequence[Subject],
        spans: Collection[Span] = (),
    ) -> None:
        """Look at those not seen yet: heads that are here, and `spans` between any commits."""
        new = [each for each in subjects if _key(each) not in self._spans]
        here = self._here([each.head for each in new]) if new else set()
        new = [each for each in new if each.head in here]
        found = answers(lambda some: spans_of(self._repo, targets, some), new)
        self._spans |= {_key(each): found.get(each) for each in new}
        wanted = {span for span in map(self.span, subjects) if span} | set(spans)
        missing = [span for span in wanted if span not in self._paths]
        self._paths |= answers(
            lambda some: changed_in(self._repo, some, keep=wanted), sorted(missing)
        )

    def span(self, subject: Subject) -> Span | None:
        """From where it left its target to its head; None while that cannot be known."""
        return self._spans.get(_key(subject))

    def paths(self, span: Span | None) -> frozenset[str] | None:
        """The files that were changed over a span; None while that cannot be known."""
        return self._paths.get(span) if span is not None else None

    def line(self, target: Branch, tip: Sha, subjects: Iterable[Subject]) -> Line:
        """Those of the subjects of whom all is known, each head once."""
        line: dict[Sha, Subject] = {}
        spans: dict[Sha, Span] = {}
        paths: dict[Sha, frozenset[str]] = {}
        for each in subjects:
            span = self.span(each)
            if span is not None and span in self._paths and each.head not in line:
                line[each.head], spans[each.head] = each, span
                paths[each.head] = self._paths[span]
        return Line(target, tip, line, spans, paths)

    def keep(self, heads: Collection[Sha], spans: Collection[Span]) -> None:
        """Forget all that is about other heads, and other spans."""
        self._spans = {key: span for key, span in self._spans.items() if key[1] in heads}
        kept = {*self._spans.values(), *spans}
        self._paths = {span: its for span, its in self._paths.items() if span in kept}

    def _here(self, commits: Sequence[Sha]) -> set[Sha]:
        found = self._repo.reader.read_many([f"{oid}^{{commit}}" for oid in commits])
        return {oid for oid, commit in zip(commits, found, strict=True) if commit is not None}


def _key(subject: Subject) -> tuple[Branch, Sha]:
    return subject.target, subject.head
