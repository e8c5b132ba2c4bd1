"""The tools: what each takes and answers, and how a call that does not fit is refused."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from refinery.answers.schema import schema_of
from refinery.cli.catalogue import COMMANDS
from refinery.cli.command import load, parser_of
from refinery.mcp.answering import Answer, answer
from refinery.mcp.call import Call, NobodyWaits
from refinery.mcp.installed import NotInstalled, server
from refinery.mcp.resources import behind
from refinery.mcp.tool import Effect
from refinery.mcp.tools import TOOLS
from refinery.mcp.watching import Line
from tests.sandbox import CHECKOUT, Sandbox


class Ear:
    """Whoever waits, for as many pauses as it has patience."""

    def __init__(self, patience: int = 0) -> None:
        self.heard: list[str] = []
        self._patience = patience

    def hear(self, words: str) -> None:
        self.heard.append(words)

    def pause(self, seconds: float) -> None:
        if self._patience == 0:
            raise NobodyWaits
        self._patience -= 1


def call(box: Sandbox | None, tool: str, ear: Ear | None = None, **given: Any) -> Answer:
    """One call, its answer checked against the tool's schema."""
    rig = str(box.path) if box else "/nowhere"
    done = answer(TOOLS[tool], Call(rig, "ada", given, ear or Ear()))
    if not done.is_error:
        Draft202012Validator(TOOLS[tool].output_schema).validate(done.document)
    return done


def error(done: Answer) -> tuple[str, str]:
    """Code and words of a refusal."""
    assert done.is_error, done.document
    said = done.document["error"]
    return said["code"], said["message"]


# What they are


def test_the_tools_are_commands_of_the_same_names() -> None:
    assert [*TOOLS] == [
        *("submit", "wait", "why", "explain", "show", "resolve"),
        *("queue", "list", "forecast", "plan", "claim", "release", "retry"),
    ]
    assert [name for name in TOOLS if name not in COMMANDS] == []


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_says_what_it_takes_and_answers(name: str) -> None:
    tool = TOOLS[name]
    for schema in (tool.input_schema, tool.output_schema):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert not {"$schema", "$id"} & schema.keys()  # some clients know no dialect but their own
    assert tool.words.endswith(".")
    assert [key for key, each in tool.takes.items() if not each["description"]] == []


def test_submitting_takes_what_the_command_takes() -> None:
    command = load("submit")
    options = {each.dest for each in parser_of("submit", command)._actions}
    only_here = {"help", "named", "overwrite", "no_push", "no_forecast", "rig", "json"}
    assert {*TOOLS["submit"].takes} - {"force_with_lease"} == _named(options - only_here)


def _named(options: set[str]) -> set[str]:
    """As `Options` calls them: what can be given again is many."""
    return {"labels" if each == "label" else each for each in options}


def test_only_what_changes_the_queue_says_so() -> None:
    changing = [name for name, tool in TOOLS.items() if tool.effect is not Effect.READS]
    assert changing == ["submit", "resolve", "claim", "release", "retry"]


@pytest.mark.parametrize(
    ("uri", "tool", "given"),
    [
        ("refinery://queue", "queue", {}),
        ("refinery://mr/mr-0a1b", "show", {"id": "mr-0a1b"}),
        ("refinery://mr/polecat%2Fnux%2Fgt-7", "show", {"id": "polecat/nux/gt-7"}),
    ],
)
def test_an_address_is_read_by_a_tool(uri: str, tool: str, given: dict[str, str]) -> None:
    assert behind(uri) == (TOOLS[tool], given)


@pytest.mark.parametrize("uri", ["refinery://mr/", "refinery://queue/", "file:///etc/passwd", ""])
def test_an_address_of_nothing_is_nothing(uri: str) -> None:
    assert behind(uri) is None


