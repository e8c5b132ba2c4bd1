"""The candidate that one job takes, another tests without write rights, and a third settles."""

from __future__ import annotations

from refinery.records.names import Branch, MrId, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What is to be tested elsewhere: the tree that `members` make on `base`.

    `token` is that of the claim it was taken under; without members it is the target itself.
    """

    target: Branch
    base: Sha
    tree: Sha
    fingerprint: str
    members: tuple[MrId, ...] = ()
    token: str | None = None
