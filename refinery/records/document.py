"""Reads and writes records as documents: text, schema and value in one step each."""

from __future__ import annotations

from refinery.records import text
from refinery.records.claim import Claim
from refinery.records.codec import from_mapping, to_mapping
from refinery.records.formats import oldest, upgraded
from refinery.records.handed_over import HandedOver
from refinery.records.header import QueueHeader
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.schema import InvalidRecord, SchemaName, check, newest
from refinery.records.verdict import Verdict
from refinery.typed import Any, TypeVar

AnyRecord = MergeRequest | Claim | Verdict | Issue | QueueHeader | HandedOver
Record = TypeVar("Record", MergeRequest, Claim, Verdict, Issue, QueueHeader, HandedOver)

SCHEMA_OF: dict[type, SchemaName] = {
    MergeRequest: "merge-request",
    Claim: "claim",
    Verdict: "verdict",
    Issue: "issue",
    QueueHeader: "queue",
    HandedOver: "candidate",
}


def read(cls: type[Record], data: bytes, *, where: str) -> Record:
    """The record a document holds; `InvalidRecord` names `where` and the JSON pointer."""
    try:
        mapping = upgraded(SCHEMA_OF[cls], text.load(data), where=where)
    except text.UnreadableText as error:
        raise InvalidRecord(where, "", error.message) from None
    check(SCHEMA_OF[cls], mapping, where=where)
    try:
        return from_mapping(cls, mapping)
    except ValueError as error:  # a date such as the 31st of February
        raise InvalidRecord(where, "", str(error)) from None


def write(record: AnyRecord) -> bytes:
    """The document of a record, checked against its schema before anybody sees it."""
    return text.dump(written(record))


def written(record: AnyRecord) -> dict[str, Any]:
    """The same as a mapping: in the oldest format that can say it."""
    name = SCHEMA_OF[type(record)]
    mapping = {"version": newest(name), **to_mapping(record)}
    check(name, mapping, where=type(record).__name__)
    return {**mapping, "version": oldest(name, mapping)}
