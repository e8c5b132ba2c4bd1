"""Figures of hostile input: inputs tried, secrets looked for, what a sandbox keeps and costs."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from refinery.config.sandbox import Tool
from refinery.engine.check_sandbox import Confinement
from refinery.engine.check_walls import Walls
from refinery.engine.checks import CheckRun, CheckSpec, run_checks
from tests.hostile import fuzz
from tests.soak.figure import Figure, at_least, at_most

PART = "hostile"
SECRETS = (
    "tests/forges/test_forge_secrets.py::test_a_queue_on_a_forge_shows_its_secrets_to_nobody",
    "tests/hostile/test_secrets.py::test_a_secret_of_the_environment_is_nowhere_afterwards",
)
SANDBOX = "tests/hostile/test_sandboxed_checks.py"


def figures(scratch: Path, *, quick: bool) -> list[Figure]:
    """A quarter of an hour; a minute where it is quick."""
    return [*_fuzzed(scratch, quick), *_secrets(scratch), *_attempts(scratch), *_cost(quick)]


def _fuzzed(scratch: Path, quick: bool) -> list[Figure]:
    targets, seconds = (fuzz.NAMES[:2], 1.0) if quick else (fuzz.NAMES, 30.0)
    tried = [fuzz.fuzz(target, seconds, scratch / "fuzzed") for target in targets]
    inputs, broke = (
        sum(each.inputs for each in tried),
        [each.target for each in tried if each.broke],
    )
    how = "python -m tests.hostile.fuzz --seconds 30"
    led = "led by coverage (atheris)" if fuzz.is_led() else "at random"
    note = f"{len(tried)} places where text comes in, {led}"
    return [
        Figure(PART, "inputs tried", inputs, how=how, note=note),
        at_most(PART, "places that an input broke", len(broke), 0, how=how, note=", ".join(broke)),
    ]


def _secrets(scratch: Path) -> list[Figure]:
    told = _told(scratch, *SECRETS)
    how = f"scripts/test -m journey {SECRETS[0].partition('::')[0]} tests/hostile/test_secrets.py"
    planted = max((int(each) for each in told.get("planted", ())), default=0)
    looked = sum(int(each) for each in told.get("looked", ()))
    return [
        Figure(PART, "secrets planted", planted, how=how),
        Figure(
            PART, "files, repositories, requests, answers, command lines searched", looked, how=how
        ),
        at_most(PART, "secrets found", 0 if told.get("passed") == ["2"] else 1, 0, how=how),
    ]


def _attempts(scratch: Path) -> list[Figure]:
    how = f"scripts/test -m 'journey or soak' {SANDBOX}"
    told = _told(scratch, SANDBOX, "-k", "attempt or tries")
    without = max((int(each) for each in told.get("succeeded-outside", ())), default=0)
    within = [int(each) for each in told.get("succeeded-inside", ())]
    return [
        at_least(PART, "attempts of a check that succeed without a sandbox", without, 12, how=how),
        at_most(PART, "of them within one", sum(within), 0, how=how, note=f"{len(within)} tools"),
    ]


def _told(scratch: Path, *arguments: str) -> dict[str, list[str]]:
    """The properties that the tests recorded, and how many passed."""
    report = scratch / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-m", "journey or soak", f"--junitxml={report}", *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<property name="([^"]+)" value="(\d+)"', report.read_text()):
        found.setdefault(name, []).append(value)
    found["passed"] = re.findall(r"(\d+) passed", done.stdout)
    return found


def _cost(quick: bool) -> list[Figure]:
    """What a sandbox adds to a check that does nothing."""
    import tempfile

    if shutil.which("bwrap") is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        walls = Walls.around(writable=(place,), readable=(), network=False, home="")
        confinement = Confinement(Tool.BUBBLEWRAP, walls, place)
        runs = range(5 if quick else 100)
        times = {
            name: statistics.mean(_seconds(place, within) for _ in runs)
            for name, within in (("plain", None), ("walled", confinement))
        }
    more = times["walled"] - times["plain"]
    how = "python -m tests.soak --part hostile"
    what = "processor time that bubblewrap adds to each check"
    return [at_most(PART, what, more, 0.05, unit="s", how=how)]


def _seconds(place: Path, confinement: Confinement | None) -> float:
    """The processor's, ours and our children's: what else the machine does is not counted."""
    began = sum(os.times()[:4])
    ran = run_checks(
        [CheckSpec("nothing", "true")],
        directory=place,
        log_dir=place / "logs",
        log_name="x",
        environment={"PATH": os.environ["PATH"]},
        confinement=confinement,
    )
    assert isinstance(ran, CheckRun)
    assert ran.verdict == "pass", ran
    return sum(os.times()[:4]) - began
