"""How much spans of commits change, asked of git for all at once."""

from __future__ import annotations

from refinery.records.names import Sha
from refinery.repo.repository import Repository
from refinery.repo.sizes import Size, sizes

from .conftest import Box


def test_each_span_has_its_files_and_lines_and_the_last_may_change_nothing(
    box: Box, clone: Repository
) -> None:
    base = box.commit(clone, {"x": ""})
    one = box.commit(clone, {"x": "", "a": "1\n2\n", "b": "\0"}, base)
    two = box.commit(clone, {"x": "", "a": "1\n3\n", "b": "\0"}, one)
    same = box.commit(clone, {"x": "", "a": "1\n3\n", "b": "\0"}, two, message="nothing")
    gone = Sha("1" * 40)
    assert sizes(clone, [(base, one), (one, gone), (one, two), (two, same)]) == {
        (base, one): Size(frozenset({"a", "b"}), 2),
        (one, two): Size(frozenset({"a"}), 2),
        (two, same): Size(frozenset(), 0),
    }
