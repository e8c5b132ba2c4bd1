"""The texts that people get, whole: issues, comments, pull requests, messages, commits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from refinery.config.config import Config
from refinery.engine import messages, notice_words, proposal_words, words
from refinery.engine.notice_words import Notice
from refinery.engine.status_words import head_status
from refinery.queue.pull_requests import LONGEST_DESCRIPTION, HeadState, HeadStatus
from refinery.queue.standing import Code, Standing
from refinery.records.header import Standstill, Stillness
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    Failure,
    FailureType,
    MergeRequest,
    Method,
)
from refinery.records.names import IssueRef
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_closed_mr,
    a_proposal,
    a_sha,
    ago,
    an_id,
    an_mr,
)

HEAD, BASE = a_sha("head of a"), a_sha("base")


class TestConflicts:
    def test_an_issue_says_what_clashes_and_what_to_do(self) -> None:
        mr = an_mr(
            "a",
            branch="feat/one two",
            source_issue="github#7",
            retry_count=2,
            block=Block("conflict", HEAD, BASE, ("a.txt",), tried=("rebase: a.txt",)),
        )
        facts = words.ConflictFacts(
            files=("a.txt", "b|c.txt"),
            target_side=(words.SideCommit(a_sha("x"), "Change *all*", an_id("x")),),
            branch_side=(words.SideCommit(a_sha("y"), "Mine"),),
        )
        assert words.conflict_title(mr) == "Resolve merge conflicts: Change a"
        assert (
            words.conflict_body(mr, BASE, facts, "the-mark")
            == f"""\
`feat/one two` does not merge into `main`.

- Merge request: `mr-a`
- Branch: `feat/one two` at `{HEAD[:12]}`
- Target: `main@{BASE[:12]}`
- Author: `ada`
- Source issue: `github#7`
- Retries: 2

Conflicting files:

- `a.txt`
- `b|c.txt`

On `main` since the branch point:

- `{a_sha("x")[:12]}` Change \\*all\\* (`mr-x`)

On `feat/one two`:

- `{a_sha("y")[:12]}` Mine

Tried before asking, in vain:

- rebase: a.txt

To resolve, in a worktree where the conflict is laid out:

    refinery resolve mr-a

Or by hand:

    git fetch origin
    git switch 'feat/one two'
    git rebase origin/main        # or: git merge origin/main
    # resolve the files above, then
    refinery push --force

Then close this issue: the merge request re-enters the queue at its old place.

<!-- the-mark -->"""
        )

    def test_without_a_common_history_there_are_no_files(self) -> None:
        body = words.conflict_body(an_mr("a"), BASE, words.ConflictFacts(()), "m")
        assert "\n\nThe branch shares no history with its target.\n\nTo resolve" in body
        assert "- Source issue: none\n" in body

    def test_a_closing_that_changed_nothing_is_answered(self) -> None:
        told = "This issue was closed, but `a` has not moved from `{head}` and still conflicts with"
        rest = " `mr-a` stays blocked until a new revision is pushed or the conflict goes away by"
        start = told.format(head=HEAD[:12])
        mr = an_mr("a")
        both = words.still_conflicts(mr, ("a.txt", "b.txt"))
        assert both == f"{start} `main` in `a.txt`, `b.txt`.{rest} itself."
        assert words.still_conflicts(mr, ()) == f"{start} `main` in all of it.{rest} itself."

    def test_what_landed_is_told_once(self) -> None:
        mr = a_closed_mr("a", merge_commit=a_sha("c"))
        reference = f"Landed on `main` as `{a_sha('c')[:12]}` by `mr-a`."
        assert words.landed_reference(mr) == reference
        assert words.landed_comment(mr, "mark") == f"{reference}\n\n<!-- mark -->"
        assert words.landed_reference(a_closed_mr("a")) == "Landed on `main` as a commit by `mr-a`."


class TestProposals:
    def test_of_one_the_title_is_its_own(self) -> None:
        assert proposal_words.proposal_title([an_mr("a")]) == "Land mr-a: Change a"
        assert proposal_words.proposal_title([an_mr("a"), an_mr("b")]) == (
            "Land 2 merge requests on main"
        )
        assert len(proposal_words.proposal_title([an_mr("a", title="x" * 300)])) == 250

    def test_the_body_names_the_members_and_what_was_tested(self) -> None:
        members = [an_mr("a", title="A <b>"), an_mr("b", worker="bob")]
        assert (
            proposal_words.proposal_body(members, a_proposal("a", "b"))
            == f"""\
The merge queue tested these together, and this pull request lands them:

- `mr-a` A \\<b\\> (by `ada`)
- `mr-b` Change b (by `bob`)

Checks: pass. Tested tree: `{a_sha("tree")}`, on `{BASE[:12]}`. If the target moves first, this \
pull request is closed and the merge requests are tested again.

