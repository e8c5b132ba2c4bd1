"""Plans the set-up of a queue: finds out what is there, and what has to be added."""

from __future__ import annotations

import os
from collections.abc import Sequence

from refinery.config.config import DEFAULT_BRANCHES, FILE
from refinery.errors import RefineryError
from refinery.records.header import QueueHeader
from refinery.records.names import Branch, Sha
from refinery.repo.probing import Branches, branches
from refinery.repo.refs import matches, valid_branch
from refinery.repo.repository import IN_PLACE, RemoteName, Repository
from refinery.setup.advice import advice, setting_up_checks
from refinery.setup.config_plan import (
    ConfigPlan,
    Hosting,
    existing_config,
    new_config,
    waiting_config,
)
from refinery.setup.forges import Forge, Found, ask_host, found_forge
from refinery.setup.generated import Options
from refinery.setup.planned_file import Place, PlannedFile, ReadFile, by_hand, reader
from refinery.setup.workflow_plan import Kept, Request, WorkflowPlan, plan_workflow
from refinery.store import layout
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass, field, replace

PUSH_OPTIONS = "receive.advertisePushOptions"


class NoSuchTarget(RefineryError):
    """The branch that was named as target is not there."""


@dataclass(frozen=True, slots=True)
class WantedWorkflow:
    """What was said about the workflow file."""

    write: bool = True
    options: Options = field(default_factory=Options)
    force: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller said; None: find it out."""

    target: Branch | None = None
    checks: Sequence[str] = ()
    push: bool = True
    hosting: Hosting = field(default_factory=Hosting)
    workflow: WantedWorkflow = field(default_factory=WantedWorkflow)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line for git config; `more` keeps the values the key has."""

    key: str
    value: str
    more: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is missing; what is None or empty is there already.

    `kept` are files left as people made them, `notes` say what a person has to do besides.
    """

    remote: RemoteName
    target: Branch
    forge: Forge | None = None
    place: Place = Place.TARGET
    files: tuple[PlannedFile, ...] = ()
    kept: tuple[Kept, ...] = ()
    header: QueueHeader | None = None
    settings: tuple[Setting, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is there."""
        return not self.files and self.header is None and not self.settings


@dataclass(frozen=True, slots=True)
class _Place:
    """The repository, the branches of its remote, and the target the queue is for."""

    repo: Repository
    remote: RemoteName
    branches: Branches
    target: Branch
    tip: Sha | None = None

    @property
    def read(self) -> ReadFile:
        return reader(self.repo, self.tip)


@dataclass(frozen=True, slots=True)
class _Files:
    """What is planned about the files."""

    forge: Forge | None
    place: Place
    files: tuple[PlannedFile, ...] = ()
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


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
    place = replace(place, tip=view.targets.get(place.target))
    files = _files(place, wanted)
    header = _header(place, view, store, wanted)
    will_exist = header is not None or queue_exists(view, store)
    return Plan(
        remote=remote,
        target=place.target,
        forge=files.forge,
        place=files.place,
        files=files.files,
        kept=files.kept,
        header=header,
        settings=_settings(place, store, queue_will_exist=will_exist),
        notes=files.notes,
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


# Files


def _files(place: _Place, wanted: Wanted) -> _Files:
    """The configuration and the workflow: in a commit on the target where that can be."""
    where = Place.TARGET if place.tip is not None and wanted.push else Place.WORKTREE
    config = _config(place, wanted)
    flow = _workflow(place, wanted, config)
    planned = [*([config.file] if config.file else []), *flow.files]
    files = [file for file in planned if file.old is not None or not _waits_here(place, file.path)]
    waiting = [FILE] if config.waits else []
    waiting += [file.path for file in planned if file not in files]
    notes = [*config.notes, *flow.notes]
    if where is Place.WORKTREE and files and place.repo.worktree is None:
        missing = ", ".join(file.path for file in files)
        notes.append(f"{place.target} has no {missing}: run `refinery init` once it can have one")
        files = []
    elif where is Place.WORKTREE:
        waiting += [file.path for file in files]
    if waiting:
        notes.append(by_hand(place.target, waiting, unborn=place.tip is None))
    if config.forge and (files or waiting):
        notes += [setting_up_checks(file.path) for file in flow.new_workflows]
        notes += advice(config.forge, place.target, default=place.branches.head)
    return _Files(config.forge, where, tuple(files), flow.kept, tuple(notes))


def _config(place: _Place, wanted: Wanted) -> ConfigPlan:
    def find() -> Found | None:
        return _found_forge(place)

    if place.tip is not None:
        there = place.read(FILE)
        if there is not None:
            return existing_config(there, wanted.hosting, find)
    if _waits_here(place, FILE):
        assert place.repo.worktree is not None
        return waiting_config((place.repo.worktree / FILE).read_bytes(), wanted.hosting, find)
    return new_config(place.read, wanted.hosting, wanted.checks, find)


def _found_forge(place: _Place) -> Found | None:
    if place.remote == IN_PLACE:
        return None
    url = place.repo.setting(f"remote.{place.remote}.url")
    return found_forge(
        url, environ=os.environ, has=lambda name: place.read(name) is not None, ask=ask_host
    )


def _workflow(place: _Place, wanted: Wanted, config: ConfigPlan) -> WorkflowPlan:
    said = wanted.workflow
    if config.forge is None or not said.write or wanted.hosting.own_server:
        return WorkflowPlan()
    branches = config.branches or DEFAULT_BRANCHES
    request = Request(config.forge, branches, said.options, force=said.force)
    return plan_workflow(place.read, request)


def _waits_here(place: _Place, path: str) -> bool:
    """Whether this clone has such a file of its own that has not reached the target yet."""
    repo = place.repo
    if repo.worktree is None or not (repo.worktree / path).exists():
        return False
    if place.tip is not None and place.read(path) is not None:
        return False
    on_another_branch = repo.current_branch() != place.target
    return not (on_another_branch and repo.reader.read(f"HEAD:{path}") is not None)


# Queue and clone


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
