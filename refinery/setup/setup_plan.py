"""Plans the set-up of a queue: finds out what is there, and what has to be added."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from refinery.config.config import FILE
from refinery.errors import RefineryError
from refinery.records.header import QueueHeader
from refinery.records.names import Branch, Sha
from refinery.repo.probing import Branches, branches
from refinery.repo.refs import matches, valid_branch
from refinery.repo.repository import IN_PLACE, RemoteName, Repository
from refinery.setup.first_config import ReadFile, found_check, given_checks, render
from refinery.store import layout
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass, replace

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
    will_exist = header is not None or queue_exists(view, store)
    return Plan(
        remote=remote,
        target=place.target,
        file=file,
        header=header,
        settings=_settings(place, store, queue_will_exist=will_exist),
        notes=notes,
    )


def queue_exists(view: View, store: RefStore) -> bool:
    return store.refs.queue in view.leases


def _target(
    repo: Repository, found: Branches, view: View, store: RefStore, told: Branch | None
) -> Branch:
    """The branch to land on: as told, as recorded, as configured, or the remote's own default."""
    if told is not None:
        return _named(found, told)
    if queue_exists(view, store):
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
    if _waits_here(place):
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


def _waits_here(place: _Place) -> bool:
    """Whether this clone has a .refinery.yaml of its own that has not reached the target yet."""
    repo = place.repo
    if repo.worktree is None or not (repo.worktree / FILE).exists():
        return False
    on_another_branch = repo.current_branch() != place.target
    return not (on_another_branch and repo.reader.read(f"HEAD:{FILE}") is not None)


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
    if not queue_exists(view, store):
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
