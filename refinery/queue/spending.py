"""What a transaction says of the checks behind it: trailers of its commit, written and read back.

Verdicts are forgotten after some hundreds; the commits of the queue ref are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from refinery.records.names import SHA, Branch, Sha
from refinery.records.verdict import Result, Verdict, VerdictKey
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.store.events import Happened

SECONDS = "Refinery-Seconds"
RESULT = "Refinery-Result"
RUNS = "Refinery-Runs"
MEMBERS = "Refinery-Members"
FLAKY = "Refinery-Flaky"
TARGET = "Refinery-Target"
VERDICT = "Refinery-Verdict"
RUN = "Refinery-Run-"  # and a number: what others had spent, taken in together
ABANDONED = "Refinery-Abandoned-Seconds"

_OF_OTHERS = (RESULT, SECONDS, RUNS, MEMBERS, VERDICT, TARGET, FLAKY)

_RESULTS: Mapping[str, Result] = {each.value: each for each in Result}
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_MOST_SECONDS = 30 * 86400.0
_MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent: `seconds` on all of the `runs` together, `members` none for the target
    itself; `abandoned_seconds` on checks that were stopped because they had become useless.

    Without a result nothing was tested.
    """

    result: Result | None = None
    seconds: float = 0.0
    runs: int = 0
    members: int = 0
    flaky: bool = False
    target: Branch | None = None
    verdict: VerdictKey | None = None
    abandoned_seconds: float = 0.0


Told = tuple["Happened", Spending]


def spent(
    verdict: Verdict | None, *, abandoned_seconds: float = 0.0, runs: int = 1
) -> Mapping[str, str]:
    """The trailers of a transaction that records a verdict.

    `runs` are those since the tree was last spoken of, each taken to be as long as the last; a
    verdict that was only looked up is None: nothing was spent on it again.
    """
    told: dict[str, str] = {}
    if verdict is not None:
        told = {
            RESULT: verdict.result.value,
            SECONDS: f"{verdict.seconds * runs:.3f}",
            RUNS: str(runs),
            MEMBERS: str(len(verdict.candidate)),
            TARGET: verdict.target,
            VERDICT: f"{verdict.tree}-{verdict.fingerprint}",
        }
        if verdict.flaky:
            told[FLAKY] = "yes"
    if abandoned_seconds > 0:
        told[ABANDONED] = f"{abandoned_seconds:.3f}"
    return told


def spent_by_others(verdicts: Iterable[Verdict]) -> Mapping[str, str]:
    """The trailers of a transaction that takes in what others had left in their claims."""
    return {
        f"{RUN}{number}": " ".join(spent(verdict).get(key, "no") for key in _OF_OTHERS)
        for number, verdict in enumerate(verdicts, start=1)
    }


def read(details: Mapping[str, str]) -> Spending:
    """What the trailers say; anybody may have written them, and what makes no sense is not there.

    Older commits lack them.
    """
    target = details.get(TARGET)
    abandoned = _seconds(details.get(ABANDONED))
    result = _result(details.get(RESULT))
    if result is None:
        return Spending(target=Branch(target) if target else None, abandoned_seconds=abandoned)
    return Spending(
        result=result,
        seconds=_seconds(details.get(SECONDS)),
        runs=max(1, _count(details.get(RUNS))),
        members=_count(details.get(MEMBERS)),
        flaky=details.get(FLAKY) == "yes",
        target=Branch(target) if target else None,
        verdict=_key(details.get(VERDICT)),
        abandoned_seconds=abandoned,
    )


def read_all(events: Iterable[Happened]) -> list[Told]:
    """Each event with what it says of itself."""
    return [(event, read(event.details)) for event in events]


def taken_in(events: Iterable[Happened]) -> list[Told]:
    """Each run of others that an event took in, with that event, which is about something else."""
    return [
        (event, read(dict(zip(_OF_OTHERS, value.split(), strict=False))))
        for event in events
        for key, value in event.details.items()
        if key.startswith(RUN)
    ]


def _result(text: str | None) -> Result | None:
    return _RESULTS.get(text or "")


def _seconds(text: str | None) -> float:
    number = float(text) if text and _NUMBER.fullmatch(text) else 0.0
    return number if number <= _MOST_SECONDS else 0.0


def _count(text: str | None) -> int:
    number = int(text) if text and _NUMBER.fullmatch(text) and "." not in text else 0
    return number if number <= _MOST_COUNTED else 0


def _key(text: str | None) -> VerdictKey | None:
    tree, _, fingerprint = (text or "").partition("-")
    return VerdictKey(Sha(tree), fingerprint) if SHA.fullmatch(tree) and fingerprint else None
