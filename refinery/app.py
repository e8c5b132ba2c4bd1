"""Wires the parts together: which store, config and tracker serve a repository."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from refinery.errors import RefineryError
from refinery.importing import TO_FETCH, TO_READ, import_while_git_works
from refinery.records.names import Branch, MrId, Ref
from refinery.repo.refs import symref, valid_branch
from refinery.repo.repository import IN_PLACE, Repository
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from datetime import datetime

    from refinery.adapters.local import LocalTracker
    from refinery.adapters.registry import Place
    from refinery.config.config import Config
    from refinery.engine.engine import Engine
    from refinery.engine.happenings import Tell
    from refinery.engine.ports import Forge, Notifier, Tracker
    from refinery.queue.board import Board
    from refinery.queue.deeds import Order
    from refinery.queue.operating import Refusal
    from refinery.store.edit import Edit
    from refinery.store.ref_store import RefStore
    from refinery.store.update import Committed, Declined
    from refinery.store.view import View

Clock = Callable[[], "datetime"]

_NAMES = ("REFINERY_WORKER", "GT_REFINERY_WORKER")


def wall_clock() -> datetime:
    """The time of this machine."""
    from refinery.records.times import now

    return now()


@dataclass(slots=True)
class Queue:
    """One repository's queue, opened: what every command works with."""

    repo: Repository
    store: RefStore
    clock: Clock
    worker: str
    name: str
    _engine: Engine | None = None
    _trackers: dict[str, Tracker] = field(default_factory=dict)
    _forges: dict[str, Forge] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """Who decides something by hand: as the environment says, else git's user.name."""
        if any(os.environ.get(name) for name in _NAMES):
            return self.worker
        told = self.repo.setting("user.name") or ""
        return _printable(told) or self.worker

    def now(self) -> datetime:
        """The time, as the queue counts it."""
        return self.clock()

    def view(self) -> View:
        """Everything as it is on the remote, with submissions shown as if they were folded."""
        return self._seen(self.store.read())

    def records(self) -> View:
        """The queue as it is on the remote; targets as this clone saw them last.

        Nothing but the queue's own refs is fetched, however far the targets have moved.
        """
        store = self.store
        own = [store.refs.queue, *(f"{store.refs.below(name)}*" for name in ("inbox", "claims"))]
        store.repo.reader.begin()
        store.mirror.fetch(own)
        return self._seen(store.cached())

    def whole_view(self) -> View:
        """The view with the tips of all targets that open merge requests name."""
        from refinery.queue.board import targets_of

        view = self.view()
        new = {*targets_of(view)} - self.store.targets
        if not new:
            return view
        self.store.targets |= new
        return self.view()

    def board(
        self, view: View | None = None, *, configs: Mapping[Branch, Config] | None = None
    ) -> Board:
        """The queue as screens show it; a broken configuration is the default one, hiding nothing.

        Without a view the remote is read, all targets included.  `configs` are those known already.
        """
        from refinery.queue.board import board, targets_of

        view = view or self.whole_view()
        configs = self.configs(view) if configs is None else configs
        broken = frozenset(targets_of(view)) - configs.keys()
        return board(view, self.now(), configs=configs, broken=broken)

    def configs(self, view: View) -> dict[Branch, Config]:
        """Those of all targets that are known or wanted, the broken ones left out."""
        from refinery.queue.board import targets_of

        wanted = (*targets_of(view), *view.targets)
        found = {target: self._valid_config(view, target) for target in wanted}
        return {target: config for target, config in found.items() if config is not None}

    def update(
        self, decide: Callable[[View], Edit | Declined], *, view: View | None = None
    ) -> Committed | Declined:
        """Run a pure decision against the store."""
        from refinery.store.edit import Edit
        from refinery.store.update import Committed, update

        def indebted(now: View) -> Edit | Declined:
            choice = decide(now)
            if not isinstance(choice, Edit) or not choice.put:
                return choice
            from refinery.queue.outbox import with_debts

            return with_debts(now, choice, self._valid_config)

        outcome = update(self.store, indebted, view=view)
        if isinstance(outcome, Committed):
            from refinery.repo.waking import wake

            wake(self.repo)
        return outcome

    def decide_on(
        self, text: str, decide: Callable[[View, MrId], Edit | Declined]
    ) -> tuple[MrId, Committed | Declined]:
        """Run a pure decision about the merge request that `text` names.

        A submission joins the queue before anything is decided about it: a record that was written
        past its fold would leave the revision that it replaces alive.
        """
        view = self.store.read()
        from refinery.queue.lookup import find_id, find_mr

        id = find_mr(text, self._seen(view).mrs)
        if id in view.unfolded:
            from refinery.engine.healing import fold

            self.store.with_pins = True  # who stands on whom is found out when it is folded
            engine = self.engine(lambda _: None)
            fold(engine)
            view = engine.view
        if view.mrs[id].target not in self.store.targets:
            self.store.targets.add(view.mrs[id].target)
            view = self.store.read()
        return id, self.update(lambda now: decide(now, find_id(id, now.mrs)), view=view)

    def _seen(self, view: View) -> View:
        """With submissions as if they were folded: a branch is that of its newest revision."""
        if not view.unfolded:
            return view
        from refinery.queue.folding import seen

        return seen(view, self.now())

    def carry_out(self, order: Order, *, by: str) -> Committed | Refusal:
        """Do what somebody decided over the queue's head."""
        from refinery.queue.deeds import about_one, about_queue

        if order.id is None:
            return self.update(lambda view: about_queue(order, view, by=by, now=self.now()))

        def decide(view: View, id: MrId) -> Edit | Refusal:
            return about_one(order, view, id, by=by, now=self.now())

        done: tuple[MrId, Committed | Refusal] = self.decide_on(order.id, decide)
        return done[1]

    def config(self, view: View, target: Branch | None = None) -> Config:
        """The configuration at the tip of a target; the defaults where it has no such file."""
        branch = target or view.header.default_target
        return self.store.configs.at(view.targets.get(branch), target=branch)

    def _valid_config(self, view: View, target: Branch) -> Config | None:
        """The configuration at the tip of a target; None while it is broken."""
        from refinery.records.schema import InvalidRecord

        try:
            return self.config(view, target)
        except InvalidRecord:
            return None

    def tracker(self, name: str, repository: str | None = None) -> Tracker:
        """The issue tracker with that name, for the forge's `owner/name` where it is configured."""
        if name not in self._trackers:
            from refinery.adapters.registry import make_tracker

            self._trackers[name] = make_tracker(name, self._place(repository))
        return self._trackers[name]

    def forge(self, name: str, repository: str | None = None) -> Forge:
        """The forge with that name."""
        if name not in self._forges:
            from refinery.adapters.registry import make_forge

            self._forges[name] = make_forge(name, self._place(repository))
        return self._forges[name]

    def notifier(self) -> Notifier:
        """Whoever sends messages to people."""
        from refinery.adapters.notifying import AppriseNotifier

        return AppriseNotifier(os.environ)

    def local_tracker(self) -> LocalTracker:
        """The embedded tracker, whatever conflicts are reported to."""
        from refinery.adapters import local

        return local.make_tracker(self._place(None))

    def _place(self, repository: str | None) -> Place:
        from refinery.adapters.registry import Place

        store = self.store
        return Place(self.repo, store.transport, store.refs, self.worker, self.clock, repository)

    def engine(self, tell: Tell) -> Engine:
        """A merge engine at this queue, which has to be opened with `engine=True`."""
        from refinery.engine.engine import Engine

        if self._engine is None:
            self._engine = Engine.start(
                self.repo,
                self.store,
                outside=self,
                worker=self.worker,
                clock=self.clock,
                tell=tell,
            )
        else:
            self._engine.refresh()
        return self._engine

    def close(self) -> None:
        """End the processes that were started, free the worktree."""
        if self._engine is not None:
            self._engine.close()
        self.repo.close()

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_queue(
    rig: str | None = None,
    *,
    engine: bool = False,
    pins: bool = False,
    from_environment: bool = False,
    clock: Clock = wall_clock,
    worker: str | None = None,
) -> Queue:
    """Open the queue of a repository: a path, a name from the user's rig list, or the current one.

    `pins` also fetches the pinned heads, `engine` follows every target as well.
    """
    path = _rig_path(rig) if rig else None
    import_while_git_works(TO_FETCH + TO_READ)
    repo = Repository.discover(path, from_environment=from_environment)
    from refinery.repo.remote import transport
    from refinery.store.layout import RefNames
    from refinery.store.ref_store import RefStore

    prefix = repo.setting("refinery.prefix") or "refs/refinery"
    store = RefStore(
        repo,
        transport(repo),
        refs=RefNames(prefix),
        default_target=default_target(repo),
        clock=clock,
        follow_targets=engine,
        with_pins=engine or pins,
    )
    named = worker or worker_name(outlives_process=not engine)
    return Queue(repo, store, clock, named, _rig_name(repo))


