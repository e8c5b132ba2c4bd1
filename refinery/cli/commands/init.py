"""`refinery init`: sets up a repository, after showing what it will write."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import note, plain, print_json, style
from refinery.errors import UsageError
from refinery.values import replace

if TYPE_CHECKING:
    from pathlib import Path

    from refinery.records.names import Branch
    from refinery.setup.setting_up import Outcome
    from refinery.setup.setup_plan import Plan

HELP = """\
Set up a queue: .refinery.yaml on the target, the queue's ref, the fetch refspec and the hooks.
Shows what it will write and asks first. What is there already is left as it is, so it can be run
again. In a bare repository it sets up the server's side."""
EXAMPLES = """\
  refinery init                            show, ask, do
  refinery init --yes                      do, for scripts
  refinery init --dry-run                  only show
  refinery init --check 'make test' --target develop
  refinery init /srv/git/project.git       on the server
"""

_SUGGESTED = "git config core.fsync committed"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `init`."""
    add_rig(parser)
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="show what would be written")
    parser.add_argument("--target", metavar="T", help="branch to land on (default: the remote's)")
    parser.add_argument(
        "--check",
        action="append",
        default=[],
        metavar="CMD",
        help="a command that must pass before anything lands; may be given again",
    )
    parser.add_argument(
        "--no-push", action="store_true", help="leave the remote alone: write .refinery.yaml here"
    )
    parser.add_argument("--no-hooks", action="store_true", help="install no hooks")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Plan, show, ask, do."""
    from refinery.records.names import Branch
    from refinery.setup import setting_up, setup_plan

    with open_queue(arguments.rig) as queue:
        wanted = setup_plan.Wanted(
            target=Branch(arguments.target) if arguments.target else None,
            checks=tuple(arguments.check),
            push=not arguments.no_push,
        )
        plan = setup_plan.plan(queue.repo, queue.store, wanted)
        hooks = [] if arguments.no_hooks else _missing_hooks(queue)
        if plan.is_empty and not hooks:
            return _nothing(plan, as_json=arguments.json)
        if not arguments.json or not (arguments.yes or arguments.dry_run):
            _show(queue, plan, hooks, stream=sys.stderr if arguments.json else sys.stdout)
        if arguments.dry_run:
            return _done(plan, hooks, None, as_json=arguments.json)
        if not arguments.yes and not _agreed():
            note("nothing was changed")
            return 1
        outcome = setting_up.carry_out(
            queue.repo, queue.store, plan, worker=queue.worker, clock=queue.clock
        )
        if hooks:
            said = _install_hooks(queue, plan.target)
            outcome = replace(outcome, notes=(*outcome.notes, *said))
        return _done(outcome.plan, hooks, outcome, as_json=arguments.json)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            "init asks before it writes, and there is no terminal to ask on",
            hint="refinery init --yes, or --dry-run to see what it would write",
        )
    print("Proceed? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


# Showing


def _nothing(plan: Plan, *, as_json: bool) -> int:
    if as_json:
        return _done(plan, [], None, as_json=True)
    print("nothing to do")
    for each in plan.notes:
        note(f"note: {plain(each)}")
    return 0


def _show(queue: Queue, plan: Plan, hooks: Sequence[Path], *, stream: TextIO) -> None:
    from refinery.repo.repository import IN_PLACE
    from refinery.setup.setup_plan import Place

    def line(text: str = "") -> None:
        print(text, file=stream)

    place = "here" if plan.remote == IN_PLACE else f"on {plan.remote}"
    head = f"refinery for {plain(queue.name)!r}: lands on {plain(plan.target)} {place}"
    line(style(head, "bold", stream=stream))
    if plan.file is not None:
        where = f"one commit on {plain(plan.target)}"
        where = where if plan.file.place is Place.TARGET else "in the working tree"
        line(f"\n.refinery.yaml, {where} ({plain(plan.file.why)})")
        for each in _diff(plan.file.text):
            colour = ("green",) if each.startswith("+") and not each.startswith("+++") else ()
            line(f"  {style(plain(each), *colour, stream=stream) if colour else plain(each)}")
    if plan.header is not None:
        line(f"\n{queue.store.refs.queue} {place}")
        line(f"  + default_target: {plain(plan.header.default_target)}")
    if plan.settings:
        line("\ngit config")
        for setting in plan.settings:
            line(f"  {'+' if setting.more else '='} {setting.key} = {plain(setting.value)}")
    if hooks:
        line("\ngit hooks")
        for hook in hooks:
            line(f"  + {hook}")
    line()


def _diff(text: str) -> list[str]:
    from difflib import unified_diff

    lines = text.splitlines()
    return list(unified_diff([], lines, "/dev/null", "b/.refinery.yaml", lineterm=""))


def _done(plan: Plan, hooks: Sequence[Path], outcome: Outcome | None, *, as_json: bool) -> int:
    from refinery.repo.repository import IN_PLACE

    notes = outcome.notes if outcome else plan.notes
    if as_json:
        print_json(_document(plan, hooks, outcome, notes))
        return 0
    for each in notes:
        note(f"note: {plain(each)}")
    if outcome is None:
        return 0
    print(f"{style('✓', 'green')} set up: merge requests land on {plain(plan.target)}")
    if plan.remote == IN_PLACE:
        note(f"note: on a server, `{_SUGGESTED}` keeps the queue whole when the power fails")
    else:
        print(style("  next: refinery push, then refinery process", "dim"))
    return 0


def _document(
    plan: Plan, hooks: Sequence[Path], outcome: Outcome | None, notes: Sequence[str]
) -> dict[str, object]:
    file = plan.file
    return {
        "target": plan.target,
        "remote": plan.remote,
        "done": outcome is not None,
        "file": file and {"path": ".refinery.yaml", "place": file.place.value, "text": file.text},
        "commit": outcome.commit if outcome else None,
        "queue": plan.header is not None,
        "config": [{"key": each.key, "value": each.value} for each in plan.settings],
        "hooks": [str(hook) for hook in hooks],
        "notes": list(notes),
    }


# Hooks


def _missing_hooks(queue: Queue) -> list[Path]:
    from refinery.hooks.installer import missing, side_of

    return missing(queue.repo, side_of(queue.repo))


def _install_hooks(queue: Queue, target: Branch) -> list[str]:
    """Install them; what stands in their way is said, and keeps nothing else from being set up."""
    from refinery.hooks.installer import HookInTheWay, install, side_of

    try:
        install(queue.repo, side_of(queue.repo), _patterns(queue, target))
    except HookInTheWay as error:
        return [f"no hooks: {error.message}" + (f" ({error.hint})" if error.hint else "")]
    return []


def _patterns(queue: Queue, target: Branch) -> Sequence[str]:
    """The branches that a plain push submits."""
    from refinery.config.config import DEFAULT_BRANCHES
    from refinery.records.schema import InvalidRecord

    try:
        return queue.config(queue.store.cached(), target).branches
    except InvalidRecord:
        return DEFAULT_BRANCHES
