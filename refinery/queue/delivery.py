"""Delivery: who says which words of the outbox, so that none is lost and none is said twice.

A word is taken by one compare-and-swap and dropped by another, many at once.  One whose taker died,
or could not say it, is free again once its time is up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from refinery.config.config import Topic
from refinery.queue.outbox import parsed
from refinery.records.header import Standstill, Stillness
from refinery.records.merge_request import MergeRequest, Telling
from refinery.records.names import Branch, MrId
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.typed import TypeVar
from refinery.values import dataclass, replace

LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 200
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
TRIES_WHILE_AWAY = 32  # about a week
TRIES_WHEN_REFUSED = 8  # about a day: a token can be renewed
LONGEST_UNTOLD = timedelta(days=7)  # of what has ended and nobody here can say: it holds archiving

Owner = TypeVar("Owner", MergeRequest, Standstill)


@dataclass(frozen=True, slots=True)
class Word:
    """One task that was taken: of a merge request, or of a target (`mr` is None)."""

    mr: MrId | None
    target: Branch
    telling: Telling

    @property
    def task(self) -> str:
        """What is to be done."""
        return self.telling.task

    @property
    def again(self) -> bool:
        """Whether somebody tried before, who may have succeeded without living to write it."""
        return self.telling.tries > 1


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Why a word was not said: refused, away, or (`tried` is False) nobody got to it."""

    word: Word
    refused: bool = False
    tried: bool = True


def waiting(view: View) -> bool:
    """Whether anything is to be said, by whomever."""
    return any(mr.untold for mr in view.mrs.values()) or any(
        each.untold for each in view.header.stuck
    )


def take(view: View, can: Callable[[str], bool], *, by: str, now: datetime) -> Edit | None:
    """Take what is free and can be said here: nobody else says it until the lease ends."""
    left = MOST_AT_ONCE
    put: list[MergeRequest] = []
    for mr in view.mrs.values():
        if mr.untold and mr.id not in view.unfolded and left > 0:
            after = _taken(mr, can, by, now)
            if after is not mr:
                put.append(after)
                left -= len(after.untold)
    stuck = tuple(_taken(each, can, by, now) for each in view.header.stuck)
    if not put and stuck == view.header.stuck:
        return None
    ids = tuple(mr.id for mr in put)
    return Edit(
        event=Event("telling", f"about to say {_count(put, stuck, by, now)} outside", ids, by),
        put=tuple(put),
        header=replace(view.header, stuck=stuck) if stuck != view.header.stuck else None,
    )


def _taken(owner: Owner, can: Callable[[str], bool], by: str, now: datetime) -> Owner:
    held = {each.task: each for each in owner.telling}
    taken: dict[str, Telling] = {
        task: Telling(task, by, now + LEASE, held[task].tries + 1 if task in held else 1)
        for task in owner.untold
        if (task not in held or held[task].until <= now) and can(task)
    }
    if not taken:
        return owner
    return replace(owner, telling=_replaced(owner.telling, taken))


def _replaced(telling: tuple[Telling, ...], taken: Mapping[str, Telling]) -> tuple[Telling, ...]:
    others = [each for each in telling if each.task not in taken]
    return (*others, *taken.values())


def _count(put: list[MergeRequest], stuck: tuple[Standstill, ...], by: str, now: datetime) -> str:
    owners: list[MergeRequest | Standstill] = [*put, *stuck]
    mine = sum(_is_new(each, by, now) for owner in owners for each in owner.telling)
    return f"{mine} word{'s' if mine != 1 else ''}"


def _is_new(telling: Telling, by: str, now: datetime) -> bool:
    return telling.worker == by and telling.until == now + LEASE


def words_of(edit: Edit, *, by: str, now: datetime) -> list[Word]:
    """What an edit of `take` took, in the order in which the records ended."""
    mrs = sorted(edit.put, key=lambda mr: (mr.closed_at or now, mr.id))
    found = [
        Word(mr.id, mr.target, each) for mr in mrs for each in mr.telling if _is_new(each, by, now)
    ]
    stuck = edit.header.stuck if edit.header is not None else ()
    return found + [
        Word(None, still.target, each)
        for still in stuck
        for each in still.telling
        if _is_new(each, by, now)
    ]


