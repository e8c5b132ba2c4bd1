"""What commands that change one merge request share: find it, decide, say what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import plain, print_json, style
from refinery.cli.rows import json_of
from refinery.errors import RefineryError
from refinery.queue.claiming import ClaimedByOther, NotClaimed, NotFound, Unfit
from refinery.queue.folding import seen
from refinery.queue.lookup import find_id
from refinery.queue.operating import Already, Immutable, InProgress
from refinery.queue.standing import Code
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId
from refinery.records.times import format_time
from refinery.store.edit import Edit
from refinery.store.update import Committed
from refinery.store.view import View


class RefusedRequest(RefineryError):
    """The queue's rules do not allow it; nothing was changed."""


def configure_one(parser: argparse.ArgumentParser) -> None:
    """Arguments of a command about one merge request."""
    parser.add_argument("id", help="its id, or a prefix that no other has")
    add_repo(parser)
    add_json(parser)


def act(
    arguments: argparse.Namespace,
    decide: Callable[[Queue, View, MrId], Edit | object],
    words: Callable[[Queue, MrId], str],
) -> int:
    """Find the merge request, run a decision about it until it holds, say what came of it."""
    with open_queue(arguments.rig) as queue:
        view = queue.store.read()
        id = find_id(arguments.id, view.mrs)
        if id in view.unfolded:
            view = _folded(queue)
        done = queue.update(lambda now: decide(queue, now, find_id(id, now.mrs)), view=view)
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, words(queue, id), as_json=arguments.json)
    return 0


def _folded(queue: Queue) -> View:
    """A submission joins the queue before anything is decided about it.

    A record that was written past its fold would leave the revision that it replaces alive.
    """
    from refinery.engine.healing import fold

    engine = queue.engine(lambda _: None)
    fold(engine)
    return engine.view


def report(queue: Queue, id: MrId, done: Committed, words: str, *, as_json: bool) -> None:
    """The record after the change, or a line about it."""
    if as_json:
        now = queue.now()
        view = seen(done.view, now)
        print_json(json_of(view, view.mrs[id], now))
    else:
        print(f"{style('✓', 'green')} {plain(words)}")


def refuse(outcome: object) -> RefineryError:
    """The error that words a refusal."""
    match outcome:
        case NotFound(id=id):
            return RefusedRequest(
                f"MR {id} not found in queue", hint="`refinery list` shows what is there"
            )
        case ClaimedByOther(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is already claimed by another worker: {plain(claim.worker)}, "
                f"until {format_time(claim.expires_at)}",
                hint="its worker may give it back, anyone with `refinery release --force`",
            )
        case Unfit(mr=mr, standing=stands):
            return RefusedRequest(_unfit(mr, stands.code), hint=f"refinery why {mr.id}")
        case NotClaimed(id=id):
            return RefusedRequest(f"MR {id} is not claimed")
        case Immutable(mr=mr):
            return RefusedRequest(
                f"closed merge requests are immutable: {mr.id} is {_ended(mr)}",
                hint="submit the branch again for another try",
            )
        case InProgress(mr=mr, claim=claim):
            return RefusedRequest(
                f"MR {mr.id} is being processed by {plain(claim.worker)}",
                hint=f"wait for it: refinery wait {mr.id}",
            )
        case Already(words=words):
            return RefusedRequest(plain(words))
        case _:
            raise AssertionError(f"not a refusal: {outcome!r}")


def _ended(mr: MergeRequest) -> str:
    return mr.close_reason.value.replace("_", " ") if mr.close_reason else "closed"


def _unfit(mr: MergeRequest, code: Code) -> str:
    words = {
        Code.CLOSED: f"closed ({_ended(mr)})",
        Code.BLOCKED_BY_ISSUE: f"blocked by {mr.blocked_by or 'a conflict'}",
        Code.BLOCKED_BY_MR: "blocked by a merge request it depends on",
        Code.DEPENDENCY_FAILED: "blocked: a merge request it depends on did not land",
        Code.HELD: f"held by {mr.hold.by}: {mr.hold.reason}" if mr.hold else "held",
        Code.NEEDS_REWORK: "in need of rework",
        Code.INTENT: "announced, but its branch is not pushed yet",
        Code.PAUSED: "ready, but the queue is paused",
    }
    return plain(f"MR {mr.id} cannot be claimed: it is {words[code]}")
