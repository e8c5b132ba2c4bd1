"""What commands that change one merge request share: find it, decide, say what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from refinery.app import Queue, open_queue
from refinery.cli.command import WHICH, add_json, add_repo
from refinery.cli.output import plain, print_json, style
from refinery.importing import TO_WRITE, import_while_git_works
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.records.names import MrId
    from refinery.store.edit import Edit
    from refinery.store.update import Committed
    from refinery.store.view import View


def configure_one(parser: argparse.ArgumentParser) -> None:
    """Arguments of a command about one merge request."""
    parser.add_argument("id", help=WHICH)
    add_repo(parser)
    add_json(parser)


def act(
    arguments: argparse.Namespace,
    decide: Callable[[Queue, View, MrId], Edit | object],
    words: Callable[[Queue, MrId], str],
) -> int:
    """Find the merge request, run a decision about it until it holds, say what came of it."""
    import_while_git_works(TO_WRITE)
    with open_queue(arguments.rig) as queue:
        id, done = queue.decide_on(arguments.id, lambda view, id: decide(queue, view, id))
        report(queue, id, committed(done), words(queue, id), as_json=arguments.json)
    return 0


def committed(done: Committed | object) -> Committed:
    """What was done, after broken records were named; the refusal is raised where nothing was."""
    from refinery.store.update import Committed

    if not isinstance(done, Committed):
        from refinery.answers.refusals import refuse

        raise refuse(done)
    tell_damage(done.view)
    return done


def tell_damage(view: View) -> None:
    """Say on stderr which records cannot be read, whatever the command was about."""
    if view.damage:
        from refinery.cli.listing import report_damage

        report_damage(view)


def report(queue: Queue, id: MrId, done: Committed, words: str, *, as_json: bool) -> None:
    """The record after the change, or a line about it."""
    if as_json:
        from refinery.answers.merge_request import merge_request
        from refinery.queue.folding import seen

        now = queue.now()
        view = seen(done.view, now)
        print_json(merge_request(view, view.mrs[id], now))
    else:
        print(f"{style('✓', 'green')} {plain(words)}")
