"""`refinery integration`: the branch of an epic, which lands as one unit."""

from __future__ import annotations

import argparse

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import counted, plain, print_json, style
from refinery.config.integration import EpicLanding
from refinery.typed import TYPE_CHECKING, Any, assert_never

if TYPE_CHECKING:
    from refinery.queue.epics import EpicState

HELP = """\
An epic's work is collected on a branch of its own, integration/EPIC: merge requests submitted with
--epic EPIC land there, and the branch lands on the queue's target as one merge request.

Each action can be repeated: it finds what is there. `land` refuses a branch without commits, and
one that merge requests are still to land on, unless --force leaves those out. In the configuration,
integration.branch names the branches, and integration.land has finished ones queued by themselves.
"""
EXAMPLES = """\
  refinery integration create checkout-v2
  refinery submit --epic checkout-v2
  refinery integration status checkout-v2
  refinery integration land checkout-v2 --dry-run
  refinery integration land checkout-v2
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `integration`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make the epic's branch")
    create.add_argument("--base", metavar="BRANCH", help="where it begins (default: the target)")
    land = actions.add_parser("land", help="queue the branch as one merge request")
    land.add_argument("--force", action="store_true", help="leave out what is unfinished")
    land.add_argument("--title", help="what people call it (default: Epic EPIC)")
    state = actions.add_parser("status", help="what is on it, and what it waits for")
    for action in (create, land):
        action.add_argument("--dry-run", action="store_true", help="say what would be done")
    for action in (land, state):
        action.add_argument(
            "-t", "--target", metavar="BRANCH", help="where it lands (default: the queue's target)"
        )
    for action in (create, land, state):
        action.add_argument("epic", help="the epic's name")
        add_repo(action)
        add_json(action)


def run(arguments: argparse.Namespace) -> int:
    """One of the three."""
    action = {"create": _create, "land": _land, "status": _status}[arguments.action]
    with open_queue(arguments.rig, pins=True) as queue:
        return action(queue, arguments)


def _create(queue: Queue, arguments: argparse.Namespace) -> int:
    from refinery.submit.integrating import create

    made = create(queue, arguments.epic, base=arguments.base, dry_run=arguments.dry_run)
    if arguments.json:
        print_json(
            {
                "branch": made.branch,
                "base": made.base,
                "head": made.head,
                "created": not made.was_there and not arguments.dry_run,
            }
        )
    elif made.was_there:
        print(f"{made.branch} is there already, at {made.head[:12]}")
    elif arguments.dry_run:
        print(f"would create {made.branch} at {made.base} ({made.head[:12]})")
    else:
        print(f"{style('✓', 'green')} Created {made.branch} at {made.base} ({made.head[:12]})")
    return 0


def _status(queue: Queue, arguments: argparse.Namespace) -> int:
    from refinery.submit.epic_branches import integration_of
    from refinery.submit.integrating import status

    state = status(queue, arguments.epic, target=arguments.target)
    when = integration_of(queue, queue.store.cached()).land
    if arguments.json:
        print_json(_document(state, when))
        return 0
    print(style(f"{state.branch} → {state.target}", "bold"))
    if state.head is not None:
        ahead = counted(state.commits, "commit")
        landed = counted(len(state.landed), "merge request")
        print(f"  at {state.head[:12]}: {ahead} ahead, {landed} landed on it")
    for id in state.unfinished:
        mr = queue.view().mrs[id]
        print(f"  unfinished  {id}  {plain(mr.title)}")
    if state.landing is not None:
        print(f"  queued as {state.landing.id}: refinery why {state.landing.id}")
    elif state.done:
        print(f"  {state.obstacle}")
    elif state.obstacle is not None:
        print(f"  cannot land yet: {state.obstacle}")
    else:
        print(f"  {_ready(state, when)}: refinery integration land {state.epic}")
    return 0


def _ready(state: EpicState, when: EpicLanding) -> str:
    match when:
        case EpicLanding.BY_HAND:
            return "ready"
        case EpicLanding.WHEN_LANDED:
            return "ready: the next worker queues it, as does"
        case EpicLanding.WHEN_CLOSED:
            from refinery.queue.epics import issue_of

            issue = issue_of(state.epic)
            if issue is None:
                return f"ready, and {state.epic!r} is no issue that could be closed"
            return f"ready: queued once issue {issue} is closed, or now"
        case _:
            assert_never(when)


def _land(queue: Queue, arguments: argparse.Namespace) -> int:
    from refinery.cli.submission import show
    from refinery.submit.epic_branches import integration_of
    from refinery.submit.integrating import NotReadyToLand, land, status

    state = status(queue, arguments.epic, target=arguments.target)
    if state.done and state.landing is None:
        if arguments.json:
            print_json(_document(state, integration_of(queue, queue.store.cached()).land))
        else:
            print(f"{state.branch}: {state.obstacle}")
        return 0
    if arguments.dry_run:
        if state.obstacle is not None and not (arguments.force and state.commits):
            raise NotReadyToLand(
                f"{state.epic}: {state.obstacle}", hint=f"refinery integration status {state.epic}"
            )
        if arguments.json:
            print_json(_document(state, integration_of(queue, queue.store.cached()).land))
        else:
            print(f"would queue {state.branch} ({counted(state.commits, 'commit')})")
        return 0
    outcome = land(queue, state, force=arguments.force, title=arguments.title)
    return show(queue, outcome, None, as_json=arguments.json)


def _document(state: EpicState, when: EpicLanding) -> dict[str, Any]:
    return {
        "epic": state.epic,
        "branch": state.branch,
        "target": state.target,
        "head": state.head,
        "commits": state.commits,
        "landed": list(state.landed),
        "unfinished": list(state.unfinished),
        "mr": state.landing.id if state.landing else None,
        "ready": state.obstacle is None and state.landing is None,
        "obstacle": state.obstacle,
        "done": state.done,
        "lands": when.value,
    }
