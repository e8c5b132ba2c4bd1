"""Which page answers which address: each takes a visit, and gives HTML or another answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from refinery.page.commit_page import commit_page
from refinery.page.entries import exact, found
from refinery.page.exchange import Answer, Request, html, see
from refinery.page.front import Show, Wish, front_page
from refinery.page.history_keeping import Histories, Known, NoSuchTarget
from refinery.page.history_page import Chosen, history_page, waiting_page
from refinery.page.history_spans import USUAL, Span
from refinery.page.library import Library
from refinery.page.links import Links
from refinery.page.lists import LONGEST_SEARCH, How, landed_page, search_page
from refinery.page.rendering import Frame, Visitor, render
from refinery.page.snapshot import Snapshot
from refinery.page.story_page import story_page
from refinery.page.watching import Seen
from refinery.page.wording import begun
from refinery.queue.deeds import Deed, done_words
from refinery.queue.lookup import AmbiguousId, NoSuchMergeRequest, find_id
from refinery.records.names import Branch, MrId
from refinery.values import dataclass, replace

_HEX = frozenset("0123456789abcdef")
_NEXT_TIME = ("Refresh", "2")
Made = str | Answer


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody asks for a page: what, who, and what is known of the queue."""

    request: Request
    seen: Seen
    visitor: Visitor | None
    tokens: bool

    @property
    def now(self) -> Snapshot:
        """The queue."""
        return self.seen.snapshot

    @property
    def frame(self) -> Frame:
        """What stands around the page."""
        now, path = self.now, self.request.path
        return Frame(
            name=now.name,
            links=Links(depth=depth_of(path), forge=now.forge),
            at=now.at,
            here=_HERE.get(path.removeprefix("/").partition("/")[0], ""),
            live=True,
            tokens=self.tokens,
            visitor=self.visitor,
            notice=self._notice(),
            trouble=self.seen.trouble,
            version=self.seen.version,
        )

    def _notice(self) -> str:
        done = self.request.query.get("done", "")
        known = {each.value: each for each in Deed}
        return f"{begun(done_words(known[done]))}." if self.visitor and done in known else ""


_HERE = {"": "queue", "landed": "landed", "history": "history"}


def depth_of(path: str) -> int:
    """How many folders down a path is."""
    return max(0, path.count("/") - 1)


@dataclass(frozen=True, slots=True)
class Pages:
    """What pages are made of besides the snapshot."""

    library: Library
    histories: Histories

    def make(self, visit: Visit) -> Made:
        """The page of the address."""
        name, _, rest = visit.request.path.removeprefix("/").partition("/")
        page = self._known.get(name)
        if page is None or (rest and name not in ("mr", "commit", "history")):
            return nothing(visit.frame, "There is no such page", "Search for what you look for.")
        return page(visit, rest)

    @property
    def _known(self) -> Mapping[str, Callable[[Visit, str], Made]]:
        return {
            "": self.front,
            "landed": self.landed,
            "search": self.search,
            "mr": self.merge_request,
            "commit": self.commit,
            "history": self.history,
        }

    def front(self, visit: Visit, _: str) -> Made:
        """What is now."""
        query = visit.request.query
        shows = {each.value: each for each in Show}
        wish = Wish(
            show=shows.get(query.get("show", ""), Show.ALL),
            target=query.get("target", ""),
            page=visit.request.number("page"),
        )
        return front_page(visit.now.board, visit.frame, wish, failures=visit.now.failures)

    def landed(self, visit: Visit, _: str) -> Made:
        """What has ended."""
        hows = {each.value: each for each in How}
        return landed_page(
            self.library.ended(visit.now),
            visit.frame,
            how=hows.get(visit.request.query.get("how", ""), How.LANDED),
            page=visit.request.number("page"),
        )

    def search(self, visit: Visit, _: str) -> Made:
        """What has such a name; a name that only one has leads there at once."""
        text = visit.request.query.get("q", "").strip()[:LONGEST_SEARCH]
        every = self.library.all(visit.now) if text else []
        named = exact(every, text)
        if len(named) == 1:
            return see(f"mr/{quote(named[0].id, safe='')}")
        if not named and 7 <= len(text) <= 64 and _HEX.issuperset(text.lower()):
            facts = self.library.commit(visit.now, text.lower())
            if facts.is_known:
                return see(f"commit/{facts.sha}")
        return search_page(
            text,
            found(every, text),
            visit.frame,
            lines=visit.now.lines,
            page=visit.request.number("page"),
        )

    def merge_request(self, visit: Visit, rest: str) -> Made:
        """One merge request; the beginning of an id leads to the whole one."""
        mr = self.library.record(visit.now, MrId(rest)) if rest else None
        if mr is not None:
            return story_page(self.library.story(visit.now, mr), visit.frame)
        try:
            whole = find_id(rest, (each.id for each in self.library.all(visit.now)))
        except (NoSuchMergeRequest, AmbiguousId):
            return nothing(
                visit.frame, "No such merge request", f"No merge request has the id {rest!r}."
            )
        if whole == rest:
            words = f"The record of {rest} cannot be read: `refinery fsck` says why."
            return nothing(visit.frame, "It cannot be read", words)
        return see(quote(whole, safe=""))

    def commit(self, visit: Visit, rest: str) -> Made:
        """One commit; the beginning of an id leads to the whole one."""
        text = rest.lower()
        if not 4 <= len(text) <= 64 or not _HEX.issuperset(text):
            words = "A commit is named by four or more of its hexadecimal digits."
            return nothing(visit.frame, "No such commit", words)
        facts = self.library.commit(visit.now, text)
        if facts.sha != rest:
            return see(facts.sha)
        page = commit_page(facts, visit.frame, lines=visit.now.lines)
        return page if facts.is_known else html(page, 404)

    def history(self, visit: Visit, rest: str) -> Made:
        """The history of a span."""
        spans = {each.value: each for each in Span}
        span = spans.get(rest) if rest else USUAL
        target = visit.request.query.get("target", "")
        chosen = Chosen(span or USUAL, Branch(target) if target else None)
        known = self.histories.get(chosen) if span is not None else NoSuchTarget()
        if isinstance(known, NoSuchTarget):
            return nothing(visit.frame, "No such history", "Nothing was ever queued for that.")
        if isinstance(known, Known):
            frame = replace(visit.frame, at=known.at)
            return history_page(frame, known.history, known.before, targets=known.targets)
        if known.trouble:
            return unavailable(visit.frame, known.trouble)
        return html(waiting_page(visit.frame, chosen), 503, _NEXT_TIME, ("Retry-After", "2"))


def nothing(frame: Frame, title: str, words: str) -> Answer:
    """404, with words."""
    return html(_message(frame, title, words, "muted"), 404)


def unavailable(frame: Frame, why: str) -> Answer:
    """503: it cannot be read now."""
    text = _message(frame, "The queue cannot be read", why, "attention")
    return html(text, 503, ("Refresh", "10"), ("Retry-After", "10"))


def reading(frame: Frame) -> Answer:
    """503: it is being read for the first time."""
    text = _message(frame, "Reading the queue", "This page comes by itself in a moment.", "active")
    return html(text, 503, _NEXT_TIME, ("Retry-After", "2"))


def _message(frame: Frame, title: str, words: str, role: str) -> str:
    return render("message.html", frame, title=title, words=words, hint="", role=role, back="")
