"""`refinery retry`: tries a failed merge request again."""

from __future__ import annotations

import argparse

from refinery.cli.acting import act, configure_one

HELP = "Forget why a merge request failed, so that the same commit is tried again."
EXAMPLES = """\
  refinery retry mr-0a1b
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `retry`."""
    configure_one(parser)


def run(arguments: argparse.Namespace) -> int:
    """Retry it."""
    from refinery.queue.operating import retry

    return act(
        arguments,
        lambda queue, view, id: retry(view, id, by=queue.person, now=queue.now()),
        lambda _, id: f"{id} will be tried again",
    )
