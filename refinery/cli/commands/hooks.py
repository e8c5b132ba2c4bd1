"""`refinery hooks`: install, remove or show the git hooks of a repository."""

from __future__ import annotations

import argparse

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import note, print_json, style
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.hooks.installer import Hook, Side

HELP = """\
Install, remove or show the git hooks. On a server (a bare repository): post-receive, by which a
plain `git push` submits, and pre-receive, which guards targets and queue. In a clone: pre-push,
which forecasts conflicts and announces what is pushed. A hook that is there already is kept beside
as <name>.legacy, runs first, and comes back on removal."""
EXAMPLES = """\
  refinery hooks install
  refinery hooks install --server --repo /srv/git/project.git
  refinery hooks status --json
  refinery hooks uninstall
"""

_MARKS = {"installed": ("✓", "green"), "absent": ("○", "dim"), "outdated": ("⚠", "yellow")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hooks`."""
    parser.add_argument(
        "action", choices=("install", "uninstall", "status"), help="what to do with the hooks"
    )
    side = parser.add_mutually_exclusive_group()
    side.add_argument(
        "--server",
        action="store_const",
        const="server",
        dest="side",
        help="the server's hooks (default in a bare repository)",
    )
    side.add_argument(
        "--client",
        action="store_const",
        const="client",
        dest="side",
        help="the clone's hook (default elsewhere)",
    )
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and show what is there afterwards."""
    from refinery.hooks import installer

    with open_queue(arguments.rig) as queue:
        side = installer.Side(arguments.side) if arguments.side else installer.side_of(queue.repo)
        if arguments.action == "install":
            installer.install(queue.repo, side, _patterns(queue))
        elif arguments.action == "uninstall":
            installer.uninstall(queue.repo)
        hooks = installer.status(queue.repo, side)
        if arguments.json:
            print_json(_document(queue, side, hooks))
        else:
            for hook in hooks:
                _print(hook)
    return 0


def _patterns(queue: Queue) -> tuple[str, ...]:
    """The branches that a push submits, as the target's configuration says."""
    from refinery.config.config import Config

    try:
        return queue.config(queue.view()).branches
    except RefineryError as error:
        note(f"warning: {error.message}: the default patterns are used")
        return Config().branches


def _print(hook: Hook) -> None:
    mark, colour = _MARKS.get(hook.state.value, ("●", "yellow"))
    legacy = f", after {hook.name}.legacy" if hook.legacy else ""
    print(f"{style(mark, colour)} {hook.name}: {hook.state.value}{legacy}")
    print(style(f"  {hook.path}", "dim"))


def _document(queue: Queue, side: Side, hooks: list[Hook]) -> dict[str, Any]:
    from refinery.hooks.installer import PATTERNS, hooks_folder

    return {
        "repository": str(queue.repo.path),
        "side": side.value,
        "hooks_path": str(hooks_folder(queue.repo)),
        "branches": list(queue.repo.config.get(PATTERNS, ())),
        "push_options": queue.repo.setting("receive.advertisepushoptions") == "true",
        "hooks": [
            {
                "name": hook.name,
                "path": str(hook.path),
                "state": hook.state.value,
                "legacy": hook.legacy,
            }
            for hook in hooks
        ],
    }
