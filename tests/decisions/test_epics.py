"""Epics: which are finished, and what queues them, as far as the records tell."""

from __future__ import annotations

import pytest

from refinery.config.integration import EpicLanding, Integration
from refinery.queue.epics import Finished, epic_state, finished, issue_of, queued
from refinery.records.header import QueueHeader
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch
from refinery.store.view import View
from tests.decisions.makers import MAIN, NOW, a_closed_mr, a_sha, a_view, an_id, an_mr

BRANCH = Branch("integration/v2")
BY_ITSELF = Integration(land=EpicLanding.WHEN_LANDED)
V2 = Finished("v2", BRANCH, MAIN)


def seen(*mrs: MergeRequest) -> View:
    """A queue where something has landed on the branch of `v2`."""
    return a_view(*mrs, header=QueueHeader(MAIN, landed={BRANCH: a_sha("tip"), MAIN: a_sha("m")}))


@pytest.mark.parametrize(
    ("branch", "template", "epic"),
    [
        ("integration/v2", "integration/{epic}", "v2"),
        ("epic-v2-all", "epic-{epic}-all", "v2"),
        ("integration/", "integration/{epic}", None),
        ("main", "integration/{epic}", None),
        ("a/b/c", "{epic}/c", "a/b"),
        ("epic-all", "epic-{epic}-all", None),
    ],
)
def test_the_epic_of_a_branch(branch: str, template: str, epic: str | None) -> None:
    rules = Integration(template)
    assert rules.epic_of(branch) == epic
    assert epic is None or rules.branch_of(epic) == branch


@pytest.mark.parametrize("name", ["42", "#42", "github#42", "local#7"])
def test_an_epic_may_be_called_as_an_issue(name: str) -> None:
    assert issue_of(name) == name
    assert issue_of(f"v{name}x y") is None


class TestFinished:
    def test_one_whose_parts_have_all_ended(self) -> None:
        landed = a_closed_mr("a", target=BRANCH, epic="v2")
        rejected = a_closed_mr("b", CloseReason.REJECTED, target=BRANCH, epic="v2")
        assert finished(seen(landed, rejected), BY_ITSELF) == [V2]
        assert finished(seen(), BY_ITSELF) == [V2]

    @pytest.mark.parametrize(
        "open",
        [
            an_mr("a", target=BRANCH),
            an_mr("a", epic="v2"),
            an_mr("a", branch=BRANCH),
        ],
        ids=["lands on it", "belongs to it", "is it"],
    )
    def test_not_while_something_is_open(self, open: MergeRequest) -> None:
        assert finished(seen(open), BY_ITSELF) == []

    def test_not_where_people_do_it_by_hand_or_nothing_ever_landed(self) -> None:
        assert finished(seen(), Integration()) == []
        assert finished(a_view(), BY_ITSELF) == []


class TestQueued:
    def test_it_is_one_merge_request_of_the_branch(self) -> None:
        edit = queued(seen(), V2, a_sha("tip"), by="w", now=NOW)
        assert edit is not None
        (mr,) = edit.submit
        assert (mr.branch, mr.target, mr.head) == (BRANCH, MAIN, a_sha("tip"))
        assert (mr.title, mr.epic, mr.source_issue, mr.worker) == ("Epic v2", "v2", None, "w")

    def test_the_same_commit_is_queued_once_whatever_became_of_it(self) -> None:
        before = a_closed_mr("x", CloseReason.REJECTED, branch=BRANCH, head=a_sha("tip"))
        assert queued(seen(before), V2, a_sha("tip"), by="w", now=NOW) is None
        assert queued(seen(before), V2, a_sha("newer"), by="w", now=NOW) is not None

    def test_not_if_a_part_has_come_meanwhile(self) -> None:
        late = an_mr("late", target=BRANCH)
        assert queued(seen(late), V2, a_sha("tip"), by="w", now=NOW) is None


def test_one_that_has_landed_is_done_even_if_its_branch_is_gone() -> None:
    landed = a_closed_mr("x", branch=BRANCH, head=a_sha("tip"))
    for head, commits, is_done in [
        (None, 0, True),
        (a_sha("tip"), 1, True),
        (a_sha("n"), 1, False),
    ]:
        state = epic_state(
            seen(landed), "v2", BRANCH, MAIN, head=head, commits=commits, landed=[an_id("a")]
        )
        assert state.done is is_done
