"""Taking turns: nobody starves, nobody saves up, and for one author the score is the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.config.config import Config
from refinery.config.fairness import Fairness, Fleet
from refinery.queue.fairness import KEPT, LEAD, MOST, Ask, after, by_turns, share_of
from refinery.queue.order import line_for
from refinery.queue.turns import header_after
from refinery.records.header import QueueHeader, Turns
from refinery.records.names import MrId
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_closed_mr,
    a_sha,
    a_view,
    ago,
    an_id,
    an_mr,
    branches,
)

NOBODY = Turns(MAIN)
AGENTS = Fleet("agents", ("agent-*",))
RULES = Fairness(fleets=(AGENTS,))
AUTHORS = ["ada", "bob", "eve", "agent-1", "agent-2", "agent-3"]

an_ask = st.builds(
    Ask,
    id=st.uuids().map(lambda it: MrId(f"mr-{it.hex[:10]}")),
    author=st.sampled_from(AUTHORS),
    points=st.floats(-300, 2000),
    since=st.floats(0, 1000),
    able=st.booleans(),
)
asks_of = st.lists(an_ask, max_size=30, unique_by=lambda each: each.id)
some_turns = st.builds(
    Turns,
    target=st.just(MAIN),
    authors=st.dictionaries(st.sampled_from([*AUTHORS, "person"]), st.floats(0.01, MOST)),
    fleets=st.dictionaries(st.just("agents"), st.floats(0.01, MOST)),
)
some_rules = st.builds(
    Fairness,
    points=st.sampled_from([20.0, 100.0, 1000.0]),
    fleets=st.sampled_from([None, (), (AGENTS,), (replace(AGENTS, weight=3),)]),
)


def ask(author: str, number: int = 0, points: float = 200.0, able: bool = True) -> Ask:
    return Ask(MrId(f"mr-{author}-{number:03}"), author, points, float(number), able)


def authors_of(asks: Iterable[Ask]) -> str:
    return " ".join(each.author for each in asks)


@pytest.mark.parametrize(
    ("author", "fleet"),
    [
        *[("agent-7", "agent-#"), ("agent-3f2", "agent-#"), ("coder/12/x", "coder/#/x")],
        *[("ada2", "ada#"), ("Ada", None), ("ada@example.com", None), ("7", "#"), ("", None)],
        *[("ärger-7", "ärger-#"), ("bob7@example.com", "bob#@example.com")],
    ],
)
def test_names_that_differ_only_in_a_number_are_a_fleet(author: str, fleet: str | None) -> None:
    found = Fairness().fleet_of(author)
    assert (found.name if found else None) == fleet
    assert Fairness(fleets=()).fleet_of(author) is None


class TestTurns:
    def test_authors_take_turns_however_much_each_has_waiting(self) -> None:
        asks = [ask("ada", number) for number in range(4)] + [ask("bob", 9), ask("eve", 8)]
        assert authors_of(by_turns(asks, NOBODY, RULES)) == "ada eve bob ada ada ada"

    def test_a_fleet_takes_turns_as_one_and_its_authors_within_it(self) -> None:
        asks = [ask("agent-1", number) for number in range(3)]
        asks += [ask("agent-2", 5), ask("ada", 6), ask("ada", 7)]
        order = by_turns(asks, NOBODY, RULES)
        assert authors_of(order) == "agent-1 ada agent-2 ada agent-1 agent-1"

    def test_a_fleet_takes_as_many_turns_as_it_weighs(self) -> None:
        rules = Fairness(fleets=(replace(AGENTS, weight=2),))
        asks = [ask("agent-1", number) for number in range(6)]
        asks += [ask("ada", 10 + number) for number in range(3)]
        order = by_turns(asks, NOBODY, rules)
        assert authors_of(order).replace("agent-1", "A") == "A ada A A ada A A ada A"

    def test_a_level_of_priority_is_worth_a_turn(self) -> None:
        urgent = [ask("bob", number, points=400) for number in range(4)]
        order = by_turns([*urgent, ask("ada", 9, points=200)], NOBODY, RULES)
        assert authors_of(order) == "bob bob bob ada bob"

    def test_who_cannot_land_takes_nobodys_turn(self) -> None:
        asks = [ask("bob", number, able=False) for number in range(5)]
        asks += [ask("bob", 5), ask("ada", 6)]
        assert authors_of(by_turns(asks, NOBODY, RULES)) == "bob bob bob bob bob bob ada"

    def test_who_has_had_turns_goes_behind_who_has_had_none(self) -> None:
        had = Turns(MAIN, authors={"ada": 1})
        assert authors_of(by_turns([ask("ada", 1), ask("bob", 2)], had, RULES)) == "bob ada"

    def test_without_points_the_score_alone_is_the_order(self) -> None:
        asks = [ask("ada", number) for number in range(3)] + [ask("bob", 3)]
        had = Turns(MAIN, authors={"ada": 5})
        assert by_turns(asks, had, Fairness(points=0)) == asks


class TestCounting:
    def test_turns_count_for_as_long_as_others_wait(self) -> None:
        once = after(NOBODY, ["ada"], {"ada", "bob"}, RULES)
        assert once == Turns(MAIN, {"ada": 1})
        twice = after(once, ["ada", "eve"], {"ada", "bob"}, RULES)
        assert twice == Turns(MAIN, {"ada": 2, "eve": 1})
        assert after(twice, ["bob"], {"ada", "bob"}, RULES) == Turns(MAIN, {"ada": 1})
        assert after(twice, ["bob"], set(), RULES) == NOBODY

    def test_who_waits_alone_uses_up_nothing(self) -> None:
        assert after(NOBODY, ["ada", "ada"], {"ada"}, RULES) == NOBODY

    def test_who_is_away_saves_nothing_up(self) -> None:
        had = Turns(MAIN, {"ada": 1, "eve": 1})
        assert after(had, ["ada", "eve"], {"ada", "eve"}, RULES) == NOBODY

    def test_a_fleet_counts_as_one_and_its_authors_among_each_other(self) -> None:
        rules = Fairness(fleets=(replace(AGENTS, weight=2),))
        waiting = {"agent-1", "agent-2", "ada"}
        had = after(NOBODY, ["agent-1", "agent-1", "agent-2"], waiting, rules)
        assert had == Turns(MAIN, {"agent-1": 1}, {"agents": 1.5})

    def test_nobody_is_further_behind_than_matters(self) -> None:
        assert after(NOBODY, ["ada"] * 50, {"ada", "bob"}, RULES) == Turns(MAIN, {"ada": MOST})


class TestPromises:
    @given(asks_of, some_turns, some_rules)
    def test_everybody_is_in_the_line_once_however_it_is_given(
        self, asks: list[Ask], had: Turns, rules: Fairness
    ) -> None:
        order = by_turns(asks, had, rules)
        assert sorted(order, key=lambda it: it.id) == sorted(asks, key=lambda it: it.id)
        assert by_turns(asks[::-1], had, rules) == order

    @given(asks_of, some_turns, some_rules)
    def test_those_of_one_author_stand_in_the_order_of_their_scores(
        self, asks: list[Ask], had: Turns, rules: Fairness
    ) -> None:
        order = by_turns(asks, had, rules)
        for author in AUTHORS:
            own = [each for each in order if each.author == author]
            assert own == sorted(own, key=lambda each: each.by_score)

    @given(asks_of, some_turns, some_rules)
    def test_where_there_is_one_author_nothing_changes(
        self, asks: list[Ask], had: Turns, rules: Fairness
    ) -> None:
        alone = [each._replace(author="ada") for each in asks]
        assert by_turns(alone, had, rules) == sorted(alone, key=lambda each: each.by_score)

    @settings(max_examples=30)
    @given(st.randoms(use_true_random=False), some_turns, some_rules, st.floats(0, 400))
    def test_nobody_starves_whatever_others_submit(
        self, random: Random, had: Turns, rules: Fairness, points: float
    ) -> None:
        """Others come all the time, more urgent ones too; who is first lands."""
        person = Ask(MrId("mr-person"), "person", points, 500.0)
        start = had.authors.get("person", 0.0)
        waiting = [person]
        landed: Counter[tuple[str, str]] = Counter()
        for number in range(1000):
            for author in random.sample(AUTHORS, random.randrange(1, 4)):
                urgent = random.choice([200.0, 400.0, 5000.0])
                waiting.append(Ask(MrId(f"mr-{number}{author}"), author, urgent, random.random()))
            first = by_turns(waiting, had, rules)[0]
            waiting.remove(first)
            if first is person:
                break
            landed[share_of(first.author, rules)] += 1
            had = after(had, [first.author], {each.author for each in waiting}, rules)
        weights = {("fleet", each.name): each.weight for each in rules.fleets or ()}
        assert person not in waiting
        for share, times in landed.items():
            assert times <= weights.get(share, 1) * (start + LEAD) + 1

    def test_equals_land_as_often_as_they_weigh(self) -> None:
        rules = Fairness(fleets=(replace(AGENTS, weight=3),))
        had, landed = NOBODY, Counter[str]()
        for number in range(100):
            waiting = [ask(author, number) for author in ("ada", "bob", "agent-1", "agent-2")]
            first = by_turns(waiting, had, rules)[0]
            landed[first.author] += 1
            had = after(had, [first.author], {each.author for each in waiting}, rules)
        assert landed == {"ada": 20, "bob": 20, "agent-1": 30, "agent-2": 30}


class TestRecords:
    def test_of_very_many_names_those_are_kept_that_are_furthest_behind(self) -> None:
        names = ["".join(letters) for letters in product("abcdefghijk", repeat=3)][: KEPT + 3]
        waiting = {*names, "nobody"}
        had = after(NOBODY, [*names, *names[-2:]], waiting, Fairness())
        assert len(had.authors) == KEPT
        assert had.authors == {
            **dict.fromkeys(names[: KEPT - 2], 1),
            **dict.fromkeys(names[-2:], 2),
        }

    def test_a_landing_is_counted_in_the_header_until_all_have_had_as_many(self) -> None:
        mrs = [an_mr("a1"), an_mr("a2"), an_mr("b1", worker="bob", created_at=ago(minutes=1))]
        view, rules = a_view(*mrs), Config().fairness
        after_one = header_after(view, MAIN, a_sha("1"), landed=[an_id("a1")], rules=rules, now=NOW)
        assert after_one.turns == (Turns(MAIN, {"ada": 1}),)
        assert after_one.landed == {MAIN: a_sha("1")}
        then = replace(a_view(a_closed_mr("a1"), *mrs[1:]), header=after_one)
        assert branches(line_for(then, MAIN, NOW, Config())) == ["b1", "a2"]
        last = header_after(then, MAIN, a_sha("2"), landed=[an_id("b1")], rules=rules, now=NOW)
        assert last.turns == ()

    def test_who_is_blocked_makes_nobody_wait(self) -> None:
        view = a_view(an_mr("a"), a_blocked_mr("b", worker="bob"))
        rules = Config().fairness
        header = header_after(view, MAIN, a_sha("1"), landed=[an_id("a")], rules=rules, now=NOW)
        assert header.turns == ()

    @pytest.mark.parametrize("author", ["Ada Lovelace", "a/b: c", "Ärger-7", '"{}"'])
    def test_names_of_all_kinds_are_kept(self, author: str) -> None:
        from refinery.records import document

        header = QueueHeader(MAIN, turns=(Turns(MAIN, {author: 1.5}),))
        written = document.write(header)
        assert document.read(QueueHeader, written, where="queue.yaml") == header
