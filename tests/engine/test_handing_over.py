"""Three jobs instead of one: a candidate is taken, tested without write rights, and settled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.test_process import CHECK, CONFIG
from tests.sandbox import Result, Sandbox


class Jobs:
    """The three jobs, each in a clone of its own; the one that tests cannot push."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.taker, self.tester, self.settler = (box.clone(f"job-{name}") for name in "abc")
        self.tester.git("remote", "set-url", "--push", "origin", "/nowhere/that/exists.git")
        self.candidate = box.root / "candidate.json"
        self.verdict = box.root / "verdict.json"

    def take(self) -> Result:
        return self.taker.cli("candidate", "take", "--out", str(self.candidate))

    def test(self) -> Result:
        return self.tester.cli("candidate", "test", str(self.candidate), "--out", str(self.verdict))

    def settle(self, *, verdict: bool = True) -> Result:
        told = [str(self.verdict)] if verdict else []
        return self.settler.cli("candidate", "settle", str(self.candidate), *told)

    def round(self) -> tuple[int, int, int]:
        return self.take().code, self.test().code, self.settle().code


@pytest.fixture
def jobs(box: Sandbox) -> Iterator[Jobs]:
    """A queue whose target declares a real check, and three jobs at it."""
    box.commit("main", {".refinery.yaml": CONFIG, "check.sh": CHECK, "shared.txt": "1\n2\n3\n"})
    box.push("main")
    made = Jobs(box)
    yield made
    for job in (made.taker, made.tester, made.settler):
        job.close()


