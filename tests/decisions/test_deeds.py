"""What people do by hand: whom each deed fits, and its words."""

from __future__ import annotations

from refinery.queue.deeds import Deed, Order, done_words, fitting
from tests.decisions.makers import a_closed_mr, a_failed_mr, a_hold, an_mr


def test_only_what_makes_sense_is_offered() -> None:
    offered = {
        mr.id: fitting(mr)
        for mr in (an_mr("a"), an_mr("b", hold=a_hold()), a_failed_mr("c"), a_closed_mr("d"))
    }
    assert offered == {
        "mr-a": (Deed.HOLD, Deed.PRIORITY, Deed.REJECT),
        "mr-b": (Deed.UNHOLD, Deed.PRIORITY, Deed.REJECT),
        "mr-c": (Deed.RETRY, Deed.HOLD, Deed.PRIORITY, Deed.REJECT),
        "mr-d": (),
    }


def test_an_order_has_words_for_while_and_after() -> None:
    order = Order(Deed.REJECT, an_mr("a").id, "old")
    assert (order.doing, order.done) == ("rejecting mr-a", "mr-a is rejected: old")


def test_every_deed_has_words() -> None:
    for deed in Deed:
        order = Order(deed, an_mr("a").id)
        assert order.doing
        assert order.done == done_words(deed, "mr-a")
