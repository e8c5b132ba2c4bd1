"""Plans the files of a set-up: the configuration, and the workflow of the forge it names."""

from __future__ import annotations

import os
from collections.abc import Sequence

from refinery.config.config import FILE
from refinery.records.names import Branch, Sha
from refinery.repo.probing import Branches
from refinery.repo.repository import IN_PLACE, RemoteName, Repository
from refinery.setup.advice import advice, server_side, setting_up_checks
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
from refinery.values import dataclass, field


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
class TargetPlace:
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
class FilesPlan:
    """What is planned about the files."""

    forge: Forge | None
    place: Place
    files: tuple[PlannedFile, ...] = ()
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


def plan_files(place: TargetPlace, wanted: Wanted) -> FilesPlan:
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
    if files or waiting:
        notes += _advised(place, wanted.hosting, config.forge, flow)
    return FilesPlan(config.forge, where, tuple(files), flow.kept, tuple(notes))


def _advised(
    place: TargetPlace, hosting: Hosting, forge: Forge | None, flow: WorkflowPlan
) -> list[str]:
    """What remains to be done where no file reaches."""
    if forge is not None:
        new = [setting_up_checks(file.path) for file in flow.new_workflows]
        return [*new, *advice(forge, place.target, default=place.branches.head)]
    elsewhere = hosting.own_server and place.remote != IN_PLACE
    return [server_side(place.target)] if elsewhere else []


def _config(place: TargetPlace, wanted: Wanted) -> ConfigPlan:
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


def _found_forge(place: TargetPlace) -> Found | None:
    if place.remote == IN_PLACE:
        return None
    url = place.repo.setting(f"remote.{place.remote}.url")
    return found_forge(
        url, environ=os.environ, has=lambda name: place.read(name) is not None, ask=ask_host
    )


def _workflow(place: TargetPlace, wanted: Wanted, config: ConfigPlan) -> WorkflowPlan:
    said = wanted.workflow
    if config.forge is None or not said.write or wanted.hosting.own_server:
        return WorkflowPlan()
    request = Request(config.forge, config.branches, said.options, force=said.force)
    return plan_workflow(place.read, request)


def _waits_here(place: TargetPlace, path: str) -> bool:
    """Whether this clone has such a file of its own that has not reached the target yet."""
    repo = place.repo
    if repo.worktree is None or not (repo.worktree / path).exists():
        return False
    if place.tip is not None and place.read(path) is not None:
        return False
    on_another_branch = repo.current_branch() != place.target
    return not (on_another_branch and repo.reader.read(f"HEAD:{path}") is not None)
