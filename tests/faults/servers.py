"""Servers that take back what they confirmed, hold locks of the dead, or repack all the time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from tests.faults.agreement import disagreements
from tests.faults.ground import LATER, Ground, age_locks, drain, remove_locks
from tests.faults.tally import Tally
from tests.sandbox import Sandbox


class Lie(Enum):
    """What is taken back right after a push was confirmed."""

    TARGET = "the target"
    QUEUE = "the queue"
    ALL = "everything"


_TAKEN_BACK = {
    Lie.TARGET: "refs/heads/main",
    Lie.QUEUE: "refs/refinery/queue",
    Lie.ALL: "refs/",
}
_ROLL_BACK = """\
[ ! -e {told} ] || exit 0
lines=$(cat)
echo "$lines" | grep -q refs/heads/main || exit 0
touch {told}
echo "$lines" | while read -r old new ref; do
  case "$ref" in
  {ref}*)
    case "$old" in
    *[!0]*) git update-ref "$ref" "$old" ;;
    *) git update-ref -d "$ref" ;;
    esac ;;
  esac
done
"""


def lying(ground: Ground, tally: Tally, lie: Lie) -> None:
    """All agrees again; only that the target went back is for a person, and is said aloud."""
    with ground.fresh() as box:
        lies(box, lie)
        drain(box)
        tally.add(lie.value, _unsaid(box) if lie is Lie.TARGET else _astray(box, ground))


def lies(box: Sandbox, lie: Lie) -> None:
    """The first landing is confirmed and taken back; after it the server is honest."""
    script = _ROLL_BACK.format(told=box.root / "told", ref=_TAKEN_BACK[lie])
    box.hook("post-receive", script)


def _unsaid(box: Sandbox) -> list[str]:
    """Everybody has to say that what landed is not there, and go on with the others."""
    bob = box.clone("bob")
    box.clock.tick(LATER)
    said = {command: bob.cli(*command.split()) for command in ("process --drain", "fsck", "verify")}
    wanted = {
        "process --drain": (0, "was rewound or rewritten"),
        "fsck": (1, "target-rewound"),
        "verify": (1, "not in the history of main"),
    }
    return [
        f"{command} ended with {done.code}: {done.out}{done.err}"
        for command, done in said.items()
        if (done.code, wanted[command][1] in done.out + done.err) != (wanted[command][0], True)
    ]


def _astray(box: Sandbox, ground: Ground) -> list[str]:
    """Who conflicts may be another after everything was taken back; one of the two lands."""
    bob = box.clone("bob")
    box.clock.tick(LATER)
    done = bob.cli("process", "--drain")
    found = disagreements(bob, since=ground.start)
    if done.code != 0 or "two" not in bob.landed or len(bob.landed) != 2:
        found.append(f"landed are {bob.landed}; it ended with {done.code}: {done.err}")
    return found


LOCKS = (
    "refs/heads/main.lock",
    "refs/refinery/queue.lock",
    "packed-refs.lock",
    "refs/refinery/issues.lock",
    "refs/remotes/origin/main.lock",
    "HEAD.lock",
    "config.lock",
    "index.lock",
    "shallow.lock",
    "gc.pid.lock",
    "objects/maintenance.lock",
)


def with_locks(ground: Ground, tally: Tally, names: Sequence[str], *, at_server: bool) -> None:
    """A run says so and loses nothing; the server's are removed by hand, the clone's grow old."""
    for name in names:
        with ground.fresh() as box:
            folder = box.origin if at_server else box.path / ".git"
            lock = folder / name
            lock.parent.mkdir(parents=True, exist_ok=True)
            lock.touch()
            if at_server:
                drain(box)
                remove_locks(box.origin)
            else:
                age_locks(folder, 100)
                drain(box)
            where = "at the server" if at_server else "in the clone"
            tally.add(f"{name} {where}", ground.wrong(box))


def repacking(ground: Ground, tally: Tally) -> None:
    """Two workers, and a server that does nothing but pack and collect."""
    with ground.fresh() as box:
        with _always(box, _COMMANDS) as rounds:
            workers = [box.clone("ann"), box.clone("ben")]
            threads = [threading.Thread(target=each.run, args=_DRAIN) for each in workers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        tally.add(f"{len(rounds)} rounds", ground.wrong(box, by="bob"))


_DRAIN = ("process", "--drain")
_COMMANDS = (
    ("pack-refs", "--all", "--prune"),
    ("gc", "--quiet"),  # `--prune=now` takes what a push has just brought: git says so itself
    ("repack", "-q", "-a", "-d"),
)


@contextmanager
def _always(box: Sandbox, commands: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """These commands run on the server, one after the other; their codes."""
    over = threading.Event()
    codes: list[int] = []

    def work() -> None:
        while not over.is_set():
            for command in commands:
                done = subprocess.run(["git", *command], cwd=box.origin, capture_output=True)
                codes.append(done.returncode)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield codes
    finally:
        over.set()
        thread.join()
