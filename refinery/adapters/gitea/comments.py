"""What is said on Gitea's issues and pull requests, which are numbered together."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.issue_text import fitted

LONGEST_TEXT = 65_536
LONGEST_TITLE = 255


class IssueComments:
    """Fits `Comments`."""

    def __init__(self, repository: GiteaRepository) -> None:
        self._repository = repository

    def newest(self, number: int, doing: str) -> Iterator[str]:
        """Gitea gives all of them at once, the oldest first."""
        said = self._repository.get(f"/issues/{number}/comments", doing)
        yield from (one["body"] for one in reversed(said))

    def add(self, number: int, body: str, doing: str) -> None:
        """One more."""
        told = {"body": fitted(body, LONGEST_TEXT)}
        self._repository.send("POST", f"/issues/{number}/comments", doing, told)
