"""`refinery stack`: branches that build on each other, shown, submitted and rebased together."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from shlex import quote

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import counted, folded, note, plain, print_json, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.answers.stack import Row, Shown
    from refinery.store.view import View
    from refinery.submit.local_stack import LocalStack
    from refinery.submit.restacking import Restacked

HELP = """\
Branches that build on each other: `show` tells where each stands, `submit` queues all of them in
one push, each after the one below it, `rebase` puts them on what has landed.

A stack is what the current branch contains and what contains it; only commits that the target
lacks count. With --unit all of it lands in one push, or nothing does."""
EXAMPLES = """\
  refinery stack show
  refinery stack submit
  refinery stack submit --unit login --dry-run
  refinery stack rebase --dry-run
  refinery stack rebase --push
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `stack`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="the stack, and where each branch stands")
    submit = actions.add_parser("submit", help="queue all branches of the stack in one push")
    rebase = actions.add_parser("rebase", help="put the branches on what has landed of them")
    show.add_argument("name", nargs="?", metavar="BRANCH", help="a branch or merge request of it")
    for action in (submit, rebase):
        action.add_argument("name", nargs="?", metavar="BRANCH", help="a branch of it")
    _add_submit(submit)
    _add_rebase(rebase)
    for action in (show, submit, rebase):
        action.add_argument(
            "-t", "--target", metavar="BRANCH", help="where it lands (default: the queue's target)"
        )
        add_repo(action)
        add_json(action)


def _add_submit(submit: argparse.ArgumentParser) -> None:
    from refinery.cli.submission import add_force

    submit.add_argument(
        "--unit", metavar="NAME", help="land all of it in one push, or nothing of it"
    )
    submit.add_argument(
        "-p", "--priority", type=int, metavar="N", help="of each: 0 (urgent) to 4 (whenever)"
    )
    add_force(submit)
    _add_dry_run(submit)


def _add_rebase(rebase: argparse.ArgumentParser) -> None:
    rebase.add_argument(
        "--onto-target", action="store_true", help="the bottom too, onto the target's newest commit"
    )
    rebase.add_argument(
        "--push", action="store_true", help="push what moved, and queue again what was queued"
    )
    _add_dry_run(rebase)


def _add_dry_run(action: argparse.ArgumentParser) -> None:
    action.add_argument("--dry-run", action="store_true", help="say what would be done")


def run(arguments: argparse.Namespace) -> int:
    """One of the three."""
    action = {"show": _show, "submit": _submit, "rebase": _rebase}[arguments.action]
    with open_queue(arguments.rig, pins=True, worker="stack") as queue:
        if arguments.target:
            from refinery.submit.branches import checked_branch

            queue.store.targets.add(checked_branch(arguments.target, "target"))
        return action(queue, queue.view(), arguments)


def _show(queue: Queue, view: View, arguments: argparse.Namespace) -> int:
    from refinery.answers.stack import show_document, shown

    stack = shown(queue, view, name=arguments.name, target=arguments.target)
    if arguments.json:
        print_json(show_document(queue, view, stack))
        return 0
    _print_stack(queue, view, stack)
    return 0


def _print_stack(queue: Queue, view: View, stack: Shown) -> None:
    """The top first, as it stands."""
    from refinery.answers.stack import row_words

    now = queue.now()
    for number, row in reversed(list(enumerate(stack.rows, start=1))):
        mark = style("▸", "bold") if row.current else " "
        id = f"  {style(row.mr.id, 'dim')}" if row.mr else ""
        unit = f"  unit {plain(row.mr.unit)}" if row.mr and row.mr.unit else ""
        print(f"{mark} {number}. {plain(row.branch)}{id}{unit}{_fork(stack, row)}")
        print(folded(plain(row_words(view, row, now)), indent=5))
    print(f"  {style(plain(stack.target), 'bold')}")
    advice = _advice(stack)
    if advice:
        note(f"hint: {advice}")


def _fork(stack: Shown, row: Row) -> str:
    """Where a stack is a tree, what a branch is on is not simply the one before it."""
    before = stack.rows[stack.rows.index(row) - 1].branch if stack.rows[0] is not row else None
    return "" if row.below == before else f"  (on {plain(row.below or stack.target)})"


