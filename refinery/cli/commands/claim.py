"""`refinery claim`: takes one merge request for this worker."""

from __future__ import annotations

import argparse
import os

from refinery.cli.acting import act, configure_one
from refinery.importing import import_while_git_works
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.app import Queue
    from refinery.records.names import MrId
    from refinery.store.view import View

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
    import_while_git_works(("refinery.queue.claiming",))
    token = os.urandom(16).hex()

    def decide(queue: Queue, view: View, id: MrId) -> object:
        from refinery.queue.claiming import Claimant, claim

        lasts = queue.config(view).claim_for
        return claim(view, [id], Claimant(queue.worker, token, queue.now(), lasts))

    return act(arguments, decide, lambda queue, id: f"Claimed {id} for {queue.worker}")
