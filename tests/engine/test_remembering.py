"""Which resolutions are learnt from what landed: those of conflicts, and only where asked for."""

from __future__ import annotations

import pytest

from refinery.engine.happenings import Happening, Trouble
from refinery.engine.process import process
from refinery.engine.run import End, Orders
from tests.engine.scripted import listened_to
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

MEMORY = "refs/refinery/resolutions"
CONFIG = "version: 1\nresolve: {{rerere: {wanted}}}\n"
OURS, THEIRS, BOTH = "1\nours\n3\n", "1\ntheirs\n3\n", "1\nboth\n3\n"


def conflict(box: Sandbox, *, wanted: bool = True) -> None:
    """`second` conflicts with `first`, which has landed."""
    config = CONFIG.format(wanted=str(wanted).lower())
    box.advance({".refinery.yaml": config, "code.py": "1\n2\n3\n"})
    box.request("first", {"code.py": OURS}, onto="main", priority=0)
    box.request("second", {"code.py": THEIRS}, onto="main", priority=1)
    drained(box)
    assert box.landed == ["first"]


def revise(box: Sandbox, code: str = BOTH) -> None:
    """Its author puts it on the target as it is now, and closes the issue."""
    box.git("fetch", "-q", "origin")
    box.request("second", {"code.py": code}, onto=box.sha("main", at=box.origin))
    for issue in box.cli("issue", "list", "--json").json:
        box.cli("issue", "close", issue["id"])


def drained(box: Sandbox) -> list[Happening]:
    with listened_to(box) as (engine, told):
        assert process(engine, Orders()) in (End.DRAINED, End.TROUBLED)
    return told


def conflict_again(box: Sandbox) -> list[Happening]:
    """The same two sides meet on another target."""
    first = box.git("rev-list", "--max-parents=0", "main", cwd=box.origin)
    release = box.commit("release", {"code.py": "1\n2\n3\n"}, onto=first)
    box.push("release")
    for number, (name, code) in enumerate((("one", OURS), ("two", THEIRS))):
        config = {".refinery.yaml": CONFIG.format(wanted="true")} if number == 0 else {}
        box.request(name, {"code.py": code, **config}, onto=release, target="release")
    told = drained(box)
    return [*told, *drained(box)]


def is_resolved(box: Sandbox) -> bool:
    return box.landed_on("release") == ["one", "two"] and box.tree("release")["code.py"] == BOTH


def test_a_revision_that_was_rebased_teaches_what_it_made_of_the_conflict(box: Sandbox) -> None:
    conflict(box)
    revise(box)
    drained(box)
    assert box.landed == ["first", "second"]
    assert MEMORY in box.refs("refs/refinery/")
    conflict_again(box)
    assert is_resolved(box)


def test_of_many_revisions_the_last_that_conflicted_is_the_lesson(box: Sandbox) -> None:
    conflict(box)
    box.cli("pause", "--reason", "three tries")
    for attempt in ("1\nhalf\n3\n", "1\nnearly\n3\n", BOTH):
        revise(box, attempt)
    box.cli("resume")
    drained(box)
    assert box.landed == ["first", "second"]
    conflict_again(box)
    assert is_resolved(box)


def test_nothing_is_learnt_where_nobody_asks_for_it(box: Sandbox) -> None:
    conflict(box, wanted=False)
    revise(box)
    drained(box)
    assert box.landed == ["first", "second"]
    assert MEMORY not in box.refs("refs/refinery/")


def test_a_revision_of_what_never_conflicted_teaches_nothing(box: Sandbox) -> None:
    box.advance({".refinery.yaml": CONFIG.format(wanted="true"), "code.py": "1\n2\n3\n"})
    box.request("feat", {"code.py": OURS}, onto="main")
    box.request("feat", {"code.py": THEIRS}, onto="main")
    drained(box)
    assert box.landed == ["feat"]
    assert MEMORY not in box.refs("refs/refinery/")


def test_trouble_with_the_memory_costs_the_lesson_and_no_landing(box: Sandbox) -> None:
    conflict(box)
    revise(box)
    box.hook("update", f'if [ "$1" = {MEMORY} ]; then echo "no lessons here" >&2; exit 1; fi')
    id = box.mr("second").id
    told = drained(box)
    assert box.landed == ["first", "second"]
    [words] = [each.words for each in told if isinstance(each, Trouble)]
    assert words.startswith(f"{id}: its conflicts are not remembered: push to {MEMORY}: ")
    assert "no lessons here" in words
