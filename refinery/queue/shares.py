"""How authors and fleets fare: what each has landed, what waits, and how long that takes."""

from __future__ import annotations

from refinery.config.fairness import Fairness
from refinery.queue.fairness import Share, share_of
from refinery.queue.measures import Measures
from refinery.queue.passages import Passage
from refinery.queue.spread import Spread, spread
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class ShareFigures:
    """An author's or a fleet's: `turnaround` is of what was landed or refused in the period."""

    share: Share
    authors: int
    waiting: int
    landed: int
    turnaround: Spread


def figures_by_share(view: View, measures: Measures, rules: Fairness) -> list[ShareFigures]:
    """Of everybody who takes turns with others, those with the most first."""
    by_share: dict[Share, list[Passage]] = {}
    for each in measures.passages:
        by_share.setdefault(share_of(each.author, rules), []).append(each)
    found = [_figures(view, measures, share, own) for share, own in by_share.items()]
    present = [each for each in found if each.waiting or each.turnaround.count]
    return sorted(present, key=lambda each: (-each.landed, -each.waiting, each.share))


def _figures(view: View, measures: Measures, share: Share, passages: list[Passage]) -> ShareFigures:
    period = measures.period
    decided = [
        each
        for each in passages
        if each.decided is not None and period.since <= each.decided <= period.until
    ]
    times = [each.turnaround_minutes for each in decided]
    return ShareFigures(
        share=share,
        authors=len({each.author for each in passages}),
        waiting=sum(each.id in view.mrs and not view.mrs[each.id].closed for each in passages),
        landed=sum(each.landed for each in decided),
        turnaround=spread(each for each in times if each is not None),
    )
