"""An API that is held to its published description: what that does not know is a violation.

The descriptions are in `descriptions/`, which says where each is from.  A fake that answers by one
of them can neither be asked nor answer anything that the real forge would not understand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft7Validator

from tests.forges.fault_proxy import Answer, Asked, Forward

_FOLDER = Path(__file__).with_name("descriptions")


@dataclass(frozen=True)
class Call:
    """A request that its description knows: `operation` is its name there."""

    operation: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    headers: Mapping[str, str]

    def number(self, name: str) -> int:
        """A number in the path."""
        return int(self.path[name])


class Violation(Exception):
    """Something that the published description does not know."""


class Description:
    """One of the descriptions."""

    def __init__(self, name: str) -> None:
        told = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.about: dict[str, str] = told["about"]
        self.operations: dict[str, Any] = told["operations"]
        self._definitions: dict[str, Any] = told["definitions"]
        self._validators: dict[str, Draft7Validator] = {}

    @cached_property
    def _patterns(self) -> list[tuple[str, str, re.Pattern[str]]]:
        """Those with the fewest names in their path first: `/labels` is no `/{index}`."""
        named = [(*name.split(" "), name) for name in self.operations]
        return [
            (method, name, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)))
            for method, path, name in sorted(named, key=lambda one: one[1].count("{"))
        ]

    def call(self, asked: Asked, path: str) -> Call:
        """What a request asks for; `path` is below the API's own."""
        for method, name, pattern in self._patterns:
            found = pattern.fullmatch(path)
            if found and method == asked.method:
                query = self._query(name, asked.query)
                body = asked.json
                self._check(f"{name} body", self.operations[name].get("body"), body)
                names = {key: unquote(told) for key, told in found.groupdict().items()}
                return Call(name, names, query, body, asked.headers)
        raise Violation(f"{asked.method} {path} is not in the description")

    def check_answer(self, call: Call, answer: Answer) -> None:
        """What is answered must be described, refusals by their status alone."""
        answers = self.operations[call.operation]["answers"]
        if answer.status >= 400:
            return  # 405, 409 and 429 among them are documented in prose, for every operation
        if str(answer.status) not in answers:
            raise Violation(f"{call.operation} never answers {answer.status}")
        schema = answers[str(answer.status)]
        if schema is not None:
            self._check(f"{call.operation} {answer.status}", schema, answer.body)

    def _query(self, name: str, query: Mapping[str, list[str]]) -> dict[str, Any]:
        schema = self.operations[name]["query"]
        told = {}
        for key, values in query.items():
            known = schema["properties"].get(key.removesuffix("[]"), {})
            is_many = known.get("type") == "array"
            if is_many != key.endswith("[]"):
                raise Violation(f"{name}: {key} is not how it is asked")
            kind = known.get("items", known).get("type")
            read = [_read(value, kind) for value in values]
            told[key.removesuffix("[]")] = read if is_many else read[-1]
        self._check(f"{name} query", schema, told)
        return told

    def _check(self, what: str, schema: Any, value: Any) -> None:
        if schema is None:
            if value is not None:
                raise Violation(f"{what}: nothing is expected")
            return
        if what not in self._validators:
            whole = {**schema, "definitions": self._definitions}
            if "$ref" in schema:
                whole = {"allOf": [schema], "definitions": self._definitions}
            self._validators[what] = Draft7Validator(whole)
        error = next(self._validators[what].iter_errors(value), None)
        if error is not None:
            where = "/".join(map(str, error.absolute_path))
            raise Violation(f"{what}: at {where!r}: {error.message}")


Handler = Callable[[Call], Answer]


class DescribedForge:
    """What a fake answers; an extension of the fault proxy, which does the listening."""

    def __init__(self, description: Description, *, base: str) -> None:
        self.description = description
        self.violations: list[str] = []
        self._base = base
        self._handlers: dict[str, Handler] = {}

    def answers(self, handlers: Mapping[str, Handler]) -> None:
        """Each operation of the description has one."""
        assert handlers.keys() == self.description.operations.keys()
        self._handlers = dict(handlers)

    def refusal(self, asked: Asked) -> Answer | None:
        """Whoever may not ask at all; before anything else is looked at."""
        raise NotImplementedError

    def __call__(self, asked: Asked, forward: Forward) -> Answer:
        """The answer to a request; `forward` leads nowhere."""
        try:
            refused = self.refusal(asked)
            if refused is not None:
                return refused
            raw = asked.target.partition("?")[0]
            if not raw.startswith(self._base):
                raise Violation(f"{raw} is not below {self._base}")
            call = self.description.call(asked, raw.removeprefix(self._base))
            answer = self._handlers[call.operation](call)
            self.description.check_answer(call, answer)
            return answer
        except Violation as violation:
            self.violations.append(str(violation))
            return Answer(400, {"message": f"violation: {violation}"})


def page_of(items: list[Any], call: Call, *, size_name: str, size: int) -> Answer:
    """One page, with the links that both forges put into a header."""
    number, size = call.query.get("page", 1), min(call.query.get(size_name, size), size)
    start = (number - 1) * size
    links = [f'<http://forge.invalid/?page={number + 1}>; rel="next"'] * (
        start + size < len(items)
    ) + ['<http://forge.invalid/?page=1>; rel="first"']
    return Answer(200, items[start : start + size], {"Link": ", ".join(links)})


def _read(text: str, kind: Any) -> Any:
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
