"""What a form of the page asks for."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.queue.deeds import LONGEST_REASON, NEEDS_REASON, OF_QUEUE, Deed, Order
from refinery.queue.score import LOWEST_PRIORITY
from refinery.records.names import MrId


def order_of(form: Mapping[str, str]) -> Order | str:
    """The order, or what is wrong with the form."""
    known = {each.value: each for each in Deed}
    deed = known.get(form.get("deed", ""))
    if deed is None:
        return "there is no such action"
    id, reason = form.get("id", ""), " ".join(form.get("reason", "").split())
    if deed not in OF_QUEUE and not id:
        return "it does not say which merge request it is about"
    if deed in NEEDS_REASON and not reason:
        return "say why: everybody who looks at the queue reads it"
    if len(reason) > LONGEST_REASON:
        return f"a reason has at most {LONGEST_REASON} characters"
    priority = form.get("priority", "0")
    if priority not in [str(each) for each in range(LOWEST_PRIORITY + 1)]:
        return f"a priority is a number from 0 to {LOWEST_PRIORITY}"
    return Order(deed, MrId(id) if deed not in OF_QUEUE else None, reason, int(priority))
