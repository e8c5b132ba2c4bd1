"""Submitting on real git: every way to name a branch, and every answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError, UsageError
from refinery.queue.lookup import AmbiguousId, NoSuchMergeRequest
from refinery.queue.submission import Novelty
from refinery.submit.authorship import Authorship, from_name, is_submitted_by_push
from refinery.submit.branches import BranchMoved, NoBranch, Overwrite
from refinery.submit.dependencies import CannotDepend
from refinery.submit.prospects import Place, forecast, place
from refinery.submit.submission_words import foreseen, told
from refinery.submit.submitting import (
    NoTarget,
    NothingToLand,
    Options,
    Outcome,
    Relation,
    StillQueued,
    Submitted,
    submit,
)
from tests.sandbox import Sandbox


def asked(box: Sandbox, branch: str | None = None, **options: object) -> Outcome:
    box.clock.tick()
    return submit(box.queue(), replace(Options(branch=branch), **options))


def done(box: Sandbox, branch: str | None = None, **options: object) -> Submitted:
    outcome = asked(box, branch, **options)
    assert isinstance(outcome, Submitted)
    return outcome


def refused(box: Sandbox, branch: str | None = None, **options: object) -> tuple[type, str, str]:
    with pytest.raises(RefineryError) as caught:
        asked(box, branch, **options)
    assert caught.value.hint
    return type(caught.value), caught.value.message, caught.value.hint


def in_place(box: Sandbox) -> Queue:
    queue = open_queue(str(box.origin), clock=box.clock)
    box._open.append(queue)
    return queue


# New, the same, another


def test_branch_and_record_reach_the_remote_together(box: Sandbox) -> None:
    head = box.commit("feat")
    outcome = done(box, "feat")
    assert (outcome.novelty, outcome.before) == (Novelty.NEW, None)
    assert box.refs() == {
        "refs/heads/main": box.sha("main"),
        "refs/heads/feat": head,
        f"refs/refinery/inbox/{outcome.mr.id}": box.sha(f"refs/refinery/inbox/{outcome.mr.id}"),
    }
    assert box.sha(f"refs/refinery/inbox/{outcome.mr.id}^") == head
    assert box.mr("feat") == outcome.mr


def test_neither_reaches_it_when_one_is_refused(box: Sandbox) -> None:
    box.commit("feat")
    box.hook("update", 'case $1 in refs/heads/*) echo "no branches today" >&2; exit 1;; esac')
    with pytest.raises(RefineryError, match="hook declined") as caught:
        asked(box, "feat")
    assert "no branches today" in caught.value.message
    assert set(box.refs()) == {"refs/heads/main"}


def test_the_checked_out_branch_is_the_default_from_any_folder(box: Sandbox) -> None:
    box.commit("feat", {"deep/down/a.txt": "a\n"})
    box.switch("feat")
    with open_queue(str(box.path / "deep" / "down"), clock=box.clock) as queue:
        outcome = submit(queue, Options())
    assert isinstance(outcome, Submitted)
    assert outcome.mr.branch == "feat"


def test_submitting_again_changes_nothing(box: Sandbox) -> None:
    box.commit("feat")
    first = done(box, "feat")
    before = box.refs()
    again = asked(box, "feat", priority=0)
    assert isinstance(again, StillQueued)
    assert (again.mr, again.pushed) == (first.mr, False)
    assert box.refs() == before


def test_a_moved_head_is_a_revision(box: Sandbox) -> None:
    box.commit("feat")
    first = done(box, "feat")
    head = box.commit("feat", {"more.txt": "more\n"})
    second = done(box, "feat")
    assert (second.novelty, second.before) == (Novelty.REVISION, first.mr)
    assert (second.mr.head, second.mr.created_at) == (head, first.mr.created_at)
    assert box.mr(first.mr.id).superseded_by == second.mr.id
    assert box.sha("feat") == head


def test_a_rejected_commit_is_submitted_once_more(box: Sandbox) -> None:
    box.commit("feat")
    first = done(box, "feat")
    assert box.cli("reject", first.mr.id, "--reason", "not now").code == 0
    again = done(box, "feat")
    assert again.novelty is Novelty.RESUBMITTED
    assert (
        told(again, None)[1] == f"the same commit as {first.mr.id}, which was rejected, once more"
    )


def test_two_clones_that_submit_at_once_make_one_merge_request(box: Sandbox) -> None:
    bob = box.clone("bob")
    box.commit("feat")
    box.push("feat")
    one, other = asked(box, "feat"), asked(bob, "feat")
    assert isinstance(one, Submitted)
    assert isinstance(other, StillQueued)
    assert one.mr == other.mr


def test_a_race_with_a_submission_of_the_same_branch_is_decided_again(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.commit("feat")
    bob = box.clone("bob")
    bob.git("fetch", "-q", str(box.path), "feat:feat")
    store = box.queue().store
    swap = store.swap

    def overtaken(view: object, edit: object) -> object:
        monkeypatch.setattr(type(store), "swap", plain)
        done(bob, "feat")
        return swap(view, edit)  # type: ignore[arg-type]

    plain = type(store).swap
    monkeypatch.setattr(type(store), "swap", lambda _, view, edit: overtaken(view, edit))
    assert isinstance(asked(box, "feat"), StillQueued)
    assert len(box.view().mrs) == 1


# Nothing to land


def test_what_the_target_has_is_not_queued(box: Sandbox) -> None:
    box.advance({"a.txt": "a\n"})
    box.git("branch", "-q", "old", "main")
    outcome = asked(box, "old")
    assert isinstance(outcome, NothingToLand)
    assert outcome.relation is Relation.IN_TARGET
    assert told(outcome, None) == [
        f"{box.sha('main')[:12]} is already in main: there is nothing to land"
    ]
    assert set(box.refs()) == {"refs/heads/main"}


@pytest.mark.parametrize("other_way", ["revert", "same change"])
def test_what_would_change_nothing_is_not_queued(box: Sandbox, other_way: str) -> None:
    box.commit("feat", {"a.txt": "a\n"})
    if other_way == "revert":
        box.commit("feat", {"a.txt": None})
    else:
        box.advance({"a.txt": "a\n"})
    outcome = asked(box, "feat")
    assert isinstance(outcome, NothingToLand)
    assert outcome.relation is Relation.EMPTY
    head = box.sha("refs/heads/feat", at=box.path)
    assert told(outcome, None) == [f"merging {head[:12]} changes nothing: main has all of it"]


def test_a_branch_without_common_history_is_not_queued(box: Sandbox) -> None:
    box.git("checkout", "-q", "--orphan", "alien")
    box.git("commit", "-q", "--allow-empty", "-m", "alien")
    outcome = asked(box)
    assert isinstance(outcome, NothingToLand)
    assert outcome.relation is Relation.UNRELATED


# Which branch


def test_a_detached_head_is_no_branch(box: Sandbox) -> None:
    box.git("checkout", "-q", "--detach")
    assert refused(box) == (
        NoBranch,
        "HEAD is detached: no branch is checked out",
        "git switch -c <branch>, or name one: refinery submit <branch>",
    )


def test_a_branch_without_a_commit_is_said_to_be_one(box: Sandbox) -> None:
    box.git("checkout", "-q", "--orphan", "young")
    assert refused(box)[1] == "the branch 'young' has no commit yet"


def test_a_missing_branch_brings_the_nearest_name(box: Sandbox) -> None:
    box.commit("polecat/nux/gt-1")
    assert refused(box, "polecat/nux/gt1") == (
        NoBranch,
        "there is no branch 'polecat/nux/gt1'",
        "did you mean 'polecat/nux/gt-1'?",
    )


def test_a_branch_that_is_only_on_the_remote_is_submitted_from_there(box: Sandbox) -> None:
    bob = box.clone("bob")
    head = bob.commit("feat")
    bob.push("feat")
    assert done(box, "feat").mr.head == head


def test_a_branch_that_was_deleted_on_the_remote_says_how_it_comes_back(box: Sandbox) -> None:
    bob = box.clone("bob")
    head = bob.commit("feat")
    bob.push("feat")
    box.git("fetch", "-q")
    bob.delete_branch("feat")
    assert refused(box, "feat") == (
        NoBranch,
        "the branch 'feat' was deleted on the remote and is not here either",
        f"to bring it back: git branch feat {head[:12]}",
    )


@pytest.mark.parametrize("name", ["--upload-pack=touch", "a..b", "HEAD", "a b", "x" * 300])
def test_a_name_that_is_none_is_refused_before_git_sees_it(box: Sandbox, name: str) -> None:
    assert refused(box, name)[0] is NoBranch


# Moving the remote's branch


def test_commits_of_others_on_the_branch_are_not_dropped(box: Sandbox) -> None:
    bob = box.clone("bob")
    box.commit("feat")
    box.push("feat")
    bob.git("fetch", "-q")
    bob.git("branch", "-q", "feat", "origin/feat")
    theirs = bob.commit("feat", {"bob.txt": "bob\n"})
    bob.push("feat")
    assert refused(box, "feat") == (
        BranchMoved,
        "the remote's 'feat' is ahead of yours by 1 commit",
        "git pull --ff-only, then submit again",
    )
    mine = box.commit("feat", {"mine.txt": "mine\n"})
    assert refused(box, "feat") == (
        BranchMoved,
        "the remote's 'feat' has 1 commit that yours lacks",
        "git pull --rebase, then submit again; after your own rebase: refinery push --force",
    )
    assert done(box, "feat", move_branch=False).mr.head == mine
    assert box.sha("feat") == theirs


def test_submitting_again_leaves_a_branch_alone_that_has_moved_on(box: Sandbox) -> None:
    bob = box.clone("bob")
    box.commit("feat")
    first = done(box, "feat")
    bob.git("fetch", "-q")
    bob.git("branch", "-q", "feat", "origin/feat")
    theirs = bob.commit("feat", {"bob.txt": "bob\n"})
    bob.push("feat")
    again = asked(box, "feat")
    assert isinstance(again, StillQueued)
    assert (again.mr, again.pushed, box.sha("feat")) == (first.mr, False, theirs)


def test_a_rebased_branch_is_replaced_when_forced(box: Sandbox) -> None:
    box.commit("feat")
    first = done(box, "feat")
    box.advance({"new.txt": "new\n"})
    head = box.commit("feat", onto="main", message="rebased")
    second = done(box, "feat", overwrite=Overwrite.ALWAYS)
    assert (second.mr.head, second.mr.supersedes) == (head, first.mr.id)
    assert box.sha("feat") == head


def test_a_lease_refuses_what_was_pushed_since_it_was_seen(box: Sandbox) -> None:
    bob = box.clone("bob")
    box.commit("feat")
    box.push("feat")
    bob.git("fetch", "-q")
    bob.git("branch", "-q", "feat", "origin/feat")
    mine = box.commit("feat", onto="main", message="mine")
    bob.commit("feat", {"bob.txt": "bob\n"})
    bob.push("feat")
    assert refused(box, "feat", overwrite=Overwrite.SEEN)[0] is BranchMoved
    # That refusal has shown it to this clone: now it is known what is replaced.
    assert done(box, "feat", overwrite=Overwrite.SEEN).mr.head == mine
    assert box.sha("feat") == mine


def test_a_queued_commit_whose_branch_was_deleted_is_pushed_again(box: Sandbox) -> None:
    head = box.commit("feat")
    first = done(box, "feat")
    box.delete_branch("feat")
    again = asked(box, "feat")
    assert isinstance(again, StillQueued)
    assert (again.mr, again.pushed) == (first.mr, True)
    assert box.sha("feat") == head
    assert told(again, Place(1, 1)) == [
        f"{first.mr.id} is queued already, place 1 of 1: only the branch was pushed"
    ]


def test_an_announced_commit_that_is_submitted_becomes_ready(box: Sandbox) -> None:
    head = box.commit("feat")
    announced = done(box, "feat", intent=True, move_branch=False)
    assert box.sha("feat") is None
    assert told(announced, None) == [
        f"{announced.mr.id} announced: it is queued once feat shows {head[:12]}"
    ]
    assert isinstance(asked(box, "feat"), StillQueued)
    assert box.cli("process").code == 0
    assert box.landed == ["feat"]


# Which target


def test_a_target_that_is_given_must_exist(box: Sandbox) -> None:
    box.commit("feat")
    kind, message, hint = refused(box, "feat", target="relase")
    assert (kind, message) == (NoTarget, "the target 'relase' does not exist on the remote")
    assert hint.startswith("name another with --target")


def test_the_target_itself_is_not_submitted(box: Sandbox) -> None:
    assert refused(box, "main")[:2] == (NoTarget, "'main' is the target itself")


def test_an_epic_lands_on_its_integration_branch_where_there_is_one(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/integration/e1")
    box.commit("a")
    box.commit("b")
    one, other = done(box, "a", epic="e1"), done(box, "b", epic="e2")
    assert [(each.mr.target, each.mr.target_reason) for each in (one, other)] == [
        ("integration/e1", "the integration branch of e1"),
        ("main", "default"),
    ]


def test_a_revision_goes_where_the_one_before_went(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    box.commit("feat")
    first = done(box, "feat", target="release")
    box.commit("feat", {"more.txt": "more\n"})
    second = done(box, "feat")
    assert (second.mr.target, second.mr.supersedes) == ("release", first.mr.id)
    assert second.mr.target_reason == "given"


# Who, what for, and what else the record says


@pytest.mark.parametrize(
    ("branch", "patterns", "found"),
    [
        ("polecat/nux/gt-1", ["polecat/{worker}/{issue}"], Authorship("nux", "gt-1")),
        ("polecat/nux", ["polecat/{worker}/{issue}"], Authorship()),
        ("polecat/nux/gt-1/x", ["polecat/{worker}/{issue}"], Authorship()),
        ("a/nux/1", ["b/{issue}", "*/{worker}/{issue}"], Authorship("nux", "1")),
        ("fix/77-login", ["fix/{issue}-*"], Authorship(None, "77")),
        ("deep/er/nux", ["**/{worker}"], Authorship("nux", None)),
        ("nux/nux", ["{worker}/{worker}"], Authorship("nux", None)),
        ("nux/max", ["{worker}/{worker}"], Authorship()),
        ("axb", ["a.b"], Authorship()),
    ],
)
def test_worker_and_issue_come_from_the_name(
    branch: str, patterns: list[str], found: Authorship
) -> None:
    assert from_name(branch, patterns) == found


@pytest.mark.parametrize(
    ("branch", "pattern", "fits"),
    [
        ("mr/a", "mr/**", True),
        ("mr/a/b", "mr/**", True),
        ("mr/a/b", "mr/*", False),
        ("mr/a", "mr/?", True),
        ("xmr/a", "mr/**", False),
        ("mr/a", "mr.a", False),
        ("refinery/land/mr-1-abc", "**", False),
    ],
)
def test_a_star_stays_in_its_folder_and_two_do_not(branch: str, pattern: str, fits: bool) -> None:
    assert is_submitted_by_push(branch, [pattern]) is fits


def test_name_then_trailers_then_settings_say_who_and_what_for(box: Sandbox) -> None:
    box.git("config", "user.name", "Ada Lovelace")
    message = "Fix it\n\nwith care\n\nRefinery-Worker: max\nFixes: #12\n"
    box.commit("polecat/nux/gt-1", message=message)
    box.commit("trailers", message=message)
    box.commit("plain")
    found = [done(box, name).mr for name in ("polecat/nux/gt-1", "trailers", "plain")]
    assert [(mr.worker, mr.source_issue, mr.title) for mr in found] == [
        ("nux", "gt-1", "Fix it"),
        ("max", "#12", "Fix it"),
        ("Ada Lovelace", None, "Change plain"),
    ]


def test_what_is_given_wins_and_is_made_fit_for_a_record(box: Sandbox) -> None:
    box.commit("polecat/nux/gt-1")
    given = {
        "worker": "max\x1b[31m",
        "issue": " gt-2\n",
        "title": "one\ntwo",
        "priority": 0,
        "convoy": "c1",
        "agent_bead": "bead",
        "epic": "e",
    }
    mr = done(box, "polecat/nux/gt-1", **given).mr
    assert (mr.worker, mr.source_issue, mr.title, mr.priority) == ("max [31m", "gt-2", "one two", 0)
    assert (mr.convoy_id, mr.agent_bead, mr.epic, mr.rig) == ("c1", "bead", "e", "origin")
    assert mr.convoy_created_at == box.clock.now


def test_a_convoy_is_as_old_as_its_first_member(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = done(box, "a", convoy="c").mr
    box.clock.tick(3600)
    assert done(box, "b", convoy="c").mr.convoy_created_at == first.convoy_created_at


def test_the_configuration_of_the_target_counts_not_the_branch_s(box: Sandbox) -> None:
    box.config("version: 1\nworker_patterns: ['team/{worker}/*']\n")
    box.commit("team/zoe/x", {".refinery.yaml": "version: 1\nworker_patterns: ['{issue}/**']\n"})
    mr = done(box, "team/zoe/x").mr
    assert (mr.worker, mr.source_issue) == ("zoe", None)


def test_a_priority_out_of_range_is_wrong_usage(box: Sandbox) -> None:
    box.commit("feat")
    with pytest.raises(UsageError, match="it goes from 0"):
        asked(box, "feat", priority=5)


# Dependencies


def test_dependencies_are_named_by_prefix(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = done(box, "a").mr
    mr = done(box, "b", depends_on=(first.id[:7], first.id)).mr
    assert mr.depends_on == (first.id,)


def test_a_dependency_that_landed_is_dropped_with_a_word(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = done(box, "a").mr
    box.cli("process")
    outcome = done(box, "b", depends_on=(first.id,))
    assert (outcome.mr.depends_on, outcome.notes) == (
        (),
        (f"{first.id} has landed already: nothing to wait for",),
    )


def test_a_dependency_on_an_old_revision_is_one_on_the_new(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    old = done(box, "a").mr
    box.commit("a", {"more.txt": "more\n"})
    new = done(box, "a").mr
    box.cli("hold", new.id, "--reason", "not yet")
    box.cli("process")
    assert done(box, "b", depends_on=(old.id,)).mr.depends_on == (new.id,)


def test_what_can_never_land_is_not_waited_for(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = done(box, "a").mr
    box.cli("reject", first.id, "--reason", "no")
    assert refused(box, "b", depends_on=(first.id,)) == (
        CannotDepend,
        f"{first.id} was rejected and will never land: nothing can depend on it",
        f"refinery show {first.id}",
    )
    assert refused(box, "b", depends_on=("mr-zzzz",))[0] is NoSuchMergeRequest


def test_an_ambiguous_dependency_is_not_guessed(box: Sandbox) -> None:
    for name in "abc":
        box.commit(name)
    ids = sorted(done(box, name).mr.id for name in "ab")
    kind, message, _ = refused(box, "c", depends_on=("mr-",))
    assert (kind, message) == (AmbiguousId, f"'mr-' is ambiguous: {ids[0]}, {ids[1]}")


def test_nobody_waits_for_himself(box: Sandbox) -> None:
    box.commit("a")
    box.commit("b")
    first = done(box, "a").mr
    second = done(box, "b", depends_on=(first.id,)).mr
    box.commit("a", {"more.txt": "more\n"})
    with pytest.raises(CannotDepend, match="neither could ever land"):
        asked(box, "a", depends_on=(second.id,))


# Place and forecast


def test_its_place_follows_from_its_score(box: Sandbox) -> None:
    for name in "abc":
        box.commit(name)
    places = [
        place(box.queue(), done(box, name, priority=priority))
        for name, priority in (("a", 3), ("b", 2), ("c", 0))
    ]
    assert places == [Place(1, 1), Place(1, 2), Place(1, 3)]


def test_an_author_is_told_at_once_what_it_will_conflict_with(box: Sandbox) -> None:
    box.commit("a", {"a.txt": "a\n", "same.txt": "a\n"})
    box.commit("b", {"same.txt": "b\n"})
    box.commit("c", {"README.md": "c\n"})
    first = done(box, "a")
    assert foreseen(forecast(box.queue(), first)) == [
        "merges cleanly with main and with all that is queued for it"
    ]
    assert foreseen(forecast(box.queue(), done(box, "b"))) == [
        f"conflicts with {first.mr.id} in same.txt"
    ]
    box.advance({"README.md": "main\n"})
    assert foreseen(forecast(box.queue(), done(box, "c"))) == ["conflicts with main in README.md"]


def test_its_own_earlier_revision_is_not_in_its_way(box: Sandbox) -> None:
    box.commit("a", {"a.txt": "1\n"})
    done(box, "a")
    box.commit("a", {"a.txt": "2\n"}, onto="main")
    outcome = done(box, "a", overwrite=Overwrite.ALWAYS)
    assert forecast(box.queue(), outcome).conflicts == ()


# Elsewhere than in a clone with a full history


def test_a_bare_repository_submits_its_own_branches(box: Sandbox) -> None:
    head = box.commit("polecat/nux/gt-1")
    box.push("polecat/nux/gt-1")
    outcome = submit(in_place(box), Options(branch="polecat/nux/gt-1"))
    assert isinstance(outcome, Submitted)
    assert (outcome.mr.head, outcome.mr.worker, outcome.mr.rig) == (head, "nux", "origin")
    assert box.mr("polecat/nux/gt-1") == outcome.mr


def test_on_a_server_the_author_is_that_of_the_commit(box: Sandbox) -> None:
    box.git("config", "user.name", "The Server", cwd=box.origin)
    box.commit("feat")
    box.push("feat")
    outcome = submit(in_place(box), Options(branch="feat"))
    assert isinstance(outcome, Submitted)
    assert outcome.mr.worker == "Ada Author"


def test_a_bare_repository_has_no_branch_of_its_own_to_submit(box: Sandbox) -> None:
    with pytest.raises(NoBranch, match="name the branch"):
        submit(in_place(box), Options())


def test_a_shallow_clone_submits_too(box: Sandbox, tmp_path: Path) -> None:
    box.advance({"a.txt": "a\n"})
    box.commit("feat")
    box.push("feat")
    shallow = tmp_path / "shallow"
    url = f"file://{box.origin}"
    box.git("clone", "-q", "--depth=1", "--branch=feat", url, str(shallow), cwd=tmp_path)
    with open_queue(str(shallow), clock=box.clock) as queue:
        outcome = submit(queue, Options())
    assert isinstance(outcome, Submitted)
    assert outcome.mr.head == box.sha("feat")


def test_a_rebase_in_progress_is_not_submitted_half_done(box: Sandbox) -> None:
    (box.path / ".git" / "rebase-merge").mkdir()
    box.git("checkout", "-q", "--detach")
    assert refused(box)[1] == "a rebase is in progress: no branch is checked out"
