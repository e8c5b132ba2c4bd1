"""The candidate: what a worker builds and tests, and what came of building it."""

from __future__ import annotations

from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import FailureType, Method
from refinery.records.names import Branch, MrId, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """What to test next on `target`, in landing order, and why; no members: the target itself.

    With `has_passed` it only has to land, if it makes the tree that passed.
    """

    target: Branch
    members: tuple[MrId, ...]
    purpose: Purpose
    why: str
    has_passed: bool = False


@dataclass(frozen=True, slots=True)
class Clean:
    """One member's own commit on top of those before it."""

    id: MrId
    commit: Sha


@dataclass(frozen=True, slots=True)
class Built:
    """A candidate as commits: `commit` is what the target would become, `tree` what is tested."""

    target: Branch
    base: Sha
    commit: Sha
    tree: Sha
    method: Method
    members: tuple[Clean, ...]

    @property
    def ids(self) -> tuple[MrId, ...]:
        """The members, in landing order."""
        return tuple(member.id for member in self.members)


@dataclass(frozen=True, slots=True)
class Clash:
    """A member that cannot be put on the target: it conflicts, or shares no history with it."""

    id: MrId
    base: Sha
    files: tuple[str, ...]
    messages: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hollow:
    """A member that would change nothing: its commit is in the target, or its changes are."""

    id: MrId
    base: Sha
    in_target: bool


@dataclass(frozen=True, slots=True)
class Misfit:
    """A member whose author has to change it before it can be put on the target, and why."""

    id: MrId
    base: Sha
    type: FailureType
    words: str
