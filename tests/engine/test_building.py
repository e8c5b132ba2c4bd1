"""What comes of putting merge requests on each other, with neither working tree nor queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from refinery.config.config import Config
from refinery.engine.building import Building, build
from refinery.queue.candidate import Clash, Hollow, Misfit
from refinery.records.merge_request import FailureType, MergeRequest, Method
from refinery.records.names import Branch, Sha
from refinery.repo.repository import Repository
from tests.decisions.makers import MAIN, an_id, an_mr
from tests.sandbox import Sandbox

MERGES = [Method.MERGE, Method.SQUASH]
REWRITES = [*MERGES, Method.REBASE]
ALL = [*REWRITES, Method.FAST_FORWARD]
WHEN = 1_772_366_400
CONFLICT = "CONFLICT (content): Merge conflict in a.txt"


@dataclass
class Bench:
    """A repository with a `main`, and branches of it that are put on it."""

    box: Sandbox
    repo: Repository

    @property
    def main(self) -> Sha:
        found = self.box.sha("refs/heads/main", at=self.box.path)
        assert found is not None
        return found

    def mr(
        self, name: str, files: dict[str, str | None], *, onto: str = "main", **fields: object
    ) -> MergeRequest:
        head = self.box.commit(
            name,
            files,
            onto=self.main if onto == "main" else onto,
            message=f"Change {name}\n\nBecause.",
        )
        return an_mr(name, head=head, **fields)

    def build(self, *mrs: MergeRequest, method: Method, **config: object) -> Building:
        return build(
            self.repo,
            mrs,
            target=MAIN,
            base=self.main,
            config=Config(method=method, **config),  # type: ignore[arg-type]
            when=WHEN,
        )

    def advance(self, files: dict[str, str | None]) -> Sha:
        return self.box.commit("main", files, onto=self.main)

    def log(self, building: Building) -> list[tuple[str, str, int, str]]:
        """Author, committer, how many parents and the message of each new commit on main's line."""
        assert building.built is not None
        form = "--format=%an%x00%cn %ct%x00%p%x00%B%x01"
        line = f"{self.main}..{building.built.commit}"
        told = self.box.git("log", "--first-parent", "--reverse", form, line)
        rows = [each.strip("\n").split("\0") for each in told.split("\x01") if each.strip("\n")]
        return [(row[0], row[1], len(row[2].split()), row[3].strip()) for row in rows]

    def files(self, building: Building) -> dict[str, str]:
        assert building.built is not None
        commit = building.built.commit
        names = self.box.git("ls-tree", "-r", "--name-only", commit).split()
        return {name: self.box.git("cat-file", "blob", f"{commit}:{name}") for name in names}


@pytest.fixture
def bench(box: Sandbox) -> Iterator[Bench]:
    box.commit("main", {"a.txt": "1\n2\n3\n", "keep.txt": "keep\n"})
    with Repository.discover(box.path) as repo:
        yield Bench(box, repo)


def came_of(building: Building) -> tuple[Sequence[object], ...]:
    """The members, and everybody who is left out for what reason."""
    ids = building.built.ids if building.built else ()
    return ids, building.clashes, building.hollows, building.misfits, building.waiting


class TestCommits:
    """Each member is a commit of its own, and the last one names the tree that is tested."""

    def built(self, bench: Bench, method: Method) -> Building:
        one = bench.mr("one", {"b.txt": "b\n"})
        two = bench.mr("two", {"c.txt": "c\n"})
        building = bench.build(one, two, method=method)
        assert building.built is not None
        assert building.built.ids == (one.id, two.id)
        assert building.built.base == bench.main
        assert building.built.target == MAIN
        assert building.built.method is method
        assert building.built.members[-1].commit == building.built.commit
        assert {"b.txt": "b", "c.txt": "c"}.items() <= bench.files(building).items()
        assert (
            bench.box.git("rev-parse", f"{building.built.commit}^{{tree}}") == building.built.tree
        )
        return building

    def trailers(self, building: Building) -> list[str]:
        assert building.built is not None
        return [
            "Refinery-MR: mr-one",
            f"Refinery-MR: mr-two\nRefinery-Tree: {building.built.tree}",
        ]

    def test_merged(self, bench: Bench) -> None:
        building = self.built(bench, Method.MERGE)
        first, second = self.trailers(building)
        who = bench.repo.identity()[0]
        assert bench.log(building) == [
            (who, f"{who} {WHEN}", 2, f"Merge one into main\n\nChange one\n\n{first}"),
            (who, f"{who} {WHEN}", 2, f"Merge two into main\n\nChange two\n\n{second}"),
        ]

    @pytest.mark.parametrize("method", [Method.SQUASH, Method.REBASE])
    def test_squashed_or_rebased(self, bench: Bench, method: Method) -> None:
        building = self.built(bench, method)
        first, second = self.trailers(building)
        committer = f"{bench.repo.identity()[0]} {WHEN}"
        author = bench.box.git("log", "-1", "--format=%an", "one")
        assert bench.log(building) == [
            (author, committer, 1, f"Change one\n\nBecause.\n\n{first}"),
            (author, committer, 1, f"Change two\n\nBecause.\n\n{second}"),
        ]

    def test_forwarded_they_are_the_authors_own(self, bench: Bench) -> None:
        one = bench.mr("one", {"b.txt": "b\n"})
        two = bench.mr("two", {"c.txt": "c\n"}, onto="one")
        building = bench.build(one, two, method=Method.FAST_FORWARD)
        assert building.built is not None
        assert [each.commit for each in building.built.members] == [one.head, two.head]
        assert (building.built.commit, bench.files(building)["c.txt"]) == (two.head, "c")

    def test_a_message_of_nothing_but_refinerys_own_lines_gets_the_title(
        self, bench: Bench
    ) -> None:
        head = bench.box.commit("odd", {"b.txt": "b\n"}, message="Refinery-MR: mr-other")
        bench.advance({"d.txt": "d\n"})
        building = bench.build(an_mr("odd", head=head), method=Method.REBASE)
        assert building.built is not None
        expected = f"Change odd\n\nRefinery-MR: mr-odd\nRefinery-Tree: {building.built.tree}"
        assert [row[3] for row in bench.log(building)] == [expected]


