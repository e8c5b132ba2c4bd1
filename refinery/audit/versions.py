"""The versions of a record that the history of its ref still has."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.audit.findings import Evidence
from refinery.records import document
from refinery.records.document import Record
from refinery.records.names import Ref
from refinery.records.schema import InvalidRecord


def versions(evidence: Evidence, ref: Ref, path: str, cls: type[Record]) -> Iterator[Record]:
    """Those that can be read, newest first; the same one may come again."""
    for commit in evidence.trail(ref).commits():
        data = evidence.repo.reader.blob(f"{commit.oid}:{path}")
        if data is None:
            continue
        try:
            yield document.read(cls, data, where=path)
        except InvalidRecord:
            continue
