"""From a forge's name for an event and its payload to the event; never raises for what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.typed import Any, assert_never
from refinery.webhook import github_events, gitlab_events
from refinery.webhook.events import Forge, Told


def parse(forge: Forge, name: str, payload: Mapping[str, Any]) -> Told:
    """What a delivery says; unknown events and actions, and what is not valid, are ignored."""
    match forge:
        case Forge.GITHUB | Forge.GITEA:
            return github_events.parse(forge, name, payload)
        case Forge.GITLAB:
            return gitlab_events.parse(name, payload)
        case _:
            assert_never(forge)
