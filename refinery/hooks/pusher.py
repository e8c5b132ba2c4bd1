"""Who pushes, and whether this server lets them run the queue."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from refinery.repo.repository import Repository
from refinery.values import dataclass

ENGINES = "refinery.engines"
_TOLD_BY = ("GL_USER", "REMOTE_USER")
"""What gitolite, a web server or a forced command of sshd calls them."""


@dataclass(frozen=True, slots=True)
class Pusher:
    """A person or a machine; `engines` are those who run the queue, nobody named: everybody."""

    name: str
    engines: tuple[str, ...] = ()

    @property
    def runs_the_queue(self) -> bool:
        """Whether the queue's own refs are theirs to write."""
        return not self.engines or self.name in self.engines


def pusher(repo: Repository, environ: Mapping[str, str]) -> Pusher:
    """The one whose push a hook is told of."""
    engines = tuple(filter(None, (each.strip() for each in repo.config.get(ENGINES, ()))))
    told = next((environ[name] for name in _TOLD_BY if environ.get(name)), None)
    return Pusher(told or (_account() if engines else ""), engines)


def _account() -> str:
    """The account of the operating system that the hook runs in."""
    if sys.platform != "win32":
        from pwd import getpwuid

        with suppress(KeyError):
            return getpwuid(os.getuid()).pw_name
    return ""
