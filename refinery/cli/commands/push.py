"""`refinery push`: `git push` and `refinery submit` in one atomic push."""

from __future__ import annotations

import argparse

from refinery.cli import submission

HELP = """\
Push the current branch and queue it, both or neither; the id is printed. As `git push`, it refuses
to drop commits of the remote's branch unless it is forced."""
EXAMPLES = """\
  refinery push
  refinery push --force            # after a rebase
  refinery push --priority 1 --issue gt-42
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `push`."""
    submission.add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Push and queue."""
    return submission.run(arguments, move_branch=True)
