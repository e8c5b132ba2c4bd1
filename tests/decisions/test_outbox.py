"""The outbox: what each outcome owes, who says it, and that nothing is lost or said twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refinery.config.config import Channel, Check, Config, Topic
from refinery.queue import delivery, guarding, outbox
from refinery.queue.blocking import conflicted, hollow, reblocked, unblocked
from refinery.queue.candidate import Clash, Hollow
from refinery.queue.delivery import LEASE, Unsaid, Word
from refinery.queue.folding import fold
from refinery.queue.operating import hold, reject, retry
from refinery.queue.outbox import with_debts
from refinery.queue.plan import Idle, Stuck
from refinery.queue.settling import land, settle
from refinery.queue.standstill import LONG_WAIT, noticed
from refinery.records.header import QueueHeader, Standstill, Stillness
from refinery.records.merge_request import (
    CloseReason,
    Failure,
    FailureType,
    MergeRequest,
    Telling,
)
from refinery.records.names import Branch, IssueRef, MrId
from refinery.records.verdict import Result
from refinery.store.apply import applied
from refinery.store.edit import Edit
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_build,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

A = an_id("a")
TEAM = Channel("TEAM")
BOB = Channel("BOB", (Topic.FAILED, Topic.CONFLICT), ("bob", "b-*"))
NOTIFYING = Config(notify=(TEAM, BOB))
CHECKED = Config(checks=(Check("unit", "make test"),))
FORGED = Config(tracker="github", forge="github")
ALL = Config(
    tracker="github",
    forge="github",
    notify=(TEAM,),
    close_source_issue=True,
    delete_branch=True,
)
CLAIMED = a_view(an_mr("a", source_issue="7"), claims=[a_candidate_claim("a")])
KNOWN = frozenset({A})
CLASH = Clash(A, a_sha("base"), ("f",))
HOLLOW = Hollow(A, a_sha("base"), in_target=True)


def owed(view: View, edit: object, config: Config | None) -> tuple[str, ...]:
    """What the first record of an edit owes under a configuration."""
    assert isinstance(edit, Edit)
    return with_debts(view, edit, lambda *_: config).put[0].untold


def landing(view: View = CLAIMED, config: Config = ALL) -> object:
    return land(view, a_build("a"), None, a_candidate_claim("a"), config, NOW)


def blaming(view: View = CLAIMED) -> object:
    base = a_verdict(fingerprint=CHECKED.fingerprint)
    view = replace(view, verdicts={base.key: base})
    bad = a_verdict("a", result=Result.FAIL, runs=2, fingerprint=CHECKED.fingerprint)
    return settle(view, a_build("a"), bad, a_candidate_claim("a"), CHECKED, NOW)


class TestWhatIsOwed:
    @pytest.mark.parametrize(
        ("edit", "expected"),
        [
            (
                landing(),
                (
                    "close-source-issue",
                    "delete-branch",
                    "notify:merged@TEAM",
                    "pull-request",
                    "status",
                ),
            ),
            (
                conflicted(CLAIMED, CLASH, ALL, NOW, worker="ada"),
                ("labels", "notify:conflict@TEAM", "status"),
            ),
            (blaming(), ("labels", "notify:failed@TEAM", "status")),
            (
                reject(CLAIMED, A, reason="no", by="eve", now=NOW),
                ("notify:rejected@TEAM", "status"),
            ),
            (hollow(CLAIMED, HOLLOW, NOW, worker="ada"), ("status",)),
            (hold(CLAIMED, A, reason="later", by="eve", now=NOW), ()),
        ],
    )
    def test_each_outcome_owes_its_words(self, edit: object, expected: tuple[str, ...]) -> None:
        assert owed(CLAIMED, edit, ALL) == expected
        assert owed(CLAIMED, edit, Config()) == ()
        assert owed(CLAIMED, edit, None) == ()

    def test_the_default_setup_writes_what_it_would_write_anyway(self) -> None:
        edit = landing(config=Config())
        assert isinstance(edit, Edit)
        assert with_debts(CLAIMED, edit, lambda *_: Config()) is edit

    @pytest.mark.parametrize(
        ("config", "source", "expected"),
        [
            (Config(close_source_issue=True), "X-1", ("close-source-issue",)),
            (Config(close_source_issue=True), None, ()),
            (Config(delete_branch=True), None, ("delete-branch",)),
            (Config(forge="github"), None, ("pull-request", "status")),
            (Config(forge="github", statuses=False), None, ("pull-request",)),
            (Config(notify=(BOB,)), None, ()),
        ],
    )
    def test_a_landing_owes_what_its_target_configures(
        self, config: Config, source: str | None, expected: tuple[str, ...]
    ) -> None:
        view = a_view(an_mr(source_issue=source), claims=[a_candidate_claim("a")])
        assert owed(view, landing(view, config), config) == expected

    def test_what_the_forge_merged_itself_needs_no_word_on_its_pull_request(self) -> None:
        edit = landing()
        assert isinstance(edit, Edit)
        mr = edit.put[0]
        assert mr.landing is not None
        by_forge = replace(mr, landing=replace(mr.landing, mode="pull-request"))
        assert "pull-request" not in owed(CLAIMED, replace(edit, put=(by_forge,)), ALL)

    def test_what_goes_on_loses_its_label(self) -> None:
        blocked = a_view(a_blocked_mr("a"))
        going = unblocked(blocked, A, clean=True)
        assert owed(blocked, going, FORGED) == ("labels", "status")
        failing = a_view(a_failed_mr("a"))
        again = retry(failing, A, by="eve", now=NOW)
        assert owed(failing, again, FORGED) == ("labels", "status")
        assert owed(failing, again, NOTIFYING) == ()
        back = reblocked(a_view(an_mr("a")), A, IssueRef("github#1"))
        assert owed(a_view(an_mr("a")), back, ALL) == ("labels", "notify:conflict@TEAM", "status")

    def test_a_new_revision_takes_over_what_its_labels_say(self) -> None:
        old = replace(
            a_failed_mr("a"), untold=("labels", "notify:failed@TEAM", "status"), branch=Branch("x")
        )
        middle = an_mr("m", branch=Branch("x"), supersedes=A, submitted_at=ago(minutes=3))
        new = an_mr("n", branch=Branch("x"), supersedes=middle.id, submitted_at=ago(minutes=1))
        view = a_view(old, middle, new, unfolded=["m", "n"])
        edit = fold(view, NOW)
        assert edit is not None
        put = {mr.id: mr.untold for mr in with_debts(view, edit, lambda *_: FORGED).put}
        assert put == {
            A: ("notify:failed@TEAM",),
            an_id("m"): (),
            an_id("n"): ("labels", "status"),
        }

    def test_a_first_submission_owes_nothing(self) -> None:
        view = a_view(an_mr("a"), unfolded=["a"])
        assert owed(view, fold(view, NOW), ALL) == ()

    def test_what_has_ended_owes_nothing_more(self) -> None:
        view = a_view(a_closed_mr("a", untold=("x", "y")))
        edit = Edit(event=land_event(), put=(a_closed_mr("a", untold=("x",)),))
        assert owed(view, edit, ALL) == ("x",)

    @pytest.mark.parametrize(
        ("mr", "expected"),
        [
            (an_mr(), ()),
            (a_blocked_mr(), ("needs-rebase",)),
            (a_failed_mr(), ("needs-fix",)),
            (an_mr(failure=Failure(FailureType.ATTEMPTS, NOW, "push")), ("needs-retry",)),
            (an_mr(failure=Failure(FailureType.NOT_FAST_FORWARD, NOW, "x")), ("needs-rebase",)),
            (a_blocked_mr(failure=Failure(FailureType.ATTEMPTS, NOW, "x")), ("needs-rebase",)),
            (a_closed_mr(), ()),
        ],
    )
    def test_a_label_says_who_must_act(self, mr: MergeRequest, expected: tuple[str, ...]) -> None:
        assert outbox.labels(mr) == expected

    @pytest.mark.parametrize(
        ("channel", "topic", "author", "expected"),
        [
            (TEAM, Topic.MERGED, "ada", True),
            (BOB, Topic.FAILED, "bob", True),
            (BOB, Topic.FAILED, "b-2", True),
            (BOB, Topic.FAILED, "ada", False),
            (BOB, Topic.MERGED, "bob", False),
            (Channel("X", authors=("bob",)), Topic.STUCK, None, True),
        ],
    )
    def test_channels_choose_topics_and_authors(
        self, channel: Channel, topic: Topic, author: str | None, expected: bool
    ) -> None:
        assert outbox.wants(channel, topic, author) == expected

    def test_a_word_owed_again_is_taken_from_who_says_it(self) -> None:
        """They say how it was; whoever comes next says how it is."""
        telling = Telling("labels", "eve", NOW + LEASE, 1)
        view = a_view(a_blocked_mr("a", untold=("labels",), telling=(telling,)))
        edit = unblocked(view, A, clean=True)
        assert isinstance(edit, Edit)
        after = applied(view, with_debts(view, edit, lambda *_: FORGED))
        assert after.mrs[A].untold == ("labels", "status")
        assert after.mrs[A].telling == ()
        late = delivery.told(after, [Word(A, MAIN, telling)], (), by="eve", now=NOW)
        assert late is None

    @pytest.mark.parametrize("task", ["notify:", "notify:x", "notify:@x", "labels", "other:a@b"])
    def test_only_notifications_name_a_channel(self, task: str) -> None:
        assert outbox.parsed(task) is None
        assert outbox.parsed("notify:merged@TEAM") == outbox.Notification("merged", "TEAM")


def land_event() -> object:
    edit = landing()
    assert isinstance(edit, Edit)
    return edit.event


WAITING = a_view(
    a_closed_mr("a", untold=("status", "notify:merged@TEAM")),
    an_mr("b", untold=("labels",)),
    a_closed_mr("c"),
)


def anything(_: str) -> bool:
    return True


def taken(view: View, by: str = "ada", now: object = NOW, can: object = anything) -> View | None:
    edit = delivery.take(view, can, by=by, now=now)  # type: ignore[arg-type]
    return None if edit is None else applied(view, edit)


def words(view: View) -> list[Word]:
    return [Word(mr.id, mr.target, each) for mr in view.mrs.values() for each in mr.telling]


class TestWhoSaysIt:
    def test_all_that_waits_is_taken_at_once_and_dropped_at_once(self) -> None:
        held = taken(WAITING)
        assert held is not None
        mine = words(held)
        assert [(word.mr, word.task, word.again) for word in mine] == [
            (A, "status", False),
            (A, "notify:merged@TEAM", False),
            (an_id("b"), "labels", False),
        ]
        edit = delivery.told(held, mine, (), by="ada", now=NOW)
        assert edit is not None
        assert edit.event.subject == "said 3 words outside"
        after = applied(held, edit)
        assert {mr.untold for mr in after.mrs.values()} == {()}
        assert {mr.telling for mr in after.mrs.values()} == {()}
        assert delivery.take(after, anything, by="ada", now=NOW) is None
        assert not delivery.waiting(after)

    def test_what_is_taken_is_nobody_elses_until_the_lease_ends(self) -> None:
        held = taken(WAITING)
        assert held is not None
        assert taken(held, "bob", NOW + LEASE - timedelta(seconds=1)) is None
        again = taken(held, "bob", NOW + LEASE)
        assert again is not None
        assert {(word.telling.worker, word.telling.tries) for word in words(again)} == {("bob", 2)}
        assert all(word.again for word in words(again))

    def test_who_comes_back_late_changes_nothing_of_who_took_over(self) -> None:
        held = taken(WAITING)
        assert held is not None
        over = taken(held, "bob", NOW + LEASE)
        assert over is not None
        assert delivery.told(over, words(held), (), by="ada", now=NOW + LEASE) is None

    def test_what_this_worker_cannot_say_is_left_to_another(self) -> None:
        held = taken(WAITING, can=lambda task: not task.startswith("notify"))
        assert held is not None
        assert [word.task for word in words(held)] == ["status", "labels"]
        other = taken(held, "bob")
        assert other is not None
        assert [(w.task, w.telling.worker) for w in words(other) if w.telling.worker == "bob"] == [
            ("notify:merged@TEAM", "bob")
        ]

    @pytest.mark.parametrize(
        ("tried", "tries", "expected"),
        [(True, 1, (1, 1)), (True, 2, (2, 4)), (True, 5, (5, 256)), (True, 9, (9, 360)),
         (False, 1, (0, 1)), (False, 3, (2, 4))],
    )  # fmt: skip
    def test_what_was_not_said_waits_longer_each_time(
        self, tried: bool, tries: int, expected: tuple[int, int]
    ) -> None:
        telling = Telling("labels", "ada", NOW + LEASE, tries)
        view = a_view(an_mr("a", untold=("labels",), telling=(telling,)))
        edit = delivery.told(
            view, (), [Unsaid(Word(A, MAIN, telling), tried=tried)], by="ada", now=NOW
        )
        assert edit is not None
        assert edit.put[0].untold == ("labels",)
        left, minutes = expected
        until = NOW + timedelta(minutes=minutes)
        assert edit.put[0].telling == (Telling("labels", "ada", until, left),)

    @pytest.mark.parametrize(
        ("refused", "tries", "given_up"),
        [(True, 7, False), (True, 8, True), (False, 31, False), (False, 32, True)],
    )
    def test_hopeless_words_are_given_up_with_a_word_in_the_log(
        self, refused: bool, tries: int, given_up: bool
    ) -> None:
        telling = Telling("labels", "ada", NOW + LEASE, tries)
        view = a_view(an_mr("a", untold=("labels",), telling=(telling,)))
        unsaid = [Unsaid(Word(A, MAIN, telling), refused=refused)]
        edit = delivery.told(view, (), unsaid, by="ada", now=NOW)
        assert edit is not None
        assert (edit.put[0].untold == ()) == given_up
        assert ("given up: mr-a labels" in edit.event.subject) == given_up

    def test_a_week_after_the_end_nothing_holds_archiving(self) -> None:
        old = a_closed_mr("a", closed_at=ago(days=8), untold=("notify:merged@GONE", "status"))
        young = a_closed_mr("b", closed_at=ago(days=6), untold=("notify:merged@GONE",))
        view = a_view(old, young)
        edit = delivery.give_up(view, lambda task: task == "status", by="ada", now=NOW)
        assert edit is not None
        assert edit.put == (replace(old, untold=("status",)),)
        assert edit.event.subject == "given up after a week: mr-a notify:merged@GONE"
        assert delivery.give_up(applied(view, edit), anything, by="ada", now=NOW) is None

    def test_a_server_lets_the_outbox_of_closed_ones_shrink_and_nothing_else(self) -> None:
        closed = a_closed_mr("a", CloseReason.REJECTED, untold=("x", "y"))
        telling = Telling("x", "ada", NOW, 1)
        legal = {
            "take": replace(closed, telling=(telling,)),
            "drop": replace(closed, untold=("y",)),
        }
        for after in legal.values():
            assert guarding.changed(closed, after, KNOWN) is None
        illegal = {
            "grow": replace(closed, untold=("x", "y", "z")),
            "unheard of": replace(closed, telling=(replace(telling, task="z"),)),
            "title": replace(closed, telling=(telling,), title="better"),
        }
        for after in illegal.values():
            assert guarding.changed(closed, after, KNOWN) == guarding.IMMUTABLE


def still(view: View) -> tuple[Standstill, ...]:
    return view.header.stuck


def notice(view: View, idle: Idle | None, now: object = NOW, *channels: Channel) -> View:
    edit = noticed(view, MAIN, idle, channels or (TEAM,), now=now)  # type: ignore[arg-type]
    return view if edit is None else applied(view, edit)


RED = Idle(MAIN, "main fails", stuck=Stuck.RED)
BROKEN = Idle(MAIN, "no such key", stuck=Stuck.BROKEN_CONFIG)
DRAINED = Idle(MAIN, "nothing is ready")


class TestStandstills:
    def test_a_red_target_is_told_once_and_its_recovery_once(self) -> None:
        stopped = notice(a_view(), RED)
        assert still(stopped) == (
            Standstill(MAIN, Stillness.RED, "main fails", NOW, untold=("notify:stuck@TEAM",)),
        )
        assert notice(stopped, RED, NOW + timedelta(days=1)) is stopped
        held = taken(stopped)
        assert held is not None
        said = delivery.told(
            held, [Word(None, MAIN, still(held)[0].telling[0])], (), by="ada", now=NOW
        )
        assert said is not None
        told = applied(held, said)
        assert (still(told)[0].told, still(told)[0].untold) == (("TEAM",), ())
        assert notice(told, None) is told
        moving = notice(told, DRAINED)
        assert (still(moving)[0].why, still(moving)[0].untold) == (
            Stillness.MOVING,
            ("notify:moving@TEAM",),
        )
        held = taken(moving)
        assert held is not None
        done = delivery.told(
            held, [Word(None, MAIN, still(held)[0].telling[0])], (), by="ada", now=NOW
        )
        assert done is not None
        assert applied(held, done).header == QueueHeader(MAIN)

    def test_who_never_heard_of_it_is_not_told_that_it_is_over(self) -> None:
        stopped = notice(a_view(), BROKEN)
        assert notice(stopped, DRAINED).header == QueueHeader(MAIN)

    def test_another_cause_is_told_again(self) -> None:
        stopped = notice(notice(a_view(), RED), BROKEN)
        assert [(each.why, each.untold) for each in still(stopped)] == [
            (Stillness.BROKEN_CONFIG, ("notify:stuck@TEAM",))
        ]

    def test_waiting_too_long_is_a_standstill_until_the_wait_is_half_of_it(self) -> None:
        since = NOW - LONG_WAIT - timedelta(seconds=1)
        view = a_view(an_mr("a", created_at=since))
        assert still(notice(view, None, since + LONG_WAIT)) == ()
        stopped = notice(view, None)
        assert [each.words for each in still(stopped)] == ["mr-a (a) has been ready for 1h"]
        nearly = replace(stopped, mrs={MrId("mr-b"): an_mr("b", created_at=NOW - LONG_WAIT * 0.6)})
        assert notice(nearly, DRAINED) is nearly
        assert still(notice(replace(stopped, mrs={}), DRAINED)) == ()

    def test_a_worker_that_cannot_check_does_not_call_a_red_target_well(self) -> None:
        stopped = notice(a_view(), RED)
        for idle in (None, Idle(MAIN, "no shell", stuck=Stuck.CANNOT_CHECK)):
            assert notice(stopped, idle) is stopped

    def test_a_paused_queue_and_one_without_listeners_write_nothing(self) -> None:
        from refinery.records.header import Pause

        paused = a_view(header=QueueHeader(MAIN, paused=Pause("eve", "x", NOW)))
        assert notice(paused, RED) is paused
        view = a_view()
        deaf = Channel("TEAM", (Topic.MERGED,))
        assert notice(view, RED, NOW, deaf) is view
        assert noticed(view, MAIN, RED, (), now=NOW) is None
