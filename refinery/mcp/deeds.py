"""The tools that change the queue: each is one atomic push, done as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.app import Queue
    from refinery.mcp.call import Call
    from refinery.records.names import MrId
    from refinery.store.edit import Edit
    from refinery.store.view import View


def submit(call: Call) -> dict[str, Any]:
    """Push and queue a branch; the forecast is made meanwhile."""
    from refinery.answers.asking import report
    from refinery.answers.submission import document
    from refinery.submit.branches import Overwrite
    from refinery.submit.prospects import Foretelling, place
    from refinery.submit.submitting import NothingToLand, Options, carry_out, prepare

    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in call.given.items()
        if name != "force_with_lease"
    }
    leased = call.given.get("force_with_lease", False)
    options = Options(**given, overwrite=Overwrite.SEEN if leased else Overwrite.NEVER)
    with call.open(pins=True) as queue:
        prepared = prepare(queue, options)
        report(prepared.view.damage, say=call.say)
        foretelling = Foretelling(queue, prepared)
        try:
            outcome = carry_out(queue, options, prepared)
            if isinstance(outcome, NothingToLand):
                return document(queue, outcome)
            return document(queue, outcome, place(queue, outcome), foretelling.result())
        finally:
            foretelling.join()


def resolve(call: Call) -> dict[str, Any]:
    """Lay a conflict out, submit what was made of it, or give it up."""
    from refinery.answers.resolve import Step, carried_out, opened
    from refinery.answers.resolving import document
    from refinery.repo.side_worktree import How

    given = call.given
    step = Step(given.get("step", Step.BEGIN))
    how = How(given["by"]) if "by" in given else None
    at = Path(given["at"]) if "at" in given else None
    queue, here = opened(call.rig, step, worker=call.worker)
    with queue:
        return document(carried_out(queue, given.get("id") or here, step, at=at, how=how))


def claim(call: Call) -> dict[str, Any]:
    """Claim one, or renew our claim."""
    from refinery.queue.claiming import Claimant, claim

    token = os.urandom(16).hex()

    def decide(queue: Queue, view: View, id: MrId) -> Edit | object:
        lasts = queue.config(view).claim_for
        return claim(view, [id], Claimant(queue.worker, token, queue.now(), lasts))

    return _decided(call, decide)


def release(call: Call) -> dict[str, Any]:
    """Give one back."""
    from refinery.queue.claiming import release

    force = call.given.get("force", False)
    return _decided(
        call,
        lambda queue, view, id: release(view, id, queue.worker, now=queue.now(), force=force),
    )


def retry(call: Call) -> dict[str, Any]:
    """Have a failed one tried again."""
    from refinery.queue.operating import retry

    return _decided(call, lambda queue, view, id: retry(view, id, by=queue.person, now=queue.now()))


def _decided(call: Call, decide: Callable[[Queue, View, MrId], Edit | object]) -> dict[str, Any]:
    """Run a decision about one until it holds: its record after the change."""
    from refinery.answers.asking import report
    from refinery.answers.merge_request import merge_request
    from refinery.answers.refusals import refuse
    from refinery.queue.folding import seen
    from refinery.store.update import Committed

    with call.open() as queue:
        id, done = queue.decide_on(call.given["id"], lambda view, id: decide(queue, view, id))
        if not isinstance(done, Committed):
            raise refuse(done)
        report(done.view.damage, say=call.say)
        now = queue.now()
        view = seen(done.view, now)
        return merge_request(view, view.mrs[id], now)
