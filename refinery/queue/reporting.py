"""Reports: verdicts that lie in the claims they were made under, until the queue takes them in.

Many workers that each wrote every verdict into the queue would race for one ref, and most would
lose.  A claim is a ref of its own, so nobody is in the way; whatever is written into the queue next
takes the reports along.
"""

from __future__ import annotations

from refinery.queue.claiming import NotClaimed, holds, listed
from refinery.queue.spending import spent_by_others
from refinery.records.claim import Claim
from refinery.records.names import CandidateId, MrId
from refinery.records.verdict import Verdict
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace

MOST_AT_ONCE = 64


def reported(view: View, verdict: Verdict, mine: Claim) -> Edit | NotClaimed:
    """Leave a verdict in the claim that it was made under, which ends with that."""
    if not holds(view, mine):
        return NotClaimed(mine.names[0])
    few = listed(mine.candidate) or mine.target
    event = Event("tested", f"{few}: {verdict.result.value}", mine.candidate, mine.worker)
    return Edit(event=event, claim=dict.fromkeys(mine.names, mine.report(verdict)))


def reports(view: View) -> dict[MrId | CandidateId, Claim]:
    """The claims that only hold a verdict, by their names."""
    return {name: claim for name, claim in view.claims.items() if claim.is_report}


def folded(view: View, edit: Edit) -> Edit:
    """The edit, which writes into the queue anyway, with the reports that lie there."""
    if not edit.touches_queue:
        return edit
    taken = {*edit.release, *edit.claim}
    known = {each.key for each in edit.verdicts} | set(edit.forget)
    found = [(name, each) for name, each in reports(view).items() if name not in taken]
    found = found[:MOST_AT_ONCE]
    verdicts = {
        each.verdict.key: view.verdicts[each.verdict.key]
        for _, each in found
        if each.verdict is not None and each.verdict.key not in known
    }
    told = [each.verdict for _, each in found if each.verdict is not None]
    details = {**edit.event.details, **spent_by_others(told)}
    return replace(
        edit,
        event=replace(edit.event, details=details),
        verdicts=(*edit.verdicts, *verdicts.values()),
        release=(*edit.release, *(name for name, _ in found)),
    )


def fold(view: View) -> Edit | None:
    """The edit that does nothing but take the reports in."""
    waiting = [each for each in reports(view).values() if each.verdict is not None]
    if not waiting:
        return None
    first = waiting[0].verdict
    assert first is not None
    what = f"record {len(waiting)} verdict{'s' if len(waiting) > 1 else ''}"
    event = Event("tested", what, waiting[0].candidate if len(waiting) == 1 else ())
    return folded(view, Edit(event=event, verdicts=(view.verdicts[first.key],)))
