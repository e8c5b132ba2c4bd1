"""What a worker wants to change, by the queue's own decisions, in the order of `refinery.engine`.

Nothing of what is decided is written down a second time; only git and the tracker are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refinery.queue import archiving, blocking, folding, healing, reporting, settling
from refinery.queue.candidate import Built, Candidate, Clash, Clean, Hollow
from refinery.queue.claiming import Claimant, claim_candidate, given_back
from refinery.queue.plan import next_candidate, waits
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Facts
from refinery.queue.planning.from_view import Known, facts_of
from refinery.records.claim import Claim
from refinery.records.merge_request import Method
from refinery.records.names import IssueRef, MrId
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import replace as changed
from tests.decisions.makers import MAIN
from tests.model.outside import ISSUE, clean
from tests.model.world import (
    COMMITS,
    LASTS,
    REFS,
    Actor,
    State,
    Task,
    Truth,
    commit,
    tip_of,
    tree,
)

CLAIMED_LATER = "0" * 32
"""The token of a claim that is not made yet."""


@dataclass(frozen=True)
class Mind:
    """What all workers know of their world, beside what the remote shows; see `Protocol`."""

    truth: Truth
    workers: int
    scatter: bool
    archives: bool

    def tasks(self, view: View, state: State, *, begins: bool) -> tuple[Task, ...]:
        if not begins and self._rolled(view, state.now) is not None:
            return (Task("roll forward"),)
        if not begins and folding.fold(view, state.now) is not None:
            return (Task("fold"),)
        found = () if begins else self._choices(view, state.now)
        if found:
            return found
        tidying = self._tidying(view, state)
        return (tidying,) if tidying else self._choices(view, state.now)

    def _tidying(self, view: View, state: State) -> Task | None:
        now = state.now
        if folding.fold(view, now) is not None:
            return Task("fold")
        if self._rolled(view, now) is not None:
            return Task("roll forward")
        if healing.leftovers(view, REFS, "w", now) is not None:
            return Task("tidy")
        unopened = [mr.id for mr in view.mrs.values() if mr.block and not mr.blocked_by]
        if unopened:
            return Task("open issue", min(unopened))
        if self._swept(view, state) is not None:
            return Task("sweep")
        if not _others_test(view, None, now) and reporting.fold(view) is not None:
            return Task("take reports in")
        if self.archives and view.header.paused is None and self._archived(view) is not None:
            return Task("archive")
        return None

    def _choices(self, view: View, now: datetime) -> tuple[Task, ...]:
        """The candidates that it may choose."""
        if waits(view, MAIN, now=now) is not None:
            return ()
        facts = self.facts(view, now)
        if blamed(facts):
            return (Task("refuse"),)
        free = max(1, self.workers - len(facts.running)) if self.scatter else 1
        found: dict[tuple[MrId, ...], Task] = {}
        for place in range(free):
            choice = next_candidate(MAIN, facts, place=place)
            if isinstance(choice, Candidate) and choice.members not in found:
                task = self._task_of(choice, view, now)
                if task is not None:
                    found[choice.members] = task
        return tuple(found.values())

    def _task_of(self, choice: Candidate, view: View, now: datetime) -> Task | None:
        hollow = [id for id in choice.members if id in COMMITS[tip_of(view)]]
        if hollow:
            return Task("close", hollow[0])
        built, clashing = self.built(choice.members, view)
        if clashing:
            return Task("conflict", clashing[0])
        if built is None or (choice.members and not built.members):
            return None
        # Whoever chooses again and again what is not to be had gives up, and begins anew later.
        return Task("claim", (built, choice)) if self._claimed(view, built, choice, now) else None

    def _claimed(self, view: View, built: Built, choice: Candidate, now: datetime) -> Edit | None:
        by = Claimant("w", CLAIMED_LATER, now, LASTS)
        edit = claim_candidate(view, MAIN, built.base, built.ids, by, purpose=choice.purpose)
        return edit if isinstance(edit, Edit) else None

    def facts(self, view: View, now: datetime) -> Facts:
        return facts_of(view, MAIN, self.truth.config, now, known=self._known)

    @property
    def _known(self) -> Known:
        return Known(me="w", workers=self.workers)

    def built(self, members: tuple[MrId, ...], view: View) -> tuple[Built | None, tuple[MrId, ...]]:
        """The members on the target, and who conflicts with the target itself."""
        before = COMMITS[tip_of(view)]
        clashing = tuple(id for id in members if self.truth.clashes(id, before))
        if clashing:
            return None, clashing
        content = before
        clean = []
        for id in members:
            if self.truth.clashes(id, content):
                continue  # only with those ahead of it: later
            content = (*content, id)
            clean.append(Clean(id, commit(content)))
        built = Built(
            target=MAIN,
            base=commit(before),
            commit=commit(content),
            tree=tree(content),
            method=Method.MERGE,
            members=tuple(clean),
        )
        return built, ()

    def decided(self, state: State, actor: Actor) -> tuple[Any, ...]:
        assert actor.shot is not None
        assert actor.task is not None
        view = actor.shot.view
        choice = self._decide(view, state, actor)
        if not isinstance(choice, Edit):
            return (choice,)
        choice = reporting.folded(view, choice)
        if not actor.task.goes_on:
            return (choice,)
        return (choice, *self._with_the_next(view, choice, state.now))

    def _decide(self, view: View, state: State, actor: Actor) -> object:
        assert actor.task is not None
        now, config, kind, about = state.now, self.truth.config, actor.task.kind, actor.task.about
        if kind == "fold":
            return folding.fold(view, now)
        if kind == "roll forward":
            return self._rolled(view, now)
        if kind == "tidy":
            return healing.leftovers(view, REFS, actor.name, now)
        if kind == "sweep":
            return self._swept(view, state)
        if kind == "take reports in":
            return reporting.fold(view)
        if kind == "archive":
            return self._archived(view)
        if kind == "refuse":
            return settling.refuse(view, self.facts(view, now), config, now, worker=actor.name)
        if kind == "conflict":
            clash = Clash(about, tip_of(view), ("a.txt",), ())
            return blocking.conflicted(view, clash, config, now, worker=actor.name)
        if kind == "close":
            return blocking.hollow(view, Hollow(about, tip_of(view), True), now, worker="w")
        if kind == "open issue":
            return blocking.blocked_on(view, about, IssueRef(ISSUE.format(about)))
        if kind == "claim":
            built, choice = about
            return self._claimed(view, built, choice, now)
        assert actor.job is not None
        held = actor.job.claim
        if kind == "give back":
            return given_back(view, held)
        others = _others_test(view, held, now)
        if kind == "record" or not actor.job.built.members:
            left = reporting.reported(view, about, held) if others else None
            return left if isinstance(left, Edit) else settling.record(view, about, held)
        built = actor.job.built
        return settling.settle(
            view, built, about, held, config, now, known=self._known, aside=others
        )

    def _with_the_next(self, view: View, edit: Edit, now: datetime) -> Iterator[Edit]:
        """The edit, and with it the claim on what is to be done once it is the truth."""
        after = applied(view, edit)
        after = changed(after, target_trees={MAIN: tree(COMMITS[tip_of(after)])})
        if folding.pushed_meanwhile(after) or not healing.is_recorded(after, MAIN):
            return
        for task in self._choices(after, now):
            if task.kind != "claim" or not task.about[0].members or task.about[1].has_passed:
                continue
            built, choice = task.about
            claimed = self._claimed(after, built, choice, now)
            if (
                claimed is not None
                and built.ids == choice.members
                and {*edit.claim, *edit.release}.isdisjoint(claimed.claim)
            ):
                yield changed(edit, claim={**edit.claim, **claimed.claim})

    def _archived(self, view: View) -> Edit | None:
        kept, archiving.KEPT_CLOSED = archiving.KEPT_CLOSED, 0
        try:
            return archiving.archive(view, at_least=1)
        finally:
            archiving.KEPT_CLOSED = kept

    def _swept(self, view: View, state: State) -> Edit | None:
        closed = {id for id, is_open in state.issues if not is_open}
        return (
            blocking.unblocked_together(view, clean(view, closed, self.truth)) if closed else None
        )

    def _rolled(self, view: View, now: datetime) -> Edit | None:
        if MAIN in view.header.landed and not healing.torn(view, MAIN):
            return None
        recorded = COMMITS[view.header.landed.get(MAIN, commit(()))]
        content = COMMITS[tip_of(view)]
        new = content[len(recorded) :]
        found = [
            healing.FoundCommit(
                commit(content[: len(recorded) + n + 1]),
                tree(content[: len(recorded) + n + 1]),
                commit(content[: len(recorded) + n]),
                (id,),
                tree(content) if n == len(new) - 1 else None,
            )
            for n, id in enumerate(new)
        ]
        return healing.roll_forward(
            view, MAIN, found, worker="w", config=self.truth.config, now=now
        )


def _others_test(view: View, held: Claim | None, now: datetime) -> bool:
    return any(
        claim.live(now) and (held is None or claim.token != held.token)
        for claim in view.claims.values()
    )
