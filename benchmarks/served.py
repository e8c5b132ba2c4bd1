"""A `refinery serve` of its own process, as the benchmarks ask it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.world import World


@contextmanager
def served(
    world: World, *options: str, says: str, environ: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Its port, once it `says` that it is there."""
    log = world.root / "serve.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "refinery", "serve", *options, "--port", "0"],
            cwd=world.clone,
            env={**os.environ, **(environ or {})},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = re.search(r":(\d+)/", line)
        if says not in line or port is None:
            raise RuntimeError(log.read_text())
        yield int(port[1])
    finally:
        process.terminate()
        process.wait(timeout=60)
