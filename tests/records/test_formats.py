"""Formats of documents: older ones are brought up, what is written is as old as it can be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from refinery.config.config import Config, parse
from refinery.records import document, formats, text
from refinery.records.compiled import queue as rules
from refinery.records.formats import oldest, upgraded
from refinery.records.header import QueueHeader
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord, NewerFormat, newest
from tools.compile_schemas import SCHEMAS, later

WHERE = "queue.yaml"
HEADER = QueueHeader(Branch("main"), archived=3)


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refinery whose queue header is in its third format.

    The second called `archived` what the first called `groups`, the third added `paused`.
    """

    def second(first: Mapping[str, Any]) -> dict[str, Any]:
        renamed = {"groups": "archived"}
        changed = {renamed.get(key, key): value for key, value in first.items()}
        return changed | ({"archived": int(first["groups"])} if "groups" in first else {})

    monkeypatch.setattr(rules, "FORMAT", 3)
    monkeypatch.setattr(rules, "SINCE", (1, {"archived": (2, {}, {}), "paused": (3, {}, {})}))
    whole = rules.validate
    monkeypatch.setattr(rules, "validate", lambda found: whole({**found, "version": 1}))
    monkeypatch.setitem(formats.STEPS, ("queue", 1), second)


def a_header(version: int, **fields: Any) -> bytes:
    return text.dump({"version": version, "default_target": "main", **fields})


@pytest.mark.usefixtures("third")
class TestOlder:
    def test_is_read_one_step_at_a_time(self) -> None:
        assert document.read(QueueHeader, a_header(1, groups="3"), where=WHERE) == HEADER
        assert document.read(QueueHeader, a_header(2, archived=3), where=WHERE) == HEADER

    def test_what_never_was_a_document_of_it_is_said(self) -> None:
        with pytest.raises(InvalidRecord) as caught:
            document.read(QueueHeader, a_header(1, groups="many"), where=WHERE)
        assert caught.value.message == "queue.yaml: is not what format 1 allows"

    def test_keys_of_a_later_format_are_no_secret_of_an_older_one(self) -> None:
        """Who checks is the newest schema, after the steps."""
        with pytest.raises(InvalidRecord) as caught:
            document.read(QueueHeader, a_header(2, groups=3), where=WHERE)
        assert caught.value.message == "queue.yaml: /groups: is not a known key"

    @pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None, [], {}])
    def test_what_is_no_version_is_not_taken_for_an_old_one(self, version: Any) -> None:
        found = {"version": version}
        assert upgraded("queue", found, where=WHERE) is found

    def test_a_newer_one_is_told_from_a_damaged_one(self) -> None:
        with pytest.raises(NewerFormat) as caught:
            document.read(QueueHeader, a_header(4, mood="good"), where=WHERE)
        assert caught.value.message == "queue.yaml: /version: 4 was written by a newer refinery"
        assert caught.value.hint == "upgrade: pip install --upgrade git-refinery"


@pytest.mark.usefixtures("third")
class TestWritten:
    """In the oldest format that can say it: an upgraded worker locks out no other."""

    @pytest.mark.parametrize(
        ("fields", "version"),
        [
            ({}, 1),
            ({"archived": 3}, 2),
            ({"paused": {"by": "eve", "reason": "", "at": "2026-01-01T00:00:00.000Z"}}, 3),
        ],
    )
    def test_as_old_as_it_can_be(self, fields: dict[str, Any], version: int) -> None:
        header = document.read(QueueHeader, a_header(3, **fields), where=WHERE)
        assert document.write(header) == a_header(version, **fields)
        assert document.read(QueueHeader, document.write(header), where=WHERE) == header


def test_what_needs_which_format_is_found_at_any_depth() -> None:
    known = {"paused": (2, {}, {}), "stuck": (1, {}, {"why": (1, {"late": 4}, {})})}
    known |= {"labels": (1, {"odd": 3}, {}), "mood": (1, {"good": 2}, {})}
    needed = formats._needed
    assert needed(known, {"archived": 1, "stuck": [], "labels": [], "mood": None}) == 1
    assert needed(known, {"paused": None}) == 2
    assert needed(known, {"mood": "good"}) == 2
    assert needed(known, {"labels": ["even", "odd"]}) == 3
    assert needed(known, {"stuck": [{"why": "red"}, {"why": "late"}], "paused": {}}) == 4


def test_schemas_say_what_came_with_which_format() -> None:
    shared = {"mood": {"enum": ["good", "bad"], "later": {"bad": 3}}, "time": {"type": "string"}}
    pause = {"type": "object", "properties": {"by": {}, "until": {"since": 2}}}
    properties = {
        "version": {"const": 3},
        "default_target": {"type": "string"},
        "paused": pause,
        "freezes": {"since": 3, "type": "array", "items": pause},
        "mood": {"$ref": "#/$defs/mood", "description": "How it is."},
        "at": {"$ref": "#/$defs/time", "since": 2},
    }
    assert later({"properties": properties}, shared) == {
        "paused": (1, {}, {"until": (2, {}, {})}),
        "freezes": (3, {}, {"until": (2, {}, {})}),
        "mood": (1, {"bad": 3}, {}),
        "at": (2, {}, {}),
    }


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.schema.json")), ids=lambda path: path.name)
def test_nothing_needs_a_format_that_there_is_not(path: Path) -> None:
    name = path.name.removesuffix(".schema.json")
    schema = json.loads(path.read_text())
    assert schema["$id"].endswith(f":{newest(name)}")  # type: ignore[arg-type]
    first, keys = formats.compiled(name).SINCE  # type: ignore[arg-type]
    assert max(first, *_formats(keys), 1) <= newest(name)  # type: ignore[arg-type]


def _formats(keys: Mapping[str, Any]) -> list[int]:
    return [
        number
        for since, choices, below in keys.values()
        for number in (since, *choices.values(), *_formats(below))
    ]


def test_a_configuration_of_an_older_format_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from refinery.records.compiled import config as rules

    monkeypatch.setattr(rules, "FORMAT", 2)
    whole = rules.validate
    monkeypatch.setattr(rules, "validate", lambda found: whole({**found, "version": 1}))
    step = {("config", 1): lambda found: {**found, "delete_branch": found["tidy"], "tidy": None}}
    monkeypatch.setattr(formats, "STEPS", {k: _without(v, "tidy") for k, v in step.items()})
    assert parse(b"version: 1\ntidy: true\n", where="x") == Config(delete_branch=True, present=True)
    assert parse(b"version: 2\n", where="x") == Config(present=True)


def _without(step: Any, key: str) -> Any:
    return lambda found: {k: v for k, v in step(found).items() if k != key}


def test_today_everything_is_in_its_first_format() -> None:
    """Delete this with the second; until then nothing that is written costs a look."""
    for path in SCHEMAS.glob("*.schema.json"):
        name: Any = path.name.removesuffix(".schema.json")
        assert (newest(name), oldest(name, {})) == (1, 1)
