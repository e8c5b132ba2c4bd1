"""Sends what a channel is owed: one message a word, or one list where there are many at once."""

from __future__ import annotations

from refinery.engine import notice_words
from refinery.engine.engine import Engine
from refinery.engine.notice_words import Notice
from refinery.queue.delivery import Word
from refinery.queue.outbox import Notification

MOST_ALONE = 5


def send(engine: Engine, named: Notification, taken: list[Word]) -> None:
    """Send it; what somebody tried before says so, since services cannot be asked."""
    notice = _notice(engine, named, taken)
    if notice is None:
        return
    if any(word.again for word in taken):
        notice = notice_words.perhaps_again(notice)
    engine.notifier.send(named.to, title=notice.title, body=notice.body)


def _notice(engine: Engine, named: Notification, taken: list[Word]) -> Notice | None:
    found = [engine.view.mrs.get(word.mr) for word in taken if word.mr is not None]
    mrs = [mr for mr in found if mr is not None]
    if len(mrs) > 1:
        return notice_words.digest(named.about, mrs)
    if mrs:
        return notice_words.notice(named.about, mrs[0])
    return _about_target(engine, taken[0])


def _about_target(engine: Engine, word: Word) -> Notice | None:
    stuck = [each for each in engine.view.header.stuck if each.target == word.target]
    return notice_words.standstill(stuck[0]) if stuck else None
