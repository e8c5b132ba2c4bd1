"""What a token may do on a forge, as far as the forge says it: what `refinery doctor` asks."""

from __future__ import annotations

from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class ForgeAccess:
    """One look at a repository through its API; None is what the forge does not say.

    `scopes` are those of a classic token; one with fine-grained permissions has none to show.
    `clock_skew` is by how many seconds this machine is ahead of the forge.
    """

    repository: str
    login: str | None
    can_push: bool | None
    has_issues: bool | None
    scopes: tuple[str, ...] | None
    clock_skew: float | None
    requests_left: int | None