def test_what_one_job_takes_and_another_tests_a_third_lands(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.box.request("two", {"b.txt": "b\n"})
    assert jobs.round() == (0, 0, 0)
    assert sorted(jobs.box.landed) == ["one", "two"]
    assert jobs.box.cli("verify").code == 0


def test_the_landed_tree_is_the_one_that_the_testing_job_made_again(jobs: Jobs) -> None:
    id = jobs.box.request("one", {"a.txt": "a\n"})
    jobs.round()
    landing = jobs.box.mr(id).landing
    assert landing is not None
    assert landing.tree == json.loads(jobs.verdict.read_text())["tree"]
    assert landing.result == "pass"


def test_while_it_is_tested_nobody_else_takes_it(jobs: Jobs) -> None:
    id = jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    other = jobs.box.cli("process", "--drain")
    assert (other.code, jobs.box.landed) == (0, [])
    assert jobs.box.view().testing[id][0].token == json.loads(jobs.candidate.read_text())["token"]


def test_what_fails_is_run_twice_and_sent_back_once_the_target_passed(jobs: Jobs) -> None:
    id = jobs.box.request("bad", {"a.txt": "bad\n"})
    rounds = 0
    while jobs.box.mr(id).failure is None:
        assert jobs.round() == (0, 0, 0)
        rounds += 1
        assert rounds < 5
    assert "something bad" in jobs.box.mr(id).failure.message  # type: ignore[union-attr]
    assert jobs.box.landed == []


def test_nothing_to_test_is_an_empty_document_all_the_way(jobs: Jobs) -> None:
    assert jobs.round() == (0, 0, 0)
    assert (jobs.candidate.read_text(), jobs.verdict.read_text()) == ("{}\n", "{}\n")


def test_a_testing_job_that_died_gives_its_candidate_back(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    assert jobs.settle(verdict=False).code == 1
    assert jobs.box.view().claims == {}
    assert jobs.round() == (0, 0, 0)
    assert jobs.box.landed == ["one"]


def test_a_verdict_about_another_tree_lands_nothing(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    jobs.test()
    forged = json.loads(jobs.verdict.read_text()) | {"tree": "0" * 40}
    jobs.verdict.write_text(json.dumps(forged))
    done = jobs.settle()
    assert (done.code, jobs.box.landed, jobs.box.view().claims) == (1, [], {})
    assert "the verdict is about tree 000000000000" in done.err


def test_a_target_that_moved_meanwhile_keeps_the_verdict_and_lands_nothing(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    jobs.test()
    jobs.box.advance({"outside.txt": "x\n"})
    done = jobs.settle()
    assert (done.code, jobs.box.landed, jobs.box.view().claims) == (75, [], {})
    assert len(jobs.box.view().verdicts) == 1
    assert jobs.round() == (0, 0, 0)
    assert jobs.box.landed == ["one"]


def test_one_that_was_held_while_it_was_tested_does_not_land(jobs: Jobs) -> None:
    id = jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    jobs.test()
    assert jobs.box.cli("hold", id, "--reason", "wait").code == 0
    jobs.settle()
    assert (jobs.box.landed, jobs.box.view().claims) == ([], {})


@pytest.mark.parametrize("text", ["[]", "{", '{"version": 1}', '{"version": 1, "tree": "../x"}'])
def test_a_document_that_is_none_is_refused_by_name(jobs: Jobs, text: str, tmp_path: Path) -> None:
    jobs.candidate.write_text(text)
    done = jobs.settle(verdict=False)
    assert done.code == 1
    assert str(jobs.candidate) in done.err


def test_a_full_disk_is_the_machines_fault_and_holds_nothing_up(jobs: Jobs) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    jobs.box.request("one", {"a.txt": "a\n"})
    done = jobs.taker.cli("candidate", "take", "--out", "/dev/full")
    assert (done.code, "No space left on device" in done.err) == (1, True), done.err
    assert jobs.box.view().claims == {}


def test_a_member_that_was_replaced_meanwhile_frees_the_others_at_once(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.box.request("two", {"b.txt": "b\n"})
    jobs.take()
    jobs.test()
    jobs.box.request("one", {"a.txt": "better\n"})
    assert (jobs.settle().code, jobs.box.landed, jobs.box.view().claims) == (75, [], {})
    assert jobs.round() == (0, 0, 0)
    assert jobs.box.landed == ["two"]  # it is known to be fine
    assert jobs.round() == (0, 0, 0)
    assert jobs.box.tree("main")["a.txt"] == "better\n"


def test_settling_twice_lands_once_and_changes_nothing_more(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    assert jobs.round() == (0, 0, 0)
    tip, log = jobs.box.sha("main"), [each.event for each in jobs.box.queue_log()]
    assert jobs.settle().code == 75
    assert jobs.box.sha("main") == tip
    assert [each.event for each in jobs.box.queue_log()][len(log) :] in ([], ["tested"])


def test_a_claim_that_ran_out_and_was_taken_by_another_lands_there_alone(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    jobs.test()
    jobs.box.clock.tick(7200)
    id = jobs.box.mr("one").id
    assert jobs.box.cli("claim", id).code == 0
    verdict = json.loads(jobs.verdict.read_text())
    assert jobs.settle().code == 75
    assert (jobs.box.landed, jobs.box.view().claims[id].worker) == ([], jobs.box.worker)
    assert jobs.box.cli("release", id).code == 0
    assert jobs.box.cli("process", "--drain").code == 0
    jobs.verdict.write_text(json.dumps(verdict | {"result": "fail"}))  # the job is run again
    assert jobs.settle().code == 75
    known = [each.result for each in jobs.box.view().verdicts.values()]
    assert (jobs.box.landed, known) == (["one"], ["pass"])


def test_what_cannot_be_handed_over_is_free_at_once(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    done = jobs.taker.cli("candidate", "take", "--out", str(jobs.box.root / "no/such/folder"))
    assert done.code != 0
    assert jobs.box.view(engine=True).claims == {}


def test_a_verdict_says_no_more_runs_than_one_job_makes(jobs: Jobs) -> None:
    id = jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    jobs.test()
    told = json.loads(jobs.verdict.read_text())
    jobs.verdict.write_text(json.dumps({**told, "runs": 1000}))
    assert jobs.settle().code == 0
    [verdict] = [each for each in jobs.box.view().verdicts.values() if each.candidate == (id,)]
    assert (verdict.runs, jobs.box.landed) == (2, ["one"])


def test_a_member_that_nobody_knows_cannot_be_made_again(jobs: Jobs) -> None:
    jobs.box.request("one", {"a.txt": "a\n"})
    jobs.take()
    told = json.loads(jobs.candidate.read_text())
    jobs.candidate.write_text(json.dumps({**told, "members": ["mr-0000000000"]}))
    done = jobs.test()
    assert done.code == 75
    assert "mr-0000000000: not in the queue any more" in done.err
