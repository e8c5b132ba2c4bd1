"""What is looked up for one page at a time: what ended long ago, stories, commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from threading import RLock

from refinery.app import Queue
from refinery.config.config import Config
from refinery.errors import RefineryError
from refinery.page.commit_page import CommitFacts, Inside
from refinery.page.entries import Entry, entry, newest_first
from refinery.page.snapshot import Snapshot
from refinery.page.story import Past, Story, story
from refinery.queue.explaining import explain
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, Sha
from refinery.records.times import instant
from refinery.repo.containing import full_id, line_since
from refinery.repo.history import is_ancestor
from refinery.repo.objects import Commit
from refinery.repo.process import GitError
from refinery.store.archive import Archive, fetch_archive
from refinery.store.events import CLOCKS_DIFFER, read_events
from refinery.values import dataclass, field

_PORTION = 500  # records that are parsed at once, and then only remembered as entries
MOST_EVENTS = 500  # of one merge request


@dataclass(slots=True)
class Library:
    """`open` opens the queue, at the first question and after trouble; one thread at a time."""

    open: Callable[[], Queue]
    _queue: Queue | None = None
    _archive: Archive | None = None
    _groups: int = -1
    _entries: dict[MrId, Entry] = field(default_factory=dict)
    _ended: tuple[str, list[Entry]] | None = None
    _lock: RLock = field(default_factory=RLock)

    def ended(self, now: Snapshot) -> Sequence[Entry]:
        """Everything that has ended, the last one first."""
        with self._lock:
            if self._ended is None or self._ended[0] != now.version:
                self._ended = now.version, newest_first(self._all(now))
            return self._ended[1]

    def all(self, now: Snapshot) -> list[Entry]:
        """Every merge request that there ever was."""
        with self._lock:
            return list(self._all(now))

    def record(self, now: Snapshot, id: MrId) -> MergeRequest | None:
        """The record of a merge request, out of the queue or the archive."""
        known = now.view.mrs.get(id)
        if known is not None:
            return known
        with self._lock, self._asking() as queue:
            archive = self._archived(queue, now)
            return archive.read([id]).mrs.get(id) if id in archive.blobs else None

    def story(self, now: Snapshot, mr: MergeRequest) -> Story:
        """Everything that is known of it."""
        with self._lock, self._asking() as queue:
            past = Past(
                events=read_events(
                    queue.store,
                    now.view,
                    about=mr.id,
                    limit=MOST_EVENTS,
                    since=mr.submitted_at - CLOCKS_DIFFER,
                ),
                verdicts=[each for each in now.view.verdicts.values() if mr.id in each.candidate],
                issues=tuple(_issues(queue, mr)),
            )
        config, line = now.configs.get(mr.target) or Config(), now.lines.get(mr.id)
        place = (line.place.number, line.place.of) if line and line.place else None
        return story(
            mr,
            explain(now.view, mr, config, now.at, remote=now.remote, place=place),
            past,
            line=line,
            running=now.board.running,
            dependents=[each.id for each in now.board.line if mr.id in each.mr.depends_on],
        )

    def commit(self, now: Snapshot, text: str) -> CommitFacts:
        """Whether a commit is in, and by whom; `text` is its id or the beginning of one."""
        with self._lock, self._asking() as queue:
            every = list(self._all(now))
            sha = full_id(queue.repo, text)
            if sha is None:
                heads = [each for each in every if _begins(each, text)]
                sha = heads[0].head if len({each.head for each in heads}) == 1 else None
            if sha is None:
                return CommitFacts(Sha(text))
            heads = sorted(
                (each for each in every if sha in (each.head, each.commit)),
                key=lambda each: (each.closed_at is not None, each.submitted_at, each.id),
            )
            commit = _commit(queue, sha)
            return CommitFacts(
                sha=sha,
                subject=commit.subject if commit else None,
                author=_author(commit),
                at=_authored(commit),
                inside=tuple(_inside(queue, now, sha, every)) if commit else (),
                checked=tuple(sorted(now.view.targets)),
                heads=tuple(heads),
            )

    def close(self) -> None:
        """End the processes that were started."""
        with self._lock:
            self._let_go()

    def _all(self, now: Snapshot) -> Iterator[Entry]:
        yield from now.entries.values()
        if now.view.header.archived:
            with self._asking() as queue:
                self._archived(queue, now)
            yield from (each for id, each in self._entries.items() if id not in now.entries)

    def _archived(self, queue: Queue, now: Snapshot) -> Archive:
        """The archive as it is now; only what is new in it is read."""
        if self._archive is None or self._groups != now.view.header.archived:
            archive = fetch_archive(queue.store)
            new = [id for id in archive.blobs if id not in self._entries]
            for start in range(0, len(new), _PORTION):
                found = archive.read(new[start : start + _PORTION])
                self._entries |= {id: entry(mr) for id, mr in found.mrs.items()}
            self._archive, self._groups = archive, now.view.header.archived
        return self._archive

    def _asking(self) -> _Asking:
        return _Asking(self)

    def _opened(self) -> Queue:
        if self._queue is None:
            self._queue = self.open()
            self._archive = None
        return self._queue

    def _let_go(self) -> None:
        queue, self._queue, self._archive = self._queue, None, None
        if queue is not None:
            queue.close()


@dataclass(slots=True)
class _Asking:
    """The queue while something is asked of it; whatever breaks it has it opened anew."""

    library: Library

    def __enter__(self) -> Queue:
        return self.library._opened()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.library._let_go()


def _issues(queue: Queue, mr: MergeRequest) -> Iterator[Issue]:
    """Those of the embedded tracker that are about it; one of a forge is only linked to."""
    mentioned = (mr.blocked_by, mr.was_blocked_by, mr.source_issue)
    if not any((each or "").startswith("local#") for each in mentioned):
        return
    try:
        known = queue.local_tracker().store.read()
    except RefineryError:
        return  # the rest of the story is worth showing
    yield from (each for each in known.issues.values() if each.mr == mr.id or each.id in mentioned)


def _begins(each: Entry, text: str) -> bool:
    return len(text) >= 4 and each.head.startswith(text)


def _commit(queue: Queue, sha: Sha) -> Commit | None:
    return next(iter(queue.repo.reader.commits([sha])), None) if full_id(queue.repo, sha) else None


def _inside(queue: Queue, now: Snapshot, sha: Sha, every: Sequence[Entry]) -> Iterator[Inside]:
    landed = {each.commit: each for each in every if each.commit is not None}
    for target, tip in sorted(now.view.targets.items()):
        try:
            line = line_since(queue.repo, sha, tip)
        except GitError:
            continue  # a tip that is not here yet
        if line:
            yield Inside(target, line[0], _lander(queue, sha, line, landed))


def _lander(queue: Queue, sha: Sha, line: Sequence[Sha], landed: dict[Sha, Entry]) -> Entry | None:
    """Who landed it: the first of the line that ended a landing, unless that began after it."""
    found = next((landed[each] for each in line if each in landed), None)
    if found is None or found.base is None:
        return found
    return None if is_ancestor(queue.repo, sha, found.base) else found


def _author(commit: Commit | None) -> str:
    return commit.author.partition("<")[0].strip() if commit is not None else ""


def _authored(commit: Commit | None) -> datetime | None:
    """When it was written; None where the commit says nonsense."""
    try:
        return instant(int(commit.author.rpartition(">")[2].split()[0])) if commit else None
    except (IndexError, ValueError, OverflowError, OSError):
        return None