class TestConflicts:
    @pytest.mark.parametrize("method", REWRITES)
    def test_with_the_target(self, bench: Bench, method: Method) -> None:
        late = bench.mr("late", {"a.txt": "1\nlate\n3\n"})
        fine = bench.mr("fine", {"f.txt": "f\n"})
        base = bench.advance({"a.txt": "1\nearly\n3\n"})
        building = bench.build(late, fine, method=method)
        [clash] = building.clashes
        assert came_of(building) == ((fine.id,), (clash,), (), (), ())
        assert (clash.id, clash.base, clash.files) == (late.id, base, ("a.txt",))
        assert any("a.txt" in words for words in clash.messages)
        assert "late.txt" not in bench.files(building)

    @pytest.mark.parametrize("method", REWRITES)
    def test_with_those_ahead_it_waits(self, bench: Bench, method: Method) -> None:
        first = bench.mr("first", {"a.txt": "1\nfirst\n3\n"})
        second = bench.mr("second", {"a.txt": "1\nsecond\n3\n"})
        third = bench.mr("third", {"t.txt": "t\n"})
        building = bench.build(first, second, third, method=method)
        assert came_of(building) == ((first.id, third.id), (), (), (), (second.id,))

    @pytest.mark.parametrize("method", REWRITES)
    def test_with_those_ahead_and_with_the_target(self, bench: Bench, method: Method) -> None:
        both = bench.mr("both", {"a.txt": "1\nboth\n3\n", "b.txt": "both\n"})
        base = bench.advance({"b.txt": "early\n"})
        first = bench.mr("first", {"a.txt": "1\nfirst\n3\n"})
        building = bench.build(first, both, method=method)
        [clash] = building.clashes
        assert (clash.id, clash.base, clash.files) == (both.id, base, ("b.txt",))
        assert came_of(building)[0] == (first.id,)
        assert building.waiting == ()

    @pytest.mark.parametrize("method", REWRITES)
    def test_what_waits_for_one_ahead_is_not_tried_by_itself(
        self, bench: Bench, method: Method
    ) -> None:
        """On its own it clashes: without the one that it stands on."""
        bottom = bench.mr("bottom", {"b.txt": "bottom\n"})
        top = bench.mr("top", {"a.txt": "1\ntop\n3\n"}, depends_on=(an_id("bottom"),))
        bench.advance({"a.txt": "1\nearly\n3\n"})
        building = bench.build(bottom, top, method=method)
        assert came_of(building) == ((bottom.id,), (), (), (), (top.id,))
        alone = bench.build(top, method=method)
        assert [(each.id, each.files) for each in alone.clashes] == [(top.id, ("a.txt",))]

    @pytest.mark.parametrize("method", REWRITES)
    def test_of_histories_that_never_met(self, bench: Bench, method: Method) -> None:
        bench.box.git("switch", "-q", "--orphan", "alien")
        bench.box.git("commit", "-q", "--allow-empty", "-m", "Alien")
        head = bench.box.sha("refs/heads/alien", at=bench.box.path)
        alien = an_mr("alien", head=head)
        building = bench.build(alien, method=method)
        clash = Clash(alien.id, bench.main, (), ("no common history",))
        assert came_of(building) == ((), (clash,), (), (), ())


