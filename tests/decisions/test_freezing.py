"""What freezes a target, who passes all the same, and that a landing asks once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.config.config import Config, parse
from refinery.processor.due import needs_pass
from refinery.queue import halting
from refinery.queue.calendars import calendar_of, closed_spans
from refinery.queue.estimating import LandingTime, NoLandingTime
from refinery.queue.explaining import explain
from refinery.queue.folding import fold
from refinery.queue.freeze_orders import StillFrozen, closed_trees, freeze, thaw
from refinery.queue.freeze_words import frozen_words, way_out
from refinery.queue.freezing import frozen, next_change, next_freeze, target_frozen
from refinery.queue.hotfixes import MayNot, allow, ask, revoke
from refinery.queue.operating import Already, hold, pause, unhold
from refinery.queue.plan import Idle, next_candidate
from refinery.queue.planning.from_view import facts_of
from refinery.queue.proposing import why_withdrawn
from refinery.queue.settling import Stale, land, settle
from refinery.queue.standing import Code, standing
from refinery.queue.submission import successor
from refinery.records.header import Cause, Freeze, Pause, QueueHeader, Thaw
from refinery.records.merge_request import Allowance, Hotfix, MergeRequest
from refinery.records.names import Branch, IssueRef
from refinery.store.apply import applied
from refinery.store.edit import Edit, Event
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_build,
    a_candidate_claim,
    a_hold,
    a_proposal,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

# NOW is a Sunday at noon.
WEEKENDS = """\
windows:
- name: weekend
  from: "fri 16:00"
  until: "mon 08:00"
  reason: nobody is in
  except: {authors: [bot], priority: 0}
issues:
- label: tree-closed
  except: {labels: [repair]}
hotfix:
  authors: [sre]
  allow: [eve]
"""
MONDAY = NOW.replace(day=2, hour=8)
LATER = NOW + timedelta(hours=2)
FRIDAY = NOW.replace(day=6, hour=16)


def ordered(target: str = "main", **fields: Any) -> Freeze:
    """Somebody's freeze."""
    return Freeze(target, Cause.ORDERED, "ada", "release", ago(minutes=5), **fields)


def by_issue(**fields: Any) -> Freeze:
    """A tree that an issue closes."""
    named: dict[str, Any] = {"issue": IssueRef("local#3"), "label": "tree-closed"}
    return Freeze("main", Cause.ISSUE, "local", "main is broken", ago(hours=1), **named | fields)


def the_view(
    *mrs: MergeRequest,
    rules: str = "",
    freezes: tuple[Freeze, ...] = (),
    thaws: tuple[Thaw, ...] = (),
    **fields: Any,
) -> View:
    """A view whose targets have these rules in their configuration."""
    config = the_config(rules)
    header = QueueHeader(MAIN, freezes=freezes, thaws=thaws)
    return a_view(*mrs, header=header, config_at=lambda *_: config, **fields)


def the_config(rules: str) -> Config:
    """The configuration with these lines below `freeze:`."""
    lines = "".join(f"  {line}\n" for line in rules.splitlines())
    return parse(f"version: 1\n{f'freeze:{chr(10)}{lines}' if rules else ''}".encode(), where="x")


def codes(view: View, now: datetime = NOW) -> dict[str, Code]:
    """Where each stands, by branch."""
    return {mr.branch: standing(view, mr, now).code for mr in view.mrs.values()}


def header_after(view: View, edit: object) -> View:
    """The view once the edit is the truth."""
    assert isinstance(edit, Edit), edit
    return applied(view, edit)


