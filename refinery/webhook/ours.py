"""Which repository on a forge is this one: deliveries about any other are not acted on."""

from __future__ import annotations

import os
from collections.abc import Mapping

from refinery.adapters.forge_address import remote_place
from refinery.config.config import Config
from refinery.repo.repository import Repository
from refinery.webhook.events import Forge

_VARIABLES = {
    Forge.GITHUB: ("GITHUB_REPOSITORY",),
    Forge.GITLAB: ("CI_PROJECT_PATH",),
    Forge.GITEA: ("GITEA_REPOSITORY", "FORGEJO_REPOSITORY", "GITHUB_REPOSITORY"),
}


def our_repository(
    repo: Repository,
    config: Config,
    forge: Forge,
    environment: Mapping[str, str] = os.environ,
) -> str | None:
    """`owner/name` by the configuration, the CI's environment, or the remote's URL."""
    if config.repository:
        return config.repository
    told = next((value for name in _VARIABLES[forge] if (value := environment.get(name))), None)
    if told:
        return told
    there = remote_place(repo)
    return there.path if there else None


def is_ours(ours: str | None, theirs: str | None) -> bool:
    """Whether a delivery is about this repository; names differ in case and mean the same."""
    return ours is not None and theirs is not None and ours.lower() == theirs.lower()
