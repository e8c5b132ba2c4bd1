"""Records as documents: what is written is read back, and nothing else gets in."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from refinery.records import document
from refinery.records.codec import to_json, to_mapping
from refinery.records.document import SCHEMA_OF
from refinery.records.merge_request import MergeRequest
from refinery.records.schema import InvalidRecord, check
from refinery.records.schema_text import load_schema
from refinery.records.verdict import CheckReport, Result
from refinery.values import StrEnum
from tests.decisions.makers import a_claim, a_verdict, an_mr
from tests.records import records

SCHEMAS = [*SCHEMA_OF.values(), "config"]
STRATEGIES = {
    "merge-request": records.merge_requests,
    "claim": records.claims,
    "verdict": records.verdicts,
    "issue": records.issue_records,
    "queue": records.headers,
    "candidate": records.handed_over,
}

CONFIG = {
    "version": 1,
    "method": "squash",
    "message": "{title}",
    "checks": [{"name": "unit", "run": ["make", "test"], "timeout": "90s", "parallel": True}],
    "keep": ["cache"],
    "environment": ["CI"],
    "batch": {"max": 4},
    "claim": {"minutes": 5},
    "attempts": {"max": 3},
    "retry": {"failing": False},
    "delete_branch": True,
    "branches": ["mr/**"],
    "score": {"base": 10},
    "tracker": "local",
}


def mapping_of(record: Any) -> dict[str, Any]:
    """The document a record is written as, as a mapping."""
    return {"version": 1, **to_mapping(record)}


class TestRoundTrip:
    @records.fewer
    @given(records.records)
    def test_what_is_written_is_read_back(self, record: Any) -> None:
        assert document.read(type(record), document.write(record), where="x") == record

    @records.fewer
    @given(records.records)
    def test_any_yaml_reader_sees_the_same_mapping(self, record: Any) -> None:
        assert yaml.safe_load(document.write(record)) == mapping_of(record)

    @records.fewer
    @given(records.records)
    def test_a_record_that_a_person_reformatted_is_the_same_record(self, record: Any) -> None:
        # Left to itself, PyYAML writes a NEL as one and reads it back as a line break.
        reformatted = yaml.safe_dump(mapping_of(record)).encode()
        assert document.read(type(record), reformatted, where="x") == record

    @records.fewer
    @given(records.records)
    def test_keys_come_in_declared_order_and_defaults_are_left_out(self, record: Any) -> None:
        fields = [field.name for field in dataclasses.fields(record)]
        shown = list(to_mapping(record))
        assert shown == [name for name in fields if name in shown]
        for field in dataclasses.fields(record):
            if field.name not in shown:
                default = (
                    field.default
                    if field.default_factory is dataclasses.MISSING
                    else field.default_factory()
                )
                assert getattr(record, field.name) == default

    @records.fewer
    @given(records.records)
    def test_json_shows_every_field(self, record: Any) -> None:
        shown = json.loads(json.dumps(to_json(record)))
        assert list(shown) == [field.name for field in dataclasses.fields(record)]

    def test_wall_times_are_kept_to_the_millisecond(self) -> None:
        report = CheckReport("unit", Result.PASS, seconds=0.00001)
        verdict = a_verdict("a", seconds=123.456789, checks=(report,))
        written = document.write(verdict)
        assert b"seconds: 123.457\n" in written
        assert yaml.safe_load(written)["checks"][0]["seconds"] == 0


class TestAgreement:
    """The compiled validators and jsonschema give the same answers."""

    @records.fewer
    @given(st.data(), st.sampled_from(SCHEMAS))
    def test_on_valid_and_mutated_documents(self, data: st.DataObject, name: str) -> None:
        if name == "config":
            valid: dict[str, Any] = copy.deepcopy(CONFIG)
        else:
            valid = json.loads(json.dumps(mapping_of(data.draw(STRATEGIES[name]))))
        assert accepted(name, valid)
        for _ in range(data.draw(st.integers(1, 2))):
            mutate(data, valid)
        assert accepted(name, valid) == explained(name, valid)

    @pytest.mark.parametrize("name", SCHEMAS)
    def test_the_compiled_form_is_up_to_date(self, name: str) -> None:
        from tools.compile_schemas import COMPILED, compiled
        from tools.compile_schemas import SCHEMAS as FOLDER

        source = (COMPILED / f"{name.replace('-', '_')}.py").read_text()
        assert source == compiled(FOLDER / f"{name}.schema.json")

    def test_a_final_newline_hides_nothing(self) -> None:
        # Python's `$` matches before it, and a line would be two.
        mapping = mapping_of(an_mr()) | {"id": "mr-a\n"}
        assert not accepted("merge-request", mapping)
        with pytest.raises(InvalidRecord):
            check("merge-request", mapping, where="x")


def accepted(name: str, mapping: dict[str, Any]) -> bool:
    """What the compiled validator says."""
    module = importlib.import_module(f"refinery.records.compiled.{name.replace('-', '_')}")
    try:
        module.validate(mapping)
    except ValueError:
        return False
    return True


def explained(name: str, mapping: dict[str, Any]) -> bool:
    """What jsonschema says."""
    return jsonschema.Draft202012Validator(load_schema(name)).is_valid(mapping)


JUNK = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            5,
            10**30,
            1.0,
            1.5,
            -0.5,
            "",
            "x",
            "-x",
            "a b",
            "mr-a",
            "a" * 241,
        ),
        *(
            "a" * 1001,
            "x" * 65537,
            "nul\0",
            "tab\t",
            "2026-01-01T00:00:00Z",
            "2026-01-01",
            "local#1",
        ),
        *(
            "0" * 40,
            "0" * 32,
            "pass",
            "open",
            [],
            [1],
            ["mr-a"],
            ["x"] * 101,
            {},
            {"x": 1},
            [{}],
            [None],
        ),
    ]
)


def mutate(data: st.DataObject, mapping: dict[str, Any]) -> None:
    """Delete, add or replace one thing somewhere inside."""
    places = list(containers(mapping))
    place = places[data.draw(st.integers(0, len(places) - 1))]
    if isinstance(place, list):
        if place and data.draw(st.booleans()):
            place.pop()
        else:
            place.append(data.draw(JUNK))
        return
    keys = [key for key in place if key != "version"]
    how = data.draw(st.sampled_from(["delete", "add", "replace", "replace"]))
    if how == "add" or not keys:
        place[data.draw(st.sampled_from(["x", "reason", "head", "seconds", "hold"]))] = data.draw(
            JUNK
        )
    elif how == "delete":
        del place[data.draw(st.sampled_from(keys))]
    else:
        place[data.draw(st.sampled_from(keys))] = data.draw(JUNK)


def containers(value: Any) -> Iterator[Any]:
    """Every list and mapping in a document, itself included."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from containers(each)
    elif isinstance(value, list):
        yield value
        for each in value:
            yield from containers(each)


