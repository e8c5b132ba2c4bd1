"""GitLab's notes: what is said on issues and merge requests, without obeying what it quotes."""

from __future__ import annotations

import re

from refinery.adapters.gitlab.project import Project
from refinery.adapters.issue_text import fitted

LONGEST_TEXT = 65_536
LONGEST_TITLE = 255
_PAGE = 20
_COMMAND = re.compile(r"^(?=/[A-Za-z_]+)", re.M)


class Notes:
    """Fits `Comments`; `kind` is `issues` or `merge_requests`."""

    def __init__(self, project: Project, kind: str) -> None:
        self._project = project
        self._kind = kind

    def last(self, number: int, doing: str) -> str | None:
        """The newest that a person or a program wrote: GitLab notes its own events among them."""
        newest = self._project.get(
            self._path(number), doing, order_by="created_at", sort="desc", per_page=_PAGE
        )
        return next((str(note["body"]) for note in newest if not note["system"]), None)

    def add(self, number: int, body: str, doing: str) -> None:
        """One more."""
        self._project.send("POST", self._path(number), doing, {"body": harmless(body)})

    def _path(self, number: int) -> str:
        return f"/{self._kind}/{number}/notes"


def harmless(text: str, *, marker: str = "") -> str:
    """A text that fits, in which no line is a quick action: `/close` in a commit's message."""
    return fitted(_COMMAND.sub(r"\\", text), LONGEST_TEXT, marker=marker)
