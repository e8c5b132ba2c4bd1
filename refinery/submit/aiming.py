"""Where a submission is to land: as it was told, as it was before, or as its epic says."""

from __future__ import annotations

from refinery.errors import RefineryError
from refinery.records.names import Branch, branch_ref
from refinery.store.view import View
from refinery.submit import branches
from refinery.submit.authorship import tidy
from refinery.submit.epic_branches import epic_branch
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.submit.submitting import Door, Options, Prepared


class NoTarget(RefineryError):
    """The branch to land on does not exist, or is the one that was submitted."""

    code = "no-target"


def of_interest(branch: Branch, options: Options) -> set[Branch]:
    """The branches to ask the remote about, beside the default target."""
    wanted = {branch} if options.move_branch or options.head is None else set()
    if options.target:
        return wanted | {branches.checked_branch(options.target, "target")}
    return wanted


def target_of(door: Door, view: View, branch: Branch, options: Options) -> Branch:
    """As given; the epic's own branch; as it was, where the branch is queued once; the default."""
    if options.target:
        return branches.checked_branch(options.target, "target")
    if options.epic and (collected := epic_branch(door, view, options.epic)) in view.targets:
        return collected
    before = {mr.target for mr in view.mrs.values() if mr.branch == branch and not mr.closed}
    return before.pop() if len(before) == 1 else view.header.default_target


def reason_for(door: Door, view: View, branch: Branch, target: Branch, options: Options) -> str:
    """Why that target, as the record tells it."""
    if options.target:
        return "given"
    if options.epic and target == epic_branch(door, view, options.epic):
        return f"the integration branch of {tidy(options.epic)}"
    for mr in view.mrs.values():
        if (mr.branch, mr.target) == (branch, target) and not mr.closed and mr.target_reason:
            return mr.target_reason
    return "default"


def check_target(prepared: Prepared) -> None:
    target, branch = prepared.target, prepared.stand.branch
    if target == branch:
        raise NoTarget(
            f"{branch!r} is the target itself",
            hint=f"put the work on a branch of its own: git switch -c <branch> {branch}",
        )
    if target not in prepared.view.targets:
        raise no_such_target(target)


def no_such_target(target: Branch) -> NoTarget:
    """The refusal where the remote has no such branch."""
    return NoTarget(
        f"the target {target!r} does not exist on the remote",
        hint="name another with --target, or push it first: "
        f"git push <remote> <commit>:{branch_ref(target)}",
    )
