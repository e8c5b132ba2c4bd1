"""Answers how the waiting for a merge request ended."""

from __future__ import annotations

from refinery.answers.asking import Say, config_or_default
from refinery.answers.finding import remote_of
from refinery.answers.merge_request import merge_request
from refinery.answers.waiting import Away, Look, Seen
from refinery.app import Queue
from refinery.errors import TryAgain
from refinery.queue.explaining import Explanation, explain
from refinery.typed import Any

TIME_IS_UP = "timeout"


def explained(queue: Queue, last: Seen, *, say: Say) -> Explanation:
    """Why it is where it was at the last look."""
    config = config_or_default(queue, last.view, last.mr.target, say=say)
    return explain(last.view, last.mr, config, queue.now(), remote=remote_of(queue))


def exit_code(last: Look) -> int:
    """By its outcome; the time was up where there is none."""
    if isinstance(last, Away) or last.ending is None:
        return TryAgain.exit_code
    return last.ending.exit_code


def document(queue: Queue, named: str, last: Look, *, say: Say) -> dict[str, Any]:
    """The answer of `wait`; `named` is what somebody waited for."""
    if isinstance(last, Away):
        return {
            "id": named,
            "outcome": TIME_IS_UP,
            "exit_code": exit_code(last),
            "words": last.words,
            "next": f"refinery wait {named}",
            "mr": None,
        }
    found = explained(queue, last, say=say)
    return {
        "id": last.mr.id,
        "outcome": last.ending.value if last.ending else TIME_IS_UP,
        "exit_code": exit_code(last),
        "words": found.words,
        "next": found.next if last.ending else f"refinery wait {last.mr.id}",
        "mr": merge_request(last.view, last.mr, queue.now()),
    }
