"""Fuzzes what comes in from outside, led by coverage where atheris is installed.

python -m tests.hostile.fuzz [--seconds N] [target...]

Says how many inputs were tried. What breaks something is written to a file, to be put into
tests/hostile/corpus/<target>/, which every run of the tests replays.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LONGEST = 4096
SLOW = 10  # seconds for one input: the program was held up
NAMES = (
    *("record", "config", "freeze", "push-options", "webhook", "names", "patterns", "message"),
    *("markdown", "page", "terminal", "secrets"),
)


@dataclass(frozen=True)
class Tried:
    """How one target came through."""

    target: str
    inputs: int
    seconds: float
    broke: str = ""


def is_led() -> bool:
    """Whether coverage leads to the next inputs."""
    return find_spec("atheris") is not None


def fuzz(target: str, seconds: float, scratch: Path) -> Tried:
    """In a process of its own, since what is looked for may be its end."""
    began = time.monotonic()
    corpus = scratch / target
    corpus.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.fuzz", "--inside", target, str(seconds), str(corpus)],
        capture_output=True,
        check=False,
        timeout=seconds + 300,
    )
    told = done.stderr.decode(errors="replace")
    counts = re.findall(r"Done (\d+) runs|^#(\d+)\s", told, re.MULTILINE)
    inputs = max((int(one or other) for one, other in counts), default=0)
    return Tried(target, inputs, time.monotonic() - began, told if done.returncode else "")


def inside(target: str, seconds: float, corpus: Path) -> None:
    """Try inputs until the time is up, or one breaks something."""
    if not is_led():
        _at_random(target, seconds, corpus)
        return
    import atheris

    followed = "refinery.page.rendering" if target == "page" else "refinery"  # else for hours
    with atheris.instrument_imports(include=[followed]):
        from tests.hostile.fuzz_targets import targets
    chosen = targets()[target]
    for number, data in enumerate(chosen.inputs(target)):
        (corpus / f"seed-{number}").write_bytes(data)
    options = [
        f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST}", f"-timeout={SLOW}",
        f"-artifact_prefix={corpus.parent}/{target}-", "-rss_limit_mb=2048", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: chosen.run(data) and None)
    atheris.Fuzz()


def _at_random(target: str, seconds: float, corpus: Path) -> None:
    """Without anything that says which inputs lead somewhere new."""
    from tests.hostile.fuzz_targets import targets

    chosen, dice, tried = targets()[target], random.Random(), 0
    seeds = [*chosen.inputs(target)]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = _changed(dice, seeds)
        try:
            chosen.run(data)
        except BaseException:
            (corpus.parent / f"{target}-crash").write_bytes(data)
            raise
        tried += 1
    print(f"Done {tried} runs", file=sys.stderr)


def _changed(dice: random.Random, seeds: list[bytes]) -> bytes:
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(1, 4)):
        at, other = dice.randint(0, len(data)), dice.choice(seeds)
        piece = other[dice.randint(0, len(other)) :][: dice.randint(1, 16)]
        data[at : at + dice.choice((0, 0, 1, 4))] = dice.choice((piece, dice.randbytes(2)))
    return bytes(data[:LONGEST])


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--inside"]:
        inside(arguments[1], float(arguments[2]), Path(arguments[3]))
        return 0
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target (60)")
    parser.add_argument("--scratch", type=Path, default=Path("fuzzed"), help="inputs are kept here")
    parser.add_argument("target", nargs="*", choices=[*NAMES, []], help="default: all")
    given = parser.parse_args(arguments)
    broken = 0
    for target in given.target or NAMES:
        tried = fuzz(target, given.seconds, given.scratch)
        print(f"{target}: {tried.inputs:,} inputs in {tried.seconds:.0f} s", flush=True)
        if tried.broke:
            broken += 1
            print(tried.broke[-3000:], flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