def told(
    view: View, said: Collection[Word], unsaid: Collection[Unsaid], *, by: str, now: datetime
) -> Edit | None:
    """Drop what was said and give back what was not; only what is still ours by its lease."""
    lost = [each for each in unsaid if _is_hopeless(each)]
    done = {*said, *(each.word for each in lost)}
    later = {each.word: _given_back(each, now) for each in unsaid if each not in lost}
    concerned = {word.mr for word in (*done, *later)}
    put = []
    for mr in view.mrs.values():
        after = _after(mr, mr.id, done, later) if mr.id in concerned else mr
        if after != mr:
            put.append(after)
    stuck = tuple(_after(each, None, done, later) for each in view.header.stuck)
    stuck = tuple(_knowing(each, said) for each in stuck if not _is_over(each))
    if not put and stuck == view.header.stuck:
        return None
    given_up = "".join(f"; given up: {_named(each.word)}" for each in lost[:5])
    subject = f"said {len(said)} word{'s' if len(said) != 1 else ''} outside{given_up}"
    return Edit(
        event=Event("told", subject, tuple(mr.id for mr in put), by),
        put=tuple(put),
        header=replace(view.header, stuck=stuck) if stuck != view.header.stuck else None,
    )


def _after(
    owner: Owner, mr: MrId | None, done: Collection[Word], later: Mapping[Word, Telling]
) -> Owner:
    untold, telling = list(owner.untold), []
    for each in owner.telling:
        word = Word(mr, owner.target, each)
        if word in done:
            untold.remove(each.task)
        elif word in later:
            telling.append(later[word])
        else:
            telling.append(each)
    if tuple(telling) == owner.telling:
        return owner
    return replace(owner, untold=tuple(untold), telling=tuple(telling))


def _knowing(still: Standstill, said: Collection[Word]) -> Standstill:
    """Who heard that it is stuck is told when it is not any more."""
    heard = [
        named.to
        for word in said
        if word.mr is None and word.target == still.target
        if (named := parsed(word.task)) is not None and named.about == Topic.STUCK
    ]
    return replace(still, told=tuple(dict.fromkeys((*still.told, *heard)))) if heard else still


def _is_over(still: Standstill) -> bool:
    return still.why is Stillness.MOVING and not still.untold


def _given_back(unsaid: Unsaid, now: datetime) -> Telling:
    telling = unsaid.word.telling
    tries = telling.tries if unsaid.tried else telling.tries - 1
    return replace(telling, until=now + pause(tries), tries=tries)


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: 1, 4, 16, 64, 256 minutes, then six hours."""
    growth: int = 4 ** min(max(tries - 1, 0), 9)
    return min(LONGEST_PAUSE, FIRST_PAUSE * growth)


def _is_hopeless(unsaid: Unsaid) -> bool:
    most = TRIES_WHEN_REFUSED if unsaid.refused else TRIES_WHILE_AWAY
    return unsaid.word.telling.tries >= most


def _named(word: Word) -> str:
    return f"{word.mr or word.target} {word.task}"


def give_up(view: View, can: Callable[[str], bool], *, by: str, now: datetime) -> Edit | None:
    """Drop what nobody could say for a week after the end: the log knows, and archiving goes on."""
    put = []
    lost = []
    for mr in view.mrs.values():
        if mr.untold and mr.closed_at is not None and now - mr.closed_at > LONGEST_UNTOLD:
            held = {each.task for each in mr.telling}
            gone = [task for task in mr.untold if task not in held and not can(task)]
            if gone:
                put.append(replace(mr, untold=tuple(t for t in mr.untold if t not in gone)))
                lost += [f"{mr.id} {task}" for task in gone]
    if not put:
        return None
    subject = f"given up after a week: {', '.join(lost[:5])}"
    return Edit(event=Event("told", subject, tuple(mr.id for mr in put), by), put=tuple(put))
