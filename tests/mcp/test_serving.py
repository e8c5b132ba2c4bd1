"""The real server over stdio: what a client hears, when it waits, when it cancels, when it lies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from refinery import __version__
from refinery.mcp.tools import TOOLS
from tests.cli.states import break_record
from tests.mcp.client import Agent, connected
from tests.sandbox import CHECKOUT, Sandbox

pytestmark = pytest.mark.journey


@pytest.fixture
def agent(box: Sandbox) -> Iterator[Agent]:
    """A client of a server in the box's clone."""
    with connected(box) as found:
        yield found


def test_a_client_learns_what_there_is(box: Sandbox, agent: Agent) -> None:
    assert (agent.client.server_info.name, agent.client.server_info.version) == (
        "refinery",
        __version__,
    )
    assert "`submit`" in (agent.client.instructions or "")
    tools = {each.name: each for each in agent.ask("list_tools").tools}
    assert [*tools] == [*TOOLS]
    assert tools["why"].annotations.read_only_hint is True
    assert tools["submit"].annotations.read_only_hint is False
    assert [each.uri for each in agent.ask("list_resources").resources] == ["refinery://queue"]
    [template] = agent.ask("list_resource_templates").resource_templates
    assert template.uri_template == "refinery://mr/{id}"


def test_a_change_lands_through_the_tools(box: Sandbox, agent: Agent) -> None:
    box.commit("polecat/nux/gt-7")
    submitted = agent("submit", branch="polecat/nux/gt-7", priority=1).document
    id = submitted["mr"]["id"]
    assert submitted["outcome"] == "new"
    assert [each["mr"]["id"] for each in agent("queue").document["queue"]] == [id]
    assert agent("forecast").document["forecast"][0]["clean"] is True
    assert agent("claim", id=id).document["claimed_by"] == "ada"
    assert agent("why", id=id).document["code"] == "claimed"
    assert agent("release", id=id).document["claimed_by"] is None
    assert agent("plan").document["plan"][0]["members"] == [id]
    assert box.run("process", "--drain").code == 0
    assert agent("wait", id=id).document["outcome"] == "landed"
    assert agent("show", id=id).document["close_reason"] == "merged"
    assert agent("list", worker="nux", status="closed").document["list"][0]["id"] == id
    assert box.landed == ["polecat/nux/gt-7"]


def test_what_the_tools_answer_is_what_the_commands_print(box: Sandbox, agent: Agent) -> None:
    box.request("a")
    id = box.request("b")
    for tool, given, argv in (
        ("why", {"id": id}, ("why", id)),
        ("show", {"id": id}, ("show", id)),
        ("queue", {}, ("queue",)),
        ("list", {"status": "ready"}, ("list", "--ready")),
        ("forecast", {"branch": "b"}, ("forecast", "--branch", "b")),
        ("plan", {"workers": 4}, ("plan", "--workers", "4")),
        ("explain", {"code": "blocked-by-issue"}, ("explain", "blocked-by-issue")),
    ):
        document = agent(tool, **given).document
        printed = box.run(*argv, "--json").json
        told = document[tool] if isinstance(printed, list) else document
        assert _timeless(told) == _timeless(printed), tool


def _timeless(document: Any) -> Any:
    """The document without what two askings a moment apart may see differently."""
    if isinstance(document, list):
        return [_timeless(each) for each in document]
    if not isinstance(document, dict):
        return document
    passing = {"age", "age_seconds", "score", "estimate", "no_estimate"}
    return {key: _timeless(each) for key, each in document.items() if key not in passing}


def test_the_queue_and_a_merge_request_can_be_read(box: Sandbox, agent: Agent) -> None:
    id = box.request("feature")
    for uri, of in (("refinery://queue", "queue"), (f"refinery://mr/{id}", "show")):
        [content] = agent.ask("read_resource", uri).contents
        assert content.mime_type == "application/json"
        assert id in content.text, of
    with pytest.raises(MCPError, match="MR mr-nothere not found"):
        agent.ask("read_resource", "refinery://mr/mr-nothere")
    with pytest.raises(MCPError, match="there is no resource"):
        agent.ask("read_resource", "file:///etc/passwd")


def test_waiting_tells_how_it_goes_on_and_other_calls_go_on_too(box: Sandbox, agent: Agent) -> None:
    id = box.request("feature")
    heard: list[str] = []
    waiting = agent.begin("wait", heard, id=id)
    while not heard:
        assert not waiting.done()
        agent("why", id=id)
    assert heard[0].startswith(f"{id}: ready")
    assert box.run("process", "--drain").code == 0
    assert waiting.result(60).document["outcome"] == "landed"


