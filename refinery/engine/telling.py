"""Says outside what the records say already; what could not be said is said by a later run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from refinery.config.config import Channel
from refinery.engine import forge_words, notices
from refinery.engine.engine import Engine
from refinery.engine.happenings import Trouble
from refinery.errors import RefineryError
from refinery.queue import delivery, outbox, standstill
from refinery.queue.delivery import LEASE, Unsaid, Word
from refinery.queue.plan import Idle
from refinery.records.names import Branch
from refinery.store.update import Committed
from refinery.values import dataclass, field

MOST_ROUNDS = 10
MARGIN = timedelta(minutes=1)  # of the lease: what is begun must be written down in time
REFUSALS = 3  # in a row, after which a service is left alone for now


@dataclass(slots=True)
class _Round:
    """What was taken together, what came of it, and who does not answer."""

    is_over: Callable[[], bool]
    said: list[Word] = field(default_factory=list)
    unsaid: list[Unsaid] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)


def tell_untold(
    engine: Engine,
    *,
    stop: Callable[[], bool] = lambda: False,
    within: timedelta | None = None,
) -> None:
    """Say what is owed: take all of it by one swap, say it, drop it by another.

    Whoever is away is left to a later run, and trouble outside ends nothing here.
    """
    if not delivery.waiting(engine.view):
        return
    begun = engine.clock()

    def is_over() -> bool:
        return stop() or (within is not None and engine.clock() - begun > within)

    try:
        for _ in range(MOST_ROUNDS):
            if is_over() or not _round(engine, is_over):
                return
    except RefineryError as trouble:
        engine.tell(Trouble(f"what is to be said outside waits: {trouble.message}"))


def _round(engine: Engine, is_over: Callable[[], bool]) -> bool:
    """Take one portion and say it; whether there was any."""
    now, by = engine.clock(), engine.worker
    sayable = _Sayable(engine)
    engine.change(lambda view: delivery.give_up(view, sayable, by=by, now=now))
    taken = engine.change(lambda view: delivery.take(view, sayable, by=by, now=now))
    if not isinstance(taken, Committed):
        return False
    done = _Round(lambda: is_over() or engine.clock() > now + LEASE - MARGIN)
    for words in _together(delivery.words_of(taken.edit, by=by, now=now)):
        _say(engine, words, sayable.names, done)
    engine.change(
        lambda view: delivery.told(view, done.said, done.unsaid, by=by, now=engine.clock())
    )
    return True


class _Sayable:
    """Whether this worker can do a task; what only another one can is said once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._obstacles: dict[str, str | None] = {}
        self.names = {
            channel.to for target in engine.view.targets for channel in channels(engine, target)
        }

    def __call__(self, task: str) -> bool:
        if task in _DOERS:
            return True
        named = outbox.parsed(task)
        if named is None:
            return False  # of a newer version
        if named.to not in self.names:
            return True  # nobody wants it any more: it is dropped unsaid
        if named.to not in self._obstacles:
            self._obstacles[named.to] = self._engine.notifier.obstacle(named.to)
        obstacle = self._obstacles[named.to]
        if obstacle is not None:
            self._engine.tell_once(f"notifications wait for another worker: {obstacle}")
        return obstacle is None


def channels(engine: Engine, target: Branch) -> tuple[Channel, ...]:
    """The channels of a target, of those that the default target has too.

    Any branch can be named as a target: whoever pushes one does not choose among the addresses that
    the worker happens to know.
    """
    known = {channel.to for channel in _configured(engine, engine.view.header.default_target)}
    return tuple(channel for channel in _configured(engine, target) if channel.to in known)


def _configured(engine: Engine, target: Branch) -> tuple[Channel, ...]:
    """What it says; while its configuration is broken, what it said before the break."""
    config = engine.config_at(engine.view.targets.get(target), target)
    if config is None and target in engine.view.header.landed:
        config = engine.config_at(engine.view.header.landed[target], target)
    return config.notify if config is not None else ()


def _together(words: list[Word]) -> Iterator[list[Word]]:
    """What is said in one message: each word alone, or many of one kind for one channel.

    Deleting a branch closes its pull request, so that comes last.
    """
    ordered = sorted(words, key=lambda word: _ORDER.get(word.task, len(_ORDER)))
    kinds = Counter(word.task for word in ordered if outbox.parsed(word.task))
    digests = {task for task, count in kinds.items() if count > notices.MOST_ALONE}
    for task in sorted(digests):
        yield [word for word in ordered if word.task == task]
    yield from ([word] for word in ordered if word.task not in digests)


def _say(engine: Engine, words: list[Word], names: set[str], done: _Round) -> None:
    service = _service(words[0].task)
    if service in done.away or done.is_over():
        done.unsaid += [Unsaid(word, tried=False) for word in words]
        return
    try:
        _do(engine, words, names)
    except RefineryError as trouble:
        refused = trouble.exit_code != 75
        done.refusals[service] += refused
        if not refused or done.refusals[service] >= REFUSALS:
            done.away.add(service)
        done.unsaid += [Unsaid(word, refused=refused) for word in words]
        engine.tell_once(f"{_about(words)}: {trouble.message}")
    else:
        done.refusals[service] = 0
        done.said += words


def _do(engine: Engine, words: list[Word], names: set[str]) -> None:
    task = words[0].task
    named = outbox.parsed(task)
    if named is not None:
        if named.to in names:
            notices.send(engine, named, words)
        return
    for word in words:
        mr = engine.view.mrs.get(word.mr) if word.mr is not None else None
        if mr is not None:
            _DOERS[task](engine, mr, word)


def _service(task: str) -> str:
    named = outbox.parsed(task)
    return named.to if named is not None else _SERVICES.get(task, task)


def _about(words: list[Word]) -> str:
    more = f" and {len(words) - 1} more" if len(words) > 1 else ""
    return f"{words[0].mr or words[0].target}{more}: {words[0].task}"


def notice_standstills(engine: Engine, idle: dict[Branch, Idle]) -> None:
    """Record which targets stopped going on, and which go on again, for who wants to know.

    `idle` are those for which this worker found nothing left to do.
    """
    stuck = {each.target for each in engine.view.header.stuck}
    for target in sorted({*engine.view.targets, *stuck}):
        wanting = channels(engine, target)
        if wanting or target in stuck:
            _notice(engine, target, idle.get(target), wanting)


def _notice(
    engine: Engine, target: Branch, idle: Idle | None, wanting: tuple[Channel, ...]
) -> None:
    try:
        engine.change(
            lambda view: standstill.noticed(view, target, idle, wanting, now=engine.clock())
        )
    except RefineryError as trouble:
        engine.tell(Trouble(f"{target}: {trouble.message}"))


_DOERS = {
    outbox.RETARGET: forge_words.retarget,
    outbox.PULL_REQUEST: forge_words.end_pull_request,
    outbox.LABELS: forge_words.label,
    outbox.CLOSE_SOURCE: forge_words.close_source_issue,
    outbox.STATUS: forge_words.set_status,
    outbox.DELETE_BRANCH: forge_words.delete_branch,
}
_ORDER = {task: place for place, task in enumerate(_DOERS)} | {
    outbox.DELETE_BRANCH: len(_DOERS) + 1
}
_SERVICES = {
    outbox.RETARGET: "forge",
    outbox.PULL_REQUEST: "forge",
    outbox.LABELS: "forge",
    outbox.STATUS: "forge",
    outbox.CLOSE_SOURCE: "tracker",
}
