"""What issues and pull requests have in common on GitHub: comments, labels, being open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from refinery.adapters.forge_errors import ForgeAway, ForgeRefused, NotPermitted, NotThere
from refinery.adapters.github.connection import PAGE, GitHub
from refinery.adapters.issue_labels import label_named
from refinery.adapters.issue_text import fitted
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from github.Issue import Issue

LONGEST_TEXT = 65_536
LONGEST_TITLE = 256


class Conversations:
    """The issues and pull requests of a repository, by their numbers."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._labels_there: set[str] = set()

    def get(self, number: int, doing: str) -> Issue:
        """One of them; `NotThere` for one that was deleted, or transferred to elsewhere."""
        repository = self._github.repository()
        with self._github.asking(doing):
            issue = repository.get_issue(number)
            if issue.state not in ("open", "closed"):
                raise self._github.nonsense(doing)
        if not issue.url.lower().startswith(f"{repository.url.lower()}/"):
            raise NotThere(f"{doing}: #{number} was transferred to another repository", status=301)
        return issue

    def say(self, issue: Issue, body: str, doing: str) -> None:
        """Comment once: where the answer is lost, look whether the comment is there."""
        text = fitted(body, LONGEST_TEXT)
        said_before = issue.comments
        try:
            with self._github.asking(doing):
                issue.create_comment(text)
        except ForgeAway:
            with self._github.asking(doing):
                issue.update()
                if issue.comments == said_before or not _said_last(issue, text):
                    raise

    def say_once(self, issue: Issue, body: str, doing: str) -> None:
        """Comment, unless that is what was said last: a run that died may have said it."""
        if not body:
            return
        with self._github.asking(doing):
            if _said_last(issue, fitted(body, LONGEST_TEXT)):
                return
        self.say(issue, body, doing)

    def said(self, issue: Issue, marker: str, doing: str) -> bool:
        """Whether a comment contains it; the newest are looked at first."""
        with self._github.asking(doing):
            pages = range((issue.comments + PAGE - 1) // PAGE)
            for page in reversed(pages):
                if any(marker in (one.body or "") for one in issue.get_comments().get_page(page)):
                    return True
        return False

    def set_open(self, issue: Issue, is_open: bool, doing: str) -> None:
        """Close it, or open it again."""
        with self._github.asking(doing):
            issue.edit(state="open" if is_open else "closed")

    def label(self, issue: Issue, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Names of labels differ by more than case."""
        there = {label.name.lower() for label in issue.labels}
        new = [name for name in dict.fromkeys(add) if name.lower() not in there]
        kept = {name.lower() for name in add}
        if new:
            self.make_labels(new)
            with self._github.asking(doing):
                issue.add_to_labels(*new)
        for name in remove:
            if name.lower() in there - kept:
                self._take_off(issue, name, doing)

    def _take_off(self, issue: Issue, name: str, doing: str) -> None:
        with suppress(NotThere), self._github.asking(doing):  # somebody may have been faster
            issue.remove_from_labels(name)

    def make_labels(self, names: Sequence[str]) -> None:
        """Have these labels in the repository, each looking as it should.

        Without the permission to, GitHub makes what it needs itself, or leaves it off.
        """
        for name in names:
            if name.lower() not in self._labels_there:
                with suppress(NotPermitted):
                    self._make_label(name)
                self._labels_there.add(name.lower())

    def _make_label(self, name: str) -> None:
        repository = self._github.repository()
        doing = f"make the label {name!r}"
        try:
            with self._github.asking(doing):
                repository.get_label(name)
        except NotThere:
            label = label_named(name)
            try:
                with self._github.asking(doing):
                    repository.create_label(label.name, label.colour, label.description)
            except ForgeRefused as error:
                if error.status != 422:  # somebody was faster
                    raise


def number_of(ref: str) -> int | None:
    """The number in `github#12`; None where it is none of GitHub's."""
    number = ref.rpartition("#")[2]
    return int(number) if number.isdecimal() and len(number) < 18 else None


def is_pull_request(issue: Issue) -> bool:
    """By its address: asking PyGithub for `pull_request` would fetch each issue that is none."""
    return issue.html_url.split("/")[-2] == "pull"


def _said_last(issue: Issue, text: str) -> bool:
    """Comments are listed from the oldest; the page of the last one is known."""
    if not issue.comments:
        return False
    comments = issue.get_comments()
    last = comments.get_page((issue.comments - 1) // PAGE)
    return bool(last) and _plain(last[-1].body) == _plain(text)


def _plain(text: str | None) -> str:
    """As it is compared: GitHub may change line ends and trailing space."""
    return "\n".join((text or "").split("\r\n")).strip()
