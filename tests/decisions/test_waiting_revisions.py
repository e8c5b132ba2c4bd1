"""What lies in the inbox counts for what is in the queue, before anybody folds it."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.queue.folding import newer_revision, pushed_meanwhile
from refinery.queue.healing import is_recorded, leftovers
from refinery.queue.settling import why_not
from refinery.records.header import QueueHeader
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.footprint import footprint
from refinery.store.layout import RefNames, target_ref
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_closed_mr,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
)

REFS = RefNames()
OLD = an_mr("a")


def again(**fields: Any) -> Any:
    """The same branch, submitted again a minute ago."""
    values = {"branch": "a", "head": a_sha("other"), "submitted_at": ago(minutes=1)}
    return an_mr("a2", **(values | fields))


@pytest.mark.parametrize(
    ("new", "is_newer"),
    [
        (again(), True),
        (again(submitted_at=OLD.submitted_at), True),
        (again(submitted_at=ago(hours=2)), False),
        (again(branch="b"), False),
        (again(target="release"), False),
        (again(intent=True), False),
        (again(head=OLD.head), False),
    ],
    ids=["newer", "as new", "older", "another branch", "for another target", "announced", "same"],
)
def test_a_revision_that_waits_keeps_the_old_one_from_landing(new: Any, is_newer: bool) -> None:
    claim = a_candidate_claim("a")
    view = a_view(OLD, new, claims=[claim], unfolded=["a2"])
    assert (newer_revision(view, OLD) == new) == is_newer
    said = why_not(view, a_build("a"), claim, NOW)
    assert said == ("mr-a was submitted again" if is_newer else None)


def test_what_is_folded_is_no_revision_that_waits() -> None:
    assert newer_revision(a_view(OLD, again()), OLD) is None


def test_what_is_only_announced_is_not_to_be_folded() -> None:
    assert pushed_meanwhile(a_view(OLD, again(), unfolded=["a2"]))
    assert not pushed_meanwhile(a_view(OLD, again(intent=True), unfolded=["a2"]))
    assert not pushed_meanwhile(a_view(OLD, again()))


def test_a_target_is_recorded_where_the_last_landing_left_it() -> None:
    here = QueueHeader(MAIN, landed={MAIN: a_sha("base")})
    elsewhere = QueueHeader(MAIN, landed={MAIN: a_sha("before")})
    assert is_recorded(a_view(header=here), MAIN)
    assert not is_recorded(a_view(header=elsewhere), MAIN)
    assert not is_recorded(a_view(), MAIN)


def test_a_server_that_dies_has_moved_target_and_archive_before_the_queue() -> None:
    closed = a_closed_mr("a")
    edit = Edit(
        Event("merged", "land"),
        put=(closed,),
        archive=(closed,),
        moves=(RefMove(target_ref(MAIN), a_sha("base"), a_sha("next")),),
        pins={an_id("a"): None},
    )
    order = [target_ref(MAIN), REFS.archive, REFS.queue, REFS.pin(an_id("a"))]
    assert list(footprint(REFS, edit)) == order


def test_no_pin_is_removed_while_nobody_knows_what_was_queued() -> None:
    view = a_view(OLD)
    lost = replace(view, mrs={}, leases={REFS.pin(an_id("a")): OLD.head})
    assert leftovers(lost, REFS, "eve", NOW) is None
    known = replace(lost, leases={**lost.leases, REFS.queue: a_sha("queue")})
    edit = leftovers(known, REFS, "eve", NOW)
    assert edit is not None
    assert edit.pins == {an_id("a"): None}
