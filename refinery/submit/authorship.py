"""Who wrote a branch and for which issue: from its name, its commit's trailers, or settings."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.config.patterns import fits, found
from refinery.repo.objects import Commit
from refinery.repo.repository import IN_PLACE, Repository
from refinery.repo.signature import Signature
from refinery.repo.trailers import trailer
from refinery.store.layout import LANDING_BRANCHES
from refinery.store.message import one_line
from refinery.values import dataclass

WORKER_TRAILERS = ("Refinery-Worker", "Worker")
ISSUE_TRAILERS = ("Issue", "Source-Issue", "Fixes", "Closes", "Resolves")
NOBODY = "unknown"

_LONGEST_NAME = 240


@dataclass(frozen=True, slots=True)
class Authorship:
    """Author and source issue, as far as something says them."""

    worker: str | None = None
    issue: str | None = None


def authorship(repo: Repository, branch: str, head: Commit, patterns: Sequence[str]) -> Authorship:
    """What the branch's name says, else the trailers of its head, else git's settings.

    On a server the settings are the server's: there the author of the commit counts.
    """
    named = from_name(branch, patterns)
    worker = named.worker or _trailer(head.message, WORKER_TRAILERS) or _person(repo, head)
    issue = named.issue or _trailer(head.message, ISSUE_TRAILERS)
    return Authorship(tidy(worker) or NOBODY, tidy(issue or "") or None)


def from_name(branch: str, patterns: Sequence[str]) -> Authorship:
    """Worker and issue as the first pattern finds them that the whole name fits."""
    for pattern in patterns:
        fields = found(pattern, branch)
        if fields is not None:
            return Authorship(fields.get("worker"), fields.get("issue"))
    return Authorship()


def is_submitted_by_push(branch: str, patterns: Sequence[str]) -> bool:
    """Whether a plain push of the branch queues it: `*` stays in a folder, `**` does not.

    The queue's own branches, which pull requests land, never do.
    """
    if branch.startswith(LANDING_BRANCHES):
        return False
    return any(fits(pattern, branch) for pattern in patterns)


def tidy(text: str) -> str:
    """A name from outside as records hold it."""
    return one_line(text)[:_LONGEST_NAME]


def _trailer(message: str, keys: Sequence[str]) -> str | None:
    return next((value for key in keys if (value := trailer(message, key))), None)


def _person(repo: Repository, head: Commit) -> str:
    settings = None if repo.remote_name() == IN_PLACE else repo.setting("user.name")
    return settings or Signature.parse(head.author).name
