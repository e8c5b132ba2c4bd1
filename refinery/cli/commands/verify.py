"""`refinery verify`: proves from git alone that what landed is what was tested."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json
from refinery.cli.durations import number
from refinery.cli.output import counted, note, plain, print_json, style
from refinery.cli.rows import damage_lines
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.signatures import Signed
    from refinery.audit.verifying import OutsideCommit, Report
    from refinery.records.merge_request import MergeRequest
    from refinery.records.names import Branch, MrId, Sha
    from refinery.store.view import Damage, View

HELP = """\
Check every landed merge request against the target's history: its commits are there, the landed
tree is the one the checks passed on, record and commit name each other, its changes are in.
Anybody with a clone can run it. Exits 1 when anything is not as it must be.

With --signatures also who signed it: each commit on a target and of the queue that had to be
signed, by the keys that the commit before it names."""
EXAMPLES = """\
  refinery verify
  refinery verify mr-7k2m9d4q1x
  refinery verify --signatures
  refinery verify --signatures --last 100
  refinery verify --json | jq '.violations'
"""

_SHOWN_OUTSIDE = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `verify`."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="rig-or-ID",
        help="a repository's path or name (default: here), then merge requests (default: all)",
    )
    parser.add_argument("--signatures", action="store_true", help="check who signed it, too")
    parser.add_argument(
        "--last", type=number, metavar="N", help="signatures of the newest N of each history only"
    )
    parser.add_argument(
        "--since",
        metavar="COMMIT",
        help="signatures after this commit only, and there of everything, asked for or not",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Verify, print, and say by the exit code whether all is proven."""
    rig, ids = _split(arguments.words)
    with open_queue(rig, engine=True) as queue:
        report, damage, signed = _verified(queue, ids, arguments)
    if arguments.json:
        print_json(_document(report, damage, signed))
    else:
        _print(report, damage, named=bool(ids))
        if signed is not None:
            from refinery.cli.signature_view import show

            show(signed)
    return 1 if report.violations or damage or (signed and signed.bad) else 0


def _split(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The first word is the rig, unless it can only be an id."""
    if not words or (words[0].startswith("mr-") and not Path(words[0]).exists()):
        return None, list(words)
    return words[0], list(words[1:])


def _verified(
    queue: Queue, ids: Sequence[str], arguments: argparse.Namespace
) -> tuple[Report, tuple[Damage, ...], Signed | None]:
    from refinery.audit.verifying import verify

    _complete(queue)
    view, known, damage = _landed(queue)
    chosen = [_find(id, known, view) for id in ids]
    queue.store.targets |= {mr.target for mr in known.values()}
    tips = queue.store.read().targets
    report = verify(queue.repo, known, tips, only=chosen)
    wanted = arguments.signatures or arguments.last or arguments.since
    signed = _signed(queue, known, tips, chosen, arguments) if wanted else None
    return report, () if ids else damage, signed


def _signed(
    queue: Queue,
    known: dict[MrId, MergeRequest],
    tips: Mapping[Branch, Sha],
    chosen: Sequence[MrId],
    arguments: argparse.Namespace,
) -> Signed:
    from refinery.audit.signatures import Scope, histories, verify_signatures
    from refinery.errors import UsageError
    from refinery.repo.containing import full_id

    since = full_id(queue.repo, arguments.since) if arguments.since else None
    if arguments.since and since is None:
        raise UsageError(f"--since: there is no commit {arguments.since!r} here")
    only = {*_commits_of(known[id] for id in chosen)} if chosen else None
    lines = histories(queue.store, known.values(), tips)
    return verify_signatures(queue.repo, lines, Scope(arguments.last, since, only))


def _commits_of(landed: Iterable[MergeRequest]) -> Iterator[Sha]:
    """The commits that they landed as."""
    for mr in landed:
        commits = (mr.landing.commit, mr.landing.merged_as) if mr.landing else ()
        yield from filter(None, (mr.merge_commit, *commits))


def _complete(queue: Queue) -> None:
    """A shallow clone lacks the history that is to be checked."""
    remote = queue.repo.remote_name()
    if remote is not None and queue.repo.shallow:
        from refinery.repo.history import ensure_complete

        ensure_complete(queue.repo, remote, tell=note)


def _landed(queue: Queue) -> tuple[View, dict[MrId, MergeRequest], tuple[Damage, ...]]:
    """Every record that says it landed, from the live queue and the archive."""
    from refinery.audit.verifying import landed
    from refinery.store.archive import fetch_archive

    view = queue.view()
    archived = fetch_archive(queue.store).read()
    known = landed([*archived.mrs.values(), *view.mrs.values()])
    return view, known, (*view.damage, *archived.damage)


def _find(text: str, known: dict[MrId, MergeRequest], view: View) -> MrId:
    from refinery.errors import RefineryError
    from refinery.queue.lookup import find_id

    id = find_id(text, [*known, *view.mrs])
    if id not in known:
        raise RefineryError(
            f"{id} has not landed: there is nothing to verify",
            hint=f"`refinery why {id}` says what it waits for",
        )
    return id


def _document(report: Report, damage: Sequence[Damage], signed: Signed | None) -> dict[str, object]:
    bad = {each.mr for each in report.violations}
    return ({} if signed is None else {"signatures": asdict(signed)}) | {
        "verified": [id for id in report.checked if id not in bad],
        "violations": [asdict(each) for each in report.violations],
        "unreadable": [asdict(each) for each in damage],
        "outside": [asdict(each) for each in report.outside],
        "content_not_compared": list(report.unseen),
        "off_first_parent_line": list(report.off_line),
    }


def _print(report: Report, damage: Sequence[Damage], *, named: bool) -> None:
    for line in damage_lines(tuple(damage)):
        note(line)
    for each in report.violations:
        print(f"{style('✗', 'red')} {each.mr}: {plain(each.what)}")
        print(f"    expected  {plain(each.expected)}")
        print(f"    found     {plain(each.found)}")
    if not named:
        _print_outside(report.outside)
    if report.unseen:
        count = counted(len(report.unseen), "head")
        print(style(f"  {count} no longer here: contents were not compared", "dim"))
    if report.off_line:
        count = counted(len(report.off_line), "landing")
        print(style(f"  {count} moved off the first-parent line by a push from outside", "dim"))
    bad = len({each.mr for each in report.violations})
    good = len(report.checked) - bad
    if bad or damage:
        words = f"{bad} of {counted(len(report.checked), 'landed merge request')} not as it must be"
        unreadable = f", {counted(len(damage), 'record')} unreadable" if damage else ""
        print(f"{style('✗', 'red')} {words}{unreadable}")
    else:
        print(f"{style('✓', 'green')} {counted(good, 'landed merge request')} verified")


def _print_outside(commits: Sequence[OutsideCommit]) -> None:
    if not commits:
        return
    print(f"{counted(len(commits), 'commit')} came from outside since the first landing:")
    for each in commits[-_SHOWN_OUTSIDE:]:
        print(f"  {each.commit[:12]} {plain(each.target)}: {plain(each.subject)}")
    if len(commits) > _SHOWN_OUTSIDE:
        print(style(f"  and {len(commits) - _SHOWN_OUTSIDE} before these", "dim"))
