"""No regular expression that is applied to foreign text is held up by it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from refinery.cli.output import _unheard
from refinery.config.patterns import fits, found
from refinery.repo import masking
from refinery.repo.answers import is_away
from refinery.repo.masking import masked
from refinery.repo.trailers import trailers
from tests.hostile.patterns_of import Use, attacks, uses

FOUND, UNKNOWN = uses()
RULES = [Use("refinery.repo.masking", rule, 0, "sub") for rule, _ in masking._RULES]
EACH = {(use.expression, use.flags, use.method): use for use in (*FOUND, *RULES)}

LENGTH = 12_000
NOTHING = 0.004  # seconds in which a linear search of so few letters is long done
QUADRATIC = 9  # a text four times as long takes 4 times as long where time is linear, else 16


def cost(use: Use, text: str) -> float:
    """The processor's seconds: what else the machine does is not counted."""
    began = time.process_time()
    use.apply(text)
    return time.process_time() - began


def grows_too_fast(use: Use, head: str, pump: str, tail: str) -> bool:
    """Whether a text four times as long costs much more than four times as much."""

    def text(length: int) -> str:
        return head + pump * (length // len(pump)) + tail

    if cost(use, text(LENGTH)) < NOTHING:
        return False
    short, long = (min(cost(use, text(each)) for _ in range(3)) for each in (LENGTH // 4, LENGTH))
    return long > NOTHING and long > QUADRATIC * short


def slow(use: Use) -> list[tuple[str, str, str]]:
    return [each for each in attacks(use) if grows_too_fast(use, *each)]


def test_every_expression_of_the_source_is_looked_at() -> None:
    assert len(EACH) > 60
    assert set(UNKNOWN) == {
        "refinery.repo.masking: pattern",  # RULES
    }


@pytest.mark.journey
@pytest.mark.parametrize("use", EACH.values(), ids=lambda use: f"{use.where}-{use.method}")
def test_no_text_holds_up_a_regular_expression(use: Use) -> None:
    assert slow(use) == []


@pytest.mark.parametrize(
    ("work", "head", "pump"),
    [
        (masked, "extraheader", "\n"),
        (is_away, "", "repository "),
        (is_away, "", "permission to "),
        (is_away, "", "ssl "),
        (_unheard, "", "\n"),
        (trailers, "subject\n\nKey: value", "\n a"),
    ],
)
def test_time_does_not_grow_faster_than_the_text(
    work: Callable[[str], object], head: str, pump: str
) -> None:
    """Each of these once did: a line of a server's, a message or a log held up whoever read it."""

    def seconds(length: int) -> float:
        began = time.process_time()
        work(head + pump * (length // len(pump)))
        return time.process_time() - began

    short, long = (min(seconds(each) for _ in range(3)) for each in (20_000, 80_000))
    assert long < max(0.02, QUADRATIC * short)


@pytest.mark.journey
@pytest.mark.parametrize(
    "expression",
    [
        pytest.param(r"extraheader\s*[=:\s]\s*[^\n']+", marks=pytest.mark.soak),
        r"repository .*not found",
        r"^(?=\s*::)",
        r"(?:a|b)*c",
    ],
)
def test_the_test_finds_those_that_texts_hold_up(expression: str) -> None:
    use = Use("here", expression, 0 if "::" not in expression else 8, "search")
    assert any(grows_too_fast(use, *each) for each in attacks(use))


@pytest.mark.parametrize(
    "pattern", ["**a*" * 40 + "b", "{worker}?**" * 20, "*" * 239 + "b", "**/" * 80]
)
def test_no_pattern_of_a_configuration_is_work(pattern: str) -> None:
    began = time.process_time()
    assert not fits(pattern, "a" * 4000)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("pattern", "name", "fields"),
    [
        ("**a*b", "xa/yab", {}),
        ("**/{worker}/**", "a/b/c/d", {"worker": "c"}),
        ("{worker}-{issue}", "a-b-c", {"worker": "a-b", "issue": "c"}),
        ("*/{worker}", "a/b/c", None),
        ("**", "a\nb/c", {}),
        ("{worker}", "", None),
        ("a[b]?", "a[b]c", {}),
    ],
)
def test_patterns_find_as_much_as_they_can_from_the_left(
    pattern: str, name: str, fields: dict[str, str] | None
) -> None:
    assert found(pattern, name) == fields
