"""The verdict: what the checks said of one tree."""

from __future__ import annotations

from datetime import datetime

from refinery.records.names import Branch, MrId, Sha
from refinery.typed import ClassVar, NamedTuple
from refinery.values import StrEnum, dataclass


class Result(StrEnum):
    """What checks can say; a check that could not run is neither passed nor failed."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"


# A class statement would have `typing` compile its annotations: 11 of a hook's 200 M instructions.
VerdictKey = NamedTuple("VerdictKey", [("tree", Sha), ("fingerprint", str)])  # noqa: UP014
"""A verdict holds for one tree under one definition of the checks."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One check's result inside a verdict; `seconds` is wall time."""

    name: str
    verdict: Result
    seconds: float
    exit_code: int | None = None
    note: str = ""
    tail: str = ""

    NESTED: ClassVar = {"verdict": Result}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks said of one tree, and where that tree came from.

    `seconds` is the checks' wall time, `took` that from the claim until the verdict was there,
    `purpose` why the planner had it tested.
    """

    tree: Sha
    fingerprint: str
    result: Result
    runs: int
    target: Branch
    base: Sha
    candidate: tuple[MrId, ...]
    seconds: float
    at: datetime
    worker: str
    flaky: bool = False
    purpose: str | None = None
    took: float | None = None
    checks: tuple[CheckReport, ...] = ()

    NESTED: ClassVar = {"result": Result, "at": datetime, "checks": (CheckReport,)}

    @property
    def key(self) -> VerdictKey:
        """What the verdict is looked up by."""
        return VerdictKey(self.tree, self.fingerprint)

    def over(self, other: Verdict | None) -> Verdict:
        """Of two about one tree the one that counts: a pass is final, else that of more runs."""
        if other is None:
            return self
        passes = self.result is Result.PASS, other.result is Result.PASS
        if passes[0] != passes[1]:
            return self if passes[0] else other
        return self if self.runs > other.runs else other
