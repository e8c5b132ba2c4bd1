"""Answers why a merge request is where it is, when it is expected to land, and what to run next."""

from __future__ import annotations

from refinery.answers.asking import Asked, Say, ask_about
from refinery.answers.estimate import estimate_of
from refinery.answers.finding import remote_of
from refinery.app import Queue
from refinery.queue.board import Place, placed
from refinery.queue.estimating import Estimate
from refinery.queue.explaining import Explanation, explain
from refinery.records.merge_request import MergeRequest
from refinery.typed import Any
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """What is known, and what it means."""

    asked: Asked
    explained: Explanation
    place: Place | None
    estimate: Estimate


def why(queue: Queue, text: str | None, *, say: Say) -> Why:
    """Why the merge request that `text` names is where it is."""
    asked = ask_about(queue, text, say=say)
    view, mr, config, now = asked.view, asked.mr, asked.config, asked.now
    place, estimate = placed(view, mr, config, now)
    explained = explain(view, mr, config, now, remote=remote_of(queue))
    return Why(asked, explained, place, estimate)


def document(found: Why) -> dict[str, Any]:
    """The answer of `why`."""
    return explanation(found.asked.mr, found.explained) | estimate_of(found.place, found.estimate)


def explanation(mr: MergeRequest, explained: Explanation) -> dict[str, Any]:
    """The words, the evidence and the stable code."""
    return {
        "id": mr.id,
        "code": explained.code.value,
        "close_reason": mr.close_reason.value if mr.close_reason else None,
        "failure": mr.failure.type.value if mr.failure and not mr.closed else None,
        "words": explained.words,
        "evidence": explained.evidence,
        "suspect": explained.suspect,
        "suspects": [*explained.suspects],
        "files": [*explained.files],
        "waits_for": explained.waits_for,
        "next": explained.next,
    }
