"""A queue under fire: many workers, and once a second a SIGKILL for a worker, a git or a server.

    python -m tests.soak.kills [MERGE-REQUESTS] [WORKERS]     by itself, in sizes of your own

Half of the workers push to a path, half through `git daemon`.  Some changes are bad, some fail or
conflict together, the check lies now and then, and some are submitted on the way by a command that
is killed too.  What people are told is heard by a real receiver.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.aftermath import Aftermath, Fate, Start, aftermath, all_decided, claims
from benchmarks.crew import Crew, Post, Shift
from benchmarks.told import RUNS, Check, Told, tell
from benchmarks.world import World
from refinery.queue.delivery import LEASE
from refinery.records.names import MrId
from tests.faults.agreement import aspects
from tests.sandbox import CHECKOUT, Sandbox, make_template
from tests.servers.daemon import git_daemon
from tests.soak.figure import Figure, at_least, at_most, shown
from tests.soak.processes import Process, bearing, below, strike
from tests.soak.receiver import Receiver

PART = "kills"
CHECK = Check(median=0.4, shortest=0.1, longest=1.0, flake=0.02)
BAD = 0.08
BATCH = 30
LATE = 0.1  # of the merge requests, submitted while the others are worked on
CHANNEL = "TEAM"
NOTIFY = f"notify:\n- to: {CHANNEL}\n"
STALE = 5.0  # seconds after which the operator takes a lock for a dead one's
ACCEPTED = (0, 1, 75)  # who lost a git or a server may say so; 3 would be a bug of ours
KINDS = {"worker": 4, "all": 2, "git": 4, "receive-pack": 4, "check": 1}


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """The soak of five hundred by eight."""
    count, workers = (30, 3) if quick else (500, 8)
    return told(fire(scratch, count=count, workers=workers))


@dataclass
class Trial:
    """What came of it."""

    count: int
    workers: int
    shift: Shift
    found: Aftermath
    faults: dict[str, list[str]]
    kills: Counter[str]
    locks: int
    repeated: int
    messages: int
    seconds: float


@dataclass
class FiringSquad(Crew):
    """A crew whose members lose a process each second, theirs or somebody's they depend on.

    `servers` are what listens: it lives, and what it starts may die.
    """

    servers: Sequence[int] = ()
    deaths: Counter[str] = field(default_factory=Counter)
    interval: float = 1.0

    def between_kills(self) -> float:
        """A second of a machine that these workers have for themselves."""
        self.interval = max(1.0, _starvation() * (os.cpu_count() or 1) / len(self.clones))
        return self.interval

    def words(self, post: Post) -> Sequence[str]:
        """Every second one stops after each candidate: those tell people on the way."""
        return (*self.arguments, *(("--once",) if post.clone.name[-1] in "02468" else ()))

    def murder(self, murderer: random.Random, posts: Sequence[Post]) -> int:
        """One of them, or one of theirs, of a kind that is drawn first."""
        kind = murderer.choices(list(KINDS), list(KINDS.values()))[0]
        alive = [post for post in posts if post.process and not post.is_killed]
        if not alive:
            return 0
        if kind in ("worker", "all"):
            self._kill_worker(murderer.choice(alive), with_all=kind == "all")
            self.deaths[kind] += 1
            return 1
        victim = self._met(kind, murderer, alive)
        if victim is None or not strike(victim):
            return 0
        self.deaths[kind] += 1
        return 1

    def _kill_worker(self, post: Post, *, with_all: bool) -> None:
        assert post.process is not None
        post.is_killed = True
        post.again = 0.0
        theirs = below([post.process.pid]) if with_all else []
        post.process.kill()
        for each in theirs:
            strike(each)

    def _met(self, kind: str, murderer: random.Random, alive: Sequence[Post]) -> Process | None:
        """One of a kind, as soon as there is one: most of them live for milliseconds."""
        roots = [*(post.process.pid for post in alive if post.process), *self.servers]
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            found = [process for process in below(roots) if process.kind == kind]
            if found:
                return murderer.choice(found)
        return None


def fire(root: Path, *, count: int, workers: int, seed: int = 1) -> Trial:
    """Queue so many, let so many at them, and look what is left."""
    began = time.monotonic()
    place = Field.made(root, count, workers, seed)
    receiver = Receiver()
    daemon, port = _daemon(place.box)
    for clone in place.clones[1::2]:
        url = f"git://127.0.0.1:{port}/origin.git"
        place.box.git("config", "remote.origin.url", url, cwd=clone)
    environment = {
        RUNS: str(place.log),
        CHANNEL: receiver.address,
        "PYTHONPATH": str(CHECKOUT),
    }
    squad = FiringSquad(
        place.clones,
        place.logs,
        ("process", "--workers", str(workers)),
        environment,
        every=0.3,
        patience=60 + 15 * count,
        accepted=ACCEPTED,
        servers=[each.pid for each in below([daemon.pid])],
    )
    operator = Operator(place.box.origin)
    author = Author(place, environment, random.Random(f"author {seed}"))
    try:
        with operator, author:
            shift = squad.work(place.is_over, murderer=random.Random(f"kills {seed}"))
        heal(place, shift, environment)
        return place.judged(shift, squad, operator, receiver, author, began)
    finally:
        for each in below([daemon.pid]):
            strike(each)
        daemon.wait()
        receiver.close()
        place.box.close()


@dataclass
class Field:
    """The repositories, and the changes that are queued in them."""

    box: Sandbox
    changes: Sequence[Told]
    late: Sequence[str]
    clones: Sequence[Path]
    logs: Path
    log: Path
    start: Start
    ids: list[MrId]

    @classmethod
    def made(cls, root: Path, count: int, workers: int, seed: int) -> Field:
        """Everything as it is before the first worker comes."""
        (template := root / "template").mkdir(parents=True)
        make_template(template)
        (root / "field").mkdir()
        box = Sandbox.copied(template, root / "field")
        box.git("config", "core.logAllRefUpdates", "always", cwd=box.origin)
        files = CHECK.files(batch=BATCH, minutes=0.2)
        box.advance({**files, ".refinery.yaml": files[".refinery.yaml"] + NOTIFY})
        branches = [f"change/{number:04}" for number in range(count)]
        pairs, clashes = max(1, count // 50), max(1, count // 25)
        changes = tell(branches, bad=round(BAD * count), pairs=pairs, clashes=clashes, seed=seed)
        for each in changes:
            box.commit(each.branch, each.files)
        late = branches[count - round(LATE * count) :]
        ids = World(box.root, branches[: count - len(late)]).submit_all()
        clones = [box.clone(f"worker-{number}").path for number in range(workers)]
        (logs := root / "logs").mkdir()
        (log := logs / "runs").touch()
        return cls(box, changes, late, clones, logs, log, Start.of(box.origin), ids)

    def is_over(self) -> bool:
        """Whether all are submitted and decided."""
        return len(self.ids) == len(self.changes) and all_decided(self.box.path, self.ids)

    def judged(
        self,
        shift: Shift,
        squad: FiringSquad,
        operator: Operator,
        receiver: Receiver,
        author: Author,
        began: float,
    ) -> Trial:
        """Look at everything."""
        self.box.clock.tick(time.time() - self.box.clock.time() + 1)
        found = aftermath(
            self.box.origin, self.box.path, self.changes, start=self.start, log=self.log
        )
        apart = aspects(self.box, since=self.start.target)
        faults = {
            "lost, undecided, or landed twice or untested": found.faults,
            "differences between the target and the replay of the records": apart["history"],
            "complaints of `refinery fsck` and `refinery verify`": apart["commands"],
            "claims, pins, submissions and processes that belong to nobody": [
                *apart["refs"],
                *(f"left running: {' '.join(each.words[:6])}" for each in _left(str(self.log))),
            ],
            "issues opened twice, or for nobody": apart["issues"],
            "messages that nobody got, or twice without saying so": list(
                _misheard(found, self.box, receiver)
            ),
            "commands that ended as they must not": [
                *shift.complaints,
                *author.complaints,
                *(f"{log.name} tells of a bug" for log in _buggy(self.logs)),
            ],
        }
        again = receiver.heard(again=True)
        kills = squad.deaths + Counter({"submitter": author.kills})
        return Trial(
            len(self.changes),
            len(self.clones),
            shift,
            found,
            faults,
            kills,
            operator.removed,
            sum(again.values()),
            len(receiver.got),
            time.monotonic() - began,
        )


def heal(place: Field, shift: Shift, environment: dict[str, str]) -> None:
    """Who comes after the last kill and lives: first at once, then when every lease is over."""
    crew = Crew([place.box.clone("healthy").path], place.logs, environment=environment)
    crew.patience = 120
    shift.complaints += crew.work(lambda: not claims(place.box.origin)).complaints
    later = [sys.executable, "-m", "tests.faults.skewed", str(LEASE.total_seconds() + 60)]
    for _ in range(2):
        done = subprocess.run(
            [*later, "process", "--drain"],
            cwd=crew.clones[0],
            env={**os.environ, **environment, "REFINERY_WORKER": "healthy"},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            shift.complaints.append(f"the healthy one ended with {done.returncode}: {done.stderr}")


class Operator:
    """Does on the server what `refinery doctor` says: removes the locks that the dead have left."""

    def __init__(self, origin: Path) -> None:
        self._origin = origin
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.removed = 0

    def __enter__(self) -> Operator:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look(older_than=0.0)

    def _work(self) -> None:
        while not self._over.wait(1.0):
            self._look(older_than=STALE)

    def _look(self, *, older_than: float) -> None:
        for lock in self._locks():
            try:
                if time.time() - lock.stat().st_mtime >= older_than:
                    lock.unlink()
                    self.removed += 1
            except FileNotFoundError:
                continue

    def _locks(self) -> Iterator[Path]:
        yield from self._origin.glob("*.lock")
        for folder, _, names in os.walk(self._origin / "refs"):
            yield from (Path(folder, name) for name in names if name.endswith(".lock"))


class Author:
    """Submits the late ones in turn; of three commands one is killed, and given again."""

    def __init__(self, place: Field, environment: dict[str, str], draw: random.Random) -> None:
        self._place = place
        self._environment = environment
        self._draw = draw
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.kills = 0
        self.complaints: list[str] = []

    def __enter__(self) -> Author:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        for branch in self._place.late:
            while (id := self._submitted(branch)) is None:
                if self._over.is_set():
                    self.complaints.append(f"{branch} could not be submitted")
                    return
            self._place.ids.append(id)
            self._over.wait(self._draw.uniform(0, 2))

    def _submitted(self, branch: str) -> MrId | None:
        command = subprocess.Popen(
            [sys.executable, "-m", "refinery", "submit", branch],
            cwd=self._place.box.path,
            env={**os.environ, **self._environment, "REFINERY_WORKER": "author"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        is_doomed = self._draw.random() < 0.3
        try:
            out, err = command.communicate(timeout=self._draw.uniform(0.1, 2) if is_doomed else 60)
        except subprocess.TimeoutExpired:
            command.kill()
            command.communicate()
            self.kills += 1
            return None
        if command.returncode not in ACCEPTED:
            self.complaints.append(f"submit ended with {command.returncode}: {err}")
        return MrId(out.strip()) if command.returncode == 0 else None


def _starvation() -> float:
    """How many times longer than its processor time a little work takes."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.02:
        sum(range(1000))
    return (time.perf_counter() - began) / 0.02


