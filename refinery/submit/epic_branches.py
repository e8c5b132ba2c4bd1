"""The branch that collects the work of an epic, as the default target's configuration names it."""

from __future__ import annotations

from refinery.config.config import Config
from refinery.config.integration import Integration
from refinery.errors import UsageError
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.store.view import View
from refinery.submit.authorship import tidy
from refinery.submit.branches import checked_branch
from refinery.typed import Protocol


class _Configured(Protocol):
    """Knows the configuration of the default target."""

    def config(self, view: View, target: Branch | None = None) -> Config: ...


def epic_branch(door: _Configured, view: View, epic: str) -> Branch:
    """The branch of an epic, whether or not there is one."""
    if not tidy(epic):
        raise UsageError("the name of the epic is empty")
    name = integration_of(door, view).branch_of(epic)
    return checked_branch(name, "integration branch")


def integration_of(door: _Configured, view: View) -> Integration:
    """What the default target's configuration says of such branches."""
    try:
        return door.config(view).integration
    except InvalidRecord:
        return Integration()
