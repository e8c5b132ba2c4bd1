"""Sets up a queue: finds out what is there, plans what is missing, and does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from refinery.config.config import FILE
from refinery.engine.first_config import ReadFile, found_check, given_checks, render
from refinery.errors import RefineryError
from refinery.records.header import QueueHeader
from refinery.records.names import Branch, Sha
from refinery.repo.checkout_sync import LeftAlone, fast_forward
from refinery.repo.probing import Branches, branches
from refinery.repo.refs import matches, valid_branch
from refinery.repo.repository import IN_PLACE, RemoteName, Repository
from refinery.repo.settings import add_setting, set_setting
from refinery.store import layout
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.layout import target_ref
from refinery.store.queue_tree import QueueTree
from refinery.store.ref_store import RefStore
from refinery.store.update import Committed, PushRefused, update
from refinery.store.view import View

COMMIT_MESSAGE = "Add the merge queue's configuration\n"
PUSH_OPTIONS = "receive.advertisePushOptions"


class NoSuchTarget(RefineryError):
    """The branch that was named as target is not there."""


class Place(Enum):
    """Where a new .refinery.yaml goes."""

    TARGET = "commit"
    WORKTREE = "file"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller said; None: find it out."""

    target: Branch | None = None
    checks: Sequence[str] = ()
    push: bool = True


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The .refinery.yaml to add."""

    text: str
    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One line for git config; `more` keeps the values the key has."""

    key: str
    value: str
    more: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is missing; what is None or empty is there already.

    `notes` say what a person has to do besides.
    """

    remote: RemoteName
    target: Branch
    file: ConfigFile | None = None
    header: QueueHeader | None = None
    settings: tuple[Setting, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is there."""
        return self.file is None and self.header is None and not self.settings


@dataclass(frozen=True, slots=True)
class _Place:
    """The repository, the branches of its remote, and the target the queue is for."""

    repo: Repository
    remote: RemoteName
    branches: Branches
    target: Branch

    @property
    def tip(self) -> Sha | None:
        return self.branches.tips.get(self.target)


def plan(repo: Repository, store: RefStore, wanted: Wanted) -> Plan:
    """What has to be added so that this repository has a queue; changes nothing."""
    remote = repo.remote_name()
    assert remote is not None, "the store was opened through one"
    found = branches(repo, remote)
    view = store.read()
    place = _Place(repo, remote, found, _target(repo, found, view, store, wanted.target))
    if place.target not in store.targets:
        store.targets.add(place.target)
        view = store.read()
    file, notes = _file(place, view, wanted)
    header = _header(place, view, store, wanted)
    will_exist = header is not None or _exists(view, store)
    return Plan(
        remote=remote,
        target=place.target,
        file=file,
        header=header,
        settings=_settings(place, store, queue_will_exist=will_exist),
        notes=notes,
    )


def _exists(view: View, store: RefStore) -> bool:
    return store.refs.queue in view.leases


def _target(
    repo: Repository, found: Branches, view: View, store: RefStore, told: Branch | None
) -> Branch:
    """The branch to land on: as told, as recorded, as configured, or the remote's own default."""
    if told is not None:
        return _named(found, told)
    if _exists(view, store):
        return view.header.default_target
    configured = repo.setting("refinery.target")
    if configured and valid_branch(configured):
        return Branch(configured)
    current = repo.current_branch()
    likely = [found.head, *(Branch(name) for name in (current, "main", "master") if name)]
    there = [branch for branch in likely if branch in found.tips]
    alone = list(found.tips) if len(found.tips) == 1 else []
    return next(iter([*filter(None, there), *alone, *filter(None, likely)]), Branch("main"))


def _named(found: Branches, told: Branch) -> Branch:
    if not valid_branch(told):
        raise NoSuchTarget(f"{told!r} cannot be the name of a branch")
    if found.tips and told not in found.tips:
        known = ", ".join(sorted(found.tips)[:8])
        raise NoSuchTarget(
            f"there is no branch {told!r} on the remote", hint=f"it has: {known}; push it first"
        )
    return told


def _file(place: _Place, view: View, wanted: Wanted) -> tuple[ConfigFile | None, tuple[str, ...]]:
    """The configuration to add, and what remains to be done by hand."""
    tip = view.targets.get(place.target)
    if tip is not None and place.repo.reader.read(f"{tip}:{FILE}") is not None:
        return None, ()
    waiting = place.repo.worktree is not None and (place.repo.worktree / FILE).exists()
    if waiting:
        return None, (by_hand(place.target, unborn=tip is None),)
    checks = given_checks(wanted.checks)
    if not checks:
        guess = found_check(_reader(place.repo, tip))
        checks = (guess,) if guess else ()
    why = "; ".join(f"{check.run}: {check.why}" for check in checks) or "no test command was found"
    text = render(checks)
    if tip is not None and wanted.push:
        return ConfigFile(text, Place.TARGET, why), ()
    if place.repo.worktree is None:
        return None, (f"{place.target} has no {FILE}: run `refinery init` once it can have one",)
    return ConfigFile(text, Place.WORKTREE, why), (by_hand(place.target, unborn=tip is None),)


def by_hand(target: Branch, *, unborn: bool = False) -> str:
    """What to do with a .refinery.yaml that only is in the working tree."""
    if unborn:
        return f"{target} has no commit yet: commit {FILE} with the first one and push it"
    return f"commit {FILE} and land it on {target}: until then nothing is tested"


