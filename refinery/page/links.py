"""How the pages point at each other: relative, so that any prefix, and files on a disk, work."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote, urlencode

from refinery.adapters.forge_pages import ForgePages
from refinery.page.assets import digest
from refinery.records.names import MrId, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Links as they stand in a page `depth` folders down.

    `static`: the pages are files, and only those of `mrs` and `commits` were written, and of each
    list so many `pages`.  `forge` has the issues and commits.
    """

    depth: int = 0
    static: bool = False
    mrs: Collection[str] = ()
    commits: Collection[str] = ()
    pages: int = 1
    forge: ForgePages = ForgePages()

    @property
    def root(self) -> str:
        """The way up."""
        return "../" * self.depth

    def front(self) -> str:
        """The first page."""
        return f"{self.root}index.html" if self.static else self.root or "./"

    def front_of(self, show: str = "all", target: str = "", page: int = 1) -> str:
        """A part of the queue on the first page."""
        if self.static:
            return f"{self.root}queue-{page}.html" if page > 1 else self.front()
        asked = {"show": show if show != "all" else "", "target": target, "page": _beyond(page)}
        told = urlencode({key: value for key, value in asked.items() if value}, errors="replace")
        return self.front() + (f"?{told}" if told else "")

    def page(self, name: str, **asked: str | int | None) -> str:
        """Any other page by its name, such as `history`."""
        told = {key: str(value) for key, value in asked.items() if value not in (None, "")}
        return f"{self.root}{name}{self._ending}" + (
            f"?{urlencode(told, errors='replace')}" if told else ""
        )

    def landed(self, how: str = "landed", page: int = 1) -> str:
        """A part of what has ended."""
        if self.static:
            return self.page(f"landed-{page}" if page > 1 else "landed")
        return self.page("landed", how=how if how != "landed" else "", page=_beyond(page))

    def reaches(self, page: int) -> bool:
        """Whether a list has that page."""
        return not self.static or page <= self.pages

    def search(self, text: str, page: int = 1) -> str:
        """What a search finds."""
        return self.page("search", q=text, page=_beyond(page))

    def mr(self, id: MrId | str) -> str | None:
        """The page of a merge request; None where none was written."""
        if self.static and id not in self.mrs:
            return None
        return f"{self.root}mr/{_quoted(id)}{self._ending}"

    def commit(self, sha: Sha | str) -> str | None:
        """The page of a commit; None where none was written."""
        if self.static and sha not in self.commits:
            return None
        return f"{self.root}commit/{_quoted(sha)}{self._ending}"

    def asset(self, name: str) -> str:
        """The stylesheet, the script or the icon, by what is in it: it may be kept for ever."""
        return f"{self.root}assets/{name}?v={digest(name)}"

    def badge(self, name: str) -> str:
        """A badge; its address never changes."""
        return f"{self.root}badge/{quote(name, errors='replace')}.svg"

    @property
    def _ending(self) -> str:
        return ".html" if self.static else ""


def _quoted(part: str) -> str:
    """One part of an address, whatever is in it."""
    return quote(part, safe="", errors="replace")


def _beyond(page: int) -> str:
    return str(page) if page > 1 else ""
