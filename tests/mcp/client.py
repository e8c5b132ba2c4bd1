"""A client of the server, as an agent has one: the SDK's own, over stdio, without the waiting."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.sandbox import CHECKOUT, Sandbox

OWN_LINE = "SERVER SAID: "


@dataclass(frozen=True)
class Told:
    """What a call was answered."""

    document: Any
    is_error: bool
    said: list[str]

    @property
    def code(self) -> str:
        """Of an error."""
        assert self.is_error, self.document
        code: str = self.document["error"]["code"]
        return code


@dataclass
class Agent:
    """One session with a server of its own."""

    portal: BlockingPortal
    client: Client
    stderr: Path

    def __call__(self, tool: str, **given: Any) -> Told:
        """Call a tool; the client checks the answer against the tool's output schema."""
        return self.begin(tool, **given).result(60)

    def begin(self, tool: str, heard: list[str] | None = None, **given: Any) -> Future[Told]:
        """Call a tool and go on; cancelling the future cancels the call."""

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            if heard is not None:
                heard.append(message or "")

        async def call() -> Told:
            done = await self.client.call_tool(tool, given, progress_callback=hear)
            document, *said = [block.text for block in done.content]
            if not done.is_error:
                assert done.structured_content == json.loads(document)
            return Told(json.loads(document), done.is_error, said)

        return self.portal.start_task_soon(call)

    def ask(self, method: str, *given: Any) -> Any:
        """Anything else that a client can ask."""
        return self.portal.call(getattr(self.client, method), *given)


@contextmanager
def connected(box: Sandbox, *, worker: str = "ada") -> Iterator[Agent]:
    """A server in the box's clone, and a client of it."""
    stderr = box.root / f"stderr-{worker}.txt"
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "refinery", "mcp"],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "REFINERY_WORKER": worker},
    )
    with (
        stderr.open("w") as errlog,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(parameters, errlog))) as client,
    ):
        yield Agent(portal, client, stderr)
