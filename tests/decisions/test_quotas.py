"""Quotas: how many of an author's or a fleet's are begun at the same time, and may wait."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from refinery.config.config import Config
from refinery.config.fairness import Fairness, Fleet, Quota
from refinery.queue.plan import Idle, next_candidate
from refinery.queue.planning.from_view import Known, facts_of
from refinery.queue.planning.pick import plan
from refinery.queue.quotas import Full, full, kept_back
from refinery.queue.taking_turns import turns_of
from refinery.records.names import MrId
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_candidate_claim,
    a_closed_mr,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)

BOTS = Fleet("bots", ("bot*",), quota=Quota(at_once=2, waiting=3))
RULES = Fairness(author=Quota(at_once=1), fleets=(BOTS,))
WIDE = Fairness(fleets=(BOTS,))


def line(*authors: str) -> list[tuple[MrId, str]]:
    return [(an_id(f"m{number}"), author) for number, author in enumerate(authors)]


def kept(asked: list[tuple[MrId, str]], *running: str, rules: Fairness = RULES) -> dict[str, str]:
    found = kept_back(asked, running={an_id(each) for each in running}, rules=rules)
    return {id: each.whose for id, each in found.items()}


class TestAtOnce:
    def test_the_first_of_an_author_and_of_a_fleet_may_begin(self) -> None:
        asked = line("bot1", "ada", "ada", "bot2", "bot3", "eve")
        assert kept(asked) == {"mr-m2": "ada", "mr-m4": "the fleet bots"}

    def test_who_is_tested_counts_wherever_it_stands(self) -> None:
        asked = line("bot1", "bot2", "bot3")
        assert kept(asked, "m2") == {"mr-m1": "the fleet bots"}

    def test_without_quotas_everybody_may(self) -> None:
        assert kept(line("ada", "ada"), rules=Fairness()) == {}

    @given(st.lists(st.sampled_from(["ada", "bot1", "bot2"]), max_size=12), st.data())
    def test_no_more_than_the_quota_are_begun_and_somebody_always_may(
        self, authors: list[str], data: st.DataObject
    ) -> None:
        asked = line(*authors)
        running = data.draw(st.sets(st.sampled_from(asked or [(an_id("x"), "x")]), max_size=2))
        ids = {id for id, _ in running}
        held = kept_back(asked, running=ids, rules=RULES)
        begun = [author for id, author in asked if id not in held and id not in ids]
        assert sum(author.startswith("bot") for author in begun) <= 2
        assert all(begun.count(author) <= 1 for author in begun)
        assert not held.keys() & ids
        assert not asked or len(held) < len(asked)


class TestPlan:
    def test_the_plan_begins_no_more_and_leaves_the_workers_to_others(self) -> None:
        view = a_view(*(an_mr(f"m{n}", worker=f"bot{n}") for n in range(6)), an_mr("mine"))
        config = Config(fairness=WIDE)
        facts = facts_of(view, MAIN, config, NOW, known=Known(workers=8))
        chosen = {id for each in plan(facts) for id in each.members}
        assert chosen == {"mr-mine", "mr-m0", "mr-m1"}

    def test_what_was_shown_fine_needs_no_place(self) -> None:
        view = a_view(
            *(an_mr(f"m{n}", worker=f"bot{n}") for n in range(4)),
            verdicts=[a_verdict("m0", fingerprint=Config().fingerprint)],
        )
        facts = facts_of(view, MAIN, Config(fairness=WIDE), NOW)
        assert facts.kept_back == {"mr-m3"}

    def test_a_worker_with_nothing_to_begin_is_told_why(self) -> None:
        view = a_view(
            *(an_mr(f"m{n}", worker=f"bot{n}") for n in range(3)),
            claims=[a_candidate_claim("m0", "m1")],
        )
        facts = facts_of(view, MAIN, Config(fairness=WIDE), NOW, known=Known(workers=2))
        found = next_candidate(MAIN, facts)
        assert isinstance(found, Idle)
        assert found.why == "1 waits until fewer of the same author or fleet are being tested"
        turn = turns_of(view, MAIN, NOW + timedelta(seconds=1), Config(fairness=WIDE))[an_id("m2")]
        assert turn.words == (
            "At most 2 of the fleet bots are tested at the same time: others go first."
        )


class TestWaiting:
    def test_the_open_ones_of_the_target_count(self) -> None:
        mrs = [an_mr(f"m{n}", worker=f"bot{n}") for n in range(3)]
        elsewhere = an_mr("x", worker="bot", target="release")
        assert full(a_view(*mrs), MAIN, "bot9", WIDE) == Full(("fleet", "bots"), 3)
        assert full(a_view(*mrs), MAIN, "ada", WIDE) is None
        assert full(a_view(*mrs[:2], elsewhere, a_closed_mr("c")), MAIN, "bot9", WIDE) is None
