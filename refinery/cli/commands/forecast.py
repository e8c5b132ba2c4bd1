"""`refinery forecast`: which merge requests will conflict, with whom and where."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage, show_empty, show_title
from refinery.cli.output import note, plain, print_json, style
from refinery.errors import RefineryError
from refinery.records.names import Branch, branch_ref
from refinery.repo.repository import IN_PLACE

if TYPE_CHECKING:
    from refinery.queue.forecasting import Forecast, Subject
    from refinery.store.view import View

HELP = """\
Which merge requests will conflict: each is merged, on trial, with its target and with every one
that lands before it.
"""
EXAMPLES = """\
  refinery forecast
  refinery forecast --branch feature
  refinery forecast --json | jq '.[] | select(.conflicts != [])'
"""


class NoSuchBranch(RefineryError):
    """This clone has no branch of this name."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `forecast`."""
    add_rig(parser)
    parser.add_argument("--branch", metavar="B", help="only a branch of this clone, queued or not")
    parser.add_argument("--target", metavar="T", help="only this target")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    with open_queue(arguments.rig, engine=True) as queue:
        view = _view(queue, arguments.target)
        report_damage(view)
        _complete(queue)
        found = _forecasts(queue, view, arguments)
        if arguments.json:
            print_json([_json(each) for each in found])
            return 0
        show_title(f"🔮 Forecast for '{queue.name}':")
        if not found:
            show_empty("(nothing is queued)")
        for each in found:
            print(_line(each))
    return 0


def _view(queue: Queue, target: str | None) -> View:
    if target is not None:
        queue.store.targets.add(Branch(target))
    return queue.view()


def _complete(queue: Queue) -> None:
    """A merge base that lies beyond the end of a shallow clone would be a wrong one."""
    from refinery.repo.history import ensure_complete

    remote = queue.repo.remote_name()
    if remote is not None and remote != IN_PLACE:
        ensure_complete(queue.repo, remote, tell=note)


def _forecasts(queue: Queue, view: View, arguments: argparse.Namespace) -> tuple[Forecast, ...]:
    from refinery.queue.forecasting import subjects
    from refinery.submit.forecasting import forecast

    if arguments.branch is not None:
        return (_of_branch(queue, view, Branch(arguments.branch), arguments.target),)
    line = subjects(view, queue.now(), config_for_viewing(queue, view).score)
    wanted = [each for each in line if arguments.target in (None, each.target)]
    return forecast(queue.repo, view, wanted)


def _of_branch(queue: Queue, view: View, branch: Branch, target: str | None) -> Forecast:
    from refinery.repo.refs import resolve
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


def _json(found: Forecast) -> dict[str, Any]:
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


def _line(found: Forecast) -> str:
    from refinery.queue.forecasting import forecast_words

    words = plain(forecast_words(found))
    shown = style(words, "green" if found.clean else "yellow")
    return f"  {_name(found.subject)}: {shown}"


def _name(subject: Subject) -> str:
    id = f"{subject.mr} " if subject.mr else ""
    return f"{id}{plain(subject.branch)} → {plain(subject.target)}"
