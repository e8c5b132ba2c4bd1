"""Puts a site together for one queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.page.access import Access
from refinery.page.acting import Acting
from refinery.page.history_keeping import Histories
from refinery.page.library import Library
from refinery.page.pages import Pages
from refinery.page.rendering import environment
from refinery.page.site import Site
from refinery.page.streaming import Streams
from refinery.page.watching import Watch
from refinery.store.view import View


def site(
    name: str,
    open: Callable[[], Queue],
    *,
    token: bytes | None,
    worded: Callable[[object], RefineryError],
    log: Callable[[str], None],
) -> Site:
    """A site that reads the queue which `open` opens; it begins with `start`.

    `worded` words what the queue's rules refuse.
    """
    environment()  # says at once where Jinja2 is missing
    watch = Watch(open, log)
    return Site(
        name=name,
        watch=watch,
        pages=Pages(Library(open), Histories(open, partial(_look, watch), log)),
        acting=Acting(Access(token), open, worded, watch.refresh, log),
        streams=Streams(watch),
        log=log,
    )


def _look(watch: Watch, queue: Queue) -> View:
    """What everybody sees; only where nothing is known yet the queue is read once more."""
    seen = watch.newest()
    return seen.snapshot.view if seen is not None else queue.whole_view()
