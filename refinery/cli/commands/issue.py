"""`refinery issue`: the embedded tracker."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from refinery.adapters.local import LocalTracker, NoSuchIssue
from refinery.app import Queue, open_queue
from refinery.cli import issue_labels
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import in_role, note, plain, print_json, style
from refinery.cli.rows import damage_lines
from refinery.errors import UsageError
from refinery.looks import ISSUES
from refinery.records.codec import to_json
from refinery.records.issue import Issue, IssueState
from refinery.records.names import IssueRef, MrId
from refinery.records.times import format_time
from refinery.store.update import PushRefused

HELP = """\
The issues of the embedded tracker, kept in the repository itself.  A conflict opens one; closing it
lets its merge request re-enter the queue, once the branch has moved or merges cleanly.  An open one
with a label that the configuration names (freeze.issues) closes its targets."""
EXAMPLES = """\
  refinery issue list
  refinery issue show 1
  refinery issue close 1
  refinery issue comment 1 --body 'rebased, please look'
  refinery issue reopen 1
  refinery issue open 'main is broken' --label tree-closed
  refinery issue label 1 --remove tree-closed
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Sub-commands of `issue`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="open issues")
    listed.add_argument(
        "--state",
        choices=("open", "closed", "all"),
        help="which (default: open; with --json: all)",
    )
    listed.add_argument(
        "--all", action="store_const", const="all", dest="state", help="the same as --state all"
    )
    _common(listed)
    for name, words in (
        ("show", "one issue with its comments"),
        ("close", "close one; its merge request re-enters the queue"),
        ("reopen", "open a closed one again"),
        ("comment", "say something"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("issue", help="its number, or local#NUMBER")
        if name != "show":
            needed = name == "comment"
            action.add_argument(
                "--body", "-m", required=needed, help="Markdown; - reads standard input"
            )
        _common(action)
    issue_labels.configure(actions, _common)


def _common(parser: argparse.ArgumentParser) -> None:
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked."""
    actions: dict[str, Callable[[Queue, LocalTracker, argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "close": _close,
        "reopen": _reopen,
        "comment": _comment,
        "open": _open,
        "label": _label,
    }
    engine = arguments.action not in ("list", "show", "comment")
    with open_queue(arguments.rig, engine=engine) as queue:
        return actions[arguments.action](queue, queue.local_tracker(), arguments)


def _list(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    view = tracker.store.read()
    for line in damage_lines(view.damage):
        note(line)
    # A script that asks for JSON looks for what it needs itself; people want what is to be done.
    state = arguments.state or ("all" if arguments.json else "open")
    issues = sorted(
        (each for each in view.issues.values() if state in ("all", each.state.value)),
        key=lambda each: each.number,
    )
    if arguments.json:
        print_json([to_json(each) for each in issues])
        return 0
    print(style(f"🎫 Issues of '{queue.name}':", "bold") + "\n")
    if not issues:
        print(f"  {style('(none open)' if state == 'open' else '(none)', 'dim')}")
    for each in issues:
        look = ISSUES[each.state]
        mark = in_role(look.sign, look.role)
        mr = f"  {style(each.mr, 'dim')}" if each.mr else ""
        print(f"  {mark} {each.id} {plain(each.title)}{mr}")
    return 0


def _show(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    issue = _found(tracker, arguments.issue)
    if arguments.json:
        print_json(to_json(issue))
        return 0
    print(style(f"{issue.id} {plain(issue.title)}", "bold"))
    facts = [f"State: {issue.state.value}", f"Opened: {format_time(issue.created_at)}"]
    facts += [f"Merge request: {issue.mr}"] if issue.mr else []
    facts += [f"Assignee: {plain(issue.assignee)}"] if issue.assignee else []
    facts += [f"Labels: {', '.join(map(plain, issue.labels))}"] if issue.labels else []
    print(style("  ".join(facts), "dim") + "\n")
    print(plain(issue.body))
    for comment in issue.comments:
        print(style(f"\n{plain(comment.author)}, {format_time(comment.at)}:", "bold"))
        print(plain(comment.body))
    return 0


def _close(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    """Close it, then do at once what the closing means, as a webhook would."""
    from refinery.engine import conflicts
    from refinery.engine.happenings import StaysBlocked, Trouble, Unblocked

    issue = _found(tracker, arguments.issue)
    said: list[str] = []

    def tell(happening: object) -> None:
        if isinstance(happening, (Unblocked, StaysBlocked, Trouble)):
            said.append(happening.words)

    if issue.state is IssueState.CLOSED:
        note(f"{issue.id} is closed already")
    tracker.close(issue.id, _body(arguments.body))
    try:
        conflicts.closed(queue.engine(tell), issue.id)
    except PushRefused:
        said.append(f"the queue is not yours to write: the next pass over it sees {issue.id}")
    issue_labels.follow_trees(queue)
    _report(tracker, issue.id, "Closed", arguments)
    for words in said:
        note(plain(words))
    return 0


def _reopen(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    issue = _found(tracker, arguments.issue)
    tracker.reopen(issue.id, _body(arguments.body))
    if issue.mr is not None:
        try:
            _block_again(queue, issue.mr, issue.id)
        except PushRefused:
            note(f"the queue is not yours to write: {issue.mr} is not blocked again by this")
    issue_labels.follow_trees(queue)
    _report(tracker, issue.id, "Reopened", arguments)
    return 0


def _block_again(queue: Queue, mr: MrId, issue: IssueRef) -> None:
    """Record it through the engine, which folds what still lies in the inbox first."""
    from refinery.engine.healing import fold
    from refinery.queue.blocking import reblocked
    from refinery.store.update import Committed

    engine = queue.engine(lambda _: None)
    fold(engine)
    done = engine.change(lambda view: reblocked(view, mr, issue))
    if isinstance(done, Committed):
        note(plain(done.edit.event.subject))


def _comment(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    issue = _found(tracker, arguments.issue)
    body = _body(arguments.body)
    if not body.strip():
        raise UsageError("the comment is empty", hint="say something: --body 'text'")
    tracker.comment(issue.id, body)
    _report(tracker, issue.id, "Commented on", arguments)
    return 0


def _open(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    opened = issue_labels.open_issue(tracker, arguments, _body(arguments.body))
    issue_labels.follow_trees(queue)
    _report(tracker, opened, "Opened", arguments)
    return 0


def _label(queue: Queue, tracker: LocalTracker, arguments: argparse.Namespace) -> int:
    issue = _found(tracker, arguments.issue)
    issue_labels.change_labels(tracker, issue.id, arguments)
    issue_labels.follow_trees(queue)
    _report(tracker, issue.id, "Labelled", arguments)
    return 0


def _report(tracker: LocalTracker, id: IssueRef, verb: str, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print_json(to_json(tracker.store.read().issues[id]))
    else:
        print(f"{style('✓', 'green')} {verb} {id}")


def _found(tracker: LocalTracker, text: str) -> Issue:
    number = text.strip().removeprefix("local").removeprefix("#")
    found = tracker.store.read().issues.get(IssueRef(f"local#{number}"))
    if found is None:
        raise NoSuchIssue(f"no issue {text!r}", hint="`refinery issue list --all` shows them")
    return found


def _body(text: str | None) -> str:
    import sys

    return sys.stdin.read() if text == "-" else text or ""