def _reader(repo: Repository, tip: Sha | None) -> ReadFile:
    """Files of the target's tip; of the working tree while there is no tip."""
    if tip is not None:

        def from_tip(name: str) -> bytes | None:
            found = repo.reader.read(f"{tip}:{name}")
            return None if found is None else found.data

        return from_tip

    def from_worktree(name: str) -> bytes | None:
        path = repo.worktree / name if repo.worktree else None
        if path is None or not path.exists():
            return None
        return path.read_bytes() if path.is_file() else b""

    return from_worktree


def _header(place: _Place, view: View, store: RefStore, wanted: Wanted) -> QueueHeader | None:
    if not wanted.push:
        return None
    if not _exists(view, store):
        return QueueHeader(default_target=place.target)
    if view.header.default_target == place.target or wanted.target is None:
        return None
    if any(item.where.endswith(f":{layout.HEADER}") for item in view.damage):
        raise RefineryError(
            f"{store.refs.queue}:{layout.HEADER} cannot be read, so it is not written over",
            hint="`refinery fsck` says what is wrong with it",
        )
    return replace(view.header, default_target=place.target)


def _settings(place: _Place, store: RefStore, *, queue_will_exist: bool) -> tuple[Setting, ...]:
    repo = place.repo
    if place.remote == IN_PLACE:
        if not repo.bare or repo.setting(PUSH_OPTIONS.lower()) == "true":
            return ()
        return (Setting(PUSH_OPTIONS, "true", more=False),)
    # git fetch dies of an exact refspec whose ref the remote lacks, so it waits for the ref.
    if not queue_will_exist or fetches_queue(repo, place.remote, store):
        return ()
    queue = store.refs.queue
    return (Setting(f"remote.{place.remote}.fetch", f"+{queue}:{queue}", more=True),)


def fetches_queue(repo: Repository, remote: str, store: RefStore) -> bool:
    """Whether a plain `git fetch` brings the queue ref."""
    specs = repo.config.get(f"remote.{remote}.fetch", ())
    sources = [spec.removeprefix("+").partition(":")[0] for spec in specs]
    return any(matches(store.refs.queue, source) for source in sources if source)


# Doing it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, and what a person has to do besides."""

    plan: Plan
    commit: Sha | None = None
    notes: tuple[str, ...] = ()


def carry_out(
    repo: Repository, store: RefStore, planned: Plan, *, worker: str, clock: Callable[[], datetime]
) -> Outcome:
    """Do what was planned: the remote first, so that a refusal leaves nothing half done here."""
    notes = list(planned.notes)
    commit = None
    done = planned
    if planned.header is not None or _goes_to_target(planned):
        try:
            commit = _push(repo, store, planned, worker, clock)
        except PushRefused as refusal:
            done = _without_target(repo, planned, refusal)
            notes += [f"{refusal.message.splitlines()[0]}", by_hand(planned.target)]
            _push(repo, store, done, worker, clock)
    if done.file is not None and done.file.place is Place.WORKTREE and repo.worktree:
        (repo.worktree / FILE).write_text(done.file.text, encoding="utf-8", newline="\n")
    if commit is not None:
        notes += _follow(repo, planned.target, commit)
    for setting in planned.settings:
        if setting.more:
            add_setting(repo, setting.key, setting.value)
        else:
            set_setting(repo, setting.key, setting.value)
    return Outcome(done, commit, tuple(notes))


def _goes_to_target(planned: Plan) -> bool:
    return planned.file is not None and planned.file.place is Place.TARGET


def _without_target(repo: Repository, planned: Plan, refusal: PushRefused) -> Plan:
    """The same plan for a target that may not be pushed to: the file stays in the working tree."""
    if planned.file is None or planned.file.place is not Place.TARGET:
        raise refusal
    kept = replace(planned.file, place=Place.WORKTREE) if repo.worktree else None
    return replace(planned, file=kept)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Somebody else has just done it."""


def _push(
    repo: Repository,
    store: RefStore,
    planned: Plan,
    worker: str,
    clock: Callable[[], datetime],
) -> Sha | None:
    """Create or change the queue ref and put the file on the target, in one atomic push."""

    def decide(view: View) -> Edit | _Nothing:
        header = planned.header
        if header is not None and _exists(view, store):
            differs = view.header.default_target != header.default_target
            header = replace(view.header, default_target=header.default_target) if differs else None
        move = _move(repo, view, planned, clock) if _goes_to_target(planned) else None
        if header is None and move is None:
            return _Nothing()
        event = Event("initialized", f"set up the queue for {planned.target}", worker=worker)
        return Edit(event=event, header=header, moves=(move,) if move else ())

    done = update(store, decide)
    if not isinstance(done, Committed) or not done.edit.moves:
        return None
    return done.edit.moves[0].new


def _move(
    repo: Repository, view: View, planned: Plan, clock: Callable[[], datetime]
) -> RefMove | None:
    """The target with one more commit, made without a working tree; None if the file is there."""
    tip = view.targets.get(planned.target)
    if tip is None or planned.file is None or repo.reader.read(f"{tip}:{FILE}") is not None:
        return None
    blob = repo.writer.blob(planned.file.text.encode())
    tree = QueueTree(repo.reader, repo.writer).rewrite(repo.reader.commit(tip).tree, {FILE: blob})
    who = repo.signature(int(clock().timestamp()))
    commit = repo.writer.commit(
        tree=tree, parents=[tip], author=who, committer=who, message=COMMIT_MESSAGE
    )
    return RefMove(target_ref(planned.target), tip, commit)


def _follow(repo: Repository, target: Branch, commit: Sha) -> list[str]:
    old = repo.reader.commit(commit).parents[0]
    left = fast_forward(repo, target, old=old, new=commit)
    if isinstance(left, LeftAlone) and repo.worktree is not None:
        return [f"your checkout was left alone ({left.why}): `git pull` brings {FILE}"]
    return []
