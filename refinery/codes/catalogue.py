"""All codes there are, and how one is found by what somebody typed."""

from __future__ import annotations

from refinery.codes.commands import PURPOSES, SUBMISSIONS, WAITS
from refinery.codes.findings import FINDINGS
from refinery.codes.meaning import Meaning
from refinery.codes.merge_requests import ATTEMPTS, ENDINGS, FAILURES, STANDINGS
from refinery.codes.outside_refusals import OF_FORGES, OF_GIT
from refinery.codes.queue_refusals import OF_PROCESSING, OF_SUBMITTING, OF_THE_CALL, OF_THE_QUEUE

REFUSALS = (
    *OF_THE_CALL,
    *OF_THE_QUEUE,
    *OF_SUBMITTING,
    *OF_PROCESSING,
    *OF_GIT,
    *OF_FORGES,
)
ALL = (
    *STANDINGS,
    *ENDINGS,
    *FAILURES,
    *ATTEMPTS,
    *WAITS,
    *SUBMISSIONS,
    *PURPOSES,
    *REFUSALS,
    *FINDINGS,
)


def find(code: str) -> tuple[Meaning, ...]:
    """What a code means, once for each kind that has it; `-` and `_` are the same to people."""
    wanted = _plain(code)
    return tuple(each for each in ALL if _plain(each.code) == wanted)


def usual_next(code: str) -> str | None:
    """What to run after a refusal, where nobody knew better."""
    return next((each.next for each in REFUSALS if each.code == code), None)


def _plain(code: str) -> str:
    return code.strip().lower().replace("_", "-")
