"""`refinery init`: sets up a repository, after showing what it will write."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import note
from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING
from refinery.values import replace

if TYPE_CHECKING:
    from pathlib import Path

    from refinery.records.names import Branch
    from refinery.setup.files_plan import Wanted

HELP = """\
Set up a queue: .refinery.yaml and the workflow file on the target, the queue's ref, the fetch
refspec and the hooks. The forge is found out from the remote's address, the checks from the files
of the target. Shows the difference it will make and asks first. What is there already is left as
it is, so it can be run again; a workflow that nobody edited is brought up to date. In a bare
repository it sets up the server's side."""
EXAMPLES = """\
  refinery init                            show, ask, do
  refinery init --yes                      do, for scripts
  refinery init --dry-run                  only show
  refinery init --github --workers 4       issues and CI there, four jobs at once
  refinery init --gitlab --two-jobs        test without the rights to land
  refinery init --check 'make test' --target develop
  refinery init /srv/git/project.git       on the server
"""


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
    _configure_forge(parser)
    parser.add_argument(
        "--no-push", action="store_true", help="leave the remote alone: write the files here"
    )
    parser.add_argument("--no-hooks", action="store_true", help="install no hooks")
    add_json(parser)


def _configure_forge(parser: argparse.ArgumentParser) -> None:
    of_forge = parser.add_argument_group("forge (default: the one the remote's address names)")
    one = of_forge.add_mutually_exclusive_group()
    for forge, help in (
        ("github", "issues and pull requests on GitHub, GitHub Actions"),
        ("gitlab", "issues and merge requests on GitLab, GitLab CI"),
        ("gitea", "issues and pull requests on Gitea or Forgejo, their Actions"),
        ("bare", "a server of your own: embedded issues, no workflow"),
    ):
        one.add_argument(f"--{forge}", dest="forge", action="store_const", const=forge, help=help)
    of_forge.add_argument(
        "--workers", type=int, metavar="N", help="jobs that process the queue at once (default 2)"
    )
    of_forge.add_argument(
        "--two-jobs",
        action=argparse.BooleanOptionalAction,
        help="test in a job without credentials, land in another",
    )
    of_forge.add_argument("--no-workflow", action="store_true", help="write no workflow file")
    of_forge.add_argument(
        "--force", action="store_true", help="also write over a workflow that was edited"
    )


def run(arguments: argparse.Namespace) -> int:
    """Plan, show, ask, do."""
    from refinery.cli import setup_view
    from refinery.setup import setting_up, setup_plan

    wanted = _wanted(arguments)
    as_json = arguments.json
    with open_queue(arguments.rig) as queue:
        plan = setup_plan.plan(queue.repo, queue.store, wanted)
        hooks = [] if arguments.no_hooks else _missing_hooks(queue)
        if plan.is_empty and not hooks:
            setup_view.show_nothing(plan, as_json=as_json)
            return 0
        if not as_json or not (arguments.yes or arguments.dry_run):
            setup_view.show(queue, plan, hooks, stream=sys.stderr if as_json else sys.stdout)
        if arguments.dry_run:
            setup_view.show_done(plan, hooks, None, as_json=as_json)
            return 0
        if not arguments.yes and not _agreed():
            note("nothing was changed")
            return 1
        outcome = setting_up.carry_out(
            queue.repo, queue.store, plan, worker=queue.worker, clock=queue.clock
        )
        if hooks:
            said = _install_hooks(queue, plan.target)
            outcome = replace(outcome, notes=(*outcome.notes, *said))
        setup_view.show_done(outcome.plan, hooks, outcome, as_json=as_json)
    return 0


def _wanted(arguments: argparse.Namespace) -> Wanted:
    """What was said, with what cannot be meant refused."""
    from refinery.records.names import Branch
    from refinery.setup.config_plan import Hosting
    from refinery.setup.files_plan import Wanted, WantedWorkflow
    from refinery.setup.forges import Forge
    from refinery.setup.generated import Options
    from refinery.setup.workflows import MOST_WORKERS

    workers = arguments.workers
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"--workers: {workers} is not between 1 and {MOST_WORKERS}")
    own_server = arguments.forge == "bare"
    forge = Forge(arguments.forge) if arguments.forge and not own_server else None
    return Wanted(
        target=Branch(arguments.target) if arguments.target else None,
        checks=tuple(arguments.check),
        push=not arguments.no_push,
        hosting=Hosting(forge, own_server),
        workflow=WantedWorkflow(
            write=not arguments.no_workflow,
            options=Options(workers, arguments.two_jobs),
            force=arguments.force,
        ),
    )


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            "init asks before it writes, and there is no terminal to ask on",
            hint="refinery init --yes, or --dry-run to see what it would write",
        )
    print("Proceed? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


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
