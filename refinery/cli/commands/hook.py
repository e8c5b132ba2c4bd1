"""`refinery hook`: what the installed hooks call; git's own words come in on standard input."""

from __future__ import annotations

import argparse
import sys

HELP = "What the installed git hooks call, with git's own arguments and standard input."
EXAMPLES = """\
  refinery hook pre-push origin git@example.com:project.git
  refinery hook post-receive
  refinery hook pre-receive
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hook`."""
    parser.add_argument(
        "name", choices=("pre-push", "pre-receive", "post-receive"), help="which hook calls"
    )
    parser.add_argument("arguments", nargs="*", help="as git gives them to the hook")


def run(arguments: argparse.Namespace) -> int:
    """Run one; only pre-receive may refuse a push because of trouble in here."""
    lines = [] if sys.stdin is None or sys.stdin.isatty() else sys.stdin.readlines()
    if arguments.name == "pre-receive":
        from refinery.hooks import pre_receive

        return pre_receive.run(lines)
    try:
        if arguments.name == "pre-push":
            from refinery.hooks import pre_push

            return pre_push.run(arguments.arguments, lines)
        from refinery.hooks import post_receive

        return post_receive.run(lines)
    except Exception as error:
        from refinery.answers.trouble import bug
        from refinery.cli.failing import fail

        fail(bug(error), ())
        return 0
