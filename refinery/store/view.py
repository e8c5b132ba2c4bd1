"""The view: everything that is known about the queue at one instant, as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, CandidateId, MrId, Ref, Sha
from refinery.records.verdict import Verdict, VerdictKey
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from refinery.config.config import Config

ConfigAt = Callable[[Sha, Branch], "Config | None"]
"""The configuration at a commit of a target; None for one that cannot be read."""


def no_config(_: Sha, __: Branch) -> None:
    """Where none is known."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that cannot be read: reported by every command, harming nothing else."""

    where: str
    problem: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Queue, inbox and claims of one instant.

    `mrs` holds what is folded and what still lies in the inbox (`unfolded`); closed ones stay here
    until they are archived.  `claims` are as stored, expired ones included, by the names of their
    refs; `testing` are those of candidates, by member.  `verdicts` holds also what still lies in
    claims.  `targets` are the target branches' tips, `target_trees` the trees of those commits.
    `leases` is what an edit is tested against: each ref of the store and its value.  `config_at`
    reads what lies in the targets' commits, and a commit never changes.
    """

    header: QueueHeader
    mrs: Mapping[MrId, MergeRequest] = field(default_factory=dict)
    unfolded: frozenset[MrId] = frozenset()
    claims: Mapping[MrId | CandidateId, Claim] = field(default_factory=dict)
    testing: Mapping[MrId, tuple[Claim, ...]] = field(default_factory=dict)
    verdicts: Mapping[VerdictKey, Verdict] = field(default_factory=dict)
    damage: tuple[Damage, ...] = ()
    leases: Mapping[Ref, Sha] = field(default_factory=dict)
    targets: Mapping[Branch, Sha] = field(default_factory=dict)
    target_trees: Mapping[Branch, Sha] = field(default_factory=dict)
    config_at: ConfigAt = no_config

    def verdict(self, tree: Sha, fingerprint: str) -> Verdict | None:
        """What the checks said of that tree, if they were asked."""
        return self.verdicts.get(VerdictKey(tree, fingerprint))

    def config(self, target: Branch) -> Config | None:
        """The configuration at a target's tip; None for one that is not here or not readable."""
        tip = self.targets.get(target)
        return None if tip is None else self.config_at(tip, target)


def with_reports(
    verdicts: Mapping[VerdictKey, Verdict], claims: Iterable[Claim]
) -> dict[VerdictKey, Verdict]:
    """The verdicts of the queue and of claims; of two about a tree the one that counts."""
    found = dict(verdicts)
    for claim in claims:
        if claim.verdict is not None:
            known = found.get(claim.verdict.key)
            found[claim.verdict.key] = claim.verdict.over(known)
    return found


def testing(claims: Iterable[Claim]) -> dict[MrId, tuple[Claim, ...]]:
    """The candidates that each merge request is in, oldest first."""
    found: dict[MrId, tuple[Claim, ...]] = {}
    for claim in sorted(claims, key=lambda each: (each.claimed_at, each.token)):
        if claim.base is not None:
            for id in claim.candidate:
                found[id] = (*found.get(id, ()), claim)
    return found