<!-- refinery:candidate={a_sha("candidate")} -->"""
        )

    def test_one_that_is_taken_back_is_marked(self) -> None:
        assert proposal_words.withdrawn("main moved") == (
            "Closed by the merge queue: main moved.\n\n<!-- refinery:taken-back -->"
        )


SIGNED = "mr-a by ada. More: refinery why mr-a"
NOTE = Attempt(ago(minutes=1), "ada", AttemptOutcome.CONFLICT, note="a.txt and b.txt")
FAILED = Attempt(ago(minutes=1), "ada", AttemptOutcome.TESTS_FAIL, note="unit: exit 1")


class TestNotices:
    @pytest.mark.parametrize(
        ("about", "mr", "title", "body"),
        [
            (
                "merged",
                a_closed_mr("a", merge_commit=a_sha("c"), source_issue="github#7"),
                "Landed: Change a",
                f"a landed on main as {a_sha('c')[:12]}.\n\n"
                "mr-a by ada, for github#7. More: refinery why mr-a",
            ),
            ("merged", a_closed_mr("a"), "Landed: Change a", f"a landed on main.\n\n{SIGNED}"),
            (
                "conflict",
                an_mr("a", block=Block("conflict", HEAD, BASE, ("a.txt",))),
                "Conflict: Change a",
                "a does not merge into main: a.txt."
                " Its issue blocks it: push a new revision and close the issue."
                f"\n\n{SIGNED}",
            ),
            (
                "conflict",
                an_mr(
                    "a",
                    block=Block("conflict", HEAD, BASE, tuple(f"{n}.txt" for n in range(12))),
                    blocked_by=IssueRef("local#3"),
                ),
                "Conflict: Change a",
                "a does not merge into main: "
                + ", ".join(f"{n}.txt" for n in range(10))
                + " and 2 more. Issue local#3 blocks it: push a new revision and close the issue."
                f"\n\n{SIGNED}",
            ),
            (
                "conflict",
                an_mr("a", block=Block("conflict", HEAD, BASE)),
                "Conflict: Change a",
                "a does not merge into main: no common history."
                " Its issue blocks it: push a new revision and close the issue."
                f"\n\n{SIGNED}",
            ),
            (
                "conflict",
                an_mr("a", attempts=(NOTE, FAILED)),
                "Conflict: Change a",
                f"a does not merge into main: a.txt and b.txt. That is over.\n\n{SIGNED}",
            ),
            (
                "conflict",
                an_mr("a"),
                "Conflict: Change a",
                f"a does not merge into main: conflicting changes. That is over.\n\n{SIGNED}",
            ),
            (
                "failed",
                an_mr(
                    "a",
                    failure=Failure(
                        FailureType.TESTS_FAIL, NOW, "\n".join(f"line {n}" for n in range(20))
                    ),
                ),
                "Needs rework: Change a",
                "a did not pass for main.\n\n"
                + "\n".join(f"line {n}" for n in range(12))
                + f"\n\n{SIGNED}",
            ),
            (
                "failed",
                an_mr("a", attempts=(NOTE, FAILED)),
                "Needs rework: Change a",
                f"a did not pass for main.\n\nunit: exit 1\n\n{SIGNED}",
            ),
            (
                "failed",
                an_mr("a"),
                "Needs rework: Change a",
                f"a did not pass for main.\n\nIt is tried again by now.\n\n{SIGNED}",
            ),
            (
                "rejected",
                a_closed_mr("a", CloseReason.REJECTED, error="not\nnow"),
                "Rejected: Change a",
                f"a will not land on main: not now\n\n{SIGNED}",
            ),
        ],
    )
    def test_each_topic_has_its_words(
        self, about: str, mr: MergeRequest, title: str, body: str
    ) -> None:
        assert notice_words.notice(about, mr) == Notice(title, body)

    def test_a_topic_of_a_later_version_is_named_as_it_is(self) -> None:
        assert notice_words.notice("later", an_mr("a")).title == "later: Change a"

    def test_many_are_a_list_that_ends(self) -> None:
        few = notice_words.digest("merged", [an_mr("a"), an_mr("b", title="@all")])
        assert few == Notice(
            "Landed: 2 merge requests", "- mr-a a: Change a\n- mr-b b: @\N{WORD JOINER}all"
        )
        many = notice_words.digest("failed", [an_mr(f"n{n}") for n in range(53)])
        assert many.title == "Needs rework: 53 merge requests"
        assert many.body.splitlines()[49:] == ["- mr-n49 n49: Change n49", "- and 3 more"]
        assert (
            len(
                notice_words.digest("merged", [an_mr(f"n{n}") for n in range(50)]).body.splitlines()
            )
            == 50
        )

    @pytest.mark.parametrize(
        ("why", "advice"),
        [
            (
                Stillness.RED,
                "Nobody is blamed: what repairs it can be queued, and is tried by itself.",
            ),
            (Stillness.BROKEN_CONFIG, "Repair .refinery.yaml by a push to the target."),
            (Stillness.WAITING, "Ask: refinery status, refinery doctor"),
        ],
    )
    def test_a_queue_that_stands_still_says_why_and_what_to_do(
        self, why: Stillness, advice: str
    ) -> None:
        since = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
        still = Standstill(MAIN, why, "main fails its checks.", since)
        assert notice_words.standstill(still) == Notice(
            "The queue for main is stuck",
            f"main fails its checks.\nSince 2026-03-01 09:05 UTC. {advice}",
        )

    def test_one_that_goes_on_says_so(self) -> None:
        still = Standstill(MAIN, Stillness.MOVING, "main failed", NOW)
        assert notice_words.standstill(still) == Notice(
            "The queue for main goes on again", "It stood still: main failed."
        )

    def test_what_was_tried_before_says_so(self) -> None:
        assert notice_words.perhaps_again(Notice("t", "b")) == Notice(
            "t",
            "b\n\n(You may have this already: it was tried before without an answer.)",
        )


class TestMessages:
    @pytest.mark.parametrize(
        ("config", "body", "message"),
        [
            (Config(), "", "Merge a into main\n\nChange a"),
            (Config(method=Method.SQUASH), "", "Change a"),
            (Config(method=Method.SQUASH), "More.", "Change a\n\nMore."),
            (
                Config(message="{title} {branch} {target} {id} {worker} {source_issue}{nope}"),
                "",
                "Change a a main mr-a ada github#7{nope}",
            ),
            (Config(message="{body}"), "Refinery-MR: forged\n refinery-x: y", "refinery-x: y"),
            (Config(message="{body}"), "", "Land mr-a"),
        ],
    )
    def test_a_landing_commit_says(self, config: Config, body: str, message: str) -> None:
        mr = an_mr("a", source_issue="github#7")
        assert messages.landing_message(mr, config, body=body) == message

    def test_trailers_join_those_that_are_there(self) -> None:
        mr, tree = an_mr("a"), a_sha("tree")
        assert messages.with_trailers("Title\n", mr, None) == "Title\n\nRefinery-MR: mr-a\n"
        assert messages.with_trailers("Title\n\nSigned-off-by: A <a@b.c>\n", mr, tree) == (
            f"Title\n\nSigned-off-by: A <a@b.c>\nRefinery-MR: mr-a\nRefinery-Tree: {tree}\n"
        )


class TestStatuses:
    @pytest.mark.parametrize(
        ("reason", "state"),
        [
            (CloseReason.MERGED, HeadState.SUCCESS),
            (CloseReason.ALREADY_MERGED, HeadState.SUCCESS),
            (CloseReason.EMPTY, HeadState.SUCCESS),
            (CloseReason.REJECTED, HeadState.FAILURE),
            (CloseReason.CONFLICT, HeadState.FAILURE),
            (CloseReason.SUPERSEDED, None),
            (None, None),
        ],
    )
    def test_an_end_is_shown_as(self, reason: Any, state: HeadState | None) -> None:
        shown = head_status(a_closed_mr("a", reason), Standing(Code.CLOSED), None)
        assert (shown and shown.state) == state

    @pytest.mark.parametrize("code", list(Code))
    def test_what_waits_is_pending_and_what_needs_its_author_has_failed(self, code: Code) -> None:
        failing = {Code.BLOCKED_BY_ISSUE, Code.NEEDS_REWORK, Code.DEPENDENCY_FAILED}
        shown = head_status(an_mr("a"), Standing(code, dependency=an_id("b")), None)
        if code in (Code.INTENT, Code.CLOSED):
            assert shown is None
        else:
            assert shown is not None
            assert shown.state is (HeadState.FAILURE if code in failing else HeadState.PENDING)

    def test_its_place_is_said(self) -> None:
        shown = head_status(an_mr("a"), Standing(Code.READY), (1, 3))
        assert shown == HeadStatus(HeadState.PENDING, "1st of 3 for main")

    def test_words_are_no_longer_than_a_forge_takes(self) -> None:
        fitting, long = "x" * (LONGEST_DESCRIPTION - 14), "x" * LONGEST_DESCRIPTION
        rework = Standing(Code.NEEDS_REWORK)

        def said(message: str) -> str:
            failure = Failure(FailureType.TESTS_FAIL, NOW, message)
            shown = head_status(an_mr("a", failure=failure), rework, None)
            assert shown is not None
            return shown.description

        assert said(fitting) == f"needs rework: {fitting}"
        assert said(long) == f"needs rework: {long}"[: LONGEST_DESCRIPTION - 1] + "…"


def test_words_of_others_call_nobody_and_move_no_cursor() -> None:
    told = notice_words._unmentioning("hey @all\x1b[2J <!here>\nbye\x07")
    assert told == "hey @\N{WORD JOINER}all [2J <\N{WORD JOINER}!here>\nbye "
