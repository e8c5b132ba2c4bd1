"""What becomes of a candidate by what happens to its checks: nobody is blamed for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refinery.engine import judging, landing, working
from refinery.engine.building import build_members
from refinery.engine.checks import Abandoned as ChecksAbandoned
from refinery.engine.happenings import (
    Abandoned,
    Blamed,
    Happening,
    Landed,
    Tested,
    Trouble,
    Waiting,
)
from refinery.engine.judging import Stop
from refinery.engine.landing import Settled
from refinery.engine.run import End, Orders
from refinery.engine.testing import Subject
from refinery.errors import TryAgain
from refinery.queue.claiming import claim_candidate
from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import AttemptOutcome
from refinery.records.names import Branch
from refinery.records.verdict import Verdict
from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.store.update import Committed
from tests.engine.scripted import ERROR, FAIL, PASS, ScriptedBench, Word, scripted
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CONFIG = "version: 1\nbatch: {max: 1}\nchecks:\n- {name: test, run: 'true'}\n"
BROKEN = GitError("checkout", 128, "fatal: unable to write file a.txt\n")


@pytest.fixture
def one(box: Sandbox) -> Sandbox:
    """A queue of one."""
    box.config(CONFIG)
    box.request("one")
    return box


def nobody_works(box: Sandbox) -> bool:
    """Whether all could be claimed by others at once."""
    return not box.view(engine=True).claims


def orders(**given: object) -> Orders:
    """What waits is never waited for; the clock stands while nothing is tested."""
    return Orders(**{"wait": lambda seconds: None, "clock": lambda: 0.0, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trouble", "outcome", "note"),
    [
        (
            BROKEN,
            AttemptOutcome.CHECKOUT_FAIL,
            "git checkout: unable to write file a.txt",
        ),
        (
            GitError("worktree", 128, "fatal: no\n"),
            AttemptOutcome.CHECKOUT_FAIL,
            "git worktree: no",
        ),
        (
            GitError("merge-tree", 1, ""),
            AttemptOutcome.ERROR,
            "git merge-tree: ended with status 1",
        ),
        (BadObject("a tree\nis bad"), AttemptOutcome.ERROR, "a tree is bad"),
    ],
)
def test_trouble_with_one_is_remembered_and_blames_nobody(
    one: Sandbox, trouble: Exception, outcome: AttemptOutcome, note: str
) -> None:
    id = one.mr("one").id
    with scripted(one, trouble) as worker:
        assert worker.run(orders()) is End.TROUBLED
    mr = one.mr("one")
    assert [(each.outcome, each.note) for each in mr.attempts] == [(outcome, note)]
    assert (mr.failure, mr.attempts[0].base) == (None, one.sha("main", at=one.origin))
    assert Trouble(f"{id}: {trouble.message}") in worker.told  # type: ignore[attr-defined]
    assert nobody_works(one)


@pytest.mark.parametrize("words", [(), (FAIL,)], ids=["the candidate", "the target itself"])
def test_a_worker_that_is_interrupted_gives_back_what_it_held(
    one: Sandbox, words: tuple[Word, ...]
) -> None:
    with scripted(one, *words, KeyboardInterrupt()) as worker, pytest.raises(KeyboardInterrupt):
        worker.run(orders())
    assert nobody_works(one)


@pytest.mark.parametrize(
    ("reason", "end"),
    [(Stop.ASKED, End.STOPPED), (Stop.TIME, End.STOPPED), (Stop.USELESS, End.DRAINED)],
)
def test_what_is_given_up_is_told_and_can_be_taken_by_others_at_once(
    one: Sandbox, reason: str, end: End
) -> None:
    id = one.mr("one").id
    with scripted(one, ChecksAbandoned(reason)) as worker:
        assert worker.run(orders()) is end
    assert worker.of(Abandoned) == [Abandoned((id,), reason)]
    assert nobody_works(one)
    assert (one.landed == ["one"]) == (end is End.DRAINED)


def test_time_spent_in_vain_is_written_with_the_next_verdict(one: Sandbox) -> None:
    with scripted(one, ChecksAbandoned(Stop.USELESS)) as worker:
        worker.run(orders())
        assert worker.engine.abandoned == timedelta()
    assert one.landed == ["one"]
    log = one.git("log", "--format=%B", "refs/refinery/queue", cwd=one.origin)
    assert "60" in next(line for line in log.splitlines() if line.startswith("Refinery-Abandoned"))


class TestTheTarget:
    """One that fails is blamed only once the target itself was seen to pass."""

    def test_it_passes_and_the_one_that_failed_twice_is_sent_back(self, one: Sandbox) -> None:
        with scripted(one, FAIL, PASS, FAIL) as worker:
            assert worker.run(orders()) is End.DRAINED
        id = one.mr("one").id
        assert worker.bench.asked == [(id,), (), (id,)]
        assert [each.mr.id for each in worker.of(Blamed)] == [id]  # type: ignore[union-attr]
        assert nobody_works(one)

    @pytest.mark.parametrize(
        ("word", "end", "words"),
        [
            (ERROR, End.CANNOT_CHECK, "the checks cannot run: check test: no such program"),
            (BROKEN, End.CANNOT_CHECK, f"the checks cannot run: {BROKEN.message}"),
            (ChecksAbandoned(Stop.ASKED), End.STOPPED, None),
            (ChecksAbandoned(Stop.TIME), End.STOPPED, None),
        ],
        ids=str,
    )
    def test_it_cannot_be_judged_and_nobody_is_blamed(
        self, one: Sandbox, word: Word, end: End, words: str | None
    ) -> None:
        with scripted(one, FAIL, word) as worker:
            assert worker.run(orders()) is end
            waiting = [each.why for each in worker.of(Waiting)]  # type: ignore[union-attr]
            assert waiting == ([] if words is None else [words])
        assert worker.bench.asked[-1] == ()
        assert one.mr("one").failure is None
        assert nobody_works(one)
        with scripted(one, PASS, FAIL) as worker:
            worker.run(orders())
        assert worker.bench.asked == [(), (one.mr("one").id,)]
        assert worker.of(Blamed), "the next run asks the target again"

    def test_given_up_as_useless_it_is_asked_again(self, one: Sandbox) -> None:
        with scripted(one, FAIL, ChecksAbandoned(Stop.USELESS), PASS, FAIL) as worker:
            assert worker.run(orders()) is End.DRAINED
        assert worker.bench.asked[1:3] == [(), ()]
        assert worker.of(Blamed)

    def test_where_checks_can_run_on_neither_the_others_targets_are_served(
        self, one: Sandbox
    ) -> None:
        one.git("push", "-q", "origin", "main:refs/heads/release")
        one.request("other", target="release", onto="main")
        with scripted(one, ERROR, ERROR) as worker:
            assert worker.run(orders()) is End.CANNOT_CHECK
        assert worker.bench.asked[:2] == [(one.mr("one").id,), ()]
        assert one.mr("one").failure is None
        assert one.landed_on("release") == ["other"]

    def test_where_they_run_on_it_alone_the_one_is_sent_back(self, one: Sandbox) -> None:
        with scripted(one, ERROR, PASS, PASS, ERROR, PASS) as worker:
            worker.run(orders())
        failure = one.mr("one").failure
        assert failure is not None
        assert "no such program" in failure.message


class TestAwayForAMoment:
    """The remote does not answer while something that was tested is to land."""

    @pytest.fixture
    def away(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many more tries meet it away."""
        left = [0]
        real = landing.settle

        def settle(*given: object, **more: object) -> Settled:
            if left[0] > 0:
                left[0] -= 1
                raise TryAgain("the remote is away")
            return real(*given, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(landing, "settle", settle)
        return left

    def test_it_is_asked_again_less_and_less_often_and_told_of_once(
        self, one: Sandbox, away: list[int]
    ) -> None:
        away[0] = 6
        waited: list[float] = []
        with scripted(one) as worker:
            worker.run(orders(wait=waited.append))
        assert waited == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
        assert one.landed == ["one"]
        assert worker.bench.asked == [(one.mr("one").id,)]
        assert worker.of(Trouble) == [Trouble("the remote is away; trying again")]

    @pytest.mark.parametrize("word", ["stop", "out_of_time"])
    def test_nobody_is_kept_waiting_who_is_to_end(
        self, one: Sandbox, away: list[int], word: str
    ) -> None:
        away[0] = 99
        with scripted(one) as worker:
            ends = orders(**{word: lambda: bool(worker.bench.asked)})
            with pytest.raises(TryAgain):
                worker.run(ends)
        assert away[0] == 98

    def test_it_ends_with_the_claim(self, one: Sandbox, away: list[int]) -> None:
        away[0] = 99
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            one.clock.tick(600)

        with scripted(one) as worker, pytest.raises(TryAgain):
            worker.run(orders(wait=wait))
        assert len(waited) in range(1, 5)

    def test_it_is_not_asked_for_ever(
        self, one: Sandbox, away: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(working, "MOST_SETTLES", 4)
        away[0] = 99
        with scripted(one) as worker, pytest.raises(TryAgain):
            worker.run(orders())
        assert away[0] == 95


def test_a_push_that_is_refused_sets_the_one_aside_and_keeps_its_verdict(one: Sandbox) -> None:
    one.hook("update", 'if [ "$1" = refs/heads/main ]; then echo no >&2; exit 1; fi')
    with scripted(one) as worker:
        assert worker.run(orders()) is End.TROUBLED
    [attempt] = one.mr("one").attempts
    assert attempt.outcome is AttemptOutcome.PUSH_FAIL
    assert len(one.view().verdicts) == 1
    assert nobody_works(one)
    one.hook("update", "exit 0")
    one.cli("retry", one.mr("one").id)
    with scripted(one) as worker:
        worker.run(orders())
    assert (worker.bench.asked, one.landed) == ([], ["one"])
    [landed] = worker.of(Landed)
    assert landed.target == "main"  # type: ignore[union-attr]
    assert landed.commit == one.sha("main", at=one.origin)  # type: ignore[union-attr]


def test_a_tree_that_passed_is_asked_about_again_only_where_that_is_wanted(one: Sandbox) -> None:
    with scripted(one) as worker:
        worker.run(orders())
        engine, main = worker.engine, Branch("main")
        engine.refresh()
        tip = engine.view.targets[main]
        subject = Subject(main, tip, tip, engine.view.target_trees[main], ())
        config = engine.config(main)
        worker.told.clear()
        known = judging.judge(engine, subject, config, tick=lambda: None)
        again = judging.judge(engine, subject, config, tick=lambda: None, afresh=True)
        assert worker.bench.asked[1:] == [()]
        assert worker.told == [
            Tested(known, (), cached=True),  # type: ignore[arg-type]
            Tested(again, (), cached=False),  # type: ignore[arg-type]
        ]


def test_one_that_always_meets_trouble_is_sent_back_in_the_end(one: Sandbox) -> None:
    told: list[list[Happening]] = []
    for _ in range(20):
        one.advance({"moved.txt": f"{len(told)}\n"})
        with scripted(one, BROKEN) as worker:
            worker.run(orders())
            told.append(worker.of(Blamed))
        if one.mr("one").failure is not None:
            break
    mr = one.mr("one")
    assert mr.failure is not None
    assert mr.failure.message.endswith("git checkout: unable to write file a.txt")
    assert [len(each) for each in told] == [0] * (len(told) - 1) + [1]
    assert len(mr.attempts) == len(told) > 1


class TestAPartLandedMeanwhile:
    """Another worker lands one of two that are tested together here."""

    CONFIG = CONFIG.replace("max: 1", "max: 2")

    @pytest.fixture
    def two(self, box: Sandbox) -> Sandbox:
        box.config(self.CONFIG)
        box.request("aa")
        box.request("bb")
        return box

    def land_elsewhere(self, box: Sandbox, name: str) -> None:
        with box.clone("bob").queue(engine=True) as queue:
            engine = queue.engine(lambda _: None)
            config, main = engine.config(Branch("main")), Branch("main")
            built = build_members(engine, main, [box.mr(name).id], config).built
            assert built is not None
            by, purpose = engine.claimant(config), Purpose.CHAIN
            done = engine.change(
                lambda view: claim_candidate(view, main, built.base, built.ids, by, purpose=purpose)
            )
            assert isinstance(done, Committed)
            [held] = set(done.edit.claim.values())
            verdict = ScriptedBench(box.clock).run(Subject.of(built), config, tick=lambda: None)
            assert isinstance(verdict, Verdict)
            assert landing.settle(engine, built, verdict, held, config) is Settled.LANDED

    def test_the_other_lands_as_it_was_tested_without_another_run(self, two: Sandbox) -> None:
        with scripted(two) as worker:
            worker.bench.meanwhile = lambda: self.land_elsewhere(two, "aa")
            worker.run(orders(stop=lambda: bool(worker.bench.asked)))
            asked = worker.bench.asked
        assert asked == [(two.mr("aa").id, two.mr("bb").id)]
        assert two.landed == ["aa", "bb"]
        landed = two.mr("bb").landing
        assert landed is not None
        assert landed.tree == two.git("rev-parse", "main^{tree}", cwd=two.origin)
        assert landed.candidate == (two.mr("bb").id,)
        assert two.cli("verify").code == 0

    @pytest.mark.parametrize(
        "files",
        [{"other.txt": "o\n"}, {".refinery.yaml": CONFIG.replace("max: 2", "max: 3")}],
        ids=["a push from outside", "another configuration"],
    )
    def test_what_would_be_another_tree_is_tested_again(
        self, two: Sandbox, files: dict[str, str]
    ) -> None:
        def meanwhile() -> None:
            if len(worker.bench.asked) == 1:
                self.land_elsewhere(two, "aa")
                two.git("fetch", "-q", "origin", "main")
                two.commit("main", files, onto=two.sha("main", at=two.origin))
                two.push("main")

        with scripted(two) as worker:
            worker.bench.meanwhile = meanwhile
            worker.run(orders())
        assert worker.bench.asked[0] == (two.mr("aa").id, two.mr("bb").id)
        assert worker.bench.asked[-1] == (two.mr("bb").id,)
        assert two.landed == ["aa", "bb"]
        assert two.cli("verify", "--json").json["outside"] != []
