"""What is left when the last process has died: everything that should not be, by its name."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.aftermath import Aftermath, Fate, aftermath
from benchmarks.crew import Shift
from tests.faults.agreement import aspects
from tests.sandbox import Sandbox
from tests.soak.battlefield import Field
from tests.soak.bystanders import Author, Operator
from tests.soak.firing import FiringSquad
from tests.soak.processes import Process, bearing
from tests.soak.receiver import Receiver


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


def judged(
    place: Field,
    shift: Shift,
    squad: FiringSquad,
    operator: Operator,
    receiver: Receiver,
    author: Author,
    began: float,
) -> Trial:
    """Look at everything."""
    place.box.clock.tick(time.time() - place.box.clock.time() + 1)
    found = aftermath(
        place.box.origin, place.box.path, place.changes, start=place.start, log=place.log
    )
    apart = aspects(place.box, since=place.start.target)
    faults = {
        "lost, undecided, or landed twice or untested": found.faults,
        "differences between the target and the replay of the records": apart["history"],
        "complaints of `refinery fsck` and `refinery verify`": apart["commands"],
        "claims, pins, submissions and processes that belong to nobody": [
            *apart["refs"],
            *(f"left running: {' '.join(each.words[:6])}" for each in _left(str(place.log))),
        ],
        "issues opened twice, or for nobody": apart["issues"],
        "messages that nobody got, or twice without saying so": list(
            _misheard(found, place.box, receiver)
        ),
        "commands that ended as they must not": [
            *shift.complaints,
            *author.complaints,
            *(f"{log.name} tells of a bug" for log in _buggy(place.logs)),
        ],
    }
    again = receiver.heard(again=True)
    kills = squad.deaths + Counter({"submitter": author.kills})
    return Trial(
        len(place.changes),
        len(place.clones),
        shift,
        found,
        faults,
        kills,
        operator.removed,
        sum(again.values()),
        len(receiver.got),
        time.monotonic() - began,
    )


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
