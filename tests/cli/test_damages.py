"""Each damage is found, shown before anything is changed, and put right as the catalogue says."""

from __future__ import annotations

from typing import Any

import pytest

from refinery.codes.findings import DOCTOR, FINDINGS, NEXT_RUN
from tests.cli.damages import BY_OTHERS, DAMAGES, Damage, a_memory_that_is_no_commit
from tests.cli.damaging import fsck
from tests.sandbox import Sandbox

pytestmark = pytest.mark.soak

NEXT = {each.code: each.next for each in FINDINGS}


def codes(box: Sandbox) -> list[str]:
    return [each["code"] for each in findings(box)]


def findings(box: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fsck(box).json["findings"]
    return found


def repair(box: Sandbox) -> list[dict[str, Any]]:
    points = box.cli("doctor", "--repair", "--yes", "--json").json
    return [each for each in points if each["topic"] == "repair"]


def test_each_code_has_its_damage() -> None:
    assert {*DAMAGES.values(), *BY_OTHERS} == {each.code for each in FINDINGS}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_it_is_found_shown_and_put_right(box: Sandbox, damage: Damage) -> None:
    damage(box)
    code = DAMAGES[damage]
    shown = [each for each in findings(box) if each["code"] == code]
    assert shown, findings(box)
    assert shown[0]["where"]
    assert shown[0]["what"]
    before = box.refs()
    box.cli("doctor", "--repair", "--json")
    assert box.refs() == before
    made = repair(box)
    left = codes(box)
    if code in left:
        explained = [each for each in made if each["code"] == f"repair-{code}"]
        assert explained or not made
        assert any(each["fix"] for each in shown) or NEXT[code] is None
        assert NEXT[code] != NEXT_RUN or box.cli("process", "--once").code in (0, 1)
    else:
        assert NEXT[code] in (NEXT_RUN, DOCTOR) or damage is a_memory_that_is_no_commit
        assert repair(box)[-1]["severity"] in ("ok", "warning", "info")


@pytest.mark.parametrize(
    "damage",
    [each for each, code in DAMAGES.items() if NEXT[code] == NEXT_RUN],
    ids=lambda damage: damage.__name__,
)
def test_the_next_run_puts_it_right(box: Sandbox, damage: Damage) -> None:
    damage(box)
    box.cli("process", "--drain")
    assert DAMAGES[damage] not in codes(box)
