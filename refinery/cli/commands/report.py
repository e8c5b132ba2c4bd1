"""`refinery report`: the pages of the queue as files, for Pages, an artifact, or a disk."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from refinery.app import open_queue, wall_clock
from refinery.cli.command import add_rig
from refinery.cli.output import note, plain, print_json
from refinery.cli.rows import damage_lines
from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.page.report import Report
    from refinery.page.report_reading import Gathered

HELP = """\
Write the queue, its history and the story of each merge request as web pages that need no server:
for GitHub Pages, GitLab Pages, an artifact of a CI job, or your own disk.  The same queue at the
same time (--at) makes the same files.  Prints the path of the first page.

Needs Jinja2: pip install 'git-refinery[serve]'."""
EXAMPLES = """\
  refinery report --out public                      and open public/index.html
  refinery report --out public --json               and public/report.json, for programs
  refinery report --out public --at 2026-11-23T12:00 --most 200
"""

DOCUMENT = "report.json"
_MOST = 1000
_LIMIT = 20_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `report`."""
    add_rig(parser)
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder to write into")
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=_time,
        help="the time the pages are as of, without a zone in UTC (default: now)",
    )
    parser.add_argument(
        "--most",
        metavar="N",
        type=_number,
        default=_MOST,
        help=f"pages of so many merge requests: open ones, then the newest (default: {_MOST})",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=f"also write DIR/{DOCUMENT}, and print one JSON document that says what was written",
    )


def _time(text: str) -> datetime:
    try:
        named = datetime.fromisoformat(text)
        return named if named.tzinfo is not None else named.replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time, such as 2026-11-23T12:00"
        ) from None


def _number(text: str) -> int:
    if not text.isdecimal() or int(text[:9]) > _LIMIT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {_LIMIT}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Gather, write, say where."""
    from refinery.cli.report_files import write

    folder = Path(arguments.out)
    gathered = _gather(arguments)
    for line in damage_lines(gathered.damage):
        note(line)
    paths = write(folder, _files(gathered.report, with_document=arguments.json))
    if arguments.json:
        print_json(
            {
                "folder": str(folder),
                "index": str(folder / "index.html"),
                "document": str(folder / DOCUMENT),
                "files": paths,
            }
        )
    else:
        print(plain(str(folder / "index.html")))
    return 0


def _gather(arguments: argparse.Namespace) -> Gathered:
    from refinery.doing import doing
    from refinery.page.report_reading import gather

    at = arguments.at
    if at is not None and at > wall_clock():
        raise UsageError(f"--at {at.isoformat()}: that is still to come")
    clock = wall_clock if at is None else lambda: at
    with open_queue(arguments.rig, clock=clock) as queue, doing("reading the queue's past"):
        return gather(queue, most=arguments.most)


def _files(report: Report, *, with_document: bool) -> list[tuple[str, bytes]]:
    from refinery.doing import doing
    from refinery.page.report import files

    with doing("writing pages"):
        found = list(files(report))
    if with_document:
        import json

        from refinery.cli.report_json import document

        text = json.dumps(document(report), ensure_ascii=False, indent=1)
        found.append((DOCUMENT, f"{text}\n".encode("utf-8", "replace")))
    return found