def test_waiting_ends_in_time_for_clients_that_give_up(box: Sandbox, agent: Agent) -> None:
    id = box.request("feature")
    told = agent("wait", id=id, timeout=0)
    assert (told.document["outcome"], told.is_error) == ("timeout", False)


def test_a_cancelled_wait_is_over_at_once(box: Sandbox, agent: Agent) -> None:
    id = box.request("feature")
    heard: list[str] = []
    waiting = agent.begin("wait", heard, id=id, timeout=600)
    while not heard:
        agent("explain", code="ready")
    waiting.cancel()
    with pytest.raises(CancelledError):
        waiting.result(10)
    assert agent("why", id=id).document["code"] == "ready"


def test_broken_records_are_told_beside_the_answer(box: Sandbox, agent: Agent) -> None:
    id = box.request("feature")
    box.run("process", "--dry-run")
    agent("claim", id=id)  # folds it
    break_record(box, "refs/refinery/queue", "mrs/x/mr-0000000000.yaml")
    told = agent("queue")
    assert [each["mr"]["id"] for each in told.document["queue"]] == [id]
    [said] = told.said
    assert "mr-0000000000" in said
    box.commit("another")
    for tool, given in (
        ("claim", {"id": id}),
        ("release", {"id": id}),
        ("submit", {"branch": "another"}),
    ):
        told = agent(tool, **given)
        assert (told.is_error, told.said) == (False, [said]), tool


HOSTILE = [
    "--upload-pack=touch pwned",
    "-oProxyCommand=touch pwned",
    "../../../../etc/passwd",
    "refs/heads/..",
    "a..b",
    "@{-1}",
    "$(touch pwned)",
    "a\x00b",
    "a\nb",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "%s%n{0}",
    "é" * 100,
    "x" * 10_000,
]


def test_hostile_words_are_refused_with_a_code(box: Sandbox, agent: Agent) -> None:
    box.commit("feature")
    box.switch("feature")
    before = box.refs()
    for tool, argument in (
        *(("why", "id"), ("claim", "id"), ("wait", "id"), ("explain", "code")),
        *(("submit", "branch"), ("submit", "target"), ("submit", "depends_on")),
        *(("forecast", "branch"), ("forecast", "target")),
    ):
        for word in HOSTILE:
            told = agent(tool, **{argument: [word] if argument == "depends_on" else word})
            if told.is_error:
                assert told.code not in ("bug", "error"), (tool, word)
            else:  # a name that could be, and is of nothing
                assert told.document == {"forecast": []}, (tool, word)
    assert box.refs() == before
    assert [*box.root.rglob("pwned")] == []


def test_hostile_lines_do_not_end_the_server(box: Sandbox) -> None:
    """Said by hand: what no client sends."""
    lines = [
        "not json",
        "[]",
        '{"jsonrpc": "2.0"}',
        "\udcff\udcfe",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "no/such"}),
        json.dumps({"jsonrpc": "2.0", "id": 3, "method": "ping"}),
        "x" * 1_000_000,
        json.dumps({"jsonrpc": "2.0", "id": 4, "method": "ping"}),
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "refinery", "mcp"],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("\n".join([_HELLO, *lines, ""]).encode("utf-8", "surrogateescape"))
        server.stdin.flush()
        answers = []
        while not answers or answers[-1].get("id") != 4:
            answers.append(json.loads(server.stdout.readline()))
        server.stdin.close()
        server.wait(60)
    assert {each["id"] for each in answers if "result" in each} == {0, 3, 4}
    assert {each["id"] for each in answers if "error" in each} == {2}
    assert server.returncode == 0


_HELLO = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
)


def test_the_server_ends_with_its_client_even_while_it_waits(box: Sandbox) -> None:
    id = box.request("feature")
    with connected(box) as agent:
        heard: list[str] = []
        agent.begin("wait", heard, id=id, timeout=600)
        while not heard:
            agent("explain", code="ready")
    assert agent.stderr.read_text() == ""


def test_claims_of_a_server_without_a_name_end_with_it(box: Sandbox) -> None:
    id = box.request("feature")
    with connected(box, worker="") as agent:
        mine = agent("claim", id=id).document["claimed_by"]
        assert agent("claim", id=id).document["claimed_by"] == mine  # renewed
    with connected(box, worker="") as other:
        assert other("claim", id=id).code == "claimed-by-another"
    assert box.run("process", "--drain").code == 0
    assert box.landed == ["feature"]
