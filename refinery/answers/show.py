"""Answers with all there is about one merge request."""

from __future__ import annotations

from refinery.answers.estimate import estimate_of
from refinery.answers.merge_request import merge_request
from refinery.answers.why import Why
from refinery.app import Queue
from refinery.queue.score import score
from refinery.records.merge_request import MergeRequest
from refinery.typed import Any


def document(queue: Queue, found: Why) -> dict[str, Any]:
    """The answer of `show`."""
    asked = found.asked
    return {
        **merge_request(asked.view, asked.mr, asked.now),
        "score": points_of(found),
        **estimate_of(found.place, found.estimate),
        "logs": logs_of(queue, asked.mr),
    }


def points_of(found: Why) -> float:
    """Its score now."""
    asked = found.asked
    return round(score(asked.mr, asked.now, asked.config.score), 3)


def logs_of(queue: Queue, mr: MergeRequest) -> list[str]:
    """Where this clone keeps the output of the checks that tested it, if it ran them."""
    trees = {attempt.tree for attempt in mr.attempts}
    trees |= {each.tree for each in (mr.failure, mr.landing) if each is not None}
    folder = queue.repo.state_dir / "logs"
    return sorted(
        str(path)
        for tree in trees
        if tree is not None
        for path in folder.glob(f"{tree[:12]}-*.log")
    )