class TestRefusals:
    """Each says where, and what to do."""

    def refusal(self, **changes: Any) -> tuple[str, str | None]:
        mapping = mapping_of(an_mr()) | changes
        mapping = {key: value for key, value in mapping.items() if value is not KeyError}
        with pytest.raises(InvalidRecord) as caught:
            check("merge-request", mapping, where="queue:mrs/a/mr-a.yaml")
        return caught.value.message, caught.value.hint

    def test_a_missing_version(self) -> None:
        assert self.refusal(version=KeyError) == (
            "queue:mrs/a/mr-a.yaml: /version: is missing",
            "add `version: 1`",
        )

    def test_a_newer_version_before_anything_else(self) -> None:
        assert self.refusal(version=2, priority="?", brand_new=1) == (
            "queue:mrs/a/mr-a.yaml: /version: 2 was written by a newer refinery",
            "upgrade: pip install --upgrade git-refinery",
        )

    @pytest.mark.parametrize("version", [True, False, 0, -1, 1.5, "1", "2", [], {}])
    def test_what_is_no_version(self, version: object) -> None:
        assert self.refusal(version=version, brand_new=1) == (
            f"queue:mrs/a/mr-a.yaml: /version: {version!r} is not a known version",
            None,
        )

    def test_an_unknown_key_with_the_one_that_was_meant(self) -> None:
        assert self.refusal(priorty=1, priority=KeyError) == (
            "queue:mrs/a/mr-a.yaml: /priorty: is not a known key",
            "did you mean 'priority'?",
        )

    def test_an_unknown_key_that_is_like_none(self) -> None:
        message, hint = self.refusal(zzz=1)
        assert message == "queue:mrs/a/mr-a.yaml: /zzz: is not a known key"
        assert hint is not None
        assert hint.startswith("known keys: version, id, branch, target,")

    def test_a_wrong_value_deep_inside(self) -> None:
        attempt = {"at": "2026-01-01T00:00:00Z", "worker": "ada", "outcome": "lost"}
        message, _ = self.refusal(attempts=[attempt])
        assert message.startswith(
            "queue:mrs/a/mr-a.yaml: /attempts/0/outcome: 'lost' is not one of ['landed',"
        )

    def test_an_unknown_key_deep_inside(self) -> None:
        hold = {"by": "eve", "reason": "x", "at": "2026-01-01T00:00:00Z", "untl": 1}
        message, _ = self.refusal(hold=hold)
        assert message == "queue:mrs/a/mr-a.yaml: /hold/untl: is not a known key"

    def test_a_long_value_is_shortened(self) -> None:
        message, _ = self.refusal(title=["x" * 5000])
        assert len(message) < 400

    def test_what_cannot_be_written_is_never_written(self) -> None:
        with pytest.raises(InvalidRecord) as caught:
            document.write(an_mr(priority=7))
        assert caught.value.message == "MergeRequest: /priority: 7 is greater than the maximum of 4"

    def test_a_day_that_does_not_exist(self) -> None:
        written = document.write(an_mr()).replace(b"2026-03-01T11", b"2026-02-31T11")
        with pytest.raises(InvalidRecord, match="queue:x: there is no time 2026-02-31T"):
            document.read(MergeRequest, written, where="queue:x")

    def test_text_that_is_not_yaml(self) -> None:
        with pytest.raises(InvalidRecord) as caught:
            document.read(MergeRequest, b"a: [\n", where="queue:x")
        assert caught.value.message.startswith("queue:x: not YAML at line 2, column 1")

    @records.fewer
    @given(records.records, st.data())
    def test_any_edit_reads_as_a_record_or_says_why_not(
        self, record: Any, data: st.DataObject
    ) -> None:
        written = document.write(record)
        at = data.draw(st.integers(0, len(written)))
        typed = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"[", b"{1: 2}", b"!!set {a}", b"'"])
        )
        cut = data.draw(st.integers(0, 8))
        try:
            read = document.read(
                type(record), written[:at] + typed + written[at + cut :], where="x"
            )
        except InvalidRecord:
            return
        assert isinstance(read, type(record))

    @records.fewer
    @given(st.data(), st.sampled_from([*SCHEMA_OF]))
    def test_any_yaml_reads_as_a_record_or_says_why_not(
        self, data: st.DataObject, cls: type
    ) -> None:
        mapping = mapping_of(data.draw(STRATEGIES[SCHEMA_OF[cls]]))
        key = data.draw(st.sampled_from(sorted(mapping)))
        odd = st.sampled_from(
            ["2026-01-01", "!!binary aGk=", "!!set {a, b}", "{1: 2}", "0x1f", "{? [a] : b}"]
        )
        lines = [f"{name}: {json.dumps(value)}\n" for name, value in mapping.items() if name != key]
        written = "".join([*lines, f"{key}: {data.draw(odd)}\n"])
        try:
            read = document.read(cls, written.encode(), where="x")
        except InvalidRecord:
            return
        assert isinstance(read, cls)


