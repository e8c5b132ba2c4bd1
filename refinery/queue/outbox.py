"""The outbox: which words each outcome owes outside, written into the record that it changes.

Nothing is owed where nothing is configured.  `delivery` says who may say what, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from refinery.config.config import Channel, Config, Topic
from refinery.records.merge_request import CloseReason, FailureType, MergeRequest
from refinery.records.names import Branch, MrId
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.typed import TypeVar
from refinery.values import dataclass, replace

CLOSE_SOURCE = "close-source-issue"
DELETE_BRANCH = "delete-branch"
PULL_REQUEST = "pull-request"
LABELS = "labels"
STATUS = "status"
NOTIFY = "notify"
MOVING = "moving"
RETARGET = "retarget"

NEEDS_REBASE = "needs-rebase"
NEEDS_FIX = "needs-fix"
NEEDS_RETRY = "needs-retry"
STATE_LABELS = (NEEDS_REBASE, NEEDS_FIX, NEEDS_RETRY)

_PARKED = frozenset({FailureType.ERROR, FailureType.ATTEMPTS})
_ENDS = {CloseReason.MERGED: Topic.MERGED, CloseReason.REJECTED: Topic.REJECTED}
_LEVEL = frozenset({LABELS, STATUS})
_BY_THE_FORGE = "pull-request"

Declined = TypeVar("Declined")

Configs = Callable[[View, Branch], Config | None]
"""The configuration of a target as of a view; None while it is broken: nothing is owed then."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a task to notify means: the topic, and the variable that names the channel."""

    about: str
    to: str


def indebted(
    decide: Callable[[View], Edit | Declined], configs: Configs
) -> Callable[[View], Edit | Declined]:
    """The same decision, whose edit also writes what it owes.

    Every transaction passes here, so no decision forgets what has to be said of it, and the debt is
    true in the same instant as its reason.
    """

    def deciding(view: View) -> Edit | Declined:
        choice = decide(view)
        return with_debts(view, choice, configs) if isinstance(choice, Edit) else choice

    return deciding


def with_debts(view: View, edit: Edit, configs: Configs) -> Edit:
    """The edit whose records owe what has to follow their changes outside."""
    put = tuple(_indebted(view, mr, configs) for mr in edit.put)
    return edit if put == edit.put else replace(edit, put=put)


def _indebted(view: View, mr: MergeRequest, configs: Configs) -> MergeRequest:
    before = _before(view, mr)
    if before is None or not _turned(before, mr):
        return mr
    config = configs(view, mr.target)
    return mr if config is None else owing(before, mr, config)


def _before(view: View, mr: MergeRequest) -> MergeRequest | None:
    """What stood for the change until now: for one just folded, the revision it goes on from."""
    before = view.mrs.get(mr.id)
    passed: set[MrId] = set()
    while before is not None and before.id in view.unfolded and before.supersedes is not None:
        if before.id in passed or before.supersedes not in view.mrs:
            break
        passed.add(before.id)
        before = view.mrs[before.supersedes]
    return before


def owing(before: MergeRequest, after: MergeRequest, config: Config) -> MergeRequest:
    """The record with the words that its change owes; the same one where nothing is configured.

    A word that becomes owed again while somebody says it is taken from them: they say what was.
    """
    owed = set(_owed(before, after, config))
    kept = [task for task in after.untold if not _is_moot(task, after)]
    untold = (*kept, *sorted(owed.difference(kept)))
    if untold == after.untold and not owed:
        return after
    telling = tuple(each for each in after.telling if each.task in untold and each.task not in owed)
    return replace(after, untold=untold, telling=telling)


def _is_moot(task: str, mr: MergeRequest) -> bool:
    """Labels and status of a revision are those of the one that went on in its place."""
    return task in _LEVEL and mr.close_reason is CloseReason.SUPERSEDED


def _owed(before: MergeRequest, after: MergeRequest, config: Config) -> Iterator[str]:
    if before.target != after.target and config.forge:
        yield RETARGET
    topic = _topic(before, after)
    if topic is Topic.MERGED:
        yield from _owed_by_a_landing(after, config)
    if topic is not None:
        for channel in config.notify:
            if wants(channel, topic, after.worker):
                yield notification(topic, channel.to)
    if after.close_reason is CloseReason.SUPERSEDED:
        return
    if labels(before) != labels(after) and _can_be_labelled(after, config):
        yield LABELS
    if config.forge and config.statuses:
        yield STATUS


def _owed_by_a_landing(mr: MergeRequest, config: Config) -> Iterator[str]:
    if config.close_source_issue and mr.source_issue:
        yield CLOSE_SOURCE
    if config.delete_branch:
        yield DELETE_BRANCH
    if config.forge and mr.landing is not None and mr.landing.mode != _BY_THE_FORGE:
        yield PULL_REQUEST


def _topic(before: MergeRequest, after: MergeRequest) -> Topic | None:
    """What channels are told of a change; a conflict that parks is a failure."""
    if before.closed:
        return None
    if after.closed:
        return _ENDS.get(after.close_reason) if after.close_reason is not None else None
    if after.failure is not None and before.failure != after.failure:
        return Topic.FAILED
    return Topic.CONFLICT if after.block is not None and before.block is None else None


def _turned(before: MergeRequest, after: MergeRequest) -> bool:
    """Whether the word on its head is another one; its place in the queue is nobody's debt."""
    if before.target != after.target:
        return True
    return (before.closed, before.block is None, before.failure) != (
        after.closed,
        after.block is None,
        after.failure,
    )


def labels(mr: MergeRequest) -> tuple[str, ...]:
    """The label that says who must act: none for what waits, or has ended."""
    if mr.closed:
        return ()
    type = mr.failure.type if mr.failure is not None else None
    if mr.block is not None or type is FailureType.NOT_FAST_FORWARD:
        return (NEEDS_REBASE,)
    if type is None:
        return ()
    return (NEEDS_RETRY if type in _PARKED else NEEDS_FIX,)


def _can_be_labelled(mr: MergeRequest, config: Config) -> bool:
    return bool(config.forge or (mr.source_issue and config.tracker != "local"))


def wants(channel: Channel, topic: Topic, author: str | None) -> bool:
    """Whether a channel is told of this; a queue that is stuck is nobody's in particular."""
    from fnmatch import fnmatchcase

    if topic not in channel.about:
        return False
    named = author is None or not channel.authors
    return named or any(fnmatchcase(author or "", pattern) for pattern in channel.authors)


def notification(about: str, to: str) -> str:
    """The task to notify a channel."""
    return f"{NOTIFY}:{about}@{to}"


def parsed(task: str) -> Notification | None:
    """What to notify whom of, if that is what the task is."""
    kind, _, rest = task.partition(":")
    about, _, to = rest.partition("@")
    return Notification(about, to) if kind == NOTIFY and about and to else None
