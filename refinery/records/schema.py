"""Executes the JSON Schemas: the compiled form decides, jsonschema explains.

`schemas/*.schema.json` is the contract (JSON Schema 2020-12).  `tools/compile_schemas.py` turns
each into plain Python under `records/compiled/`, which costs a hook neither the import of
jsonschema nor its interpretation; a test holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from refinery.errors import RefineryError
from refinery.records.compiled import BrokenRule
from refinery.typed import Any, Literal

SchemaName = Literal["merge-request", "claim", "verdict", "issue", "queue", "config", "candidate"]

_ENOUGH = 500  # faults to choose the best from; a document can be made of nothing else
UPGRADE = "pip install --upgrade git-refinery"


class InvalidRecord(RefineryError):
    """A document that its schema does not allow: which, where in it, and why."""

    code = "invalid-record"

    def __init__(self, where: str, pointer: str, problem: str, *, hint: str | None = None) -> None:
        # Keys and values are somebody's, and can be all that a document may hold.
        pointer, problem = _shortened(pointer), _shortened(problem)
        place = f"{where}: {pointer}" if pointer else where
        super().__init__(f"{place}: {problem}", hint=hint)
        self.where = where
        self.pointer = pointer
        self.problem = problem


class NewerFormat(InvalidRecord):
    """A document in a format that only a newer refinery knows: nothing is wrong with it."""

    code = "newer-format"

    def __init__(self, where: str, version: int) -> None:
        problem = f"{version} was written by a newer refinery"
        super().__init__(where, "/version", problem, hint=f"upgrade: {UPGRADE}")
        self.version = version


def newest(name: SchemaName) -> int:
    """The newest format of a kind of document that this refinery knows."""
    number: int = compiled(name).FORMAT
    return number


def check(name: SchemaName, document: Mapping[str, Any], *, where: str) -> None:
    """Raise `InvalidRecord` unless the document is valid; `where` names it in the message."""
    rules = compiled(name)
    _check_version(document.get("version"), rules.FORMAT, where)
    try:
        rules.validate(document)
    except BrokenRule as broken:
        raise _explained(name, document, where, broken) from None


def _check_version(version: object, newest: int, where: str) -> None:
    if version == newest and not isinstance(version, bool):
        return
    if version is None:
        raise InvalidRecord(where, "/version", "is missing", hint=f"add `version: {newest}`")
    if isinstance(version, int) and version > newest:
        raise NewerFormat(where, version)
    raise InvalidRecord(where, "/version", f"{version!r} is not a known version")


@cache
def compiled(name: SchemaName) -> Any:
    """The schema as Python: `validate`, `FORMAT`, and in `SINCE` what needs which format."""
    return __import__(f"refinery.records.compiled.{name.replace('-', '_')}", fromlist=["validate"])


def _explained(
    name: SchemaName, document: Mapping[str, Any], where: str, broken: BrokenRule
) -> InvalidRecord:
    from itertools import islice

    import jsonschema

    from refinery.records.schema_text import load_schema

    validator = jsonschema.Draft202012Validator(load_schema(name))
    errors = list(islice(validator.iter_errors(document), _ENOUGH))
    unknown_keys = [error for error in errors if error.validator == "additionalProperties"]
    error = jsonschema.exceptions.best_match(unknown_keys or errors)
    if error is None:  # Python's `$` lets a final newline pass, the compiled pattern does not
        return InvalidRecord(where, "", str(broken))
    pointer = "".join(f"/{part}" for part in error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", ()))
        unknown = [key for key in error.instance if key not in known]
        return _unknown_key(where, pointer, unknown[0], known)
    return InvalidRecord(where, pointer, error.message)


def _unknown_key(where: str, pointer: str, key: str, known: list[str]) -> InvalidRecord:
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
    return InvalidRecord(where, f"{pointer}/{key}", "is not a known key", hint=hint)


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:200]} ... {message[-90:]}"
