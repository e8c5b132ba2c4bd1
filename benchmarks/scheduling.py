"""What the planner is worth: this queue's policy against others, on the same synthetic traces.

Geometric means over seeds of the ratio to Oracle, then over cells; a worst cell is the largest of
the cells' means, a worst seed the one with the largest mean over cells, or in the worst cell.
Minutes from submitted to landed or refused; nothing but the planning times depends on the machine.

The planner's constants were found on the seeds from 1 to 20, which are never reported.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import exp, log, log2

from benchmarks.bench import Bench
from benchmarks.measuring import Result
from refinery.queue.planning.facts import Change, Evidence, Facts, FailedSet, Rates
from refinery.queue.planning.pick import pick
from refinery.records.names import MrId
from refinery.simulation.outcome import Row
from refinery.simulation.policies import compare
from refinery.simulation.presets import UBER
from refinery.simulation.trace import Setting, synthetic
from refinery.values import replace

CELLS = [  # changes an hour, workers: those where Oracle keeps up
    (arrivals, workers)
    for arrivals in (5, 10, 20, 40, 60)
    for workers in (2, 4, 8, 16)
    if arrivals / 6 / workers < 0.9
]
FRESH = 101  # the first of the seeds that nothing was tuned on
FIGURES = ("p50", "p95", "p99", "ci_minutes_per_landed")

Cell = tuple[float, int]
Rows = dict[str, list[Row]]


def scheduling(bench: Bench) -> list[Result]:
    """Every bar of the planner."""
    seeds = _seeds(bench.rounds(5, 1))
    changes = bench.size(700, 200)
    return [
        *_small_regime(seeds, changes),
        *_ubers_grid(_seeds(bench.rounds(2, 1)), bench.size(500, 100)),
        *_saturated(seeds, bench.size(300, 100)),
        *_wrongly_refused(seeds, changes),
        *_planning_times(bench.rounds(20, 3)),
    ]


def _seeds(number: int) -> range:
    return range(FRESH, FRESH + number)


def _small_regime(seeds: Iterable[int], changes: int) -> list[Result]:
    names = ("oracle", "bors", "chain", "refinery", "refinery-economy")
    cells: dict[Cell, Rows] = {
        cell: _rows(names, Setting(*cell, changes=changes), seeds) for cell in CELLS
    }
    red = sum(row.red_landings for rows in cells.values() for row in rows["refinery"])
    found = []
    for figure, mean_bar, worst_bar in (("p50", 1.0, 1.7), ("p95", 1.5, 3.6), ("p99", 1.9, 4.5)):
        ratios = {
            cell: _against(rows, "refinery", "oracle", figure) for cell, rows in cells.items()
        }
        found += [
            _ratio(
                f"{figure.upper()}, {len(cells)} cells",
                _mean(ratios.values()),
                mean_bar,
                note=_worst_seed(cells, figure),
            ),
            _worst(figure.upper(), ratios, worst_bar, _worst_seeds(cells, figure)),
        ]
    for name, bar in (("refinery", 1.10), ("refinery-economy", 1.05)):
        spent = [_against(rows, name, "oracle", FIGURES[3]) for rows in cells.values()]
        found.append(_ratio(f"CI minutes a landed change, {name}", _mean(spent), bar))
    chain = {cell: _against(rows, "refinery", "chain", "p95") for cell, rows in cells.items()}
    busy = {cell: ratio for cell, ratio in chain.items() if cell[0] / 6 / cell[1] >= 0.6}
    bors = {
        cell: _against(rows, "refinery", "bors", "p95")
        for cell, rows in cells.items()
        if cell[0] >= 10
    }
    return [
        *found,
        _worst("P95", chain, 1.2, against="the chain"),
        _worst("P95, load 0.6 and above", busy, 0.6, against="the chain"),
        _worst("P95, 10/h and above", bors, 0.15, against="bors"),
        Result("scheduling", "landings of a tree that was not tested", red, "", bar=0),
    ]


def _ubers_grid(seeds: Iterable[int], changes: int) -> list[Result]:
    grid = [(arrivals, workers) for arrivals in range(100, 501, 100) for workers in (100, 300, 500)]
    cells: dict[Cell, Rows] = {}
    for arrivals, workers in grid:
        setting = replace(UBER, arrivals=arrivals, workers=workers, changes=changes)
        cells[arrivals, workers] = _rows(("oracle", "refinery"), setting, seeds)
    found = []
    for figure, bar in (("p50", 1.30), ("p95", 2.2), ("p99", 2.4)):
        ratios = {
            cell: _against(rows, "refinery", "oracle", figure) for cell, rows in cells.items()
        }
        mean = sum(ratios.values()) / len(ratios)
        note = _worst_seed(cells, figure)
        found.append(_ratio(f"Uber's setting, {figure.upper()}, mean", mean, bar, note=note))
        if figure == "p50":
            worst = _worst_seeds(cells, figure)
            found.append(_worst("Uber's setting, P50", ratios, 1.65, worst))
    builds = [row.builds_per_landed for rows in cells.values() for row in rows["refinery"]]
    mean_builds = sum(builds) / len(builds)
    return [
        *found,
        Result("scheduling", "Uber's setting, builds a landed change", mean_builds, "", bar=1.4),
    ]


def _saturated(seeds: Iterable[int], changes: int) -> list[Result]:
    """More than can be done: runs a change against the least there can be, the entropy.

    A run that was stopped counts for the part of it that was made.
    """
    found = []
    for workers in (1, 2, 3, 4):
        shares = []
        for seed in seeds:
            setting = Setting(arrivals=1e5, workers=workers, changes=changes, seed=seed)
            trace = synthetic(setting)
            bad = sum(not each.good for each in trace.arrivals) / changes
            one_each, ours = compare(["oracle", "refinery"], trace)
            runs = ours.ci_minutes_per_landed / one_each.ci_minutes_per_landed
            shares.append(-(bad * log2(bad) + (1 - bad) * log2(1 - bad)) / runs)
        what = f"saturated, {workers} workers: share of the information bound"
        share = sum(shares) / len(shares)
        found.append(Result("scheduling", what, share, "", bar=0.7, least=True))
    return found


def _wrongly_refused(seeds: Iterable[int], changes: int) -> list[Result]:
    wrong = all_of_them = 0
    for arrivals, workers in ((10, 4), (20, 8), (40, 8), (60, 16)):
        for seed in seeds:
            setting = Setting(arrivals, workers, changes=changes, flake=0.03, seed=seed)
            (row,) = compare(["refinery"], synthetic(setting))
            wrong += row.wrongly_refused
            all_of_them += changes
    share = 100 * wrong / all_of_them
    return [Result("scheduling", "wrongly refused at 3% flakes", share, "%", bar=0.15)]


def _planning_times(rounds: int) -> list[Result]:
    found = []
    for live, bar in ((200, 0.005), (2000, 0.1)):
        facts = _busy_facts(live)
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            pick(facts)
            times.append(time.perf_counter() - began)
        times.sort()
        found.append(
            Result("scheduling", f"one plan, {live} live", times[rounds // 2], "s", bar=bar)
        )
    return found


def _busy_facts(live: int) -> Facts:
    """A tenth is shown fine, as many failed in sets of five, the rest is untested."""
    ids = [MrId(f"mr-{number:05}") for number in range(live)]
    tenth = live // 10
    failed = ids[tenth : 2 * tenth]
    sets = [frozenset(failed[start : start + 5]) for start in range(0, tenth, 5)]
    return Facts(
        pending=tuple(Change(id, 0.92, 0.0) for id in ids),
        workers=16,
        now=0.0,
        evidence=Evidence(
            fine=dict.fromkeys(ids[:tenth], 0),
            failed=tuple(FailedSet(members, 0) for members in sets),
            tested=frozenset(ids[: 2 * tenth]),
        ),
        rates=Rates(10.0, 0.01, 0.0001),
    )


def _rows(names: Iterable[str], setting: Setting, seeds: Iterable[int]) -> Rows:
    found: Rows = {}
    for seed in seeds:
        for row in compare(names, synthetic(replace(setting, seed=seed))):
            found.setdefault(row.policy, []).append(row)
    return found


def _against(rows: Rows, name: str, other: str, figure: str) -> float:
    pairs = zip(rows[name], rows[other], strict=True)
    return _mean(getattr(one, figure) / getattr(its, figure) for one, its in pairs)


def _mean(ratios: Iterable[float]) -> float:
    logs = [log(each) for each in ratios]
    return exp(sum(logs) / len(logs))


def _worst_seed(cells: dict[Cell, Rows], figure: str) -> str:
    """The seed with the largest mean over all cells."""
    by_cell = [_by_seed(rows, figure) for rows in cells.values()]
    return f"worst seed {max(map(_mean, zip(*by_cell, strict=True))):.2f}"


def _worst_seeds(cells: dict[Cell, Rows], figure: str) -> dict[Cell, float]:
    return {cell: max(_by_seed(rows, figure)) for cell, rows in cells.items()}


def _by_seed(rows: Rows, figure: str) -> list[float]:
    pairs = zip(rows["refinery"], rows["oracle"], strict=True)
    return [getattr(one, figure) / getattr(its, figure) for one, its in pairs]


def _ratio(what: str, ratio: float, bar: float, *, note: str = "") -> Result:
    return Result("scheduling", f"{what}, against Oracle", ratio, "x", bar=bar, note=note)


def _worst(
    what: str,
    ratios: dict[Cell, float],
    bar: float,
    worst_seeds: dict[Cell, float] | None = None,
    *,
    against: str = "Oracle",
) -> Result:
    cell, ratio = max(ratios.items(), key=lambda each: each[1])
    note = f"at {cell[0]:g}/h on {cell[1]}"
    if worst_seeds is not None:
        note += f", its worst seed {worst_seeds[cell]:.2f}"
    return Result(
        "scheduling", f"{what}, worst cell, against {against}", ratio, "x", bar=bar, note=note
    )
