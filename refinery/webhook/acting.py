"""Does to the queue what many deliveries say, together: one transaction where one is enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from refinery.app import Queue
from refinery.errors import RefineryError, TryAgain
from refinery.queue.order import live
from refinery.queue.tracking import IssueStatus
from refinery.records.names import Branch, IssueRef
from refinery.store.view import View
from refinery.submit.submission_words import still_pinned, told
from refinery.submit.submitting import NothingToLand
from refinery.submit.submitting import Outcome as Submission
from refinery.values import dataclass
from refinery.webhook.events import (
    BranchDeleted,
    Event,
    Ignored,
    IssueClosed,
    IssueGone,
    IssueLabelled,
    IssueReopened,
    IssueTransferred,
    Ping,
    PullRequestLabelled,
    PullRequestMerged,
    Pushed,
    Told,
    status_of,
)
from refinery.webhook.ours import is_ours
from refinery.webhook.submitting import Follower, following
from refinery.webhook.telling import Teller


@dataclass(frozen=True, slots=True)
class Heard:
    """An event to act on; `final`: nobody will try again, so what the remote shows now counts."""

    told: Told
    final: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """It is in the queue, or means nothing to it; `words` say which."""

    words: str
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is done yet; `counted`: it cannot go on like this for ever."""

    why: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """It was refused."""

    why: str
    hint: str | None = None


Outcome = Done | Later | Failed


def act(queue: Queue, heard: Sequence[Heard], teller: Teller, *, ours: str | None) -> list[Outcome]:
    """What came of each; the queue has to be opened with `engine=True`.

    Everything can be done again: a crash in the middle, or a delivery that comes twice, changes
    nothing that the first time did not.
    """
    acting = _Acting(queue, teller, list(heard), [None] * len(heard))
    for index, each in enumerate(heard):
        acting.outcomes[index] = _without_work(each.told, ours)
    acting.together((IssueClosed, IssueReopened, IssueGone, IssueTransferred), acting.issues)
    acting.together((IssueLabelled,), acting.labelled_issues)
    acting.together((Pushed, BranchDeleted, PullRequestLabelled), acting.branches)
    acting.together((PullRequestMerged,), acting.merged)
    return [outcome or Done("nothing") for outcome in acting.outcomes]


def _without_work(told: Told, ours: str | None) -> Outcome | None:
    """What needs no look at the queue."""
    match told.event:
        case Ping():
            return Done("the webhook works")
        case Ignored(why=why):
            return Done(why, ignored=True)
        case _ if not is_ours(ours, told.repository):
            return Done(f"it is about {told.repository!r}, not about {ours!r}", ignored=True)
        case _:
            return None


