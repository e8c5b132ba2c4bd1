"""`refinery submit`: queue a branch; the branch itself goes along where the remote lacks it."""

from __future__ import annotations

import argparse

from refinery.cli import submission

HELP = """\
Queue a branch. Branch, commit and record reach the remote in one atomic push; the id is printed,
everything else is said on stderr. Submitting the same commit again changes nothing. Exit code 1:
there is nothing to land, or it was refused."""
EXAMPLES = """\
  refinery submit
  refinery submit polecat/nux/gt-42 --priority 0
  refinery submit --target release --depends-on mr-0a1b
  id=$(refinery submit) && refinery wait "$id"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `submit`."""
    submission.add_options(parser)
    parser.add_argument("--branch", dest="named", metavar="BRANCH", help="the same, as an option")
    parser.add_argument(
        "--no-push",
        action="store_true",
        help="leave the remote's branch where it is; the record carries the commit",
    )


def run(arguments: argparse.Namespace) -> int:
    """Queue it."""
    arguments.branch = arguments.named or arguments.branch
    return submission.run(arguments, move_branch=not arguments.no_push)
