"""python -m tools.mutation PACKAGE: how many changes to a package of refinery its tests notice."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any

from tools.mutation.covering import covering
from tools.mutation.mutants import Module, read_module
from tools.mutation.session import Session, in_session
from tools.mutation.swapping import functions_of
from tools.mutation.trial import Fate, Trials, Verdict

HERE = Path("build/mutation")
ALIVE = (Verdict.SURVIVED, Verdict.NO_TESTS)


def main() -> int:
    settings = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutation"]
    arguments = _arguments(settings)
    scratch = Path(tempfile.mkdtemp(prefix="mutation-"))
    tests = arguments.tests or settings["tests"][arguments.package]
    try:
        in_session(tests, lambda session: _run(session, arguments), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


def _arguments(settings: dict[str, Any]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutation", description=__doc__)
    add = parser.add_argument
    add("package", choices=sorted(settings["tests"]))
    sample, seed = settings["sample"], settings["seed"]
    add("--sample", type=int, default=sample, metavar="N", help=f"mutants; 0: all ({sample})")
    add("--seed", type=int, default=seed, metavar="N", help=f"of the drawing ({seed})")
    add("--only", default="", metavar="TEXT", help="those whose file or function has this in it")
    add("--jobs", type=int, default=1, metavar="N", help="forks at a time (1)")
    seconds = settings["seconds"]
    add("--seconds", type=float, default=seconds, help=f"of tests that one survives ({seconds})")
    add("--tests", nargs="+", metavar="PATH", help="others than pyproject.toml names")
    return parser.parse_args()


def _run(session: Session, arguments: argparse.Namespace) -> None:
    package = Path("refinery") / arguments.package
    paths = sorted(package.rglob("*.py"))
    modules = {path: read_module(path) for path in paths}
    everything = [each for module in modules.values() for each in module.mutants]
    able = [each for each in everything if arguments.only in each.name]
    if 0 < arguments.sample < len(able):
        able = random.Random(arguments.seed).sample(able, arguments.sample)
    kept = HERE / f"{arguments.package}-covering.json"
    known = covering(session, package, jobs=arguments.jobs, kept=kept)
    for name in known.left_out:
        print(f"left out, for it fails by itself: {name}")
    trials = Trials(session, modules, functions_of(paths), known, arguments.seconds, arguments.jobs)
    began = time.monotonic()
    fates = []
    for fate in trials.fates(able):
        fates.append(fate)
        if fate.verdict in ALIVE:
            print("\n".join(_story(fate, modules)), flush=True)
    report = _report(fates, modules) | {
        "package": arguments.package,
        "mutants": len(everything),
        "seed": arguments.seed,
        "seconds": round(time.monotonic() - began),
    }
    (HERE / f"{arguments.package}.json").write_text(json.dumps(report, indent=1))
    print(_words(report))


def _story(fate: Fate, modules: dict[Path, Module]) -> list[str]:
    lines = modules[fate.mutant.path].difference(fate.mutant)
    return [f"{fate.verdict}: {fate.mutant.name}", *(f"    {each}" for each in lines)]


def _report(fates: list[Fate], modules: dict[Path, Module]) -> dict[str, Any]:
    count = Counter(fate.verdict for fate in fates)
    tried = len(fates) - count[Verdict.IMPOSSIBLE]
    killed = count[Verdict.KILLED] + count[Verdict.TIMEOUT]
    low, high = interval(killed, tried)
    return {
        "tried": tried,
        "killed": killed,
        "timeouts": count[Verdict.TIMEOUT],
        "survived": count[Verdict.SURVIVED],
        "no_tests": count[Verdict.NO_TESTS],
        "percent": round(100 * killed / max(tried, 1), 1),
        "from": round(100 * low, 1),
        "to": round(100 * high, 1),
        "alive": ["\n".join(_story(each, modules)) for each in fates if each.verdict in ALIVE],
        "killers": dict(Counter(each.killer for each in fates if each.killer)),
    }


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's, at 95%: between what the share among all mutants may be."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, killed / tried
    middle = share + z * z / (2 * tried)
    half = z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - half) / (1 + z * z / tried), (middle + half) / (1 + z * z / tried)


def _words(report: dict[str, Any]) -> str:
    return (
        "{package}: {percent}% killed ({from}% to {to}% at 95%): {killed} of {tried} tried, drawn "
        "from {mutants}; {survived} survived, {no_tests} are run by no test; {timeouts} of the "
        "killed ran out of time; {seconds} s"
    ).format(**report)


if __name__ == "__main__":
    sys.exit(main())
