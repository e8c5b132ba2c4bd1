"""Rebases the branches of a stack on what has landed of it, each on the one below."""

from __future__ import annotations

from shlex import quote

from refinery.errors import RefineryError
from refinery.queue.forecasting import listed
from refinery.records.names import Sha
from refinery.repo.rebasing import InTheWay, Stopped, move_branches, rebased
from refinery.submit.local_stack import Level, LocalStack
from refinery.submit.submitting import Door
from refinery.values import dataclass


class CannotRebase(RefineryError):
    """A commit of the stack conflicts, or a branch cannot be moved; nothing was changed."""

    code = "cannot-rebase"


@dataclass(frozen=True, slots=True)
class Restacked:
    """One level after it: the same head where nothing had to be done."""

    level: Level
    head: Sha
    commits: int

    @property
    def moved(self) -> bool:
        """Whether its branch is to move."""
        return self.head != self.level.head


def restacked(door: Door, stack: LocalStack, *, onto_tip: bool = False) -> list[Restacked]:
    """What the open levels become, from the bottom up; no branch moves yet.

    A level that stands on a commit of the target stays there, unless `onto_tip` asks for its tip.
    """
    committer = door.repo.signature(int(door.now().timestamp()))
    heads = {each.branch: stack.tip for each in stack.levels if each.has_landed}
    found = []
    for each in stack.open:
        onto = heads.get(each.below, stack.tip) if each.below is not None else stack.tip
        stays = not onto_tip if each.on_target else each.ground == onto
        if stays:
            made = Restacked(each, each.head, 0)
        else:
            again = rebased(
                door.repo, each.head, ground=each.ground, onto=onto, committer=committer
            )
            if isinstance(again, Stopped):
                raise _stopped(stack, each, onto, again)
            made = Restacked(each, again.head, again.commits)
        heads[each.branch] = made.head
        found.append(made)
    return found


def _stopped(stack: LocalStack, level: Level, onto: Sha, at: Stopped) -> CannotRebase:
    below = next((each.branch for each in stack.open if each.branch == level.below), stack.target)
    files = f" in {listed(at.files)}" if at.files else ""
    return CannotRebase(
        f"{level.branch}: {at.commit[:12]} conflicts with {below}{files}",
        hint="no branch was moved; by hand: "
        f"git rebase --onto {onto[:12]} {level.ground[:12]} {quote(level.branch)}",
    )


def carry_out(door: Door, found: list[Restacked]) -> None:
    """Move the branches of this clone, all of them or none."""
    moves = {each.level.branch: (each.level.head, each.head) for each in found if each.moved}
    if not moves:
        return
    done = move_branches(door.repo, moves, message="refinery stack rebase")
    if isinstance(done, InTheWay):
        raise CannotRebase(
            f"the branches stay where they are: {done.why}",
            hint="commit or stash what is changed, then: refinery stack rebase",
        )