class TestWhatFreezes:
    def test_somebodys_word_until_it_ends(self) -> None:
        view = the_view(an_mr("a"), freezes=(ordered(until=LATER),))
        assert codes(view) == {"a": Code.FROZEN}
        assert codes(view, LATER) == {"a": Code.READY}

    def test_the_pattern_says_which_targets(self) -> None:
        mrs = [an_mr(name, target=Branch(name)) for name in ("release/1", "release/1/x", "main")]
        view = the_view(*mrs, freezes=(ordered("release/*"),))
        assert codes(view) == {
            "release/1": Code.FROZEN,
            "release/1/x": Code.READY,
            "main": Code.READY,
        }

    def test_a_window_of_the_configuration(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS)
        assert codes(view) == {"a": Code.FROZEN}
        assert codes(view, MONDAY - timedelta(seconds=1)) == {"a": Code.FROZEN}
        assert codes(view, MONDAY) == {"a": Code.READY}

    def test_an_issue_for_as_long_as_it_is_open(self) -> None:
        view = the_view(an_mr("a"), freezes=(by_issue(),))
        assert codes(view, NOW + timedelta(days=900)) == {"a": Code.FROZEN}

    def test_who_has_an_exception_is_not_concerned(self) -> None:
        mrs = [
            an_mr("a"),
            an_mr("bot", worker="bot"),
            an_mr("urgent", priority=0),
            an_mr("labelled", labels=("repair",)),
        ]
        assert codes(the_view(*mrs, rules=WEEKENDS)) == {
            "a": Code.FROZEN,
            "bot": Code.READY,
            "urgent": Code.READY,
            "labelled": Code.FROZEN,  # that exception is another freeze's
        }
        closed = the_view(*mrs, rules=WEEKENDS, freezes=(by_issue(),))
        assert codes(closed, MONDAY)["labelled"] is Code.READY
        assert codes(closed, MONDAY)["bot"] is Code.FROZEN

    def test_what_the_author_has_to_do_is_said_first(self) -> None:
        rejected = an_mr("b", status="closed", close_reason="rejected")
        mrs = [an_mr("held", hold=a_hold()), an_mr("above", depends_on=(an_id("b"),)), rejected]
        view = the_view(*mrs, freezes=(ordered(),))
        assert codes(view)["held"] is Code.HELD

    def test_one_on_top_of_a_hotfix_does_not_land_with_it(self) -> None:
        hotfix = an_mr("fix", worker="sre", hotfix=Hotfix("down"))
        above = an_mr("above", depends_on=(an_id("fix"),))
        view = the_view(hotfix, above, rules=WEEKENDS)
        assert codes(view) == {"fix": Code.READY, "above": Code.FROZEN}
        facts = facts_of(view, MAIN, the_config(WEEKENDS), NOW)
        assert [each.id for each in facts.pending] == [an_id("fix")]

    def test_the_end_is_when_all_of_it_is_over(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS, freezes=(ordered(until=MONDAY),))
        found = target_frozen(view, MAIN, NOW)
        assert found is not None
        assert found.until == MONDAY
        longer = the_view(rules=WEEKENDS, freezes=(ordered(until=MONDAY + timedelta(hours=3)),))
        assert target_frozen(longer, MAIN, NOW).until == MONDAY + timedelta(hours=3)  # type: ignore[union-attr]
        endless = the_view(rules=WEEKENDS, freezes=(by_issue(),))
        assert target_frozen(endless, MAIN, NOW).until is None  # type: ignore[union-attr]

    def test_a_configuration_that_cannot_be_read_freezes_nothing_more(self) -> None:
        view = replace(the_view(an_mr("a")), config_at=lambda *_: None)
        assert codes(view) == {"a": Code.READY}


