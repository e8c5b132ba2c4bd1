"""`refinery thaw`: a frozen target takes merge requests again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime

from refinery.app import open_queue
from refinery.cli.acting import committed
from refinery.cli.command import add_json, add_repo
from refinery.cli.commands.freeze import checked_pattern, documents
from refinery.cli.ends import add_end, given_end
from refinery.cli.output import plain, print_json, style
from refinery.cli.reasons import given_reason
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.store.view import View

HELP = """\
Let a frozen target go on.  What somebody froze is thawed for good; where a window of the
configuration freezes it, it is open until that window ends, or for as long as you say.  A target
that an issue closes is opened by closing the issue."""
EXAMPLES = """\
  refinery thaw main --reason 'the release is out'
  refinery thaw main --for 2h --reason 'the window came too early'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `thaw`."""
    parser.add_argument("target", help="the target, or the pattern that was frozen")
    parser.add_argument(
        "-r", "--reason", default="it is over", metavar="TEXT", help="why; - reads standard input"
    )
    add_end(parser, what="the thaw of a window")
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Thaw it."""
    from refinery.queue.freeze_orders import thaw

    reason = given_reason(arguments.reason)
    target = checked_pattern(arguments.target)
    with open_queue(arguments.rig) as queue:
        from refinery.records.names import Branch

        queue.store.targets.add(Branch(target))
        end = given_end(arguments, queue.now())
        done = queue.update(
            lambda view: thaw(
                view, target, reason=reason, by=queue.person, now=queue.now(), until=end.until
            )
        )
        view = committed(done).view
        if arguments.json:
            print_json(documents(queue, view, target))
            return 0
        print(f"{style('✓', 'green')} Thawed {plain(target)}{_while(view, target)}")
        for line in _left(view, target, queue.now()):
            print(line)
    return 0


def _while(view: View, target: str) -> str:
    from refinery.queue.freeze_words import told_time
    from refinery.queue.freezing import rules_of
    from refinery.records.names import Branch

    thaw = next((each for each in reversed(view.header.thaws) if each.target == target), None)
    if thaw is None:
        return ""
    return f" until {told_time(thaw.until, rules_of(view, Branch(target)).zone)}"


def _left(view: View, target: str, now: datetime) -> Iterator[str]:
    """Another freeze may hold it still."""
    from refinery.cli.freeze_view import frozen_lines
    from refinery.queue.freezing import target_frozen
    from refinery.records.names import Branch

    frozen = target_frozen(view, Branch(target), now)
    if frozen is not None:
        yield from frozen_lines(frozen, now)
