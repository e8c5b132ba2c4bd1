"""`refinery demo`: the whole life of a queue, on a throw-away repository."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from refinery.cli.output import style
from refinery.cli.scratch import scratch_folder

HELP = """\
Show a queue's whole life with real repositories and real commands: five branches, a conflict and
its issue, a red check, a pair that breaks only together, and the proof in the end. Needs no
network, no identity and no set-up; leaves nothing behind unless told to keep it.

Exit code 1: something came out otherwise than it is told."""
EXAMPLES = """\
  refinery demo
  refinery demo --keep /tmp/cafe     and play on with it
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `demo`."""
    parser.add_argument("--keep", metavar="DIR", help="leave the repositories there")


def run(arguments: argparse.Namespace) -> int:
    """Tell the story; it checks itself."""
    from refinery.cli.demo.stage import Stage, sealed
    from refinery.cli.demo.story import tell

    began = time.monotonic()
    print("A merge queue that lives in git: what you see are real commands on real repositories.")
    with scratch_folder(arguments.keep, prefix="refinery-demo-") as folder, sealed(folder):
        tell(Stage(folder))
    seconds = time.monotonic() - began
    print(f"\n{style('✓', 'green')} all as told, in {seconds:.1f} s")
    if arguments.keep:
        _what_next(folder)
    else:
        print("  everything is removed again; --keep DIR leaves it for you to play with")
    return 0


def _what_next(folder: Path) -> None:
    from shlex import quote

    from refinery.cli.demo.stage import AUTHOR, SERVER

    server, author = folder / SERVER, folder / AUTHOR
    print(f"\nEverything is in {folder}. What to try next:")
    for command in (
        f"cd {quote(str(author))} && git switch -c mr/mine origin/main",
        "echo 3 > menu/juice && git add . && git commit -m 'Sell juice' && git push origin mr/mine",
        f"refinery process {quote(str(server))}",
        f"refinery log --repo {quote(str(server))}",
    ):
        print(f"  {command}")
