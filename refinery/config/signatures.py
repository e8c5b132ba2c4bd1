"""`signatures:` in the configuration: what has to be signed, and by whose keys."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.typed import Any
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Signatures:
    """What a target asks of those who write; by default nothing.

    `signers` and `keyring` are files of the target's own tree: whom it knows. Without either of
    them whoever checks goes by their own keys.
    """

    landings: bool = False
    queue: bool = False
    signers: str | None = None
    keyring: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that say whose keys are good."""
        return tuple(filter(None, (self.signers, self.keyring)))


UNSIGNED = Signatures()


def signatures_in(mapping: Mapping[str, Any] | None) -> Signatures:
    """The section as a value; where it does not say what it asks for, it asks for all."""
    if mapping is None:
        return UNSIGNED
    required = mapping.get("require", ("landings", "queue"))
    return Signatures(
        landings="landings" in required,
        queue="queue" in required,
        signers=mapping.get("signers"),
        keyring=mapping.get("keyring"),
    )
