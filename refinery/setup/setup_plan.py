"""Plans the set-up of a queue: finds out what is there, and what has to be added."""

from __future__ import annotations

from refinery.errors import RefineryError
from refinery.records.header import QueueHeader
from refinery.records.names import Branch
from refinery.repo.probing import Branches, branches
from refinery.repo.refs import matches, valid_branch
from refinery.repo.repository import IN_PLACE, RemoteName, Repository
from refinery.setup.files_plan import TargetPlace, Wanted, plan_files
from refinery.setup.forges import Forge
from refinery.setup.planned_file import Place, PlannedFile
from refinery.setup.workflow_plan import Kept
from refinery.store import layout
from refinery.store.ref_store import RefStore
from refinery.store.view import View
from refinery.values import dataclass, replace

PUSH_OPTIONS = "receive.advertisePushOptions"


class NoSuchTarget(RefineryError):
    """The branch that was named as target is not there."""

    code = "no-target"


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


def plan(repo: Repository, store: RefStore, wanted: Wanted) -> Plan:
    """What has to be added so that this repository has a queue; changes nothing."""
    remote = repo.remote_name()
    assert remote is not None, "the store was opened through one"
    found = branches(repo, remote)
    view = store.read()
    place = TargetPlace(repo, remote, found, _target(repo, found, view, store, wanted.target))
    if place.target not in store.targets:
        store.targets.add(place.target)
        view = store.read()
    place = replace(place, tip=view.targets.get(place.target))
    files = plan_files(place, wanted)
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
        raise NoSuchTarget(
            f"{told!r} cannot be the name of a branch", hint="git help check-ref-format"
        )
    if found.tips and told not in found.tips:
        known = ", ".join(sorted(found.tips)[:8])
        raise NoSuchTarget(
            f"there is no branch {told!r} on the remote", hint=f"it has: {known}; push it first"
        )
    return told


# Queue and clone


def _header(place: TargetPlace, view: View, store: RefStore, wanted: Wanted) -> QueueHeader | None:
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


def _settings(
    place: TargetPlace, store: RefStore, *, queue_will_exist: bool
) -> tuple[Setting, ...]:
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
