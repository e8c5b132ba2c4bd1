"""Answers with what became of a submission."""

from __future__ import annotations

from refinery.answers.merge_request import merge_request
from refinery.app import Queue
from refinery.queue.folding import seen
from refinery.submit.submission_words import nothing
from refinery.submit.submitting import NothingToLand, Outcome, Submitted
from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.queue.forecasting import Forecast
    from refinery.submit.prospects import Place


def document(
    queue: Queue, outcome: Outcome, where: Place | None = None, known: Forecast | None = None
) -> dict[str, Any]:
    """The answer of `submit` and `push`."""
    if isinstance(outcome, NothingToLand):
        return {
            "outcome": outcome.relation.value.replace(" ", "_"),
            "mr": None,
            "place": None,
            "forecast": None,
            "notes": [nothing(outcome)],
        }
    now = queue.now()
    view = seen(outcome.view, now)
    return {
        "outcome": outcome.novelty.value if isinstance(outcome, Submitted) else "unchanged",
        "mr": merge_request(view, view.mrs.get(outcome.mr.id, outcome.mr), now),
        "place": where and {"position": where.position, "of": where.of},
        "forecast": known and _forecast(known),
        "notes": list(outcome.notes),
    }


def _forecast(known: Forecast) -> dict[str, Any]:
    return {
        "conflicts": [{"mr": each.mr, "files": list(each.files)} for each in known.conflicts],
        "unknown": known.unknown,
        "untried": list(known.untried),
    }
