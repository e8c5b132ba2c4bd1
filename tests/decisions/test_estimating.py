"""Landing times: ranges in order, nothing told without history, and nothing that breaks them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.config.config import Check, Config
from refinery.queue.board import Board, board, placed
from refinery.queue.estimate_words import about, at_what_time, in_full, in_short
from refinery.queue.estimating import (
    Estimate,
    LandingTime,
    NoLandingTime,
    estimates,
    never_falling,
)
from refinery.queue.standing import Code
from refinery.records.claim import Claim
from refinery.records.header import Pause, QueueHeader
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    MergeRequest,
    Proposal,
)
from refinery.records.names import Branch, MrId
from refinery.records.verdict import Result, Verdict
from refinery.store.view import View
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_landing,
    a_proposal,
    a_sha,
    a_verdict,
    a_view,
    ago,
    an_id,
    an_mr,
)

CONFIG = Config(checks=(Check("unit", "true"),))
RELEASE = Branch("release")


def landed(name: str, *, minutes: float, took: float = 600, **fields: Any) -> MergeRequest:
    """One that came so many minutes ago, was tested at once, and landed after so many seconds."""
    came = ago(minutes=minutes)
    return a_closed_mr(
        name,
        submitted_at=came,
        created_at=came,
        closed_at=came + timedelta(seconds=took),
        landing=a_landing(name, tree=a_sha(f"tree of {name}"), commit=a_sha(f"after {name}")),
        **fields,
    )


def passed(mr: MergeRequest, *, took: float = 600) -> Verdict:
    """The verdict it landed with."""
    name = mr.id.removeprefix("mr-")
    return verdict(name, tree=a_sha(f"tree of {name}"), at=mr.closed_at, seconds=took)


def verdict(*names: str, **fields: Any) -> Verdict:
    return a_verdict(*names, **{"fingerprint": CONFIG.fingerprint, "purpose": "chain"} | fields)


def history(count: int = 12, *, took: float = 600) -> tuple[list[MergeRequest], list[Verdict]]:
    """So many landings of the last hours, each alone in the queue."""
    mrs = [landed(f"past{n}", minutes=30 * (n + 1), took=took) for n in range(count)]
    return mrs, [passed(mr, took=took) for mr in mrs]


def a_queue(*mrs: MergeRequest, claims: tuple[Claim, ...] = (), **fields: Any) -> View:
    """A view with history, and these as well; the last landing is the tip of main."""
    past, verdicts = history()
    own = verdict(tree=a_sha(f"tree of {a_sha('base')}"), at=ago(minutes=1))
    more = fields.pop("verdicts", [])
    return a_view(*past, *mrs, claims=claims, verdicts=[*verdicts, own, *more], **fields)


def told(view: View, *, config: Config = CONFIG, now: datetime = NOW) -> dict[str, Estimate]:
    found = estimates(view, MAIN, config, now)
    return {id.removeprefix("mr-"): each for id, each in found.items()}


def time_of(view: View, name: str) -> LandingTime:
    found = told(view)[name]
    assert isinstance(found, LandingTime), found
    return found


class TestWhatIsTold:
    def test_one_that_comes_to_an_idle_queue_takes_a_run(self) -> None:
        found = time_of(a_queue(an_mr("a", submitted_at=NOW)), "a")
        assert found.median == pytest.approx(600, rel=0.1)
        assert found.half[0] == pytest.approx(600, rel=0.1)
        assert found.most[1] > 700  # it may fail with others, or its run may be a flake
        assert (found.at, found.seen) == (NOW, 12)
        assert 0.9 < found.chance <= 1

    def test_what_is_under_test_lands_when_its_run_ends(self) -> None:
        claim = a_candidate_claim("a", claimed_at=ago(minutes=6), purpose="chain")
        found = time_of(a_queue(an_mr("a", submitted_at=ago(minutes=6)), claims=(claim,)), "a")
        assert found.median == pytest.approx(240, rel=0.1)

    def test_a_run_that_takes_longer_than_any_before_goes_on_for_a_while(self) -> None:
        claim = a_candidate_claim("a", claimed_at=ago(minutes=20), purpose="chain")
        found = time_of(a_queue(an_mr("a"), claims=(claim,)), "a")
        assert 30 < found.median < 600

    def test_many_ahead_take_longer(self) -> None:
        waiting = [
            an_mr(f"m{n:03}", created_at=ago(minutes=300 - n), submitted_at=NOW) for n in range(200)
        ]
        found = told(a_queue(*waiting))
        first, last = found["m000"], found["m199"]
        assert isinstance(first, LandingTime)
        assert isinstance(last, LandingTime)
        assert last.median > 5 * first.median

    def test_who_stands_on_another_does_not_land_before_it(self) -> None:
        chain = [an_mr("a", priority=4), an_mr("b", priority=0, depends_on=(an_id("a"),))]
        others = [an_mr(f"m{n}", priority=1) for n in range(40)]
        view = a_queue(*chain, *others)
        first, second = time_of(view, "a"), time_of(view, "b")
        assert second.median >= first.median
        assert second.most >= first.most

    def test_a_pickup_that_is_usually_slow_is_counted(self) -> None:
        past = [landed(f"past{n}", minutes=30 * (n + 1), took=900) for n in range(12)]
        verdicts = [passed(mr, took=600) for mr in past]  # five minutes nobody came
        view = a_view(*past, an_mr("a", submitted_at=NOW), verdicts=verdicts)
        assert time_of(view, "a").median == pytest.approx(900, rel=0.1)

    def test_who_was_not_picked_up_yet_waits_for_what_is_left_of_that(self) -> None:
        past = [landed(f"past{n}", minutes=30 * (n + 1), took=900) for n in range(12)]
        verdicts = [passed(mr, took=600) for mr in past]
        view = a_view(*past, an_mr("a", submitted_at=ago(minutes=3)), verdicts=verdicts)
        assert time_of(view, "a").median == pytest.approx(720, rel=0.1)


class TestWhatIsNotTold:
    @pytest.mark.parametrize(
        ("count", "words"),
        [
            (0, "no estimate yet: it takes 3 runs that passed, and none has"),
            (1, "no estimate yet: it takes 3 runs that passed, and only 1 has"),
            (2, "no estimate yet: it takes 3 runs that passed, and only 2 have"),
        ],
    )
    def test_without_history_there_is_none(self, count: int, words: str) -> None:
        mrs, verdicts = history(count)
        view = a_view(*mrs, an_mr("a", submitted_at=NOW), verdicts=verdicts)
        assert told(view)["a"] == NoLandingTime(words)

    def test_without_a_landing_there_is_none(self) -> None:
        verdicts = [verdict(f"m{n}") for n in range(5)]
        view = a_view(an_mr("a", submitted_at=NOW), verdicts=verdicts)
        assert told(view)["a"] == NoLandingTime(
            "no estimate yet: nothing has landed on main lately"
        )

    def test_other_checks_are_no_history(self) -> None:
        other = replace(CONFIG, checks=(Check("all", "make"),))
        found = told(a_queue(an_mr("a", submitted_at=NOW)), config=other)["a"]
        assert isinstance(found, NoLandingTime)

    def test_while_the_queue_is_paused_there_is_none(self) -> None:
        header = QueueHeader(default_target=MAIN, paused=Pause("eve", "release", NOW))
        view = a_queue(an_mr("a"), header=header)
        assert told(view)["a"] == NoLandingTime("the queue is paused")

    def test_while_the_target_is_red_there_is_none(self) -> None:
        tree = a_sha(f"tree of {a_sha('base')}")
        red = verdict(tree=tree, result=Result.FAIL, runs=2, at=ago(minutes=1))
        view = a_queue(an_mr("a"), verdicts=[red])
        assert told(view)["a"] == NoLandingTime("main itself fails its checks")

    def test_when_nobody_works_that_is_said(self) -> None:
        past = [landed(f"past{n}", minutes=60 * (n + 9)) for n in range(12)]
        view = a_view(
            *past,
            an_mr("a", submitted_at=ago(hours=3)),
            verdicts=[passed(mr) for mr in past],
        )
        assert told(view)["a"] == NoLandingTime(
            "nobody is at work: mr-a is ready, and for 3h nothing was tested"
        )

    @pytest.mark.parametrize(
        ("mr", "claims", "words"),
        [
            (a_blocked_mr(), (), "it waits for local#1"),
            (a_blocked_mr(issue=None), (), "it waits for its issue"),
            (a_failed_mr(), (), "its author has to act first"),
            (an_mr(hold=a_hold()), (), "it is held"),
            (an_mr(intent=True), (), "it has not been pushed"),
            (an_mr(proposal=a_proposal()), (), "the forge lands it when its own rules are met"),
            (an_mr(), (a_claim("a", worker="bob"),), "bob took it by hand"),
            (an_mr(depends_on=(an_id("b"),)), (), "it waits for mr-b"),
        ],
    )
    def test_who_needs_help_is_told_what_for(
        self, mr: MergeRequest, claims: tuple[Claim, ...], words: str
    ) -> None:
        view = a_queue(mr, a_blocked_mr("b"), claims=claims)
        assert told(view)["a"] == NoLandingTime(words)

    def test_those_that_stand_on_each_other_in_a_circle_never_land(self) -> None:
        circle = [an_mr("a", depends_on=(an_id("b"),)), an_mr("b", depends_on=(an_id("a"),))]
        assert told(a_queue(*circle)) == {
            "a": NoLandingTime("it waits for mr-b"),
            "b": NoLandingTime("it waits for mr-a"),
        }

    def test_a_stack_may_be_as_high_as_it_likes(self) -> None:
        stack = [
            an_mr("m0"),
            *(an_mr(f"m{n}", depends_on=(an_id(f"m{n - 1}"),)) for n in range(1, 2000)),
        ]
        found = told(a_queue(*stack))
        assert all(isinstance(each, LandingTime) for each in found.values())


class TestWords:
    TIME = LandingTime(NOW, 720, (540, 1080), (300, 2460), 0.93, 40)

    def test_in_short(self) -> None:
        assert in_short(self.TIME) == "in about 12m (5m to 41m)"
        assert in_short(NoLandingTime("no estimate yet")) == ""

    def test_in_full(self) -> None:
        assert in_full(self.TIME) == (
            "in about 12m: half of all take 9m to 18m, 9 in 10 take 5m to 41m"
        )
        assert in_full(NoLandingTime("the queue is paused")) == "the queue is paused"

    @pytest.mark.parametrize(
        ("most", "words"),
        [
            ((300, 2460), "expected 12:00 to 12:45 UTC"),
            ((30, 50), "expected 12:00 to 12:05 UTC"),
            ((3600 * 9, 3600 * 15), "expected 20:00 to Monday 04:00 UTC"),
            ((3600 * 24 * 2, 3600 * 24 * 5), "expected 3 March to 7 March"),
        ],
    )
    def test_at_what_time(self, most: tuple[float, float], words: str) -> None:
        time = replace(self.TIME, half=most, most=most, median=most[0])
        assert at_what_time(time) == words

    def test_what_is_written_once_stays_true_while_little_changes(self) -> None:
        later = [
            at_what_time(replace(self.TIME, at=NOW + timedelta(seconds=each)))
            for each in range(0, 300, 10)
        ]
        assert len(set(later)) <= 2

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "1s"), (7.2, "7s"), (33, "35s"), (58, "60s"), (89, "90s"), (98, "2m"),
            (3540, "59m"), (3600, "1h"), (7900, "2h 10m"), (35_600, "9h 50m"), (35_940, "10h"),
            (86_400, "24h"), (172_800, "2d"), (31_536_000, "365d"),
        ],
    )  # fmt: skip
    def test_a_length_is_as_exact_as_an_estimate(self, seconds: float, words: str) -> None:
        assert about(seconds) == words

    @given(st.floats(0, 3e7), st.floats(0, 3e7))
    def test_longer_never_reads_as_shorter(self, one: float, other: float) -> None:
        units = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

        def read(text: str) -> int:
            return sum(int(part[:-1]) * units[part[-1]] for part in text.split())

        shorter, longer = sorted((one, other))
        assert read(about(shorter)) <= read(about(longer))


NAMES = [f"m{n}" for n in range(8)]
MOMENTS = st.integers(-100, 3000).map(lambda minutes: NOW - timedelta(minutes=minutes))
SECONDS = st.sampled_from([0.0, 1e-9, 1.5, 600.0, 1e9])


@st.composite
def hostile_requests(draw: st.DrawFn, name: str) -> MergeRequest:
    """Anything that the schema lets through, whether or not it makes sense."""
    came, closed = draw(MOMENTS), draw(MOMENTS)
    needs = draw(st.lists(st.sampled_from([*NAMES, "gone"]), max_size=2))
    fields: dict[str, Any] = {
        "target": draw(st.sampled_from([MAIN, MAIN, MAIN, RELEASE])),
        "created_at": came,
        "submitted_at": draw(st.sampled_from([came, closed])),
        "priority": draw(st.integers(0, 9)),
        "depends_on": tuple(map(an_id, needs)) if draw(st.booleans()) else (),
        "worker": draw(st.sampled_from(["ada", "bob"])),
        "hold": draw(st.sampled_from([None, None, None, a_hold()])),
        "intent": draw(st.integers(0, 9)) == 0,
        "proposal": draw(st.sampled_from([None, None, None, None, a_proposal()])),
    }
    kind = draw(st.sampled_from(["open", "open", "landed", "blocked", "failed", "rejected"]))
    if kind == "landed":
        bases = st.sampled_from([a_sha(each) for each in ("base", *NAMES)])
        landing = a_landing(name, tree=a_sha(f"tree of {name}"), base=draw(bases))
        return a_closed_mr(name, closed_at=closed, landing=landing, **fields)
    if kind == "rejected":
        attempts = (Attempt(closed, "ada", AttemptOutcome.TESTS_FAIL, tree=a_sha(name)),)
        reason = draw(st.sampled_from(list(CloseReason)))
        return a_closed_mr(name, reason, closed_at=closed, attempts=attempts, **fields)
    makers = {"open": an_mr, "blocked": a_blocked_mr, "failed": a_failed_mr}
    return makers[kind](name, **fields)


@st.composite
def hostile_verdicts(draw: st.DrawFn) -> Verdict:
    members = draw(st.lists(st.sampled_from([*NAMES, "gone"]), max_size=4, unique=True))
    return verdict(
        *members,
        tree=a_sha(draw(st.sampled_from([f"tree of {each}" for each in NAMES]))),
        base=a_sha(draw(st.sampled_from(["base", *NAMES]))),
        at=draw(MOMENTS),
        seconds=draw(SECONDS),
        took=draw(st.none() | SECONDS),
        result=draw(st.sampled_from([Result.PASS, Result.PASS, *Result])),
        runs=draw(st.integers(1, 3)),
        purpose=draw(st.sampled_from([None, "chain", "train", "screen", "split", "base"])),
        target=draw(st.sampled_from([MAIN, MAIN, RELEASE])),
    )


@st.composite
def hostile_claims(draw: st.DrawFn) -> Claim:
    members = draw(st.lists(st.sampled_from([*NAMES, "gone"]), min_size=1, max_size=4, unique=True))
    fields: dict[str, Any] = {
        "worker": draw(st.sampled_from(["w1", "w2", "w3"])),
        "claimed_at": draw(MOMENTS),
        "lasts": draw(st.integers(-10, 10)),
    }
    if draw(st.integers(0, 3)) == 0:
        return a_claim(*members, **fields)
    base = a_sha(draw(st.sampled_from(["base", *NAMES])))
    purpose = draw(st.sampled_from(["chain", "train", "screen", "split", "cut", "hedge"]))
    return a_candidate_claim(*members, base=base, purpose=purpose, **fields)


@st.composite
def hostile_views(draw: st.DrawFn) -> View:
    """Views of anything, half of them with enough history for landing times."""
    mrs = [draw(hostile_requests(name)) for name in NAMES if draw(st.integers(0, 4))]
    past, known = history(draw(st.sampled_from([0, 3, 5])))
    verdicts = [*known, *draw(st.lists(hostile_verdicts(), max_size=8))]
    paused = draw(st.sampled_from([None, None, None, Pause("eve", "x", NOW)]))
    return a_view(
        *mrs,
        *past,
        claims=draw(st.lists(hostile_claims(), max_size=4)),
        verdicts=verdicts,
        header=QueueHeader(default_target=MAIN, paused=paused),
        targets=draw(st.sampled_from([{MAIN: a_sha("base")}, {}, {RELEASE: a_sha("base")}])),
    )


def in_line(shown: Board, target: Branch) -> list[LandingTime]:
    """The landing times of those that are ready, in the order of their places."""
    ready = [each for each in shown.line if each.mr.target == target and each.place is not None]
    ready.sort(key=lambda each: each.place.number if each.place else 0)
    return [each.landing_time for each in ready if each.landing_time is not None]


class TestPromises:
    @settings(max_examples=50)
    @given(hostile_views())
    def test_ranges_are_ordered_and_places_consistent_whatever_is_recorded(
        self, view: View
    ) -> None:
        shown = board(view, NOW, configs={MAIN: CONFIG, RELEASE: CONFIG})
        assert {each.id for each in shown.line} == {
            id for id, mr in view.mrs.items() if not mr.closed
        }
        for each in shown.line:
            time = each.landing_time
            if time is not None:
                assert 0 <= time.most[0] <= time.half[0] <= time.median
                assert time.median <= time.half[1] <= time.most[1] <= 365 * 86_400
                assert 0 < time.chance <= 1
            assert each.words
            assert in_full(each.estimate)
        for target in (MAIN, RELEASE):
            medians = [each.median for each in in_line(shown, target)]
            assert all(one <= other for one, other in pairwise(medians))
            numbers = [
                each.place.number
                for each in shown.line
                if each.mr.target == target and each.place is not None
            ]
            assert numbers == [*range(1, len(numbers) + 1)]

    @settings(max_examples=15)
    @given(hostile_views(), st.randoms(use_true_random=False))
    def test_the_order_in_which_records_are_read_is_of_no_account(
        self, view: View, random: Random
    ) -> None:
        mrs, verdicts = list(view.mrs.items()), list(view.verdicts.items())
        random.shuffle(mrs)
        random.shuffle(verdicts)
        shuffled = replace(view, mrs=dict(mrs), verdicts=dict(verdicts))
        configs = {MAIN: CONFIG, RELEASE: CONFIG}
        assert board(view, NOW, configs=configs) == board(shuffled, NOW, configs=configs)

    @settings(max_examples=15)
    @given(hostile_views())
    def test_one_by_itself_is_told_what_the_board_shows(self, view: View) -> None:
        shown = board(view, NOW, configs={MAIN: CONFIG, RELEASE: CONFIG})
        for each in shown.line:
            assert placed(view, each.mr, CONFIG, NOW) == (each.place, each.estimate)

    @given(st.lists(st.floats(0, 1e6), max_size=12))
    def test_what_never_falls_is_as_near_as_can_be(self, values: list[float]) -> None:
        found = never_falling(values)
        assert len(found) == len(values)
        assert all(one <= other for one, other in pairwise(found))
        assert sum(found) == pytest.approx(sum(values), abs=1e-3)
        if values == sorted(values):
            assert found == pytest.approx(values)

    def test_more_waiting_never_brings_anybody_forward(self) -> None:
        few = [an_mr(f"m{n:02}", created_at=ago(minutes=99 - n)) for n in range(10)]
        more = [*few, *(an_mr(f"x{n:02}", created_at=NOW) for n in range(30))]
        before, after = told(a_queue(*few)), told(a_queue(*more))
        for name in (mr.id.removeprefix("mr-") for mr in few):
            one, other = before[name], after[name]
            assert isinstance(one, LandingTime)
            assert isinstance(other, LandingTime)
            assert one.median <= other.median


def test_places_are_told_in_the_order_of_the_queue() -> None:
    waiting = [an_mr("late", priority=3), an_mr("soon", priority=0), a_failed_mr("bad")]
    shown = board(a_queue(*waiting), NOW, configs={MAIN: CONFIG})
    assert [(each.id, each.place.number if each.place else None) for each in shown.line] == [
        (MrId("mr-soon"), 1),
        (MrId("mr-bad"), None),
        (MrId("mr-late"), 2),
    ]
    assert [each.code for each in shown.rework] == [Code.NEEDS_REWORK]


def test_a_proposal_waits_for_its_forge() -> None:
    shown = board(a_queue(an_mr(proposal=a_proposal())), NOW, configs={MAIN: CONFIG})
    assert isinstance(shown.line[0].mr.proposal, Proposal)
    assert shown.line[0].landing_time is None
