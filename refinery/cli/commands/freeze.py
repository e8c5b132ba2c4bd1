"""`refinery freeze`: a target takes nothing but hotfixes until it is thawed."""

from __future__ import annotations

import argparse

from refinery.app import Queue, open_queue
from refinery.cli.acting import committed
from refinery.cli.command import add_json, add_repo
from refinery.cli.ends import add_end, given_end, told_end
from refinery.cli.output import plain, print_json, style
from refinery.cli.reasons import add_reason, given_reason
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.store.view import View

HELP = """\
Freeze a target: nothing lands on it but hotfixes that the configuration lets pass, until it is
thawed or the freeze ends.  Submissions are still taken, and keep their places.  What is being
tested does not land either."""
EXAMPLES = """\
  refinery freeze main --until 'mon 08:00' --tz Europe/Berlin --reason 'release day'
  refinery freeze 'release/*' --for 4h --reason 'the registry is down'
  refinery freeze main --reason 'release 2.0'          until somebody thaws it
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `freeze`."""
    parser.add_argument(
        "target", help="the target, or a pattern: `*` stays in a folder, `**` does not"
    )
    add_reason(parser)
    add_end(parser, what="the freeze")
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Freeze it."""
    from refinery.queue.freeze_orders import freeze

    reason = given_reason(arguments.reason)
    target = checked_pattern(arguments.target)
    with open_queue(arguments.rig) as queue:
        end = given_end(arguments, queue.now())
        done = queue.update(
            lambda view: freeze(
                view,
                target,
                reason=reason,
                by=queue.person,
                now=queue.now(),
                until=end.until,
                zone=end.zone,
            )
        )
        view = committed(done).view
        if arguments.json:
            print_json(documents(queue, view, target))
            return 0
        print(f"{style('❄', 'yellow')} Froze {plain(target)}{told_end(end)}: {plain(reason)}")
        _tell_under_test(queue, view, target)
    return 0


def checked_pattern(text: str) -> str:
    """A pattern of branches that the header can hold."""
    from refinery.errors import UsageError

    odd = set("~^:[\\") & set(text)
    if not text or text.startswith("-") or len(text) > 240 or odd or not text.isprintable():
        raise UsageError(f"{text!r} is no pattern of branches", hint="as in main or release/*")
    if " " in text:
        raise UsageError(f"{text!r} is no pattern of branches: no branch has a space in its name")
    return text


def documents(queue: Queue, view: View, pattern: str) -> list[dict[str, object]]:
    """The freezes of the known targets that fit a pattern."""
    from refinery.answers.freezes import freezes
    from refinery.config.patterns import fits
    from refinery.queue.board import targets_of

    known = dict.fromkeys([*targets_of(view), *view.targets])
    found = (freezes(view, each, queue.now()) for each in known if fits(pattern, each))
    return [each for each in found if each is not None]


def _tell_under_test(queue: Queue, view: View, pattern: str) -> None:
    """Who orders a freeze wants to know what becomes of what runs."""
    from refinery.config.patterns import fits
    from refinery.queue.claiming import under_test

    running = sum(fits(pattern, each.target) for each in under_test(view, queue.now()))
    if running:
        tests = "1 test goes on, and lands" if running == 1 else f"{running} tests go on, and land"
        print(style(f"  {tests} nothing", "dim"))