class TestHotfixes:
    def mrs(self) -> list[MergeRequest]:
        """One of each."""
        allowed = Hotfix("down", Allowance("eve", "seen", ago(minutes=1)))
        return [
            an_mr("asks", hotfix=Hotfix("down")),
            an_mr("sre", worker="sre", hotfix=Hotfix("down")),
            an_mr("sre-too", worker="sre"),
            an_mr("allowed", hotfix=allowed),
            an_mr("forged", hotfix=Hotfix("down", Allowance("mallory", "me", ago(minutes=1)))),
        ]

    @pytest.mark.parametrize("freezes", [(ordered(),), (by_issue(),), ()])
    def test_pass_all_freezes_where_the_configuration_lets_them(
        self, freezes: tuple[Freeze, ...]
    ) -> None:
        found = codes(the_view(*self.mrs(), rules=WEEKENDS, freezes=freezes))
        assert [name for name, code in found.items() if code is Code.READY] == ["sre", "allowed"]
        assert set(found.values()) == {Code.READY, Code.FROZEN}

    def test_pass_nothing_where_it_says_nothing_of_them(self) -> None:
        found = codes(the_view(*self.mrs(), freezes=(ordered(),)))
        assert set(found.values()) == {Code.FROZEN}

    def test_pass_neither_holds_nor_pauses(self) -> None:
        held = an_mr("sre", worker="sre", hotfix=Hotfix("down"), hold=a_hold())
        assert codes(the_view(held, rules=WEEKENDS)) == {"sre": Code.HELD}

    def test_somebody_who_may_lets_one_pass_and_takes_it_back(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS)
        a = an_id("a")
        view = header_after(view, ask(view, a, reason="down", by="ada"))
        assert codes(view) == {"a": Code.FROZEN}
        refused = allow(view, a, reason="me", by="mallory", now=NOW)
        assert refused == MayNot(view.mrs[a], "mallory", ("eve",))
        view = header_after(view, allow(view, a, reason="seen", by="eve", now=NOW))
        assert view.mrs[a].hotfix == Hotfix("down", Allowance("eve", "seen", NOW))
        assert codes(view) == {"a": Code.READY}
        assert isinstance(allow(view, a, reason="again", by="eve", now=NOW), Already)
        view = header_after(view, revoke(view, a, by="eve"))
        assert codes(view) == {"a": Code.FROZEN}

    def test_a_new_revision_was_seen_by_nobody(self) -> None:
        old = an_mr("a", hotfix=Hotfix("down", Allowance("eve", "seen", NOW)))
        assert successor(old, an_mr("b")).hotfix == Hotfix("down")

    def test_nobody_lets_their_own_pass_through_the_inbox(self) -> None:
        forged = an_mr("a", hotfix=Hotfix("down", Allowance("eve", "seen", NOW)))
        edit = fold(a_view(forged, unfolded=["a"]), NOW)
        assert edit is not None
        assert edit.put[0].hotfix == Hotfix("down")

    def test_a_landing_records_what_it_passed_and_why(self) -> None:
        claim = a_candidate_claim("sre", "bot")
        mrs = [an_mr("sre", worker="sre", hotfix=Hotfix("down")), an_mr("bot", worker="bot")]
        view = the_view(*mrs, rules=WEEKENDS, claims=[claim])
        edit = land(view, a_build("sre", "bot"), None, claim, the_config(WEEKENDS), NOW)
        assert isinstance(edit, Edit)
        told = {key: value for key, value in edit.event.details.items() if "Freeze" in key}
        assert told == {
            "Refinery-Freeze": "main is frozen until Mon 2026-03-02 08:00 UTC by the window "
            "'weekend': nobody is in"
        }
        assert edit.event.details["Refinery-Passed"] == (
            "mr-sre (a hotfix of sre), mr-bot (the configuration makes an exception)"
        )


class TestInsideTheLanding:
    """Seed fault 17: what was frozen between the test and the push does not land."""

    def settled(self, *freezes: Freeze, now: datetime = NOW, rules: str = "") -> object:
        """What settling a passed candidate of one comes to."""
        claim = a_candidate_claim("a")
        view = the_view(an_mr("a"), freezes=freezes, rules=rules, claims=[claim])
        verdict, config = a_verdict("a"), the_config(rules)
        verdict = replace(verdict, fingerprint=config.fingerprint)
        done = settle(view, a_build("a"), verdict, claim, config, now)
        assert isinstance(done, Edit)
        return done.event.name

    def test_it_lands_where_nothing_freezes_it(self) -> None:
        assert self.settled() == "merged"
        assert self.settled(ordered(until=ago(seconds=1))) == "merged"
        assert self.settled(rules=WEEKENDS, now=MONDAY) == "merged"

    @pytest.mark.parametrize("freeze", [ordered(), ordered("**"), by_issue()])
    def test_a_freeze_leaves_the_verdict_and_nothing_else(self, freeze: Freeze) -> None:
        assert self.settled(freeze) == "tested"

    def test_so_does_a_window_that_began_meanwhile(self) -> None:
        assert self.settled(rules=WEEKENDS, now=FRIDAY - timedelta(seconds=1)) == "merged"
        assert self.settled(rules=WEEKENDS, now=FRIDAY) == "tested"

    def test_the_landing_itself_refuses_too(self) -> None:
        claim = a_candidate_claim("a")
        view = the_view(an_mr("a"), freezes=(ordered(),), claims=[claim])
        assert land(view, a_build("a"), None, claim, Config(), NOW) == Stale(
            "main is frozen by ada: release"
        )

    def test_what_waits_in_a_pull_request_is_taken_back(self) -> None:
        proposal = a_proposal()
        mr = an_mr("a", proposal=proposal)
        free, shut = the_view(mr), the_view(mr, freezes=(ordered(),))
        assert why_withdrawn(free, proposal.branch, NOW) is None
        assert why_withdrawn(shut, proposal.branch, NOW) == "main is frozen by ada: release"


