"""Integration branches, as configured: how they are called, and when they land by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.typed import Any
from refinery.values import StrEnum, dataclass


class EpicLanding(StrEnum):
    """When the branch of an epic is queued by itself."""

    BY_HAND = "by-hand"
    WHEN_LANDED = "when-landed"
    WHEN_CLOSED = "when-closed"


@dataclass(frozen=True, slots=True)
class Integration:
    """The template of the branches that collect the work of epics, and when they land."""

    branch: str = "integration/{epic}"
    land: EpicLanding = EpicLanding.BY_HAND

    def branch_of(self, epic: str) -> str:
        """The name of an epic's branch, which may be no good one."""
        return self.branch.replace("{epic}", epic)

    def epic_of(self, branch: str) -> str | None:
        """The epic whose branch this is, if it is one."""
        start, end = self.branch.split("{epic}")
        fits = branch.startswith(start) and branch.endswith(end)
        epic = branch[len(start) : len(branch) - len(end)] if fits else ""
        return epic or None


def integration_in(mapping: Mapping[str, Any]) -> Integration:
    """The section of a checked configuration."""
    defaults = Integration()
    land = mapping.get("land", defaults.land.value)
    return Integration(mapping.get("branch", defaults.branch), EpicLanding(land))
