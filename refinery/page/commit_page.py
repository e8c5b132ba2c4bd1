"""The page of a commit: is it in, and by which merge request?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from refinery.page.entries import Entry
from refinery.page.lists import NO_LINES
from refinery.page.rendering import Frame, render
from refinery.queue.board import Line
from refinery.records.names import Branch, MrId, Sha
from refinery.values import dataclass

MOST_SHOWN = 20  # merge requests for one commit


@dataclass(frozen=True, slots=True)
class Inside:
    """A target that has it: `by` is the commit of its line that brought it, `mr` landed that."""

    target: Branch
    by: Sha
    mr: Entry | None


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What is known of a commit; `sha` is what was asked for where there is none such here.

    `inside` are the targets that have it, `checked` all that were asked; `heads` are the merge
    requests that ask or asked for this very commit, the open ones first.
    """

    sha: Sha
    subject: str | None = None
    author: str = ""
    at: datetime | None = None
    inside: tuple[Inside, ...] = ()
    checked: tuple[Branch, ...] = ()
    heads: tuple[Entry, ...] = ()

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """The open merge requests that ask for it."""
        return tuple(each for each in self.heads if each.closed_at is None)

    @property
    def landed_as_another(self) -> tuple[Entry, ...]:
        """Those that landed its changes as another commit: squashed, or rebased."""
        mine = [each for each in self.heads if each.commit is not None]
        return () if self.inside else tuple(mine)

    @property
    def is_known(self) -> bool:
        """Whether there is such a commit, or a merge request for it."""
        return self.subject is not None or bool(self.heads)


def commit_page(facts: CommitFacts, frame: Frame, *, lines: Mapping[MrId, Line] = NO_LINES) -> str:
    """The HTML; `lines` tell where the open merge requests stand."""
    return render("commit.html", frame, facts=facts, lines=lines, most=MOST_SHOWN)
