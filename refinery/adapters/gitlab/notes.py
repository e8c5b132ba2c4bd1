"""GitLab's notes: what is said on issues and merge requests, without obeying what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refinery.adapters.gitlab.project import Project
from refinery.adapters.issue_text import fitted

LONGEST_TEXT = 65_536
LONGEST_TITLE = 255
_PAGES = 10
_COMMAND = re.compile(r"^(?=/[A-Za-z_]+)", re.M)


class Notes:
    """Fits `Comments`; `kind` is `issues` or `merge_requests`."""

    def __init__(self, project: Project, kind: str) -> None:
        self._project = project
        self._kind = kind

    def newest(self, number: int, doing: str) -> Iterator[str]:
        """What people and programs wrote: GitLab notes its own events among them."""
        asked = {"order_by": "created_at", "sort": "desc"}
        for page in self._project.pages(self._path(number), doing, most=_PAGES, **asked):
            yield from (note["body"] for note in page if not note["system"])

    def add(self, number: int, body: str, doing: str) -> None:
        """One more."""
        self._project.send("POST", self._path(number), doing, {"body": harmless(body)})

    def _path(self, number: int) -> str:
        return f"/{self._kind}/{number}/notes"


def harmless(text: str, *, marker: str = "") -> str:
    """A text that fits, in which no line is a quick action: `/close` in a commit's message."""
    return fitted(_COMMAND.sub(r"\\", text), LONGEST_TEXT, marker=marker)
