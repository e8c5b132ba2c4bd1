"""A queue under fire: many workers, and once a second a SIGKILL for a worker, a git or a server.

    python -m tests.soak.kills [MERGE-REQUESTS] [WORKERS]     by itself, in sizes of your own

Half of the workers push to a path, half through `git daemon`.  Some changes are bad, some fail or
conflict together, the check lies now and then, and some are submitted on the way by a command that
is killed too.  What people are told is heard by a real receiver.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.aftermath import Fate
from benchmarks.told import RUNS
from tests.sandbox import CHECKOUT
from tests.servers.daemon import git_daemon
from tests.servers.tools import free_port
from tests.soak.battlefield import CHANNEL, Field
from tests.soak.bystanders import ACCEPTED, Author, Operator, heal
from tests.soak.figure import Figure, at_least, at_most, shown
from tests.soak.firing import FiringSquad
from tests.soak.judging import Trial, judged
from tests.soak.processes import below, strike
from tests.soak.receiver import Receiver

PART = "kills"


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """The soak of five hundred by eight."""
    count, workers = (30, 3) if quick else (500, 8)
    return told(fire(scratch, count=count, workers=workers))


def fire(root: Path, *, count: int, workers: int, seed: int = 1) -> Trial:
    """Queue so many, let so many at them, and look what is left."""
    began = time.monotonic()
    place = Field.made(root, count, workers, seed)
    receiver = Receiver()
    port = free_port()
    daemon = git_daemon(place.box, port)
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
        return judged(place, shift, squad, operator, receiver, author, began)
    finally:
        for each in below([daemon.pid]):
            strike(each)
        daemon.wait()
        receiver.close()
        place.box.close()


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