def worker_name(*, outlives_process: bool) -> str:
    """Who we are: REFINERY_WORKER, GT_REFINERY_WORKER, or host, pid and a random part.

    A constant default would make every worker the owner of every claim.
    """
    given = next(filter(None, map(os.environ.get, _NAMES)), "")
    if _printable(given):
        return _printable(given)
    from refinery.repo import liveness

    return liveness.worker_name(outlives_process=outlives_process)


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()[:200]


def default_target(repo: Repository) -> Branch:
    """The branch to land on where nobody names one, as far as this repository knows it."""
    told = repo.setting("refinery.target")
    if told and valid_branch(told):
        return Branch(told)
    remote = repo.remote_name()
    if remote == IN_PLACE:
        return Branch(repo.current_branch() or "main")
    head = Ref(f"refs/remotes/{remote}/HEAD")
    found = symref(repo, head)
    prefix = f"refs/remotes/{remote}/"
    return Branch(found.removeprefix(prefix)) if found else Branch("main")


class NoSuchRig(RefineryError):
    """Neither a path nor a name from the rig list."""

    code = "no-such-rig"


def rigs_file() -> Path:
    """Where the user's rig list is: a YAML mapping of names to paths."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "refinery" / "rigs.yaml"


def known_rigs() -> dict[str, Path]:
    """The user's rig list, in its order; empty where there is none."""
    file = rigs_file()
    if not file.is_file():
        return {}
    from refinery.records.text import load

    listed = load(file.read_bytes())
    return {name: Path(path).expanduser() for name, path in listed.items() if isinstance(path, str)}


def _rig_path(rig: str) -> Path:
    path = Path(rig).expanduser()
    if path.exists():
        return path
    found = known_rigs().get(rig)
    if found is not None:
        return found
    raise NoSuchRig(
        f"{rig!r} is neither a repository nor a known rig",
        hint=f"give a path, or add a line `{rig}: /path/to/repository` to {rigs_file()}",
    )


def _rig_name(repo: Repository) -> str:
    remote = repo.remote_name()
    url = repo.setting(f"remote.{remote}.url") if remote else None
    base = url.rstrip("/").rpartition("/")[2].rpartition(":")[2] if url else repo.path.name
    name = base.removesuffix(".git")
    return name or repo.path.name or "repository"
