"""The engine: what one worker holds while it processes a queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from refinery.config.config import Config
from refinery.engine.happenings import Tell, Trouble
from refinery.engine.ports import Forge, Notifier, Tracker
from refinery.engine.privacy import leave_no_core
from refinery.engine.testing import Bench, TestBench
from refinery.foresight.foresight import Foresight
from refinery.queue.candidate import Built
from refinery.queue.claiming import Claimant
from refinery.queue.outbox import indebted
from refinery.queue.planning.facts import Facts, Profile
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.learned import Learned
from refinery.queue.pull_requests import HeadStatus
from refinery.queue.reporting import folded
from refinery.queue.spending import spent
from refinery.records.claim import Claim
from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.repo.signatures import Keys
from refinery.store.edit import Edit
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, update
from refinery.store.view import Damage, View
from refinery.typed import Protocol, TypeVar
from refinery.values import dataclass, field, replace

Declined = TypeVar("Declined")


class Outside(Protocol):
    """Makes what lies outside the repository, and remembers it."""

    def tracker(self, name: str, repository: str | None) -> Tracker:
        """The tracker with that name, for the forge's `owner/name` where it is configured."""
        ...

    def forge(self, name: str, repository: str | None) -> Forge:
        """The forge with that name."""
        ...

    def notifier(self) -> Notifier:
        """Whoever sends messages to people."""
        ...


@dataclass(slots=True)
class Showing:
    """What each merge request's head was last shown; None until a run began to watch.

    It lives in memory only: to remember it would cost a push for each place that changes.
    """

    known: dict[MrId, HeadStatus] | None = None
    seen: View | None = None
    waiting: list[tuple[MrId, HeadStatus]] = field(default_factory=list)
    left: int = 0
    away: bool = False


