"""Answers with what will conflict with what."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.answers.asking import Say, config_or_default, report
from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.queue.forecasting import Forecast, subjects
from refinery.records.names import Branch, branch_ref
from refinery.repo.refs import resolve
from refinery.repo.repository import IN_PLACE
from refinery.store.view import View
from refinery.submit.branches import checked_branch
from refinery.typed import Any


class NoSuchBranch(RefineryError):
    """This clone has no branch of this name."""

    code = "no-such-branch"


def forecasts(
    queue: Queue, *, branch: str | None = None, target: str | None = None, say: Say
) -> tuple[Forecast, ...]:
    """One for each merge request, or that of a branch of this clone, queued or not.

    The queue has to be opened with its engine.
    """
    if target is not None:
        target = checked_branch(target, "target")
        queue.store.targets.add(target)
    view = queue.view()
    report(view.damage, say=say)
    _complete(queue, say)
    if branch is not None:
        return (_of_branch(queue, view, checked_branch(branch), target),)
    from refinery.submit.forecasting import forecast

    line = subjects(view, queue.now(), config_or_default(queue, view, say=say))
    return forecast(queue.repo, view, [each for each in line if target in (None, each.target)])


def document(found: Iterable[Forecast]) -> list[dict[str, Any]]:
    """The answer of `forecast`."""
    return [_forecast(each) for each in found]


def _complete(queue: Queue, say: Say) -> None:
    """A merge base that lies beyond the end of a shallow clone would be a wrong one."""
    from refinery.repo.history import ensure_complete

    remote = queue.repo.remote_name()
    if remote is not None and remote != IN_PLACE:
        ensure_complete(queue.repo, remote, tell=say)


def _of_branch(queue: Queue, view: View, branch: Branch, target: str | None) -> Forecast:
    from refinery.submit.forecasting import forecast_one

    head = resolve(queue.repo, branch_ref(branch))
    if head is None:
        raise NoSuchBranch(f"there is no branch {str(branch)!r} here", hint="git branch --list")
    own = [mr for mr in view.mrs.values() if mr.branch == branch and not mr.closed]
    wanted = Branch(target) if target else _target_of(view, (mr.target for mr in own))
    ids = [mr.id for mr in own if mr.target == wanted]
    return forecast_one(queue.repo, view, head, wanted, ids, branch=branch)


def _target_of(view: View, queued: Iterable[Branch]) -> Branch:
    """Where the branch is queued for; the default target when that says nothing."""
    targets = {*queued}
    return targets.pop() if len(targets) == 1 else view.header.default_target


def _forecast(found: Forecast) -> dict[str, Any]:
    subject = found.subject
    return {
        "mr": subject.mr,
        "branch": subject.branch,
        "target": subject.target,
        "head": subject.head,
        "clean": found.clean,
        "conflicts": [
            {
                "mr": clash.mr,
                "target": None if clash.mr else subject.target,
                "files": [*clash.files],
            }
            for clash in found.conflicts
        ],
        "unknown": found.unknown or None,
        "untried": [*found.untried],
    }
