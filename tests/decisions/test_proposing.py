"""Landing through a pull request: when a candidate is proposed, and when it is taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.queue.proposing import proposed, why_withdrawn
from refinery.queue.settling import Stale
from refinery.records.merge_request import Block, Proposal
from refinery.records.names import Branch, IssueRef
from refinery.store.edit import Edit
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_failed_mr,
    a_hold,
    a_proposal,
    a_sha,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)


def test_one_candidate_a_target_is_proposed_at_a_time() -> None:
    alone = a_view(an_mr("a"), an_mr("b"), claims=[a_candidate_claim("b")])
    other = replace(alone, mrs={**alone.mrs, an_id("a"): an_mr("a", proposal=a_proposal("a"))})
    told = (a_build("b"), a_verdict("b"), a_candidate_claim("b"), Config(), NOW)
    edit = proposed(alone, *told)
    assert isinstance(edit, Edit)
    assert edit.release == a_candidate_claim("b").names
    assert proposed(other, *told) == Stale("refinery/land/a is to land first")


def on_main() -> Proposal:
    view = a_view()
    landing = replace(a_proposal("a").landing, base=view.targets[MAIN])
    return a_proposal("a", landing=landing)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"hold": a_hold()}, f"{an_id('a')} is held"),
        (
            {"blocked_by": IssueRef("local#1"), "block": Block("conflict", a_sha("h"), a_sha("b"))},
            f"{an_id('a')} may not land any more",
        ),
        ({"failure": a_failed_mr().failure}, f"{an_id('a')} may not land any more"),
    ],
    ids=["as it was", "held", "its issue was reopened", "sent back"],
)
def test_what_may_not_land_any_more_is_taken_back(fields: dict[str, Any], why: str | None) -> None:
    view = a_view(an_mr("a", proposal=on_main(), **fields))
    assert why_withdrawn(view, Branch("refinery/land/a"), NOW) == why
