"""The benchmarks there are, by the name that `--only` takes."""

from __future__ import annotations

from benchmarks import (
    claiming,
    contending,
    estimating,
    growth,
    idling,
    landing,
    merging,
    paging,
    planning,
    pushing,
    receiving,
    scheduling,
    signing,
    submitting,
    workers,
)
from benchmarks.bench import Benchmark

BENCHMARKS: dict[str, Benchmark] = {
    "submit": submitting.submit,
    "ready": submitting.listing,
    "ready-many": submitting.listing_many,
    "land-one": landing.one_at_a_time,
    "land-batch": landing.batch,
    "cold-claim": claiming.cold,
    "warm-claim": claiming.warm,
    "archive": claiming.with_archive,
    "footprint": claiming.footprint,
    "contention": contending.contention,
    "candidates": contending.candidates,
    "landing-push": pushing.three_refs,
    "hook": pushing.hook,
    "rebase": merging.rebases,
    "trial-merges": merging.trial_merges,
    "forecast": merging.forecasts,
    "checkout": merging.checkouts,
    "growth": growth.growth,
    "planning": planning.planning,
    "receive": receiving.receiving,
    "signing": signing.signing,
    "page": paging.paging,
    "estimates": estimating.estimating,
    "idle-day": idling.quiet_day,
    "scheduling": scheduling.scheduling,
    "workers": workers.workers,
}