class TestOrders:
    def test_a_second_freeze_of_the_same_target_replaces_the_first(self) -> None:
        view = the_view(an_mr("a"))
        first = freeze(view, "main", reason="release", by="ada", now=NOW, until=LATER)
        view = header_after(view, first)
        assert isinstance(
            freeze(view, "main", reason="release", by="eve", now=NOW, until=LATER), Already
        )
        second = freeze(view, "main", reason="longer", by="eve", now=NOW)
        view = header_after(view, second)
        assert [(each.by, each.until) for each in view.header.freezes] == [("eve", None)]

    def test_a_thaw_ends_it(self) -> None:
        view = the_view(an_mr("a"), freezes=(ordered(), by_issue()))
        edit = thaw(view, "main", reason="done", by="eve", now=NOW)
        assert edit.event == Event("thawed", "thaw main: done", worker="eve")
        view = header_after(view, edit)
        assert [each.cause for each in view.header.freezes] == [Cause.ISSUE]
        again = thaw(view, "main", reason="done", by="eve", now=NOW)
        assert isinstance(again, StillFrozen)
        assert way_out(again.frozen) == "refinery issue close 3"

    def test_what_is_not_frozen_is_not_thawed(self) -> None:
        view = the_view(an_mr("a"))
        assert thaw(view, "main", reason="x", by="eve", now=NOW) == Already("main is not frozen")

    def test_a_wider_pattern_is_thawed_as_it_was_frozen(self) -> None:
        view = the_view(an_mr("a"), freezes=(ordered("**"),))
        refused = thaw(view, "main", reason="x", by="eve", now=NOW)
        assert isinstance(refused, StillFrozen)
        assert way_out(refused.frozen) == "refinery thaw '**'"
        view = header_after(view, thaw(view, "**", reason="x", by="eve", now=NOW))
        assert view.header.freezes == ()

    def test_a_window_is_opened_until_it_ends_and_no_longer(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS)
        opened = header_after(view, thaw(view, "main", reason="x", by="eve", now=NOW))
        assert opened.header.thaws == (Thaw("main", "eve", "x", NOW, MONDAY),)
        assert codes(opened) == {"a": Code.READY}
        assert codes(opened, FRIDAY) == {"a": Code.FROZEN}

    def test_or_for_as_long_as_somebody_says(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS)
        edit = thaw(view, "main", reason="x", by="eve", now=NOW, until=LATER)
        opened = header_after(view, edit)
        assert (codes(opened), codes(opened, LATER)) == ({"a": Code.READY}, {"a": Code.FROZEN})
        coming = next_freeze(opened, MAIN, NOW)
        assert coming is not None
        assert coming.until == LATER
        assert next_change(opened, NOW) == LATER