@dataclass(slots=True)
class Engine:
    """One worker at one queue.

    `view` is what it knows: each of its own transactions renews it, `refresh` asks the remote.
    Trackers and forges are made when they are first needed.  `settings` stand in for the target's
    configuration in a replay, whose trees hold none for it; `claim_for` lets claims last longer
    than it says.  `workers` are how many there are altogether, if somebody knows; `skipped` are
    those that this one cannot help at present, `later` those it cannot while the target is at that
    commit; with `one_by_one` no two go together.  `abandoned` is how long checks ran in vain since
    this was told last.  `epics_done` are branches of epics that need not be looked at any more.
    `rehearsed` are the keys that ours was held against, `signed` is the last candidate that was, by
    the commit that was tested.
    """

    repo: Repository
    store: RefStore
    outside: Outside
    worker: str
    clock: Callable[[], datetime]
    tell: Tell
    bench: Bench
    foresight: Foresight
    view: View
    started: datetime
    settings: Config | None = None
    claim_for: timedelta | None = None
    workers: int = 0
    skipped: set[MrId] = field(default_factory=set)
    one_by_one: bool = False
    later: dict[MrId, Sha] = field(default_factory=dict)
    learned: dict[Branch, Learned] = field(default_factory=dict)
    abandoned: timedelta = timedelta()
    read_at: datetime | None = None
    trees_asked_at: datetime | None = None
    known_damage: set[Damage] = field(default_factory=set)
    known_trouble: set[str] = field(default_factory=set)
    showing: Showing = field(default_factory=Showing)
    epics_done: set[tuple[Branch, Sha]] = field(default_factory=set)
    rehearsed: set[Keys] = field(default_factory=set)
    signed: dict[Sha, Built] = field(default_factory=dict)

    @classmethod
    def start(
        cls,
        repo: Repository,
        store: RefStore,
        *,
        outside: Outside,
        worker: str,
        clock: Callable[[], datetime],
        tell: Tell,
    ) -> Engine:
        """An engine that has just read its queue."""
        leave_no_core()
        started, bench = clock(), TestBench(repo, worker)
        foresight, view = Foresight(repo), store.read()
        return cls(repo, store, outside, worker, clock, tell, bench, foresight, view, started)

    @property
    def tracker(self) -> Tracker:
        """The issue tracker that new conflicts are reported to: the default target says which."""
        config = self._main_config
        return self.outside.tracker(config.tracker, config.repository)

    def tracker_of(self, issue: IssueRef) -> Tracker:
        """The tracker that an issue lies in, which need not be the one configured now."""
        return self.outside.tracker(issue.partition("#")[0], self._main_config.repository)

    @property
    def forge(self) -> Forge | None:
        """The forge that hosts the repository, where one is configured."""
        config = self._main_config
        return self.outside.forge(config.forge, config.repository) if config.forge else None

    @property
    def notifier(self) -> Notifier:
        """Whoever sends messages to people."""
        return self.outside.notifier()

    def guarded(self, config: Config) -> Config:
        """A target's configuration in so far as its commands may have what it asks for.

        Any branch can be named as a target: whoever pushes one, with a configuration of their own,
        must not learn the worker's secrets by that, nor do without the sandbox.
        """
        main = self._valid_config(self.view, self.view.header.default_target)
        allowed = main.environment if main else ()
        shown = tuple(name for name in config.environment if name in allowed)
        sandbox = config.sandbox.under(main.sandbox) if main else config.sandbox
        return replace(config, environment=shown, sandbox=sandbox)

    @property
    def _main_config(self) -> Config:
        return self.config(self.view.header.default_target)

    def refresh(self) -> None:
        """See what the remote holds now."""
        self._saw(self.store.read())

    def _saw(self, view: View) -> None:
        self.view, self.read_at = view, self.clock()

    @contextmanager
    def supposing(self, view: View) -> Iterator[None]:
        """As if that were what the remote holds: to look ahead of a push."""
        known = self.view
        self.view = view
        try:
            yield
        finally:
            self.view = known

    def known(self, target: Branch) -> Known:
        """What the planner has to know beside the records; trouble with that only costs builds."""
        config = self._valid_config(self.view, target)
        tip = self.view.targets.get(target)
        skip = frozenset(self.skipped | {id for id, base in self.later.items() if base == tip})
        profile = Profile(config.profile if config else "default")
        try:
            known = self.foresight.known(self.view, target, skip=skip)
        except (GitError, BadObject):
            known = Known(skip=skip)
        return replace(
            known,
            me=self.worker,
            workers=self.workers,
            profile=profile,
            most=1 if self.one_by_one else 0,
            learned=self.learned.setdefault(target, Learned()),
        )

    def facts(self, target: Branch, config: Config) -> Facts:
        """All that the planner may know of a target now."""
        known = self.known(target)
        return facts_of(self.view, target, config, self.clock(), known=known)

    def keep_apart(self, waiting: Iterable[MrId], others: Iterable[MrId]) -> None:
        """These did not fit onto the others, so no candidate needs to hold them together."""
        together = tuple(others)
        for id in waiting:
            self.foresight.apart(id, together)

    def read_before(self, ago: timedelta) -> bool:
        """Whether the remote was last asked longer ago than that."""
        return self.clock() - (self.read_at or self.started) > ago

    def others_at_work(self, beside: Claim | None = None) -> bool:
        """Whether anybody else tests something; not counting the claim that we settle for them."""
        now = self.clock()
        mine = {self.worker, beside.worker if beside is not None else self.worker}
        return any(each.worker not in mine and each.live(now) for each in self.view.claims.values())

    def claimant(self, config: Config) -> Claimant:
        """Who claims now, with a token that no other claim has."""
        return Claimant(self.worker, uuid.uuid4().hex, self.clock(), config.claim_for)

    def change(self, decide: Callable[[View], Edit | Declined]) -> Committed | Declined:
        """Run a pure decision against the store, starting from what is known.

        What was read on the way is known afterwards, whatever was decided.
        """

        def seeing(view: View) -> Edit | Declined:
            if view is not self.view:
                self._saw(view)
            return decide(view)

        outcome = update(
            self.store, indebted(self._accounting(seeing), self._valid_config), view=self.view
        )
        if isinstance(outcome, Committed):
            self.view = outcome.view
            if outcome.edit.verdicts:
                self.abandoned = timedelta()
        return outcome

    def _accounting(
        self, decide: Callable[[View], Edit | Declined]
    ) -> Callable[[View], Edit | Declined]:
        """The decision with what waits to be written by the next that writes into the queue.

        Those are the verdicts of other workers, and the time that our own useless runs took.
        """

        def decided(view: View) -> Edit | Declined:
            edit = decide(view)
            if not isinstance(edit, Edit):
                return edit
            edit = folded(view, edit)
            if not edit.verdicts or not self.abandoned:
                return edit
            seconds = spent(None, abandoned_seconds=self.abandoned.total_seconds())
            event = replace(edit.event, details={**edit.event.details, **seconds})
            return replace(edit, event=event)

        return decided

    def config(self, target: Branch) -> Config:
        """The configuration at the target's tip: never a merge request's own."""
        if self.settings is not None:
            return self.settings
        config = self.store.configs.at(self.view.targets.get(target), target=target)
        return replace(config, claim_for=self.claim_for) if self.claim_for else config

    def _valid_config(self, view: View, target: Branch) -> Config | None:
        """The configuration as of a view; None while it is broken: nobody knows whom to tell."""
        if self.settings is not None:
            return self.settings
        return self.config_at(view.targets.get(target), target)

    def tell_once(self, text: str) -> None:
        """Tell of trouble that goes on, the first time that this worker meets it."""
        if text not in self.known_trouble:
            self.known_trouble.add(text)
            self.tell(Trouble(text))

    def config_at(self, commit: Sha | None, target: Branch) -> Config | None:
        """The configuration that a target had at a commit; None where it is broken or gone."""
        return self.store.configs.readable(commit, target)

    def close(self) -> None:
        """Free the worktree."""
        self.bench.close()
