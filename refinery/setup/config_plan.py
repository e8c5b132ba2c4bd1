"""Plans .refinery.yaml and the forge it names: what is there, what was said, what can be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refinery.config.config import DEFAULT_BRANCHES, FILE, Config, parse
from refinery.errors import UsageError
from refinery.records.schema import InvalidRecord
from refinery.setup.first_config import found_check, given_checks, render, with_tracker
from refinery.setup.forges import Forge, Found
from refinery.setup.planned_file import PlannedFile, ReadFile, text_of
from refinery.values import dataclass, replace

_EXISTING_CI = (".github/workflows", ".gitlab-ci.yml", ".gitea/workflows", ".forgejo/workflows")


@dataclass(frozen=True, slots=True)
class Hosting:
    """What was said about the forge: which it is, that there is none, or nothing."""

    forge: Forge | None = None
    own_server: bool = False

    def __post_init__(self) -> None:
        if self.forge is not None and self.own_server:
            raise UsageError(f"--bare and --{self.forge.value}: it can only be one of them")


@dataclass(frozen=True, slots=True)
class ConfigPlan:
    """The configuration to add or change, and the forge and the branches it is for.

    `waits`: there is one in the working tree, which somebody has to land.
    """

    file: PlannedFile | None
    forge: Forge | None
    branches: Sequence[str] = DEFAULT_BRANCHES
    notes: tuple[str, ...] = ()
    waits: bool = False


def new_config(
    read: ReadFile, hosting: Hosting, checks: Sequence[str], find: Callable[[], Found | None]
) -> ConfigPlan:
    """The first configuration: `find` looks for the forge where nobody named one."""
    found = None if hosting.own_server or hosting.forge else find()
    forge = found.forge if found else hosting.forge
    given = given_checks(checks)
    if not given:
        guess = found_check(read)
        given = (guess,) if guess else ()
    why = "; ".join(f"{check.run}: {check.why}" for check in given) or _nothing_found(read)
    if found:
        why += f"; {found.forge.called}: {found.why}"
    return ConfigPlan(PlannedFile(FILE, render(given, forge), why), forge)


def _nothing_found(read: ReadFile) -> str:
    ci = next((name for name in _EXISTING_CI if read(name) is not None), None)
    words = "no test command was found"
    return f"{words}: see what {ci} runs" if ci else words


def existing_config(data: bytes, hosting: Hosting, find: Callable[[], Found | None]) -> ConfigPlan:
    """What is configured stays; a forge that was named is added where none is."""
    try:
        config = parse(data, where=FILE)
    except InvalidRecord as error:
        note = f"{error.message}: `refinery doctor` says more"
        return ConfigPlan(None, hosting.forge, notes=(note,))
    configured = Forge(config.forge) if config.forge else None
    if hosting.own_server or (configured and hosting.forge in (None, configured)):
        return ConfigPlan(None, configured, config.branches)
    if hosting.forge is None:
        found = None if _says_tracker(data) else find()
        return ConfigPlan(None, None, config.branches, _offered(found))
    return _with_forge(data, config, hosting.forge)


def waiting_config(data: bytes, hosting: Hosting, find: Callable[[], Found | None]) -> ConfigPlan:
    """As `existing_config` for a file that has not landed: its author is the one to change it."""
    plan = existing_config(data, hosting, find)
    notes = plan.notes
    if plan.file is not None and plan.forge is not None:
        notes = (*notes, f"write `tracker: {plan.forge.value}` into {FILE} first")
    return replace(plan, file=None, notes=notes, waits=True)


def _offered(found: Found | None) -> tuple[str, ...]:
    if found is None:
        return ()
    forge = found.forge
    command = f"refinery init --{forge.value}"
    return (f"{found.why}: `{command}` makes conflicts issues there, and adds the workflow",)


def _with_forge(data: bytes, config: Config, forge: Forge) -> ConfigPlan:
    old = text_of(data)
    line = f"`tracker: {forge.value}`"
    new = None if _says_tracker(data) or old.encode() != data else with_tracker(old, forge)
    if new is None:
        says = f"tracker {config.tracker}, forge {config.forge or 'none'}"
        note = f"{FILE} says {says}, and is left so: write {line} there to change it"
        return ConfigPlan(None, forge, config.branches, (note,))
    why = f"--{forge.value}"
    return ConfigPlan(PlannedFile(FILE, new, why, old), forge, config.branches)


def _says_tracker(data: bytes) -> bool:
    from refinery.records import text

    return bool({"tracker", "forge"} & text.load(data).keys())
