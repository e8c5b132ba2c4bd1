"""The tips of targets, as far as the queue's own records tell them."""

from __future__ import annotations

from refinery.queue.tips import Tip, told_tips, with_tip
from refinery.records.header import QueueHeader
from refinery.records.verdict import Result
from tests.decisions.makers import (
    MAIN,
    a_candidate_claim,
    a_closed_mr,
    a_landing,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_mr,
)


def test_the_tip_of_a_target_is_what_was_landed_last() -> None:
    landing = a_landing("a", commit=a_sha("new"), tree=a_sha("new tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("new")})
    view = a_view(a_closed_mr("a", landing=landing), header=header)
    tip = told_tips(view)[MAIN]
    assert tip == Tip(ago(minutes=5), a_sha("new"), a_sha("new tree"))
    after = with_tip(view, MAIN, tip)
    assert (after.targets, after.target_trees) == (
        {MAIN: a_sha("new")},
        {MAIN: a_sha("new tree")},
    )


def test_what_was_pushed_past_the_queue_is_the_tip_once_it_was_tested() -> None:
    landing = a_landing("a", commit=a_sha("landed"), tree=a_sha("landed tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    red = a_verdict(base=a_sha("pushed"), result=Result.FAIL, at=ago(minutes=1))
    view = a_view(a_closed_mr("a", landing=landing), header=header, verdicts=[red])
    tip = told_tips(view)[MAIN]
    assert tip.commit == a_sha("pushed")
    assert with_tip(view, MAIN, tip).target_trees == {MAIN: red.tree}


def test_a_run_that_outlasted_a_landing_tells_of_no_newer_tip() -> None:
    landing = a_landing("a", commit=a_sha("landed"), tree=a_sha("landed tree"))
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    late = a_verdict("b", at=ago(minutes=1), took=600.0)
    view = a_view(a_closed_mr("a", landing=landing), header=header, verdicts=[late])
    assert told_tips(view)[MAIN].commit == a_sha("landed")


def test_a_tip_that_nobody_has_tested_is_neither_green_nor_red() -> None:
    claim = a_candidate_claim("a", base=a_sha("pushed"))
    view = a_view(an_mr("a"), claims=[claim])
    tip = told_tips(view)[MAIN]
    assert with_tip(view, MAIN, tip).target_trees == {}


def test_a_landing_that_nobody_remembers_tells_of_no_tip() -> None:
    header = QueueHeader(default_target=MAIN, landed={MAIN: a_sha("landed")})
    assert told_tips(a_view(header=header)) == {}
