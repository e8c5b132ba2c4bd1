"""A real `refinery serve` in a process of its own, that can be killed and started again."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refinery.webhook.events import Forge
from tests.sandbox import CHECKOUT, Sandbox
from tests.webhook.deliveries import SECRET, Answered, encoded, headers

PATIENCE = 30.0


@dataclass
class Served:
    """The receiver of one sandbox."""

    box: Sandbox
    port: int = 0
    process: subprocess.Popen[str] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.box.root / "serve.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def start(self, *arguments: str) -> Served:
        """Start it and wait until it listens."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "refinery", "serve", "--port", "0", *arguments],
                cwd=self.box.path,
                env={
                    **os.environ,
                    "PYTHONPATH": str(CHECKOUT),
                    "REFINERY_WEBHOOK_SECRET": SECRET.decode(),
                    **self.environment,
                },
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "http://127.0.0.1:" in line, self.log.read_text()
        self.port = int(line.rpartition(":")[2].partition("/")[0])
        return self

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()

    def deliver(
        self,
        name: str,
        payload: Mapping[str, Any],
        *,
        forge: Forge = Forge.GITHUB,
        id: str | None = None,
        connection: http.client.HTTPConnection | None = None,
    ) -> Answered:
        """Send one as a forge does."""
        body = encoded(payload)
        return self.ask("POST", "/webhook", body, headers(forge, name, body, id=id), connection)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        told: Mapping[str, str] | None = None,
        connection: http.client.HTTPConnection | None = None,
    ) -> Answered:
        """Any request."""
        line = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, dict(told or {}))
            answer = line.getresponse()
            content = answer.read()
        finally:
            if connection is None:
                line.close()
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return Answered(answer.status, json.loads(content) if is_json else {})

    def until(self, done: Callable[[], bool]) -> None:
        """Wait for work that nothing else tells the end of."""
        give_up = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.02)

    def until_idle(self) -> dict[str, Any]:
        """Wait until nothing waits; its health."""
        self.until(lambda: self.ask("GET", "/healthz").document["waiting"] == 0)
        return self.ask("GET", "/healthz").document