class TestClosedTrees:
    def closed(self, view: View, *found: Freeze) -> View:
        """What the tracker's answer makes of it."""
        edit = closed_trees(view, {MAIN: found}, NOW)
        return view if edit is None else applied(view, edit)

    def test_the_same_answer_changes_nothing(self) -> None:
        view = self.closed(the_view(an_mr("a"), freezes=(ordered(),)), by_issue())
        assert [each.cause for each in view.header.freezes] == [Cause.ORDERED, Cause.ISSUE]
        assert closed_trees(view, {MAIN: [by_issue(at=NOW)]}, NOW) is None

    def test_no_issue_opens_it(self) -> None:
        view = self.closed(the_view(an_mr("a"), freezes=(by_issue(),)))
        assert view.header.freezes == ()

    def test_no_answer_closes_it_and_an_answer_says_how_it_is(self) -> None:
        silent = Freeze("main", Cause.UNANSWERED, "local", "no answer", NOW, label="tree-closed")
        view = self.closed(the_view(an_mr("a")), silent)
        assert codes(view) == {"a": Code.FROZEN}
        assert self.closed(view).header.freezes == ()

    def test_no_answer_changes_nothing_about_what_is_closed(self) -> None:
        silent = Freeze("main", Cause.UNANSWERED, "local", "no answer", NOW, label="tree-closed")
        view = the_view(an_mr("a"), freezes=(by_issue(),))
        assert closed_trees(view, {MAIN: [silent]}, NOW) is None

    def test_each_target_is_told_of_by_itself(self) -> None:
        """One answers, one does not, and one was not asked about: that stays as it was."""
        held = [by_issue(), replace(by_issue(), target="dev"), replace(by_issue(), target="old")]
        view = the_view(an_mr("a"), freezes=tuple(held))
        silent = [
            Freeze(target, Cause.UNANSWERED, "local", "no answer", NOW, label="tree-closed")
            for target in ("main", "dev")
        ]
        told = {MAIN: silent[:1], Branch("dev"): silent[1:]}
        assert closed_trees(view, told, NOW) is None
        edit = closed_trees(view, {MAIN: silent[:1], Branch("dev"): []}, NOW)
        assert edit is not None
        assert edit.event == Event("tree_opened", "dev is open again: local#3 is closed")
        assert edit.header is not None
        assert {each.target for each in edit.header.freezes} == {"main", "old"}


class TestEnds:
    def test_a_hold_and_a_pause_end_by_themselves(self) -> None:
        view = the_view(an_mr("a"), an_mr("b"))
        edit = hold(view, an_id("a"), reason="x", by="eve", now=NOW, until=LATER)
        view = header_after(view, edit)
        assert codes(view) == {"a": Code.HELD, "b": Code.READY}
        view = header_after(view, pause(view, reason="y", by="eve", now=NOW, until=LATER))
        assert codes(view) == {"a": Code.HELD, "b": Code.PAUSED}
        assert codes(view, LATER) == {"a": Code.READY, "b": Code.READY}
        assert halting.next_end(view, NOW) == LATER

    def test_the_next_to_end_may_be_any_of_them(self) -> None:
        def ends(**fields: Any) -> datetime | None:
            mrs = [an_mr("a", hold=fields.pop("hold", None)), an_mr("b")]
            paused = fields.pop("paused", None)
            view = the_view(*mrs, **fields)
            header = replace(view.header, paused=paused)
            return halting.next_end(replace(view, header=header), NOW)

        soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
        thaw, freeze = Thaw("main", "eve", "x", NOW, soon), ordered(until=soon)
        assert ends() is None
        assert ends(hold=replace(a_hold(), until=soon)) == soon
        assert (
            ends(paused=Pause("eve", "x", NOW, soon), thaws=(replace(thaw, until=later),)) == soon
        )
        assert ends(freezes=(freeze,), thaws=(replace(thaw, until=later),)) == soon
        assert ends(thaws=(thaw,), freezes=(replace(freeze, until=later),)) == soon
        assert ends(thaws=(replace(thaw, until=NOW), replace(thaw, until=later))) == later

    def test_the_next_pass_takes_away_what_has_ended(self) -> None:
        view = the_view(
            an_mr("a", hold=replace(a_hold(), until=LATER)),
            freezes=(ordered(until=LATER), by_issue()),
            thaws=(Thaw("main", "eve", "x", NOW, LATER),),
        )
        paused = replace(view.header, paused=Pause("eve", "x", NOW, LATER))
        view = replace(view, header=paused)
        assert halting.lapsed(view, NOW) is None
        edit = halting.lapsed(view, LATER)
        assert edit is not None
        assert edit.event.subject == (
            "the pause ended; the freeze of main ended; a thaw ended; the hold of mr-a ended"
        )
        after = applied(view, edit)
        assert after.header.paused is None
        assert (after.header.freezes, after.header.thaws) == ((by_issue(),), ())
        assert after.mrs[an_id("a")].hold is None
        assert halting.lapsed(after, LATER) is None

    def test_another_end_replaces_the_pause_and_the_hold(self) -> None:
        view = the_view(an_mr("a"))
        view = header_after(view, pause(view, reason="y", by="eve", now=NOW, until=LATER))
        assert isinstance(pause(view, reason="y", by="eve", now=NOW), Already)
        view = header_after(view, pause(view, reason="z", by="eve", now=NOW, until=MONDAY))
        assert view.header.paused is not None
        assert view.header.paused.until == MONDAY
        assert isinstance(unhold(view, an_id("a"), by="eve"), Already)


