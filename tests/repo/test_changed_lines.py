"""Which lines changed is said as merges see it, and only where lines say it all."""

from __future__ import annotations

import pytest

from refinery.records.names import Sha
from refinery.repo.changed_lines import (
    Edited,
    Hunk,
    carried,
    clear_of_each_other,
    edited_lines_many,
)
from refinery.repo.process import GitError
from refinery.repo.repository import Repository

from .conftest import Box

OLD, NEW = Sha("1" * 40), Sha("2" * 40)
X = frozenset({"x"})


def tree(box: Box, repo: Repository, files: dict[str, str]) -> Sha:
    return repo.reader.commit(box.commit(repo, files)).tree


def text(**changed: str) -> str:
    return "".join(changed.get(f"_{number}", f"{number}\n") for number in range(1, 11))


def test_hunks_are_of_the_old_text_and_say_by_how_much_it_grew(box: Box, clone: Repository) -> None:
    old = {"a b\tc": text(), 'q"': text(), "x": text(), "ä": text(), "gone": "1\n", "nul": "\0"}
    new = old | {
        "x": text(_2="two\n", _4="", _5="", _7="7\n+++ b/x\n@@ -1 +1 @@\n", _10="10"),
        "ä": "0\n" + text(),
        'q"': text(_1="one\n"),
        "nul": "\0\0",
        "new": "1\n",
    }
    del new["gone"]
    before, after = tree(box, clone, old), tree(box, clone, new)
    first, same, last = edited_lines_many(
        clone, [(before, after), (before, before), (after, before)], only=()
    )
    assert {path: edited.hunks for path, edited in first.items()} == {
        "x": ((2, 3, 0), (4, 6, -2), (8, 8, 2), (10, 11, 0)),
        "ä": ((1, 1, 1),),
    }
    assert same == {}
    assert (first["x"].old, first["x"].new) == (last["x"].new, last["x"].old)
    (only,) = edited_lines_many(clone, [(before, after)], only=["ä", "new"])
    assert only == {"ä": first["ä"]}
    assert edited_lines_many(clone, []) == []


def test_a_tree_that_is_not_here_is_trouble_and_no_edit(box: Box, clone: Repository) -> None:
    there = tree(box, clone, {"x": text()})
    with pytest.raises(GitError):
        edited_lines_many(clone, [(there, Sha("3" * 40)), (there, there)])


def edited(*hunks: Hunk, old: Sha = OLD, new: Sha | None = NEW) -> dict[str, Edited]:
    return {"x": Edited(old, new, hunks)}


THERE = edited((2, 3, 1), (25, 26, 0), old=NEW)


@pytest.mark.parametrize(
    ("one", "other", "clear"),
    [
        (edited((5, 6, 0)), edited((9, 10, 0)), True),
        (edited((5, 6, 0)), edited((8, 9, 0)), False),
        (edited((5, 5, 9)), edited((8, 8, 1)), True),
        (edited((1, 2, 0), (20, 30, 0)), edited((10, 12, 0), (40, 41, 0)), True),
        (edited((1, 2, 0), (20, 30, 0)), edited((10, 12, 0), (32, 41, 0)), False),
        (edited((5, 6, 0)), edited((50, 51, 0), old=NEW), False),
        (edited((5, 6, 0)), {}, False),
    ],
)
def test_edits_are_clear_with_three_lines_between_them(
    one: dict[str, Edited], other: dict[str, Edited], clear: bool
) -> None:
    assert clear_of_each_other(one, other, X, lines=3) is clear
    assert clear_of_each_other(other, one, X, lines=3) is clear


@pytest.mark.parametrize(
    ("edits", "drift", "there"),
    [
        (edited((20, 21, 4)), {}, edited((20, 21, 4))),
        (edited((20, 21, 4)), edited((1, 3, -2), (7, 7, 5)), edited((23, 24, 4), old=NEW)),
        (
            edited((2, 3, 1), (20, 21, 4)),
            edited((9, 9, 5)),
            edited((2, 3, 1), (25, 26, 4), old=NEW),
        ),
        (edited((20, 21, 4)), edited((23, 24, 0)), {}),
        (edited((20, 21, 4)), edited((1, 2, 0), old=NEW), {}),
    ],
)
def test_edits_are_carried_over_what_the_text_got_meanwhile(
    edits: dict[str, Edited], drift: dict[str, Edited], there: dict[str, Edited]
) -> None:
    found = carried(edits, drift, lines=3)
    assert {path: (each.old, each.hunks) for path, each in found.items()} == {
        path: (each.old, each.hunks) for path, each in there.items()
    }
