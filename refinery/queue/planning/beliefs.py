"""What history makes us believe: how likely a change is fine, and how often checks lie.

Plain statistics.  Each figure is a share of what was seen, mixed with a prior that weighs as much
as so many observations: without history it is the answer, with much history it is forgotten.
Flakes are estimated low: taking failures for flakes costs far more than a run that was not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from statistics import median

from refinery.queue.planning.facts import Rates
from refinery.records.names import MrId
from refinery.records.verdict import Result, Verdict
from refinery.values import dataclass, field

GOOD, GOOD_WEIGHT = 0.92, 25.0
TRAIT_WEIGHT = 10.0
FAILED_BEFORE = {"failed before 1": 0.9, "failed before 2": 0.8}  # of the usual, as a prior
DAMPING = 0.6  # traits of one change say much the same
LEAST, MOST = 0.05, 0.995
FLAKE, FLAKE_WEIGHT = 0.002, 200.0
INTERACTION, INTERACTION_WEIGHT = 0.0001, 10_000.0
USUAL_MINUTES, RECENT = 10.0, 50
LONGEST_MINUTES = 43_200.0  # a month: whatever a record says
LARGE, SMALL = 400, 20  # changed lines


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a change before any test; `failures` are those of its earlier revisions."""

    author: str = ""
    paths: frozenset[str] = frozenset()
    lines: int | None = None
    failures: int = 0

    def named(self) -> frozenset[str]:
        """The traits that are counted, by name."""
        names = {f"author {self.author}", f"failed before {min(self.failures, 2)}"}
        names |= {f"path {path.partition('/')[0]}" for path in self.paths}
        if self.lines is not None:
            size = "large" if self.lines > LARGE else "small" if self.lines < SMALL else "medium"
            names.add(f"size {size}")
        return frozenset(names)


@dataclass(slots=True)
class Share:
    """How many of so many were good."""

    good: int = 0
    all: int = 0

    def count(self, good: bool) -> None:
        """One more."""
        self.good += good
        self.all += 1

    def mixed(self, prior: float, weight: float) -> float:
        """The share, with a prior that counts as `weight` more observations."""
        return (self.good + prior * weight) / (self.all + weight)


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The share of good changes: overall, and for each trait."""

    overall: Share = field(default_factory=Share)
    by_trait: Mapping[str, Share] = field(default_factory=dict)

    @property
    def usual(self) -> float:
        """The chance that a change of which nothing is known is fine by itself."""
        return self.overall.mixed(GOOD, GOOD_WEIGHT)

    def about(self, name: str) -> float:
        """The same of changes with this trait, as if they had no other."""
        prior = self.usual * FAILED_BEFORE.get(name, 1.0)
        return self.by_trait.get(name, Share()).mixed(prior, TRAIT_WEIGHT)

    def of(self, traits: Traits) -> float:
        """The chance that a change with these traits is fine by itself."""
        usual = self.usual
        odds = log(usual / (1 - usual))
        shift = 0.0
        for name in sorted(traits.named()):
            share = self.about(name)
            shift += log(share / (1 - share)) - odds
        return min(MOST, max(LEAST, 1 / (1 + exp(-odds - DAMPING * shift))))


def beliefs_of(history: Iterable[tuple[Traits, bool]]) -> Beliefs:
    """What the ended changes of a queue teach: their traits, and whether they were good."""
    overall, by_trait = Share(), dict[str, Share]()
    for traits, good in history:
        overall.count(good)
        for name in traits.named():
            by_trait.setdefault(name, Share()).count(good)
    return Beliefs(overall, by_trait)


def rates_of(verdicts: Sequence[Verdict]) -> Rates:
    """How long a run takes, how often one lies, and how often two good changes disagree."""
    passed = [each for each in verdicts if each.result is Result.PASS]
    flaky = sum(each.flaky for each in passed)
    pairs = sum(len(each.candidate) * (len(each.candidate) - 1) // 2 for each in passed)
    return Rates(
        minutes=run_minutes(verdicts),
        flake=(flaky + FLAKE * FLAKE_WEIGHT) / (len(passed) + FLAKE_WEIGHT),
        interaction=(disagreements(verdicts) + INTERACTION * INTERACTION_WEIGHT)
        / (pairs + INTERACTION_WEIGHT),
    )


def run_minutes(verdicts: Sequence[Verdict]) -> float:
    """The usual length of a run, from the newest that passed."""
    passed = (each for each in verdicts if each.result is Result.PASS)
    newest = sorted(passed, key=lambda each: (each.at, each.key))[-RECENT:]
    if not newest:
        return USUAL_MINUTES
    usual = median(max(each.seconds, each.took or 0.0) for each in newest) / 60
    return min(LONGEST_MINUTES, max(1e-3, usual))


def check_minutes(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """The usual length of each check by itself."""
    seconds: dict[str, list[float]] = {}
    for verdict in verdicts:
        for check in verdict.checks:
            seconds.setdefault(check.name, []).append(check.seconds)
    return {name: median(each) / 60 for name, each in sorted(seconds.items())}


def disagreements(verdicts: Sequence[Verdict]) -> int:
    """Failures of several of which each passed in another run."""
    fine: set[MrId] = set()
    for each in verdicts:
        if each.result is Result.PASS:
            fine.update(each.candidate)
    return sum(
        each.result is Result.FAIL and len(each.candidate) > 1 and fine.issuperset(each.candidate)
        for each in verdicts
    )
