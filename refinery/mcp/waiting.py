"""The tool that waits: it says how it goes on, and ends when nobody listens any more."""

from __future__ import annotations

from refinery.queue.ending import Goal
from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.answers.waiting import Look
    from refinery.mcp.call import Call

USUAL_TIMEOUT = 50  # seconds: many clients give up after 60
_INTERVAL = 2.0  # seconds between the first looks


def wait(call: Call) -> dict[str, Any]:
    """Until it has ended, or the time is up."""
    from refinery.answers.finding import this_branch
    from refinery.answers.wait import document
    from refinery.answers.waiting import Waiting

    given = call.given
    with call.open() as queue:
        waiting = Waiting(
            Goal(given.get("until", Goal.LANDED)),
            float(given.get("timeout", USUAL_TIMEOUT)),
            _INTERVAL,
            tell=lambda look: call.watcher.hear(_words(look)),
            pause=call.watcher.pause,
        )
        named = given.get("id") or this_branch(queue)
        return document(queue, named, waiting.until_ended(queue, named), say=call.say)


def _words(look: Look) -> str:
    from refinery.answers.waiting import Away

    if isinstance(look, Away):
        return f"the remote does not answer: {look.words}"
    return f"{look.mr.id}: {look.code.value}"
