"""Runs the benchmarks and prints one table."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.measuring import Result
from benchmarks.sealing import seal


def main() -> int:
    """Run them; the exit code says whether all could be run, never how fast they were."""
    options = _options()
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "git-refinery-bench"
    seal(home)
    from benchmarks.bench import Bench
    from benchmarks.catalogue import BENCHMARKS
    from benchmarks.rival import NoRival, Rival, find

    names = options.only or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(
            f"no such benchmark: {unknown[0]}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr
        )
        return 2

    @cache
    def rival() -> Rival:
        return find(options.rival, home)

    about = describe()
    results: list[Result] = []
    skipped: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="refinery-bench-", dir=options.scratch) as scratch:
        bench = Bench(Path(scratch), options.quick, rival)
        for name in names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            try:
                results += BENCHMARKS[name](bench)
            except NoRival as reason:
                skipped[name] = str(reason)
            except Exception as error:
                if options.strict:
                    raise
                skipped[name] = f"{type(error).__name__}: {error}"
            bench.discard()
    if options.json:
        rows = [{**asdict(each), "met": each.met} for each in results]
        print(json.dumps({"machine": about, "results": rows, "skipped": skipped}, indent=2))
    else:
        _print(about, results, skipped, quick=options.quick)
    return 1 if skipped else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to try them out")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--only", action="append", metavar="NAME", help="can be given again")
    parser.add_argument(
        "--rival", metavar="PATH", help="mergetrain's command, if not installed here"
    )
    parser.add_argument("--scratch", metavar="FOLDER", help="where repositories are made")
    parser.add_argument("--strict", action="store_true", help="end at the first that breaks")
    return parser.parse_args()


def _print(
    about: dict[str, object], results: list[Result], skipped: dict[str, str], *, quick: bool
) -> None:
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    if quick:
        print("Quick sizes: the figures are not comparable with anything.")
    print("\n| | refinery | against | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    for each in results:
        baseline = (
            "" if each.baseline is None else f"{each.against}: {_figure(each.baseline, each)}"
        )
        ratio = "" if each.ratio is None else f"{each.ratio:.2f} x"
        mark = {True: "met", False: "MISSED", None: ""}[each.met]
        note = f"; {each.note}" if each.note else ""
        print(
            f"| {each.what} | {_figure(each.ours, each)} | {baseline} | {ratio} "
            f"| {_bar(each)} | {mark}{note} |"
        )
    for name, reason in skipped.items():
        print(f"\n{name}: not measured: {reason}")


def _figure(value: float, each: Result) -> str:
    if each.unit == "s":
        return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value:.2f} {each.unit}".rstrip()


def _bar(each: Result) -> str:
    if each.bar is None:
        return ""
    words = "at least" if each.least else "at most"
    return (
        f"{words} {each.bar:g} x"
        if each.ratio is not None
        else f"{words} {_figure(each.bar, each)}"
    )


if __name__ == "__main__":
    sys.exit(main())
