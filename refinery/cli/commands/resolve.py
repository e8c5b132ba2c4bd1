"""`refinery resolve`: lays a conflict out in a worktree, and submits what was made of it."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.output import print_json

if TYPE_CHECKING:
    from refinery.records.merge_request import MergeRequest
    from refinery.records.names import IssueRef
    from refinery.resolving.workplace import Workplace
    from refinery.store.view import View
    from refinery.submit.resolving import Resubmitted

HELP = """\
Resolve the conflict of a merge request: prepares a worktree in which the conflict is laid out, and
says what is to be done in each file. Edit them until no conflict marker is left, then --continue
commits, submits the result as a new revision and closes the issue of the embedded tracker. Running
it again shows how far it is; --abort throws the worktree away."""
EXAMPLES = """\
  refinery resolve                      of the branch you are on
  refinery resolve mr-0a1b --json | jq -r '.worktree, .files[].path'
  refinery resolve mr-0a1b --continue
  refinery resolve mr-0a1b --abort
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `resolve`."""
    add_mr(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--continue", dest="go_on", action="store_true", help="submit what was made of it"
    )
    what.add_argument("--abort", action="store_true", help="throw the worktree away")
    parser.add_argument(
        "--at", metavar="DIR", type=Path, help="where to put the worktree (default: inside .git)"
    )
    parser.add_argument(
        "--by",
        choices=("merge", "rebase"),
        help="merge the target, or rebase onto it (default: as the target's method asks)",
    )
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Lay it out, go on or give it up."""
    with open_queue(arguments.rig, pins=True, engine=arguments.go_on) as queue:
        view, mr, place = _found(queue, arguments.id)
        if arguments.abort:
            return _abort(queue, mr, place, as_json=arguments.json)
        if arguments.go_on:
            return _go_on(queue, view, mr, place, as_json=arguments.json)
        return _begin(queue, view, mr, arguments)


def _found(queue: Queue, text: str | None) -> tuple[View, MergeRequest, Workplace | None]:
    """The merge request, and where it is being resolved; inside a worktree it is that one's."""
    from refinery.answers.finding import find
    from refinery.resolving import workplace

    here = workplace.around(queue.repo) if text is None else None
    view = queue.view()
    mr = find(queue, view, here.id if here else text)
    queue.store.targets |= {mr.target, mr.branch}
    view = queue.view()
    place = here or workplace.load(queue.repo, mr.id)
    if place is None and mr.supersedes is not None:  # it was submitted, and not put away
        place = workplace.load(queue.repo, mr.supersedes)
        mr = view.mrs.get(mr.supersedes, mr) if place else mr
    return view, mr, place


def _begin(queue: Queue, view: View, mr: MergeRequest, arguments: argparse.Namespace) -> int:
    from refinery.answers import resolving as answers
    from refinery.cli import resolving as words
    from refinery.repo.side_worktree import How
    from refinery.resolving.laying_out import LaidOut
    from refinery.submit.resolving import begin

    how = How(arguments.by) if arguments.by else None
    state = begin(queue, view, mr, at=arguments.at, how=how)
    if isinstance(state, LaidOut):
        _say(answers.laid_out(state), words.laid_out(state), as_json=arguments.json)
    else:
        _say(answers.nothing(mr), words.nothing(mr), as_json=arguments.json)
    return 0


def _go_on(
    queue: Queue, view: View, mr: MergeRequest, place: Workplace | None, *, as_json: bool
) -> int:
    from refinery.answers import resolving as answers
    from refinery.answers.finding import newest_revision
    from refinery.cli import resolving as words
    from refinery.resolving.laying_out import CannotResolve, LaidOut
    from refinery.resolving.workplace import forget
    from refinery.submit.resolving import go_on

    if place is None:
        raise CannotResolve(
            f"the conflict of {mr.id} is not laid out here", hint=f"refinery resolve {mr.id}"
        )
    done = go_on(queue, view, mr, place, newest_revision(queue, view, mr))
    if isinstance(done, LaidOut):
        _say(answers.laid_out(done), words.laid_out(done), as_json=as_json)
        return 0
    closed = _close_issue(queue, done)
    follow = words.follow(queue.repo, done)
    forget(queue.repo, place)
    _say(answers.submitted(done, closed), words.submitted(done, closed, follow), as_json=as_json)
    return 0


def _close_issue(queue: Queue, done: Resubmitted) -> IssueRef | None:
    """Close the issue of the embedded tracker; a forge's own is closed there."""
    from refinery.engine import conflicts
    from refinery.store.update import PushRefused
    from refinery.submit.submitting import NothingToLand

    issue = done.mr.blocked_by or done.mr.was_blocked_by
    if issue is None or isinstance(done.outcome, NothingToLand):
        return None
    if issue.partition("#")[0] != "local":
        return None
    queue.local_tracker().close(issue, f"Resolved in {done.outcome.mr.id}.")
    with suppress(PushRefused):  # who may not write the queue leaves it to the next pass
        conflicts.closed(queue.engine(lambda _: None), issue)
    return issue


def _abort(queue: Queue, mr: MergeRequest, place: Workplace | None, *, as_json: bool) -> int:
    from refinery.answers import resolving as answers
    from refinery.cli import resolving as words
    from refinery.resolving.workplace import forget

    if place is not None:
        forget(queue.repo, place)
    _say(answers.aborted(mr), words.aborted(mr, place), as_json=as_json)
    return 0


def _say(document: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        print("\n".join(lines))