def _advice(stack: Shown) -> str:
    open_rows = [row for row in stack.rows if not row.landed]
    if any(row.mr is None or (row.head and row.head != row.mr.head) for row in open_rows):
        return "`refinery stack submit` queues what is not queued as it is here"
    if len(open_rows) < len(stack.rows) and open_rows:
        return "`refinery stack rebase` puts what is left on what has landed"
    return ""


def _submit(queue: Queue, view: View, arguments: argparse.Namespace) -> int:
    from refinery.answers.stack import submit_document
    from refinery.submit.local_stack import local_stack
    from refinery.submit.stack_submission import nothing_open, submit_stack

    stack = local_stack(queue, view, branch=arguments.name, target=arguments.target)
    if not stack.open:
        raise nothing_open(stack)
    outcomes = (
        []
        if arguments.dry_run
        else submit_stack(
            queue,
            stack,
            unit=arguments.unit,
            priority=arguments.priority,
            overwrite=arguments.overwrite,
        )
    )
    if arguments.json:
        print_json(submit_document(stack, outcomes, unit=arguments.unit, dry_run=arguments.dry_run))
    elif arguments.dry_run:
        _print_plan(stack, arguments.unit)
    else:
        from refinery.submit.submission_words import told
        from refinery.submit.submitting import NothingToLand

        for outcome in outcomes:
            if not isinstance(outcome, NothingToLand):
                print(outcome.mr.id)
            for line in told(outcome, None):
                note(line)
    return 0


def _branches(count: int) -> str:
    return "1 branch" if count == 1 else f"{count} branches"


def _print_plan(stack: LocalStack, unit: str | None) -> None:
    whole = f", as unit {plain(unit)}" if unit else ""
    print(f"would submit {_branches(len(stack.open))} for {plain(stack.target)}{whole}:")
    for each in stack.open:
        after = f" after {plain(each.below)}" if each.below else ""
        print(f"  {plain(each.branch)} at {each.head[:12]}{after}")


def _rebase(queue: Queue, view: View, arguments: argparse.Namespace) -> int:
    from refinery.answers.stack import rebase_document
    from refinery.submit.local_stack import local_stack
    from refinery.submit.restacking import carry_out, restacked
    from refinery.submit.stack_submission import push_again, pushes

    stack = local_stack(queue, view, branch=arguments.name, target=arguments.target)
    found = restacked(queue, stack, onto_tip=arguments.onto_target)
    moves = pushes(queue, found)
    command = _push_command(queue, moves)
    if not arguments.json:
        _print_moves(stack, found, command, dry_run=arguments.dry_run)
    pushed = False
    if not arguments.dry_run:
        carry_out(queue, found)
        if arguments.push and moves:
            outcomes = push_again(queue, stack, found)
            pushed = True
            if not arguments.json:
                from refinery.submit.submission_words import told

                for outcome in outcomes:
                    for line in told(outcome, None):
                        note(line)
    if arguments.json:
        document = rebase_document(stack, found, command, dry_run=arguments.dry_run, pushed=pushed)
        print_json(document)
    return 0


def _push_command(queue: Queue, moves: Mapping[str, str]) -> str | None:
    """The push that brings the remote's branches along, each only from where it was last seen."""
    if not moves:
        return None
    remote = queue.repo.remote_name() or "origin"
    leases = " ".join(f"--force-with-lease={quote(f'{name}:{old}')}" for name, old in moves.items())
    return f"git push {leases} {quote(remote)} {' '.join(map(quote, moves))}"


def _print_moves(
    stack: LocalStack, found: list[Restacked], command: str | None, *, dry_run: bool
) -> None:
    for each in stack.levels:
        if each.has_landed:
            print(f"  {plain(each.branch)} has landed and stays as it is")
    open = {each.branch for each in stack.open}
    for one in found:
        level = one.level
        if one.moved:
            below = plain(level.below if level.below in open else stack.target)
            what = f"{level.head[:12]} → {one.head[:12]}, {counted(one.commits, 'commit')}"
            print(f"  {plain(level.branch)}: {what} on {below}")
        else:
            print(f"  {plain(level.branch)} stays at {level.head[:12]}")
    if not any(one.moved for one in found):
        note("nothing has to be rebased")
    elif command is not None:
        note(f"{'would push' if dry_run else 'to push'}: {plain(command)}")
        if not dry_run:
            note("`refinery stack submit --force-with-lease` pushes and queues them again")
