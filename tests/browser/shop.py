"""A real queue in which there is everything that a page shows, and the server that shows it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.sandbox import CHECKOUT, Sandbox

CHECKED = """\
version: 1
batch: {"max": 4}
checks:
- {"name": "unit", "run": "test ! -e bad.txt"}
"""
HOSTILE = '<script>document.title = "owned"</script>'
TOKEN = "a token that is long enough"


def fill(box: Sandbox) -> None:
    """Some land, one fails, one conflicts, one is held, one waits for another, some are ready."""
    box.clock.tick(-300)  # the server goes by the real time, and all of this is past
    box.config(CHECKED)
    box.request("prices", {"src/prices.py": "cents\n"}, title="Round prices to cents")
    box.request("cart", {"src/cart.py": "tax\n"}, title="Show taxes in the cart")
    box.request("clash", {"src/prices.py": "euros\n"}, title="Show prices in euros")
    box.request("broken", {"bad.txt": "bad\n"}, title="Drop the old importer")
    box.cli("process", "--drain")
    box.request("held", {"src/held.py": "held\n"}, title="Rename the module")
    box.cli("hold", box.mr("held").id, "--reason", "after the release")
    box.request("waits", {"src/waits.py": "waits\n"}, title="Use the new module", depends_on="held")
    box.request("hostile", {"src/x.py": "x\n"}, title=HOSTILE)
    box.request(
        "polecat/ember/gt-a-branch-with-a-name-that-is-longer-than-any-phone-is-wide-and-then-some",
        {"src/long.py": "long\n"},
        title="A title that goes on and on: " + "a-word-without-an-end" * 9,
    )


@dataclass
class Served:
    """A `refinery serve` in a process of its own, for one sandbox."""

    box: Sandbox
    address: str = ""
    _process: subprocess.Popen[str] | None = None
    _log: list[Path] = field(default_factory=list)

    def start(self) -> Served:
        """Start it and wait until it says where it is."""
        log = self.box.root / "serve.log"
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "refinery", "serve", "--no-webhooks", "--port", "0"],
                cwd=self.box.path,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT), "REFINERY_PAGE_TOKEN": TOKEN},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("the page is at http://"), log.read_text()
        self.address = line.rpartition(" ")[2].strip().rstrip("/")
        return self

    def end(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.communicate(timeout=30)
