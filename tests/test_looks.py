"""One visual language: every state has a look, no look needs colour, every colour can be read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from unicodedata import east_asian_width

import pytest

from refinery import looks
from refinery.audit.findings import Severity
from refinery.cli.plain_signs import in_ascii
from refinery.looks import Look, Role, Shades
from refinery.queue.planning.facts import Health
from refinery.queue.standing import Code
from refinery.records.issue import IssueState
from refinery.records.merge_request import AttemptOutcome, CloseReason
from refinery.records.verdict import Result

TABLES: dict[str, Mapping[str, Look]] = {
    "standings": looks.STANDINGS,
    "endings": looks.ENDINGS,
    "results": looks.RESULTS,
    "attempts": looks.ATTEMPTS,
    "health": looks.HEALTH,
    "processor": looks.PROCESSOR,
    "issues": looks.ISSUES,
    "findings": looks.FINDINGS,
}
AA = 4.5  # WCAG 2: contrast of text


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (looks.STANDINGS, Code),
        (looks.ENDINGS, CloseReason),
        (looks.RESULTS, Result),
        (looks.ATTEMPTS, AttemptOutcome),
        (looks.HEALTH, Health),
        (looks.ISSUES, IssueState),
        (looks.FINDINGS, Severity),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else "",
)
def test_every_state_has_a_look_and_every_look_a_state(
    table: Mapping[str, Look], states: type[StrEnum]
) -> None:
    assert {*table} == {str(each.value) for each in states}


@pytest.mark.parametrize("name", TABLES)
def test_signs_take_one_column_and_have_a_plain_one(name: str) -> None:
    for look in TABLES[name].values():
        assert (len(look.sign), len(look.ascii)) == (1, 1)
        assert east_asian_width(look.sign) not in "WF"
        assert look.ascii.isascii()
        assert look.ascii.isprintable()
        assert "".join(in_ascii(look.sign)) == look.ascii


@pytest.mark.parametrize("name", TABLES)
def test_states_differ_without_their_colours(name: str) -> None:
    """In a table, nobody has to tell two states apart by colour, nor by sign alone."""
    table = TABLES[name]
    assert len({look.word for look in table.values()}) == len(table)


def test_one_sign_means_one_plain_sign_everywhere() -> None:
    pairs = {(look.sign, look.ascii) for table in TABLES.values() for look in table.values()}
    assert len(pairs) == len({sign for sign, _ in pairs})


def test_the_words_in_brackets_are_those_that_scripts_know() -> None:
    standings = {state: look.in_brackets for state, look in looks.STANDINGS.items()}
    assert standings == {
        "ready": "[pending]",
        "claimed": "[processing]",
        "paused": "[pending]",
        "frozen": "[frozen]",
        "held": "[held]",
        "awaiting-push": "[announced]",
        "in-pull-request": "[in pull request]",
        "blocked-by-issue": "[blocked]",
        "blocked-by-mr": "[blocked]",
        "dependency-failed": "[blocked]",
        "unit-incomplete": "[blocked]",
        "needs-rework": "[needs-rework]",
        "closed": "[closed]",
    }
    endings = {reason: look.in_brackets for reason, look in looks.ENDINGS.items()}
    assert endings == {reason: f"[{reason}]" for reason in looks.ENDINGS}


def test_how_it_ended_goes_before_where_it_stands() -> None:
    assert looks.of_merge_request("closed", "merged").word == "landed"
    assert looks.of_merge_request("held").word == "held"


# Colours


@pytest.mark.parametrize(
    ("shades", "ground"), [(looks.LIGHT, looks.GROUND_LIGHT), (looks.DARK, looks.GROUND_DARK)]
)
@pytest.mark.parametrize("role", Role)
def test_every_text_can_be_read(shades: Mapping[Role, Shades], ground: str, role: Role) -> None:
    mine = shades[role]
    assert contrast(mine.text, ground) >= AA
    assert contrast(mine.text, mine.fill) >= AA
    assert contrast("#ffffff", mine.badge) >= AA


def test_every_role_has_a_colour_of_the_persons_own_theme() -> None:
    assert {*looks.ANSI} == {*Role}
    assert [role for role, code in looks.ANSI.items() if code == ""] == [Role.PLAIN]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
