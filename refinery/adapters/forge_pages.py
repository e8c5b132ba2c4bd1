"""Where people find a repository's issues and commits on its forge."""

from __future__ import annotations

from urllib.parse import quote

from refinery.adapters.forge_address import remote_place
from refinery.adapters.registry import FORGES
from refinery.config.config import Config
from refinery.records.names import IssueRef, Sha
from refinery.repo.repository import Repository
from refinery.values import dataclass

_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class ForgePages:
    """The pages of a repository at `address` on a forge of that kind; both `""`: on none."""

    kind: str = ""
    address: str = ""

    def issue(self, issue: IssueRef | str) -> str | None:
        """The page of an issue; None for one of the embedded tracker, or of another forge."""
        tracker, _, number = issue.partition("#")
        if tracker != self.kind or not (number.isascii() and number.isdecimal()):
            return None
        return self._page(f"issues/{number}")

    def commit(self, sha: Sha | str) -> str | None:
        """The page of a commit."""
        return self._page(f"commit/{quote(sha, safe='', errors='replace')}")

    def _page(self, path: str) -> str | None:
        if not self.address.startswith(_WEB):
            return None
        return f"{self.address}/{'-/' if self.kind == 'gitlab' else ''}{path}"


def forge_pages(repo: Repository, config: Config) -> ForgePages:
    """As the remote's URL has it; which kind of forge it is, only the configuration tells."""
    kind = next((each for each in (config.forge, config.tracker) if each in FORGES), "")
    there = remote_place(repo)
    if not kind or there is None:
        return ForgePages()
    return ForgePages(kind, f"{there.scheme}://{there.host}/{config.repository or there.path}")
