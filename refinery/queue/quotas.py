"""Quotas: how many of an author's or a fleet's are tested at the same time, and may wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from refinery.config.fairness import Fairness, Quota
from refinery.queue.fairness import Share, share_of
from refinery.records.names import Branch, MrId
from refinery.store.view import View
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Full:
    """At most `most` of an author, or of a whole fleet, may be there, and so many are."""

    share: Share
    most: int

    @property
    def whose(self) -> str:
        """Of whom, for people."""
        kind, name = self.share
        return f"the fleet {name}" if kind else name


def kept_back(
    line: Iterable[tuple[MrId, str]], *, running: Container[MrId], rules: Fairness
) -> dict[MrId, Full]:
    """Those of a line whose test may not begin, since enough of the same author or fleet are ahead.

    `line` has who is tested or waits for it, with its author; who is `running` counts first.
    """
    if not rules.has_quotas:
        return {}
    taken: Counter[Share] = Counter()
    kept = {}
    for id, author in sorted(line, key=lambda each: each[0] not in running):
        quotas = _quotas(author, rules)
        over = [
            Full(share, each.at_once)
            for share, each in quotas
            if each.at_once is not None and taken[share] >= each.at_once
        ]
        if over and id not in running:
            kept[id] = over[-1]
        else:
            taken.update(share for share, _ in quotas)
    return kept


def full(view: View, target: Branch, author: str, rules: Fairness) -> Full | None:
    """Whose quota of waiting ones another of this author's would be over."""
    waiting: Counter[Share] = Counter()
    for mr in view.mrs.values():
        if mr.target == target and not mr.closed:
            waiting.update(share for share, _ in _quotas(mr.worker, rules))
    for share, quota in _quotas(author, rules):
        if quota.waiting is not None and waiting[share] >= quota.waiting:
            return Full(share, quota.waiting)
    return None


def _quotas(author: str, rules: Fairness) -> list[tuple[Share, Quota]]:
    """The author's own quota, and that of its fleet."""
    own = ("", author)
    fleet = rules.fleet_of(author)
    if fleet is None:
        return [(own, rules.author)]
    return [(own, rules.author), (share_of(author, rules), fleet.quota)]
