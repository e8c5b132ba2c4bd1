"""Forecasts on real commits: they say what git would say, and leave nothing behind."""

from __future__ import annotations

from refinery.config.config import Config
from refinery.foresight import path_sets
from refinery.queue.forecasting import ForecastClash, Subject, subjects
from refinery.records.names import Branch, MrId, Sha
from refinery.submit.forecasting import Forecast, forecast, forecast_one
from tests.sandbox import Sandbox

MAIN = Branch("main")
LINES = "".join(f"{number}\n" for number in range(20))


def forecasts(box: Sandbox) -> dict[str, Forecast]:
    queue = box.queue(engine=True)
    view = queue.view()
    line = subjects(view, queue.now(), Config())
    return {each.subject.branch: each for each in forecast(queue.repo, view, line)}


def conflicts(box: Sandbox) -> dict[str, list[tuple[MrId | None, tuple[str, ...]]]]:
    return {
        branch: [(clash.mr, clash.files) for clash in found.conflicts]
        for branch, found in forecasts(box).items()
    }


def test_the_later_of_two_that_change_one_line_conflicts(box: Sandbox) -> None:
    box.advance({"x.txt": LINES})
    first = box.request("first", {"x.txt": LINES.replace("5\n", "five\n", 1)})
    box.request("second", {"x.txt": LINES.replace("5\n", "cinq\n", 1)})
    box.request("third", {"x.txt": LINES.replace("15\n", "fifteen\n")})
    assert conflicts(box) == {"first": [], "second": [(first, ("x.txt",))], "third": []}


def test_a_conflict_with_the_target_is_the_target_s(box: Sandbox) -> None:
    box.advance({"x.txt": "one\n", "y.txt": "one\n"})
    box.request("stale", {"x.txt": "two\n", "y.txt": "two\n"})
    box.advance({"x.txt": "three\n"})
    box.request("fresh", {"y.txt": "four\n"}, priority=0)
    fresh = box.mr("fresh").id
    assert conflicts(box) == {"fresh": [], "stale": [(None, ("x.txt",)), (fresh, ("y.txt",))]}


def test_a_file_in_the_way_of_a_folder_conflicts(box: Sandbox) -> None:
    first = box.request("file", {"lib": "a file\n"})
    box.request("folder", {"lib/a.txt": "in a folder\n"})
    found = conflicts(box)["folder"]
    assert [mr for mr, _ in found] == [first]
    assert all(name.startswith("lib") for name in found[0][1])


def test_targets_do_not_see_each_other(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "refs/heads/main:refs/heads/release")
    box.request("a", {"x.txt": "a\n"})
    box.request("b", {"x.txt": "b\n"}, target="release")
    assert conflicts(box) == {"a": [], "b": []}


def test_no_common_history_is_said_without_files(box: Sandbox) -> None:
    first = box.git("rev-parse", "HEAD^{tree}")
    orphan = Sha(box.git("commit-tree", "-m", "orphan", first))
    queue = box.queue()
    found = forecast_one(queue.repo, queue.view(), orphan, MAIN)
    assert found.conflicts == (ForecastClash(None, ()),)


def test_one_new_head_is_tried_against_the_target_and_all_that_wait(box: Sandbox) -> None:
    queued = box.request("queued", {"x.txt": "queued\n"})
    own = box.request("own", {"x.txt": "own\n"})
    box.advance({"y.txt": "main\n"})
    head = box.commit("new", {"x.txt": "new\n", "y.txt": "new\n"}, onto=str(box.mr("own").head))
    queue = box.queue(engine=True)
    found = forecast_one(queue.repo, queue.view(), head, MAIN, [own], branch=Branch("new"))
    assert found == Forecast(
        Subject(None, Branch("new"), MAIN, head),
        (ForecastClash(None, ("y.txt",)), ForecastClash(queued, ("x.txt",))),
    )


def test_what_cannot_be_known_is_not_called_clean(box: Sandbox) -> None:
    queue = box.queue()
    id = box.request("here", {"x.txt": "x\n"})
    view = queue.view()
    missing = Sha("1" * 40)
    line = [
        Subject(MrId("mr-away"), Branch("away"), MAIN, missing),
        Subject(id, Branch("here"), MAIN, box.mr("here").head),
        Subject(None, Branch("lost"), Branch("nowhere"), box.mr("here").head),
    ]
    away, here, lost = forecast(queue.repo, view, line)
    assert away.unknown == "the commit 111111111111 is not here"
    assert (here.conflicts, here.untried, here.clean) == ((), (MrId("mr-away"),), False)
    assert lost.unknown == "the target 'nowhere' does not exist on the remote"


def test_nothing_stays_but_the_cache_and_a_broken_cache_is_none(box: Sandbox) -> None:
    box.request("a", {"x.txt": "a\n"})
    box.request("b", {"x.txt": "b\n"})
    queue = box.queue(engine=True)
    queue.view()
    before = box.git("count-objects", "-v")
    first = conflicts(box)
    assert box.git("count-objects", "-v") == before
    cache = queue.repo.state_dir / path_sets.FILE
    cache.write_text("{broken")
    assert conflicts(box) == first
    assert len(path_sets._load(queue.repo)) == 2


def test_what_stands_on_something_squashed_does_not_conflict_with_it(box: Sandbox) -> None:
    box.config("version: 1\nmethod: squash\nchecks: []\n")
    box.request("low", {"f.txt": "low\n"}, onto="main")
    assert box.cli("process", "--drain").code == 0
    box.advance({"f.txt": "low\n", "g.txt": "outside\n"})
    box.commit("high", {"f.txt": "high\n"}, onto="low")
    for _ in range(2):  # before anybody knows of it, and once it is queued
        told = box.cli("submit", "high", "--json").json
        assert told["forecast"]["conflicts"] == []
    assert [each["clean"] for each in box.cli("forecast", "--json").json] == [True]
