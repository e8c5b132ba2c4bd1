"""`refinery resolve`: lays a conflict out in a worktree, and submits what was made of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.output import print_json

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
    from refinery.answers.resolve import Step, carried_out, opened
    from refinery.repo.side_worktree import How

    step = Step.ABORT if arguments.abort else Step.CONTINUE if arguments.go_on else Step.BEGIN
    queue, here = opened(arguments.rig, step)
    with queue:
        how = How(arguments.by) if arguments.by else None
        came = carried_out(queue, arguments.id or here, step, at=arguments.at, how=how)
    if arguments.json:
        from refinery.answers.resolving import document

        print_json(document(came))
    else:
        from refinery.cli.resolving import lines

        print("\n".join(lines(came)))
    return 0
