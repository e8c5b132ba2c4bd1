"""The rule about signatures: what of the queue had to be signed, and is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from refinery.audit.findings import Evidence, Finding, Severity
from refinery.store.asked import Asking


def signatures(evidence: Evidence) -> Iterator[Finding]:
    """Where the default target asks for it, each change is signed; by whom, `verify` finds out."""
    config = evidence.view.config(evidence.view.header.default_target)
    if config is None or not config.signatures.queue:
        return
    ref = evidence.refs.queue
    asked = Asking(evidence.repo).of_queue(evidence.trail(ref).newest()[::-1])
    lacking = [each.commit.oid for each in asked if each.is_required and not each.commit.is_signed]
    if lacking:
        what = f"{len(lacking)} changes had to be signed and are not, the newest {lacking[-1][:12]}"
        fix = "refinery verify --signatures names them"
        yield Finding(Severity.INFO, "queue-unsigned", ref, what, fix)


RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (signatures,)