class TestWords:
    def test_why_says_until_when_by_what_and_what_to_do(self) -> None:
        zone = "America/New_York"
        lane = "hotfix: {allow: [eve]}"
        view = the_view(an_mr("a"), rules=lane, freezes=(ordered(until=LATER, zone=zone),))
        explained = explain(view, view.mrs[an_id("a")], Config(), NOW)
        assert (explained.code, explained.words, explained.next) == (
            Code.FROZEN,
            "It waits: main is frozen until Sun 2026-03-01 09:00 EST by ada: release. "
            "That is in 2h. What cannot wait asks to pass with `refinery hotfix ask`.",
            "refinery wait mr-a",
        )

    @pytest.mark.parametrize(
        ("freeze", "words", "way"),
        [
            (ordered(), "main is frozen by ada: release", "refinery thaw main"),
            (by_issue(), "main is closed by local#3: main is broken", "refinery issue close 3"),
            (
                by_issue(issue=IssueRef("github#9"), by="github"),
                "main is closed by github#9: main is broken",
                None,
            ),
            (
                Freeze("main", Cause.UNANSWERED, "github", "github did not answer", NOW),
                "main is closed, for all that is known: github did not answer",
                None,
            ),
        ],
    )
    def test_each_cause_has_words_and_a_way_out(
        self, freeze: Freeze, words: str, way: str | None
    ) -> None:
        found = target_frozen(the_view(freezes=(freeze,)), MAIN, NOW)
        assert found is not None
        assert (frozen_words(found), way_out(found)) == (words, way)

    def test_a_hotfix_waits_for_somebodys_word(self) -> None:
        mr = an_mr("a", hotfix=Hotfix("down"))
        explained = explain(the_view(mr, freezes=(ordered(),)), mr, Config(), NOW)
        assert explained.words == (
            "It waits: main is frozen by ada: release (a hotfix that nobody has allowed)."
        )
        assert explained.next == "refinery hotfix allow mr-a --reason down"

    def test_a_worker_says_why_it_has_nothing_to_do(self) -> None:
        view = the_view(an_mr("a"), rules=WEEKENDS)
        config = the_config(WEEKENDS)
        idle = next_candidate(MAIN, facts_of(view, MAIN, config, NOW))
        assert idle == Idle(
            MAIN,
            "frozen until Mon 2026-03-02 08:00 UTC by the window 'weekend': nobody is in",
        )