# What they refuse, before anything is opened


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("why", {"ID": "x"}, "why takes no 'ID'"),
        ("claim", {}, "claim: 'id' is a required property"),
        ("claim", {"id": 7}, "claim.id: 7 is not of type 'string'"),
        ("claim", {"id": ""}, "claim.id: '' should be non-empty"),
        ("submit", {"priority": 9}, "submit.priority: 9 is greater than the maximum of 4"),
        ("submit", {"priority": True}, "submit.priority: True is not of type 'integer'"),
        ("submit", {"depends_on": ["a", 1]}, "submit.depends_on.1: 1 is not of type 'string'"),
        ("queue", {"rig": "/etc"}, "queue takes no 'rig'"),
        ("wait", {"until": "never"}, "wait.until: 'never' is not one of "),
        ("why", {"id": "a\x00b"}, "why.id has control characters"),
        ("submit", {"depends_on": ["a\nb"]}, "submit.depends_on has control characters"),
        ("wait", {"timeout": -1}, "wait.timeout: -1 is less than the minimum of 0"),
    ],
)
def test_what_a_tool_does_not_take_is_refused(tool: str, given: Any, words: str) -> None:
    code, message = error(call(None, tool, **given))
    assert code == "wrong-usage"
    assert message.startswith(words)


def test_a_mistyped_argument_is_named() -> None:
    done = call(None, "submit", dependson=["a"])
    assert done.document["error"]["hint"] == "did you mean 'depends_on'?"


def test_a_refusal_does_not_repeat_megabytes() -> None:
    done = call(None, "why", id="x" * 1_000_000)
    assert len(str(done.document)) < 1000


# What they answer


def test_a_repository_that_is_not_there_is_an_error_with_a_code() -> None:
    assert error(call(None, "queue")) == (
        "no-such-rig",
        "'/nowhere' is neither a repository nor a known rig",
    )


def test_no_more_are_shown_than_somebody_wants_to_read(box: Sandbox) -> None:
    first, _, _ = (box.request(each) for each in "abc")
    for tool in ("queue", "list"):
        done = call(box, tool, limit=1)
        [shown] = done.document[tool]
        assert shown.get("mr", shown)["id"] == first
        assert done.said == ("there are more, which are left out: raise `limit`, or ask for fewer",)


def test_a_bug_is_an_answer_too(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refinery.mcp.call.open_queue", lambda *_, **__: 1 / 0)
    monkeypatch.setenv("TMPDIR", str(box.root))
    monkeypatch.setattr("tempfile.tempdir", None)
    code, words = error(call(box, "queue"))
    assert (code, words) == (
        "bug",
        "this is a bug in refinery: ZeroDivisionError: division by zero",
    )
    [kept] = box.root.glob("refinery-bug-*.txt")
    assert "ZeroDivisionError" in kept.read_text()


def test_waiting_that_nobody_hears_any_more_stops(box: Sandbox) -> None:
    id = box.request("feature")
    ear = Ear(patience=2)
    with pytest.raises(NobodyWaits):
        call(box, "wait", ear, id=id)
    assert ear.heard == [f"{id}: ready"]


def test_what_is_cancelled_is_not_told_any_more() -> None:
    told: list[str] = []
    line = Line(lambda _, words: told.append(words))
    line.hear("ready")
    line.pause(0)
    line.hang_up()
    with pytest.raises(NobodyWaits):
        line.pause(600)
    assert told == ["ready"]


def test_without_the_sdk_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anyio", None)
    monkeypatch.delitem(sys.modules, "refinery.mcp.serving", raising=False)
    with pytest.raises(NotInstalled) as refused:
        server()
    assert refused.value.hint == "pip install 'git-refinery[mcp]'"


def test_the_documents_on_the_page_for_agents_are_such_as_are_answered() -> None:
    page = (CHECKOUT / "docs" / "agents.md").read_text()
    shown = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    assert [{*each} for each in shown[1:]] == [{"error"}, {"mcpServers"}]
    Draft202012Validator(schema_of("why")).validate(shown[0])
    Draft202012Validator(schema_of("error")).validate(shown[1])
    started = shown[2]["mcpServers"]["refinery"]
    assert started["command"] in _project()["scripts"]
    assert started["args"] == ["mcp"]


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return project
