"""`refinery replay`: the proof on real input; a repository's own merges, queued again."""

from __future__ import annotations

import argparse

from refinery.cli.command import add_json
from refinery.cli.output import counted, print_json, style
from refinery.cli.replaying import Report, Terms, replay
from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.replay.history_judging import Disagreement

HELP = """\
Queue the last merged branches of a repository again in a scratch copy, land them with the real
engine, and compare every landed tree: in the order of history with what history holds, shuffled
with what `git merge` makes of the same heads. The repository itself is not touched.

Exit codes: 0 where nothing speaks against the queue; 1 where something does."""
EXAMPLES = """\
  refinery replay .                                the last 100 merges, in the order of history
  refinery replay ~/src/project --last 300
  refinery replay https://example.com/project.git --last 50
  refinery replay . --last 300 --shuffle 1         all at once, in a random order
  refinery replay . --last 20 --check 'make test' --keep /tmp/replayed
"""

_SHOWN = 20
_SHORT = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `replay`."""
    parser.add_argument("rig", metavar="repo", help="a repository's path or URL")
    parser.add_argument("--last", type=int, default=100, metavar="N", help="merges (default: 100)")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="queue all, in a random order")
    parser.add_argument("--check", metavar="CMD", help="run this on each candidate's merged tree")
    parser.add_argument("--batch", type=int, metavar="N", help="at most so many in one candidate")
    parser.add_argument(
        "--method",
        choices=("merge", "squash"),
        default="merge",
        help="how to land (default: merge)",
    )
    parser.add_argument("--target", metavar="BRANCH", help="whose history (default: HEAD's)")
    parser.add_argument("--keep", metavar="DIR", help="leave the scratch copy there")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay, report, and say by the exit code whether the queue is to blame for anything."""
    if arguments.last < 1:
        raise UsageError("--last: at least one")
    if arguments.batch is not None and not 1 <= arguments.batch <= 1000:
        raise UsageError("--batch: from 1 to 1000")
    report = replay(
        Terms(
            path=arguments.rig,
            last=arguments.last,
            seed=arguments.shuffle,
            check=arguments.check,
            batch=arguments.batch,
            method=arguments.method,
            target=arguments.target,
            keep=arguments.keep,
        )
    )
    if arguments.json:
        print_json(_document(report))
    else:
        _print(report)
    return 1 if report.faults else 0


def _document(report: Report) -> dict[str, object]:
    past = report.past
    return {
        "target": report.target,
        "base": past.base.oid,
        "order": "history" if report.seed is None else "shuffled",
        "seed": report.seed,
        "merges": len(past.merges),
        **{fate: report.count(fate) for fate in report.fates},
        "direct_commits": past.direct,
        "octopus_merges": list(past.octopus),
        "disagreements": [_item(each) for each in report.disagreements],
        "faults": len(report.faults),
        "seconds": round(report.seconds, 3),
        "milliseconds_each": round(report.milliseconds_each, 1),
        "judging_seconds": round(report.judging_seconds, 3),
        "kept": report.kept,
    }


def _item(each: Disagreement) -> dict[str, object]:
    return {
        "commit": each.merge and each.merge.commit,
        "head": each.merge and each.merge.head,
        "number": each.merge and each.merge.number,
        "reason": each.reason.value,
        "expected": each.expected,
        "found": each.found,
    }


def _print(report: Report) -> None:
    past, most = report.past, len(report.past.merges)
    order = "in the order of history" if report.seed is None else f"shuffled by {report.seed}"
    print(style(f"{counted(most, 'merge')} of {report.target}, {order}", "bold"))
    if most < report.asked:
        print(f"  there are no more than these {most}")
    print("  " + ", ".join(f"{report.count(fate)} {words}" for fate, words in _fates(report)))
    if past.direct and report.seed is None:
        were = "was" if past.direct == 1 else "were"
        commits = counted(past.direct, "commit")
        print(f"  {commits} in between {were} pushed directly, and {were} so again")
    if past.octopus:
        were = "was" if len(past.octopus) == 1 else "were"
        octopus = counted(len(past.octopus), "merge")
        print(f"  {octopus} of more than one head at once {were} skipped")
    print(
        f"  {report.seconds:.1f} s, {report.milliseconds_each:.0f} ms each;"
        f" judged in {report.judging_seconds:.1f} s"
    )
    for each in report.disagreements[:_SHOWN]:
        _print_disagreement(each)
    if len(report.disagreements) > _SHOWN:
        print(f"  and {len(report.disagreements) - _SHOWN} more; --json lists them all")
    _print_verdict(report)
    if report.kept:
        print(f"  kept: git -C {report.kept} log --oneline --first-parent {report.target}")


def _fates(report: Report) -> list[tuple[str, str]]:
    words = {
        "landed": "landed",
        "conflict": "in conflict, each with its issue",
        "hollow": "with nothing to land",
        "failed": "failed the check",
        "untested": "not tried: the target itself fails the check",
        "lost": "lost",
    }
    return [(fate, words[fate]) for fate in report.fates if fate == "landed" or report.count(fate)]


def _print_disagreement(each: Disagreement) -> None:
    name = f"{each.merge.number} ({each.merge.commit[:_SHORT]})" if each.merge else "a commit"
    mark = style("✗", "red") if each.ours else style("≠", "yellow")
    print(f"  {mark} {name}: {each.reason.value}")
    print(f"      expected  {each.expected}")
    print(f"      found     {each.found}")


def _print_verdict(report: Report) -> None:
    against = "history" if report.seed is None else "git merge"
    if report.faults:
        print(f"{style('✗', 'red')} {len(report.faults)} for which the queue is to blame")
    elif report.disagreements:
        others = len(report.disagreements)
        print(f"{style('✓', 'green')} {others} unlike {against}, none of them the queue's doing")
    else:
        print(f"{style('✓', 'green')} every landed tree is that of {against}")