@dataclass(slots=True)
class _Acting:
    """One batch; each group decides the outcomes of its own events."""

    queue: Queue
    teller: Teller
    heard: list[Heard]
    outcomes: list[Outcome | None]

    def together(self, kinds: tuple[type[Event], ...], work: Callable[[list[int]], None]) -> None:
        """Do one group; what stops it is the outcome of those that are not decided yet."""
        group = [
            index
            for index, each in enumerate(self.heard)
            if self.outcomes[index] is None and isinstance(each.told.event, kinds)
        ]
        if not group:
            return
        try:
            work(group)
        except RefineryError as error:
            for index in group:
                self.outcomes[index] = self.outcomes[index] or _trouble(error)

    # Issues

    def issues(self, group: list[int]) -> None:
        """All that were closed, reopened or are gone, in a transaction for each of the three."""
        from refinery.engine import conflicts, healing, trees

        engine = self.queue.engine(self.teller.happened)
        before = engine.view.header.freezes
        trees.look(engine, answers_only=True)
        turned = engine.view.header.freezes != before
        known = self._last_words(group)
        concerned = _concerned(engine.view, known)
        doubted = {issue for issue in concerned if known[issue] is IssueStatus.UNKNOWN}
        if doubted:
            known |= conflicts.statuses(engine, doubted)
        if concerned:
            healing.fold(engine)
            conflicts.settle(engine, {issue: known[issue] for issue in concerned})
            opened = [issue for issue in concerned if known[issue] is IssueStatus.OPEN]
            if opened:
                conflicts.reopened(engine, opened)
        for index in group:
            issue = self._issue(index)
            if issue not in concerned:
                words = f"{issue} changes which targets are closed"
                self.outcomes[index] = Done(words if turned else f"{issue} blocks nothing")
            elif known[issue] is IssueStatus.UNKNOWN:
                self.outcomes[index] = Later(f"nobody knows {issue}", counted=True)
            else:
                self.outcomes[index] = Done(f"{issue} is {known[issue].value}")

    def labelled_issues(self, group: list[int]) -> None:
        """What was opened or labelled may close a target; the tracker says what holds now."""
        from refinery.engine import trees

        engine = self.queue.engine(self.teller.happened)
        before = engine.view.header.freezes
        trees.look(engine, answers_only=True)
        closes = engine.view.header.freezes != before
        words = "it changes which targets are closed" if closes else "it closes no target"
        for index in group:
            self.outcomes[index] = Done(words, ignored=not closes)

    def _issue(self, index: int) -> IssueRef:
        event = self.heard[index].told.event
        assert isinstance(event, (IssueClosed, IssueReopened, IssueGone, IssueTransferred))
        return event.issue

    def _last_words(self, group: list[int]) -> dict[IssueRef, IssueStatus]:
        """The state of each issue; unknown where a batch contradicts itself, for it may be late."""
        known: dict[IssueRef, IssueStatus] = {}
        for index in group:
            event = self.heard[index].told.event
            assert isinstance(event, (IssueClosed, IssueReopened, IssueGone, IssueTransferred))
            status = status_of(event)
            before = known.setdefault(event.issue, status)
            known[event.issue] = status if before is status else IssueStatus.UNKNOWN
        return known

    # Branches

    def branches(self, group: list[int]) -> None:
        """What was pushed, labelled or deleted: all branches are read at once."""
        events = [self.heard[index].told.event for index in group]
        names = {name for event in events if (name := _branch(event)) is not None}
        with following(self.queue, names) as follower:
            for index in group:
                try:
                    self.outcomes[index] = self._one_branch(follower, self.heard[index])
                except TryAgain:
                    raise
                except RefineryError as error:
                    self.outcomes[index] = _trouble(error)

    def _one_branch(self, follower: Follower, heard: Heard) -> Outcome:
        match heard.told.event:
            case Pushed() as event:
                return self._pushed(follower, event, heard.final)
            case PullRequestLabelled() as event:
                return self._labelled(follower, event)
            case BranchDeleted(branch=branch):
                return self._deleted(follower, branch)
            case event:
                raise AssertionError(event)

    def _pushed(self, follower: Follower, event: Pushed, final: bool) -> Outcome:
        branch, tip = event.branch, follower.tip(event.branch)
        if not follower.is_wanted(branch):
            return Done(f"{branch} is not one that a push submits", ignored=True)
        if tip == event.before and not final:
            # Some forges tell before all of their servers show it.
            return Later(f"{branch} does not show the push yet", counted=True)
        if tip is None:
            return Done(f"{branch} is gone")
        return self._told(follower.submit(branch, tip))

    def _labelled(self, follower: Follower, event: PullRequestLabelled) -> Outcome:
        tip = follower.tip(event.source)
        if tip is None:
            return Done(f"{event.source} is gone")
        title = event.title or None
        return self._told(follower.submit(event.source, tip, target=event.target, title=title))

    def _told(self, outcome: Submission) -> Done:
        lines = told(outcome, None)
        mr = None if isinstance(outcome, NothingToLand) else outcome.mr.id
        for line in lines:
            self.teller.say(line, mr)
        return Done(lines[0])

    def _deleted(self, follower: Follower, branch: Branch) -> Outcome:
        """Nothing is withdrawn: what was submitted is pinned."""
        for mr in live(follower.view):
            if mr.branch == branch:
                for line in still_pinned(mr):
                    self.teller.say(line, mr.id)
        return Done(f"{branch} was deleted: that withdraws nothing")

    # Pull requests

    def merged(self, group: list[int]) -> None:
        """Close what a pull request brought to its target, past the queue or by it."""
        from refinery.engine import healing
        from refinery.webhook.merging import close_merged

        engine = self.queue.engine(self.teller.happened)
        healing.fold(engine)
        for index in group:
            event = self.heard[index].told.event
            assert isinstance(event, PullRequestMerged)
            mrs = [
                mr
                for mr in live(engine.view)
                if mr.head == event.head and mr.target == event.target
            ]
            left = close_merged(engine, mrs, vouched=True)
            if not mrs:
                self.outcomes[index] = Done(f"{event.source} is not queued")
            elif left and not self.heard[index].final:
                self.outcomes[index] = Later(f"{event.target} does not show it yet", counted=True)
            else:
                self.outcomes[index] = Done(f"{event.source} was merged into {event.target}")


def _branch(event: Event) -> Branch | None:
    match event:
        case Pushed(branch=branch) | BranchDeleted(branch=branch):
            return branch
        case PullRequestLabelled(source=source):
            return source
        case _:
            return None


def _concerned(view: View, issues: Collection[IssueRef]) -> set[IssueRef]:
    """The issues that block something live, or did until they were closed."""
    blocking = {mr.blocked_by for mr in live(view)} | {mr.was_blocked_by for mr in live(view)}
    return {issue for issue in issues if issue in blocking}


def _trouble(error: RefineryError) -> Outcome:
    if isinstance(error, TryAgain):
        return Later(error.message)
    return Failed(error.message, error.hint)