class TestSchemas:
    @pytest.mark.parametrize("name", SCHEMAS)
    def test_each_is_valid_by_the_metaschema(self, name: str) -> None:
        jsonschema.Draft202012Validator.check_schema(load_schema(name))

    @pytest.mark.parametrize("name", SCHEMAS)
    def test_every_property_is_described_and_no_object_is_open(self, name: str) -> None:
        assert [path for path, each in objects(load_schema(name)) if not closed(each)] == []
        undescribed = [
            f"{path}/{key}"
            for path, each in objects(load_schema(name))
            for key, value in each.get("properties", {}).items()
            if not value.get("description", "").endswith(".")
        ]
        assert undescribed == []

    @pytest.mark.parametrize(("cls", "name"), SCHEMA_OF.items())
    def test_schema_and_class_name_the_same_fields(self, cls: type, name: str) -> None:
        schema = load_schema(name)
        assert sorted(schema["properties"]) == sorted(["version", *field_names(cls)])
        assert_same_fields(cls, schema, skip=("version",))

    @pytest.mark.parametrize(("cls", "name"), SCHEMA_OF.items())
    def test_schema_and_class_name_the_same_choices(self, cls: type, name: str) -> None:
        for schema, nested in pairs(cls, load_schema(name)):
            for key, kind in getattr(nested, "NESTED", {}).items():
                if isinstance(kind, type) and issubclass(kind, StrEnum):
                    said = schema["properties"][key]["enum"]
                    assert said == [choice.value for choice in kind], f"{nested.__name__}.{key}"


def field_names(cls: type) -> list[str]:
    """The fields of a record class."""
    return [field.name for field in dataclasses.fields(cls)]


def pairs(cls: type, schema: dict[str, Any]) -> Iterator[tuple[dict[str, Any], type]]:
    """Each class inside a record with the schema of it."""
    yield schema, cls
    for key, kind in getattr(cls, "NESTED", {}).items():
        inner = schema["properties"][key]
        if isinstance(kind, tuple):
            yield from pairs(kind[0], inner["items"])
        elif dataclasses.is_dataclass(kind):
            yield from pairs(kind, inner)


def assert_same_fields(cls: type, schema: dict[str, Any], skip: tuple[str, ...] = ()) -> None:
    for each, nested in pairs(cls, schema):
        known = set(each["properties"]) - set(skip)
        assert known == set(field_names(nested)), nested.__name__
        required = set(each["required"]) - set(skip)
        assert required == {
            field.name
            for field in dataclasses.fields(nested)
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        }, nested.__name__
        hints = get_type_hints(nested)
        for name in known:
            is_time = any(kind is datetime for kind in (hints[name], *get_args(hints[name])))
            assert is_time == (
                nested.NESTED.get(name) is datetime if hasattr(nested, "NESTED") else False
            )


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object inside a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")


def closed(schema: dict[str, Any]) -> bool:
    """Whether unknown keys are refused, or every one has a rule."""
    return schema.get("additionalProperties") is not None


def test_a_claim_is_live_until_its_very_end() -> None:
    claim = a_claim("a", lasts=10)
    from datetime import timedelta

    assert claim.live(claim.expires_at - timedelta(milliseconds=1))
    assert not claim.live(claim.expires_at)
