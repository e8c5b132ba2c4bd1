"""The record of a conflict that was resolved without asking anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from refinery.config.config import Config
from refinery.engine.messages import with_trailers
from refinery.queue.blocking import conflicted
from refinery.queue.candidate import Clash
from refinery.queue.explaining import explain
from refinery.queue.resolving import in_words, resolved
from refinery.records.merge_request import MergeRequest, Resolution, Resolved, Way
from tests.decisions.makers import MAIN, NOW, a_blocked_mr, a_closed_mr, a_sha, a_view, an_mr

TIP = a_sha("tip")
WAYS = (
    Resolved(Way.UNION, ("CHANGELOG.md",)),
    Resolved(Way.RERERE, ("a.py", "b.py", "c.py", "d.py", "e.py")),
)


def a_resolution(base: str = "tip", commit: str = "both") -> Resolution:
    return Resolution(a_sha(base), a_sha(commit), datetime(2026, 3, 1, tzinfo=UTC), "ada", WAYS)


def a_clash(mr: MergeRequest, *tried: str) -> Clash:
    return Clash(mr.id, TIP, ("a.py",), tried=tried)


def test_the_resolution_stands_for_the_head_and_is_pinned_in_its_place() -> None:
    mr = an_mr()
    done = resolved(a_view(mr, targets={MAIN: TIP}), a_clash(mr), a_resolution(), worker="ada")
    assert done is not None
    [after] = done.put
    assert (after.head, after.pin, after.retry_count) == (mr.head, a_sha("both"), 0)
    assert done.pins == {mr.id: a_sha("both")}
    assert done.event.subject == (
        f"{mr.id} on main: union resolved CHANGELOG.md; rerere resolved a.py, b.py, c.py and 2 more"
    )


def test_a_resolution_that_is_in_the_way_is_taken_back() -> None:
    mr = an_mr(resolution=a_resolution("older"))
    done = resolved(a_view(mr, targets={MAIN: TIP}), a_clash(mr), None, worker="ada")
    assert done is not None
    assert done.put[0].resolution is None
    assert done.pins == {mr.id: mr.head}


@pytest.mark.parametrize(
    "mr",
    [a_closed_mr(), a_blocked_mr(), an_mr(resolution=a_resolution())],
    ids=["closed", "blocked", "resolved like this already"],
)
def test_what_is_settled_otherwise_stays_as_it_is(mr: MergeRequest) -> None:
    view = a_view(mr, targets={MAIN: TIP})
    assert resolved(view, a_clash(mr), a_resolution(), worker="ada") is None


def test_what_was_found_out_on_another_commit_of_the_target_does_not_count() -> None:
    mr = an_mr()
    view = a_view(mr, targets={MAIN: a_sha("newer")})
    assert resolved(view, a_clash(mr), a_resolution(), worker="ada") is None


def test_once_it_blocks_the_resolution_is_gone_and_what_was_tried_is_told() -> None:
    mr = an_mr(resolution=a_resolution("older"))
    tried = "a.py: no conflict like this is remembered"
    view = a_view(mr, targets={MAIN: TIP})
    done = conflicted(view, a_clash(mr, tried), Config(), NOW, worker="ada")
    assert done is not None
    [after] = done.put
    assert after.resolution is None
    assert done.pins == {mr.id: mr.head}
    assert after.block is not None
    assert after.block.tried == (tried,)
    told = explain(a_view(after, targets={MAIN: TIP}), after, Config(), NOW)
    assert f"Tried before: {tried}." in told.words
    assert told.next == f"refinery resolve {mr.id}"


def test_the_landing_commit_names_each_way_and_its_files() -> None:
    message = with_trailers("Merge a", an_mr(resolution=a_resolution()), a_sha("tree"))
    assert message == (
        "Merge a\n\n"
        "Refinery-MR: mr-a\n"
        "Refinery-Resolved: union resolved CHANGELOG.md\n"
        "Refinery-Resolved: rerere resolved a.py, b.py, c.py and 2 more\n"
        f"Refinery-Tree: {a_sha('tree')}\n"
    )


def test_a_file_name_cannot_forge_a_line() -> None:
    assert "\n" not in in_words([Resolved(Way.UNION, ("a\nRefinery-Tree: x",))])
