"""Planning a real queue: foresight of its code, the facts of its records, and the plan.

The history is generated: each branch edits three files of a few hundred that are edited at all, so
that 5% of the pairs share one; 30% of them also edit a line of one hot file, and the target moves
under them.  What a planner asks of a repository is told apart by what is known already.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result, absolute, in_turn
from benchmarks.world import BEGAN, git
from refinery.config.config import Check, Config
from refinery.foresight.foresight import Foresight
from refinery.queue.planning.from_view import facts_of
from refinery.queue.planning.pick import plan
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest, Status
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.refs import list_refs
from refinery.repo.repository import Repository
from refinery.store.view import View
from refinery.values import replace

MAIN = Branch("main")
CONFIG = Config(checks=(Check("unit", "true"),))
NOW = BEGAN + timedelta(days=1)
WORKERS = 8
FILES, EDITED, MOVES = 2000, 180, 40
LINES, HOT_LINES = 60, 400
HOT, HOT_SHARE = "registry.txt", 0.3
CACHES = ("path-sets.json", "clashes.json")

Text = list[str]


def planning(bench: Bench) -> list[Result]:
    """200 and 2,000 live ones: nothing known, all known, one more, and after a landing."""
    found = []
    for live, bar in ((bench.size(200, 40), 0.3), (bench.size(2_000, 100), 2.0)):
        place = bench.root / f"planning-{live}"
        _generate(place, live + bench.rounds(7, 2) + 2)
        with Repository.discover(place) as repo:
            found += _measured(repo, live, bar, bench.rounds(7, 2))
    return found


def _measured(repo: Repository, live: int, bar: float, rounds: int) -> list[Result]:
    full = _view(repo)
    mrs = list(full.mrs.values())
    first, later = mrs[:live], mrs[live:]
    view = replace(full, mrs={mr.id: mr for mr in first})
    resident = Foresight(repo)

    def cold(_: int) -> float:
        for name in CACHES:
            (repo.state_dir / name).unlink(missing_ok=True)
        return _timed(Foresight(repo), view)

    def warm(_: int) -> float:
        return _timed(Foresight(repo), view)

    def again(_: int) -> float:
        return _timed(resident, replace(view))

    def one(number: int) -> float:
        more = [*first, *later[: number + 1]]
        return _timed(resident, replace(view, mrs={mr.id: mr for mr in more}))

    times = in_turn({"cold": cold}, rounds)
    until_known = _until_known(repo, view)
    times |= in_turn({"warm": warm}, rounds)
    _timed(resident, view)
    times |= in_turn({"again": again}, rounds) | in_turn({"one": one}, rounds)
    words = {
        "cold": "nothing known",
        "warm": "known to this clone",
        "again": "known to this process",
        "one": "one submission later",
    }
    return [
        absolute(
            "planning",
            f"plan of {live}, {what}",
            times[name],
            bar=bar,
            note=f"all pairs known after {until_known} such plans" if name == "cold" else "",
        )
        for name, what in words.items()
    ]


def _timed(foresight: Foresight, view: View) -> float:
    began = time.perf_counter()
    known = foresight.known(view, MAIN, workers=WORKERS)
    plan(facts_of(view, MAIN, CONFIG, NOW, known=known))
    return time.perf_counter() - began


def _until_known(repo: Repository, view: View) -> int:
    """How many plans it takes until nothing is left to try."""
    foresight, cache = Foresight(repo), repo.state_dir / CACHES[-1]
    asked, before = 0, b""
    while not cache.is_file() or cache.read_bytes() != before:
        before = cache.read_bytes() if cache.is_file() else b""
        foresight.known(replace(view), MAIN)
        asked += 1
    return asked


def _view(repo: Repository) -> View:
    heads = list_refs(repo, "refs/heads/")
    tip = heads.pop(f"refs/heads/{MAIN}")
    mrs = {}
    for number, (ref, head) in enumerate(sorted(heads.items())):
        branch = Branch(ref.removeprefix("refs/heads/"))
        born = BEGAN + timedelta(seconds=number)
        mr = MergeRequest(
            id=MrId(f"mr-{branch}"),
            branch=branch,
            target=MAIN,
            head=head,
            status=Status.OPEN,
            priority=2,
            title="a change",
            worker=f"worker-{number % 20}",
            created_at=born,
            submitted_at=born,
            retry_count=0,
        )
        mrs[mr.id] = mr
    tree = Sha(git(repo.path, "rev-parse", f"{tip}^{{tree}}"))
    header = QueueHeader(default_target=MAIN)
    return View(header, mrs=mrs, targets={MAIN: tip}, target_trees={MAIN: tree})


@dataclass
class _Story:
    """A history as fast-import reads it, and what each commit of the target holds."""

    chance: random.Random
    stream: list[bytes]
    states: list[tuple[int, dict[str, Text]]]

    def commit(self, ref: str, texts: dict[str, Text], parent: int, mark: int = 0) -> None:
        """One commit with these files changed."""
        self.stream.append(f"commit refs/heads/{ref}\n".encode())
        self.stream.append(b"mark :%d\n" % mark if mark else b"")
        self.stream.append(b"committer Ada Author <ada@example.com> 1767225600 +0000\n")
        self.stream.append(b"data 6\nchange\n" + (b"from :%d\n" % parent if parent else b""))
        for path, text in texts.items():
            data = "\n".join([*text, ""]).encode()
            self.stream.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data)
        self.stream.append(b"\n")

    def edited(self, holds: dict[str, Text], paths: Sequence[str], by: str) -> dict[str, Text]:
        """The files with a line changed in each."""
        texts = {path: list(holds[path]) for path in paths}
        for text in texts.values():
            at = self.chance.randrange(len(text))
            text[at] = f"{by} was here, on line {at}"
        return texts


def _generate(place: Path, branches: int) -> None:
    place.mkdir(parents=True)
    git(place, "init", "-q", "--bare", "-b", MAIN)
    chance = random.Random(1)
    holds = {
        f"src/{number // 100}/{number}.txt": [f"{number}: {line}" for line in range(LINES)]
        for number in range(FILES)
    }
    often = chance.sample(sorted(holds), EDITED)
    holds[HOT] = [f"entry {line}" for line in range(HOT_LINES)]
    story = _Story(chance, [], [(1, holds)])
    story.commit(MAIN, holds, 0, mark=1)
    for move in range(2, MOVES + 2):
        hot = [HOT] if move % 3 == 0 else []
        texts = story.edited(holds, [*chance.sample(often, 2), *hot], f"main {move}")
        holds = holds | texts
        story.commit(MAIN, texts, move - 1, mark=move)
        story.states.append((move, holds))
    for number in range(branches):
        back = min(len(story.states), 1 + int(chance.expovariate(0.1)))
        base, there = story.states[-back]
        paths = chance.sample(often, 3) + ([HOT] if chance.random() < HOT_SHARE else [])
        story.commit(f"c{number:05}", story.edited(there, paths, f"change {number}"), base)
    git(place, "fast-import", "--quiet", stdin=b"".join(story.stream))
