"""Folding: takes submissions out of the inbox into the queue, each once, the newest one last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from refinery.queue.submission import successor, superseded
from refinery.records.merge_request import CloseReason, MergeRequest, Status
from refinery.records.names import Branch, MrId, Sha
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import dataclass, field, replace

INTENT_LASTS = timedelta(minutes=30)
PORTION = 500  # one push must not name more refs than a command line holds


@dataclass(slots=True)
class _Fold:
    """The queue while it is being folded: what is written, and what leaves the inbox."""

    now: datetime
    by_branch: dict[tuple[Branch, Branch], dict[MrId, MergeRequest]] = field(default_factory=dict)
    known: dict[MrId, MergeRequest] = field(default_factory=dict)
    put: dict[MrId, MergeRequest] = field(default_factory=dict)
    pins: dict[MrId, Sha | None] = field(default_factory=dict)
    done: list[MrId] = field(default_factory=list)
    superseded: list[MrId] = field(default_factory=list)

    def take(self, mr: MergeRequest) -> None:
        """Put one submission, settling it against the live revisions of the same branch."""
        self.done.append(mr.id)
        twins = [old for old in self._same(mr).values() if old.id != mr.id and not old.closed]
        same = next((old for old in twins if old.head == mr.head), None)
        if same is not None:  # the same push came through two doors
            for old in self._retargeted(mr):
                self._replace(old, same.id)
            return
        twins += self._retargeted(mr)
        for old in sorted(twins, key=lambda each: each.submitted_at):
            if old.submitted_at > mr.submitted_at:
                self._write(superseded(mr, old.id, self.now))
                return
            mr = successor(old, mr)
            self._replace(old, mr.id)
        self._write(mr)
        self.pins[mr.id] = mr.head

    def is_overtaken(self, mr: MergeRequest) -> bool:
        """Whether its branch was submitted again since."""
        return any(new.submitted_at > mr.submitted_at for new in self._same(mr).values())

    def drop(self, mr: MergeRequest) -> None:
        """Remove an entry that never became a merge request.

        Where somebody depends on it a record says so: what is not there counts as landed.
        """
        self.done.append(mr.id)
        if any(mr.id in each.depends_on for each in self.known.values() if not each.closed):
            ended = replace(mr, status=Status.CLOSED, closed_at=self.now, intent=False)
            words = "announced, and not pushed"
            self._write(replace(ended, close_reason=CloseReason.REJECTED, error=words))

    def know(self, mr: MergeRequest) -> None:
        """It is in the queue."""
        self._same(mr)[mr.id] = mr
        self.known[mr.id] = mr

    def _retargeted(self, mr: MergeRequest) -> list[MergeRequest]:
        """What it replaces although that was for another target."""
        old = self.known.get(mr.supersedes) if mr.supersedes is not None else None
        if old is None or old.closed or old.branch != mr.branch or old.target == mr.target:
            return []
        return [old]

    def _same(self, mr: MergeRequest) -> dict[MrId, MergeRequest]:
        """What the queue has of its branch and target."""
        return self.by_branch.setdefault((mr.branch, mr.target), {})

    def _replace(self, old: MergeRequest, new: MrId) -> None:
        self._write(superseded(old, new, self.now))
        self.superseded.append(old.id)
        self.pins[old.id] = None

    def _write(self, mr: MergeRequest) -> None:
        self.know(mr)
        self.put[mr.id] = mr


def fold(view: View, now: datetime, *, tips: Mapping[Branch, Sha] | None = None) -> Edit | None:
    """The edit that empties the inbox; None when nothing is to be folded.

    `tips` are the branch tips of announced pushes (`intents`): one becomes ready when its branch
    shows the pinned commit, and expires when it does not for half an hour.
    """
    waiting = sorted(
        (view.mrs[id] for id in view.unfolded), key=lambda mr: (mr.submitted_at, mr.id)
    )
    state = _Fold(now)
    for id, mr in view.mrs.items():
        if id not in view.unfolded:
            state.know(mr)
    announced = [mr for mr in waiting if mr.intent and (tips or {}).get(mr.branch) != mr.head]
    pushed = [mr for mr in waiting if not mr.intent or (tips or {}).get(mr.branch) == mr.head]
    for mr in pushed[:PORTION]:
        state.take(_as_queued(mr))
    for mr in announced[:PORTION]:
        if now - mr.submitted_at > INTENT_LASTS or state.is_overtaken(mr):
            state.drop(mr)
    if not state.done:
        return None
    return Edit(
        event=_event(state),
        put=tuple(state.put.values()),
        fold=tuple(state.done),
        pins=state.pins,
        release=tuple(id for id in state.superseded if id in view.claims),
    )


def _as_queued(mr: MergeRequest) -> MergeRequest:
    """What anybody may write into the inbox is a wish: nobody lets their own hotfix pass."""
    asked = mr.hotfix and replace(mr.hotfix, allowed=None)
    return replace(mr, intent=False, hotfix=asked)


def pushed_meanwhile(view: View) -> bool:
    """Whether anything lies in the inbox that is more than announced."""
    return any(not view.mrs[id].intent for id in view.unfolded)


def newer_revision(view: View, mr: MergeRequest) -> MergeRequest | None:
    """What will replace a merge request once somebody folds it."""
    waiting = (view.mrs[id] for id in view.unfolded)
    return next(
        (
            new
            for new in waiting
            if (new.branch, new.target) == (mr.branch, mr.target)
            and not new.intent
            and new.id != mr.id
            and new.head != mr.head
            and new.submitted_at >= mr.submitted_at
        ),
        None,
    )


def intents(view: View) -> set[Branch]:
    """The branches whose tips decide whether announced pushes happened."""
    return {view.mrs[id].branch for id in view.unfolded if view.mrs[id].intent}


def seen(view: View, now: datetime) -> View:
    """The view as it will be once somebody folds it: what people are shown."""
    while (edit := fold(view, now)) is not None:
        view = applied(view, edit)
    return view


def _event(state: _Fold) -> Event:
    new = [mr for mr in state.put.values() if not mr.closed]
    if len(new) == 1:
        subject = f"queue {new[0].id}: {new[0].title}"
    else:
        subject = f"queue {len(new)} merge requests"
    return Event(name="queued", subject=subject, mrs=tuple(state.put))
