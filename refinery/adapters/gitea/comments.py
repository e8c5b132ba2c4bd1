"""What is said on Gitea's issues and pull requests, which are numbered together."""

from __future__ import annotations

from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.issue_text import fitted

LONGEST_TEXT = 65_536
LONGEST_TITLE = 255


class IssueComments:
    """Fits `Comments`."""

    def __init__(self, repository: GiteaRepository) -> None:
        self._repository = repository

    def last(self, number: int, doing: str) -> str | None:
        """Gitea gives all of them at once, the oldest first."""
        said = self._repository.get(f"/issues/{number}/comments", doing)
        return said[-1]["body"] if said else None

    def add(self, number: int, body: str, doing: str) -> None:
        """One more."""
        told = {"body": fitted(body, LONGEST_TEXT)}
        self._repository.send("POST", f"/issues/{number}/comments", doing, told)