class TestEstimates:
    def told(self, seconds: float) -> LandingTime:
        """A landing time of which all is at one instant."""
        return LandingTime(NOW, seconds, (seconds, seconds), (seconds, seconds), 0.9, 5)

    def test_what_is_frozen_lands_after_its_end(self) -> None:
        calendar = calendar_of(the_view(rules=WEEKENDS), MAIN, NOW)
        moved = calendar.moved(an_mr("a"), self.told(600))
        assert isinstance(moved, LandingTime)
        assert moved.expected_at == MONDAY + timedelta(minutes=10)
        assert calendar.moved(an_mr("b", worker="bot"), self.told(600)) == self.told(600)

    def test_what_would_land_in_a_window_lands_after_it(self) -> None:
        before = FRIDAY - timedelta(minutes=5)
        calendar = calendar_of(the_view(rules=WEEKENDS), MAIN, before)
        times = [
            calendar.moved(an_mr("a"), replace(self.told(each), at=before)) for each in (240, 600)
        ]
        assert [each.expected_at for each in times if isinstance(each, LandingTime)] == [
            before + timedelta(minutes=4),
            MONDAY + timedelta(days=7, minutes=5),
        ]

    def test_nobody_knows_when_a_freeze_without_an_end_is_over(self) -> None:
        calendar = calendar_of(the_view(freezes=(ordered(),)), MAIN, NOW)
        assert calendar.moved(an_mr("a"), self.told(600)) == NoLandingTime(
            "main is frozen before it lands, with no end in sight"
        )
        assert not calendar.opens

    def test_a_calendar_without_freezes_is_empty(self) -> None:
        assert closed_spans(the_view(), MAIN, NOW) == []
        assert closed_spans(the_view(rules=WEEKENDS), MAIN, NOW)[:2] == [
            (NOW, MONDAY),
            (FRIDAY, MONDAY + timedelta(days=7)),
        ]


def test_frozen_says_nothing_of_one_that_may_land() -> None:
    assert frozen(the_view(rules=WEEKENDS), an_mr("a", worker="bot"), NOW) is None


ends = st.integers(1, 400).map(lambda hours: NOW + timedelta(hours=hours))
freezes = st.lists(st.builds(ordered, until=ends), max_size=3).map(tuple)
thaws = st.lists(ends.map(lambda end: Thaw("main", "eve", "x", NOW, end)), max_size=2).map(tuple)


@given(freezes, thaws, st.sampled_from(["", WEEKENDS]), st.integers(0, 500))
def test_a_target_is_frozen_until_it_was_said_to_be_and_not_longer(
    freezes: tuple[Freeze, ...], thaws: tuple[Thaw, ...], rules: str, hours: int
) -> None:
    view, now = the_view(rules=rules, freezes=freezes, thaws=thaws), NOW + timedelta(hours=hours)
    found = target_frozen(view, MAIN, now)
    if found is None:
        coming = next_freeze(view, MAIN, now)
        until = coming.until if coming is not None else now + timedelta(days=8)
        assert until is not None
        assert all(target_frozen(view, MAIN, each) is None for each in _between(now, until))
        return
    assert found.until is not None
    assert target_frozen(view, MAIN, found.until) is None
    for each in _between(now, found.until):
        said = target_frozen(view, MAIN, each)
        assert said is not None
        assert said.until == found.until


@given(freezes, thaws, st.lists(st.floats(0, 1e6), min_size=2, max_size=2))
def test_a_calendar_keeps_the_order_and_lets_nothing_land_in_a_freeze(
    freezes: tuple[Freeze, ...], thaws: tuple[Thaw, ...], seconds: list[float]
) -> None:
    view = the_view(rules=WEEKENDS, freezes=freezes, thaws=thaws)
    passed = calendar_of(view, MAIN, NOW).passed
    first, second = map(passed, sorted(seconds))
    assert first <= second
    assert target_frozen(view, MAIN, NOW + timedelta(seconds=first)) is None


def _between(start: datetime, end: datetime) -> list[datetime]:
    """Instants from the first to the one before the last."""
    return [start + (end - start) * part / 7 for part in range(7)]


def test_a_watched_queue_is_looked_at_when_a_freeze_turns() -> None:
    def looked(view: View, last: datetime, now: datetime) -> bool:
        return needs_pass(view, last, now, quiet=3600)

    minute = timedelta(minutes=1)
    windows = the_view(rules=WEEKENDS)
    assert looked(windows, MONDAY - minute, MONDAY)
    assert not looked(windows, MONDAY, MONDAY + minute)
    ordered_one = the_view(freezes=(ordered(until=LATER),))
    assert looked(ordered_one, LATER - minute, LATER)
    assert not looked(ordered_one, LATER - 2 * minute, LATER - minute)
    assert looked(the_view(freezes=(by_issue(),)), NOW, NOW + 11 * minute)
