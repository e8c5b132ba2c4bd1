"""What a worker knows, remembers and asks beside its work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refinery.engine import showing
from refinery.engine.engine import Engine
from refinery.engine.happenings import Happening, Trouble
from tests.decisions.makers import MAIN, an_id
from tests.sandbox import Sandbox


class TestPlanning:
    def test_the_planner_is_told_who_asks_and_how_many_there_are(self, engine: Engine) -> None:
        known = engine.known(MAIN)
        assert (known.me, known.workers, known.most) == (engine.worker, 0, 0)
        engine.workers, engine.one_by_one = 3, True
        known = engine.known(MAIN)
        assert (known.workers, known.most) == (3, 1)

    def test_who_cannot_be_helped_is_left_out_while_that_is_so(
        self, box: Sandbox, engine: Engine
    ) -> None:
        tip = engine.view.targets[MAIN]
        engine.skipped.add(an_id("never"))
        engine.later[an_id("not-here")] = tip
        engine.later[an_id("elsewhere")] = tip[::-1]  # type: ignore[assignment]
        assert engine.known(MAIN).skip == {"mr-never", "mr-not-here"}
        box.advance({"a.txt": "a\n"})
        engine.refresh()
        assert engine.known(MAIN).skip == {"mr-never"}

    def test_others_are_at_work_while_a_claim_of_theirs_lasts(
        self, box: Sandbox, engine: Engine
    ) -> None:
        assert not engine.others_at_work()
        id = box.request("a")
        assert box.clone("bob").cli("claim", id).code == 0
        engine.refresh()
        [theirs] = set(engine.view.claims.values())
        assert engine.others_at_work()
        assert not engine.others_at_work(theirs)
        box.clock.now = theirs.expires_at
        assert not engine.others_at_work()

    def test_what_was_read_lately_need_not_be_read_again(
        self, box: Sandbox, engine: Engine
    ) -> None:
        engine.refresh()
        assert not engine.read_before(timedelta(seconds=5))
        box.clock.tick(4)
        assert not engine.read_before(timedelta(seconds=5))
        box.clock.tick(2)
        assert engine.read_before(timedelta(seconds=5))

    def test_trouble_that_goes_on_is_told_once(self, engine: Engine, told: list[Happening]) -> None:
        for words in ("away", "away", "back", "away"):
            engine.tell_once(words)
        assert told == [Trouble("away"), Trouble("back")]


def test_places_are_shown_while_checks_run_and_not_once_they_are_to_end(
    box: Sandbox, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(showing, "show", lambda engine, most: shown.append(most))
    answers = iter([None, "the claim was lost", None])
    tick = showing.meanwhile(engine, lambda: next(answers))
    assert [tick(), tick(), tick()] == [None, "the claim was lost", None]
    assert shown == [1, 1]