def _daemon(box: Sandbox) -> tuple[subprocess.Popen[bytes], int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return git_daemon(box, port), port


def _misheard(found: Aftermath, box: Sandbox, receiver: Receiver) -> Iterator[str]:
    """Each outcome is told: once, or again with the words that say so."""
    titles = {
        Fate.LANDED: "Landed",
        Fate.REFUSED: "Needs rework",
        Fate.BLOCKED: "Conflict",
    }
    mrs = {mr.branch: mr for mr in [*box.archived(), *box.view().mrs.values()]}
    once, again = receiver.heard(again=False), receiver.heard(again=True)
    owed = {(titles[fate], mrs[branch].id) for branch, fate in found.fates.items()}  # type: ignore[index]
    told_ = once.keys() | again.keys()
    lost = len(owed - told_) - receiver.unnamed
    if lost > 0:
        yield f"nobody was told of {sorted(owed - told_)[:5]} and {lost} altogether"
    twice = [each for each, times in once.items() if times > 1]
    if twice:
        yield f"told twice without saying so: {twice[:5]}"
    wrong = {each for each in told_ - owed if each[0] in titles.values()}
    if wrong:
        yield f"told, and not so: {sorted(wrong)[:5]}"
    untold = [mr.id for mr in mrs.values() if mr.untold]
    if untold:
        yield f"still to be told: {untold[:5]}"


def _left(mark: str) -> list[Process]:
    """What still runs of all that the workers started, after some time to end."""
    until = time.monotonic() + 20
    while (left := bearing(mark)) and time.monotonic() < until:
        time.sleep(0.5)
    return left


def _buggy(logs: Path) -> list[Path]:
    marks = ("Traceback", "this is a bug")
    return [
        log
        for log in logs.glob("*.log")
        if any(mark in log.read_text(errors="replace") for mark in marks)
    ]


def told(trial: Trial) -> list[Figure]:
    """The rows of the page."""
    found, kills = trial.found, trial.kills
    total = sum(kills.values())
    died = ", ".join(f"{number} {kind}" for kind, number in kills.most_common())
    fates = [f"{found.count(fate)} {fate.value}" for fate in Fate]
    decided = trial.count - found.count(Fate.OPEN)
    what = f"{trial.count} merge requests, {trial.workers} workers"
    minutes = trial.shift.seconds / 60
    return [
        at_least(PART, f"{what}: landed or explained", decided, trial.count, note=", ".join(fates)),
        *(
            at_most(PART, what, len(each), 0, note="; ".join(words[:200] for words in each[:3]))
            for what, each in trial.faults.items()
        ),
        Figure(PART, "killed", total, note=died),
        Figure(
            PART,
            "seconds from one kill to the next",
            trial.shift.seconds / max(1, total),
            note="longer where others use the machine",
        ),
        Figure(PART, "took", shown(round(minutes, 1)), "minutes", note=_pace(trial)),
        Figure(
            PART,
            "locks that killed servers left, removed as `refinery doctor` says",
            trial.locks,
        ),
        Figure(
            PART,
            "messages told again, each saying that it may be one",
            trial.repeated,
            note=f"{trial.messages} messages",
        ),
        at_most(
            PART,
            "good ones sent back because the check lied",
            len(found.refused_wrongly),
            max(2, trial.count // 100),
            note=f"{len(found.runs)} runs, 2% lie",
        ),
    ]


def _pace(trial: Trial) -> str:
    shift = trial.shift
    ends = ", ".join(f"{times} x {code}" for code, times in sorted(shift.exits.items()))
    return f"{shift.starts} workers started; they ended {ends}"


def main(arguments: Sequence[str]) -> int:
    """Print what came of it."""
    count, workers = (int(each) for each in [*arguments, "30", "3"][:2]) if arguments else (30, 3)
    scratch = Path(tempfile.mkdtemp(prefix="refinery-kills-"))
    trial = fire(scratch, count=count, workers=workers)
    for figure in told(trial):
        print(figure)
    for fault in (each for found in trial.faults.values() for each in found):
        print("FAULT", fault)
    print(f"the repositories and logs are in {scratch}")
    return 1 if any(trial.faults.values()) else 0


if __name__ == "__main__":
    from benchmarks.sealing import seal

    seal(Path.home() / ".cache" / "git-refinery-bench")
    sys.exit(main(sys.argv[1:]))
