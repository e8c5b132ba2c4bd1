"""`refinery claim`: takes one merge request for this worker."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.acting import configure_one, decide_on, refuse, report
from refinery.store.update import Committed

HELP = """\
Claim one merge request for this worker, which is named by REFINERY_WORKER (or
GT_REFINERY_WORKER); the default is host, pid and a random part.  A claim runs out unless it is
renewed: claiming one's own claim again renews it."""
EXAMPLES = """\
  REFINERY_WORKER=ace refinery claim mr-0a1b
  refinery claim "$(refinery next --quiet)" --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `claim`."""
    configure_one(parser)


def run(arguments: argparse.Namespace) -> int:
    """Claim it."""
    import secrets

    from refinery.queue.claiming import Claimant, claim

    with open_queue(arguments.rig) as queue:
        token = secrets.token_hex(16)
        id, done = decide_on(
            queue,
            arguments.id,
            lambda view, id: claim(
                view,
                [id],
                Claimant(queue.worker, token, queue.now(), queue.config(view).claim_for),
            ),
        )
        if not isinstance(done, Committed):
            raise refuse(done)
        report(queue, id, done, f"Claimed {id} for {queue.worker}", as_json=arguments.json)
    return 0
