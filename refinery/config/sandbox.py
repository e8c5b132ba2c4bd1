"""`sandbox:` in the configuration: what keeps checks away from the machine that runs them."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.typed import Any
from refinery.values import StrEnum, dataclass


class Tool(StrEnum):
    """What makes the sandbox."""

    NONE = "none"
    BUBBLEWRAP = "bubblewrap"
    SYSTEMD_RUN = "systemd-run"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What somebody asks for; `network` is None where nothing is said of it."""

    tool: Tool = Tool.NONE
    network: bool | None = None

    @property
    def is_wanted(self) -> bool:
        return self.tool is not Tool.NONE

    def under(self, above: Sandbox) -> Sandbox:
        """What holds where somebody above has a word too: more walls than theirs, never fewer."""
        decides = above if above.is_wanted else self
        words = {self.network, above.network}
        network = False if False in words else decides.network
        return Sandbox(decides.tool, network)


def parsed(mapping: Mapping[str, Any]) -> Sandbox:
    """The section as a value."""
    return Sandbox(Tool(mapping.get("with", Tool.NONE)), mapping.get("network"))
