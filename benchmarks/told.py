"""Changes that say of themselves what is wrong with them, and the check that goes by it.

Each commit brings files below `told/`: its own name, that it is bad, with whom it disagrees.  The
check sleeps, looks at these files, and now and then fails for no reason at all.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp
from statistics import NormalDist

RUNS = "TOLD_RUNS"
"""The variable that names the file in which each run of the check leaves a line."""

_LENGTHS = 64
_CHECK = """\
# Looks at told/, takes as long as the name of the tree says, and lies once in a while.
number=$((0x$(printf %.4s "$REFINERY_TREE") % {lengths}))
set -- {seconds}
shift "$number"
sleep "$1"
said=pass
[ -z "$(ls told/bad 2>/dev/null)" ] || said=bad
for pair in told/pair/*; do
  [ "$(ls "$pair" 2>/dev/null | wc -l)" -lt 2 ] || said=pair
done
before=$(grep -c "^$REFINERY_TREE" "$TOLD_RUNS")
lot=$(echo "{seed} $REFINERY_TREE $before" | cksum)
[ $said != pass ] || [ $((${{lot%% *}} / 7 % 10000)) -ge {flake} ] || said=flake
echo "$REFINERY_TREE $1 $said $REFINERY_CANDIDATE" >> "$TOLD_RUNS"
[ $said = pass ]
"""
_CONFIG = """\
version: 1
batch: {{max: {batch}}}
claim: {{minutes: {minutes:g}}}
environment: [TOLD_RUNS]
checks:
- {{name: told, run: sh check.sh}}
"""


@dataclass(frozen=True)
class Told:
    """A change, by its branch: is it bad, and whom does it fail or conflict with?

    Two with the same `pair` are each fine, and fail together; two with the same `clash` conflict in
    the text.
    """

    branch: str
    bad: bool = False
    pair: int | None = None
    clash: int | None = None

    @property
    def files(self) -> dict[str, str]:
        """What its commit brings so that the check can see it."""
        name = self.branch.replace("/", "-")
        found = {f"told/change/{name}": f"{name}\n"}
        if self.bad:
            found[f"told/bad/{name}"] = "bad\n"
        if self.pair is not None:
            found[f"told/pair/{self.pair}/{name}"] = "one of two\n"
        if self.clash is not None:
            found[f"told/clash/{self.clash}"] = f"{name}\n"
        return found


@dataclass(frozen=True)
class Check:
    """How long a run takes, in seconds, and how often it lies."""

    median: float
    shortest: float
    longest: float
    spread: float = 0.4
    flake: float = 0.0
    seed: int = 1

    @property
    def lengths(self) -> list[float]:
        """The seconds of a run, each as likely as any other: log-normal, cut at both ends."""
        normal = NormalDist()
        places = (normal.inv_cdf((number + 0.5) / _LENGTHS) for number in range(_LENGTHS))
        times = (self.median * exp(self.spread * place) for place in places)
        return [min(self.longest, max(self.shortest, each)) for each in times]

    def slower(self, times: float) -> Check:
        """The same with longer runs."""
        return replace(
            self,
            median=times * self.median,
            shortest=times * self.shortest,
            longest=times * self.longest,
        )

    def files(self, *, batch: int, minutes: float) -> dict[str, str]:
        """The check and the configuration that asks for it; claims last `minutes`."""
        script = _CHECK.format(
            lengths=_LENGTHS,
            seconds=" ".join(f"{each:.3f}" for each in self.lengths),
            seed=self.seed,
            flake=round(10_000 * self.flake),
        )
        return {
            "check.sh": script,
            ".refinery.yaml": _CONFIG.format(batch=batch, minutes=minutes),
        }


@dataclass(frozen=True)
class Run:
    """One run of the check that came to its end."""

    tree: str
    seconds: float
    said: str
    candidate: tuple[str, ...]


def runs(text: str) -> list[Run]:
    """The runs that the file of runs holds."""
    found = []
    for line in text.splitlines():
        tree, seconds, said, *candidate = line.split()
        found.append(Run(tree, float(seconds), said, tuple(candidate)))
    return found


def tell(branches: Sequence[str], *, bad: int, pairs: int, clashes: int, seed: int) -> list[Told]:
    """Changes of these branches; so many are bad, and so many pairs fail or conflict together."""
    told = [Told(branch) for branch in branches]
    drawn = list(range(len(told)))
    random.Random(f"told {seed}").shuffle(drawn)
    take = iter(drawn)
    for _ in range(bad):
        at = next(take)
        told[at] = replace(told[at], bad=True)
    for number in range(1, pairs + clashes + 1):
        for at in (next(take), next(take)):
            if number <= pairs:
                told[at] = replace(told[at], pair=number)
            else:
                told[at] = replace(told[at], clash=number)
    return told


def is_green(paths: Iterable[str]) -> bool:
    """Whether a tree with these files passes the check, when it does not lie."""
    told = [path.split("/") for path in paths if path.startswith("told/")]
    pairs = Counter(parts[2] for parts in told if parts[1] == "pair")
    return not any(parts[1] == "bad" for parts in told) and max(pairs.values(), default=0) < 2
