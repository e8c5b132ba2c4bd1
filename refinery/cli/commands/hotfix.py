"""`refinery hotfix`: what cannot wait for the end of a freeze, and who lets it pass."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one
from refinery.cli.reasons import add_reason, given_reason

HELP = """\
What cannot wait for the end of a freeze.  `ask` makes one that is queued a hotfix, as `submit
--hotfix` does; `allow` lets it pass, if freeze.hotfix.allow of the target's configuration names
you; `revoke` makes it wait as all do.  A new revision has to be allowed again."""
EXAMPLES = """\
  refinery hotfix ask mr-0a1b --reason 'customers cannot log in'
  refinery hotfix allow mr-0a1b --reason 'seen, small, tested'
  refinery hotfix revoke mr-0a1b
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hotfix`."""
    deeds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    ask = deeds.add_parser("ask", help="make one that is queued a hotfix; say why it cannot wait")
    allow = deeds.add_parser("allow", help="let one pass freezes, if you may")
    revoke = deeds.add_parser("revoke", help="make it wait as all do")
    for deed in (ask, allow, revoke):
        configure_one(deed)
    for deed in (ask, allow):
        add_reason(deed)


def run(arguments: argparse.Namespace) -> int:
    """Do one of them."""
    return {"ask": _ask, "allow": _allow, "revoke": _revoke}[arguments.action](arguments)


def _ask(arguments: argparse.Namespace) -> int:
    from refinery.queue.hotfixes import ask

    reason = given_reason(arguments.reason)
    return act(
        arguments,
        lambda queue, view, id: ask(view, id, reason=reason, by=queue.person),
        lambda _, id: f"{id} asks to pass freezes: {reason}",
    )


def _allow(arguments: argparse.Namespace) -> int:
    from refinery.queue.hotfixes import allow

    reason = given_reason(arguments.reason)
    return act(
        arguments,
        lambda queue, view, id: allow(view, id, reason=reason, by=queue.person, now=queue.now()),
        lambda _, id: f"{id} may pass freezes: {reason}",
    )


def _revoke(arguments: argparse.Namespace) -> int:
    from refinery.queue.hotfixes import revoke

    return act(
        arguments,
        lambda queue, view, id: revoke(view, id, by=queue.person),
        lambda _, id: f"{id} waits as all do",
    )