class TestNothingToAdd:
    @pytest.mark.parametrize("method", ALL)
    def test_the_commit_is_in_the_target(self, bench: Bench, method: Method) -> None:
        there = an_mr("there", head=bench.main)
        bench.advance({"b.txt": "b\n"})
        building = bench.build(there, method=method)
        hollow = Hollow(there.id, bench.main, in_target=True)
        assert came_of(building) == ((), (), (hollow,), (), ())

    @pytest.mark.parametrize("method", REWRITES)
    def test_its_changes_are_in_the_target(self, bench: Bench, method: Method) -> None:
        same = bench.mr("same", {"b.txt": "b\n"})
        bench.advance({"b.txt": "b\n"})
        building = bench.build(same, method=method)
        hollow = Hollow(same.id, bench.main, in_target=False)
        assert came_of(building) == ((), (), (hollow,), (), ())

    @pytest.mark.parametrize("method", REWRITES)
    def test_those_ahead_change_the_same_and_may_never_land(
        self, bench: Bench, method: Method
    ) -> None:
        first, second = bench.mr("first", {"b.txt": "b\n"}), bench.mr("second", {"b.txt": "b\n"})
        building = bench.build(first, second, method=method)
        assert came_of(building) == ((first.id,), (), (), (), (second.id,))


class TestFastForward:
    def test_what_lacks_commits_of_the_target_is_for_its_author(self, bench: Bench) -> None:
        late = bench.mr("late", {"b.txt": "b\n"}, branch=Branch("feat/late"))
        base = bench.advance({"d.txt": "d\n"})
        building = bench.build(late, method=Method.FAST_FORWARD)
        words = "main has commits that feat/late lacks: rebase it and push again"
        misfit = Misfit(late.id, base, FailureType.NOT_FAST_FORWARD, words)
        assert came_of(building) == ((), (), (), (misfit,), ())

    def test_what_lacks_only_those_ahead_waits(self, bench: Bench) -> None:
        first, second = bench.mr("first", {"b.txt": "b\n"}), bench.mr("second", {"c.txt": "c\n"})
        building = bench.build(first, second, method=Method.FAST_FORWARD)
        assert came_of(building) == ((first.id,), (), (), (), (second.id,))

    def test_what_lacks_both_is_for_its_author_too(self, bench: Bench) -> None:
        late = bench.mr("late", {"b.txt": "b\n"})
        bench.advance({"d.txt": "d\n"})
        first = bench.mr("first", {"c.txt": "c\n"})
        building = bench.build(first, late, method=Method.FAST_FORWARD)
        assert [each.id for each in building.misfits] == [late.id]
        assert came_of(building)[0] == (first.id,)


class TestConfiguration:
    BROKEN = "version: 1\nchekcs: []\n"

    @pytest.mark.parametrize("method", ALL)
    def test_who_would_break_it_is_told(self, bench: Bench, method: Method) -> None:
        breaks = bench.mr("breaks", {".refinery.yaml": self.BROKEN})
        building = bench.build(breaks, method=method)
        words = (
            "it would break main: .refinery.yaml: /chekcs: is not a known key "
            "(did you mean 'checks'?)"
        )
        misfit = Misfit(breaks.id, bench.main, FailureType.BUILD_FAIL, words)
        assert came_of(building) == ((), (), (), (misfit,), ())

    @pytest.mark.parametrize("method", ALL)
    def test_one_that_is_broken_already_is_nobodys_fault(
        self, bench: Bench, method: Method
    ) -> None:
        bench.advance({".refinery.yaml": self.BROKEN})
        other = bench.mr("other", {"b.txt": "b\n"})
        mends = bench.mr("mends", {".refinery.yaml": "version: 1\n"}, onto="other")
        assert came_of(bench.build(other, mends, method=method))[0] == (other.id, mends.id)
        removes = bench.mr("removes", {".refinery.yaml": None})
        assert came_of(bench.build(removes, method=method))[0] == (removes.id,)


def test_of_a_unit_all_or_nobody(bench: Bench) -> None:
    """Who could have been put there waits for the one that could not."""
    late = bench.mr("late", {"a.txt": "1\nlate\n3\n"}, unit="u", depends_on=(an_id("fits"),))
    bench.advance({"a.txt": "1\nearly\n3\n"})
    fits = bench.mr("fits", {"b.txt": "b\n"}, unit="u")
    other = bench.mr("other", {"c.txt": "c\n"})
    building = bench.build(fits, late, other, method=Method.MERGE)
    assert [each.id for each in building.clashes] == [late.id]
    assert (came_of(building)[0], building.waiting) == ((other.id,), (fits.id,))
    assert "b.txt" not in bench.files(building)


def test_of_units_each_is_its_own(bench: Bench) -> None:
    first = bench.mr("first", {"a.txt": "1\nfirst\n3\n"}, unit="one")
    second = bench.mr("second", {"a.txt": "1\nsecond\n3\n"}, unit="two")
    third = bench.mr("third", {"t.txt": "t\n"}, unit="two", depends_on=(an_id("second"),))
    building = bench.build(first, second, third, method=Method.MERGE)
    assert came_of(building) == ((first.id,), (), (), (), (second.id, third.id))
