"""Serves the tools over stdio with the official SDK: each call has a thread of its own."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import redirect_stdout

import anyio
import mcp_types as types
from anyio import from_thread, to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from refinery import __version__
from refinery.app import worker_name
from refinery.mcp import resources
from refinery.mcp.answering import Answer, answer
from refinery.mcp.call import Call
from refinery.mcp.instructions import INSTRUCTIONS
from refinery.mcp.tool import Effect, Tool
from refinery.mcp.tools import TOOLS
from refinery.mcp.watching import Line
from refinery.typed import Any

_AT_ONCE = 128  # calls, most of which wait for a landing; more wait for their turn
_Context = ServerRequestContext[Any, Any]


def serve(rig: str | None) -> int:
    """Answer until the client closes our stdin."""
    # The thread that waits for a line of stdin cannot be woken, so ^C has to end the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_serve, Desk(rig))
    return 0


async def _serve(desk: Desk) -> None:
    server = desk.server()
    async with stdio_server() as (incoming, outgoing):
        with redirect_stdout(sys.stderr):  # what is left in its buffer would follow the last answer
            await server.run(incoming, outgoing, server.create_initialization_options())


class Desk:
    """The queue of one repository, to one client."""

    def __init__(self, rig: str | None) -> None:
        self._rig = rig
        # It ends with this process, so that others can tell that nobody holds its claims any more.
        self._worker = worker_name(outlives_process=False)
        self._turns = anyio.CapacityLimiter(_AT_ONCE)

    def server(self) -> Server[Any]:
        """The protocol's side of it."""
        return Server(
            "refinery",
            version=__version__,
            title="git-refinery, the merge queue of this repository",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def _list_tools(self, context: _Context, asked: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(each) for each in TOOLS.values()])

    async def _call_tool(
        self, context: _Context, asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = TOOLS.get(asked.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"no tool is called {asked.name[:100]!r}")
        return _told(await self._answer(context, tool, asked.arguments or {}))

    async def _list_resources(self, context: _Context, asked: object) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[types.Resource(**each) for each in resources.FIXED]
        )

    async def _list_templates(
        self, context: _Context, asked: object
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(
            resource_templates=[types.ResourceTemplate(**each) for each in resources.TEMPLATES]
        )

    async def _read_resource(
        self, context: _Context, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        found = resources.behind(str(asked.uri))
        if found is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no resource {str(asked.uri)[:200]!r}")
        tool, given = found
        came = await self._answer(context, tool, given)
        if came.is_error:
            said = came.document["error"]
            refused = said["exit_code"] in (1, 2)
            code = types.INVALID_PARAMS if refused else types.INTERNAL_ERROR
            raise MCPError(code, said["message"], said)
        text = types.TextResourceContents(
            uri=asked.uri, mime_type=resources.JSON, text=_text(came.document)
        )
        return types.ReadResourceResult(contents=[text])

    async def _answer(self, context: _Context, tool: Tool, given: dict[str, Any]) -> Answer:
        """The tool at work in a thread, which ends by itself when the client has had enough."""

        def send(seconds: float, words: str) -> None:
            from_thread.run(context.session.report_progress, seconds, None, words)

        line = Line(send)
        call = Call(self._rig, self._worker, given, line)
        try:
            return await to_thread.run_sync(
                answer, tool, call, abandon_on_cancel=True, limiter=self._turns
            )
        finally:
            line.hang_up()


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.words,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(
            read_only_hint=tool.effect is Effect.READS,
            destructive_hint=False,
            idempotent_hint=tool.effect is not Effect.CHANGES,
            open_world_hint=False,
        ),
    )


def _told(given: Answer) -> types.CallToolResult:
    """The document twice: for clients that know output schemas, and as text for all others.

    An error has no place in the output schema, and some clients check even those against it.
    """
    blocks = [types.TextContent(text=_text(given.document))]
    blocks += [types.TextContent(text=words) for words in given.said]
    if given.is_error:
        return types.CallToolResult(content=[*blocks], is_error=True)
    return types.CallToolResult(content=[*blocks], structured_content=given.document)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
