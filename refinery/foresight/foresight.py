"""Foresight: tells the planner what records do not hold, doing only what is new since last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from refinery.foresight.changes import Changes
from refinery.foresight.clashes import Clashes, Line
from refinery.foresight.misfits import Misfits
from refinery.foresight.path_sets import Span
from refinery.foresight.traits import failed, landed_spans, traits_of
from refinery.queue.forecasting import Subject
from refinery.queue.order import by_priority
from refinery.queue.planning.beliefs import Traits
from refinery.queue.planning.facts import Profile
from refinery.queue.planning.from_view import Known
from refinery.queue.standing import LANDABLE, stands_in_records
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.repository import Repository
from refinery.store.view import View
from refinery.values import replace


class Foresight:
    """One for each process that plans; what it finds out is kept in the clone for the next one.

    With fewer than two that could land there is nothing to foresee, and no git is started.
    """

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._changes = Changes(repo)
        self._misfits = Misfits()
        self._heads: Mapping[MrId, Sha] = {}
        self._told: dict[Branch, tuple[View, Known]] = {}

    @cached_property
    def _clashes(self) -> Clashes:
        return Clashes(self._repo)

    def known(
        self,
        view: View,
        target: Branch,
        *,
        me: str = "",
        workers: int = 0,
        skip: frozenset[MrId] = frozenset(),
        profile: Profile = Profile.DEFAULT,
    ) -> Known:
        """What is known of those of a target that could land; the same view is looked at once.

        Heads whose commits are not here clash with nobody, as far as is known.
        """
        told = self._told.get(target)
        if told is None or told[0] is not view or told[1].skip != skip:
            told = self._told[target] = (view, self._look(view, target, skip))
        return replace(told[1], me=me, workers=workers, profile=profile)

    def apart(self, id: MrId, others: Iterable[MrId]) -> None:
        """It did not fit onto these when it was built.

        Which of them was the cause is looked into before anything else; until that is known, and if
        none of them is alone, it is kept apart from all of them.
        """
        head = self._heads.get(id)
        heads = frozenset(self._heads[each] for each in others if each in self._heads) - {head}
        if head is not None and heads and self._misfits.add(head, heads):
            self._told.clear()

    def _look(self, view: View, target: Branch, skip: frozenset[MrId]) -> Known:
        self._heads = {mr.id: mr.pin for mr in view.mrs.values() if not mr.closed}
        able = [mr for mr in view.mrs.values() if _could_land(view, mr, target, skip)]
        if len(able) < 2 or target not in view.targets:
            return Known(skip=skip)
        ended = {mr.id: _subject(mr) for mr in failed(view, target)}
        landed = landed_spans(view, target)
        waiting = {mr.id: _subject(mr) for mr in by_priority(able)}
        self._changes.read(view.targets, [*waiting.values(), *ended.values()], landed.values())
        spans = landed | {
            id: span
            for id, each in (ended | waiting).items()
            if (span := self._changes.span(each)) is not None
        }
        line = self._changes.line(target, view.targets[target], waiting.values())
        known = Known(self._against(waiting, line), self._traits(view, spans), skip=skip)
        self._changes.keep({mr.pin for mr in view.mrs.values()}, landed.values())
        return known

    def _traits(self, view: View, spans: Mapping[MrId, Span]) -> dict[MrId, Traits]:
        paths = {id: self._changes.paths(span) for id, span in spans.items()}
        return traits_of(view, {id: its for id, its in paths.items() if its is not None})

    def _against(self, waiting: Mapping[MrId, Subject], line: Line) -> dict[MrId, frozenset[MrId]]:
        live = set(self._heads.values())
        self._misfits.keep(live)
        couples = self._clashes.couples
        self._clashes.look(line, first=self._misfits.suspected(live), live=live)
        unexplained = self._misfits.unexplained(live, couples.against)
        ids: dict[Sha, set[MrId]] = {}
        for id, each in waiting.items():
            ids.setdefault(each.head, set()).add(id)
        found = {}
        for id, each in waiting.items():
            heads = {*couples.against(each.head), *unexplained.get(each.head, ())}
            if heads:
                found[id] = frozenset[MrId]().union(*(ids.get(head, ()) for head in heads))
        return found


def _could_land(view: View, mr: MergeRequest, target: Branch, skip: frozenset[MrId]) -> bool:
    asked = mr.target == target and not mr.closed and mr.id not in skip
    return asked and stands_in_records(view, mr).code in LANDABLE


def _subject(mr: MergeRequest) -> Subject:
    return Subject(mr.id, mr.branch, mr.target, mr.pin)
