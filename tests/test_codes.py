"""Codes are stable: each that a program can meet is in the catalogue, and nothing else is."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

import refinery
from refinery.cli.catalogue import COMMANDS
from refinery.codes.catalogue import ALL, REFUSALS, find
from refinery.codes.meaning import WHERE, Kind
from refinery.errors import command_in
from refinery.queue.ending import Ending
from refinery.queue.planning.facts import Purpose
from refinery.queue.standing import Code
from refinery.queue.submission import Novelty, Relation
from refinery.records.merge_request import AttemptOutcome, CloseReason, FailureType

PACKAGE = Path(refinery.__file__).parent


def codes(kind: Kind) -> list[str]:
    return [each.code for each in ALL if each.kind is kind]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.STANDING, Code),
        (Kind.ENDING, CloseReason),
        (Kind.FAILURE, FailureType),
        (Kind.ATTEMPT, AttemptOutcome),
        (Kind.PURPOSE, Purpose),
    ],
)
def test_every_word_of_an_enumeration_is_explained(kind: Kind, words: type[StrEnum]) -> None:
    assert sorted(codes(kind)) == sorted(each.value for each in words)


def test_every_outcome_of_wait_and_submit_is_explained() -> None:
    assert {*codes(Kind.WAIT)} == {each.value for each in Ending} | {"timeout"}
    nothing = {each.value.replace(" ", "_") for each in Relation if each is not Relation.AHEAD}
    known = {each.value for each in Novelty} | nothing | {"unchanged"}
    assert {*codes(Kind.SUBMISSION)} == known


def test_the_exit_codes_of_wait_are_in_the_words() -> None:
    for each in Ending:
        [meaning] = [known for known in find(each.value) if known.kind is Kind.WAIT]
        assert f"exit code {each.exit_code}." in meaning.means


def test_every_refusal_has_a_code_that_is_explained_and_each_of_these_is_used() -> None:
    assert {each.code for each in REFUSALS} == refusals()


def refusals() -> set[str]:
    """The codes of all errors: of their classes, and of single calls."""
    texts = [path.read_text() for path in PACKAGE.rglob("*.py") if "codes" not in path.parts]
    of_class = re.compile(r'^    code(?:: str)? = "([a-z-]+)"$', re.MULTILINE)
    of_call = re.compile(r'\bcode="([a-z-]+)"')
    return {code for text in texts for code in (*of_class.findall(text), *of_call.findall(text))}


def test_a_code_is_one_word_and_one_of_its_kind() -> None:
    assert len({(each.kind, each.code) for each in ALL}) == len(ALL)
    for each in REFUSALS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.code), each.code
    assert {*WHERE} == {*Kind}


def test_the_words_are_sentences_and_the_commands_are_there() -> None:
    for each in ALL:
        for words in (each.means, each.why):
            assert re.match(r"[A-Z`]", words), words
            assert words.endswith("."), words
        if each.next is not None:
            program, command, *_ = each.next.split()
            assert program in ("refinery", "git", "pip"), each.next
            assert program != "refinery" or command in COMMANDS or command == "--help", each.next


def test_minus_and_underscore_are_the_same_to_people() -> None:
    assert find("tests-fail") == find("tests_fail") == find(" TESTS_FAIL ")
    assert [each.kind for each in find("landed")] == [Kind.ATTEMPT, Kind.WAIT]
    assert find("nothing-like-it") == ()


@pytest.mark.parametrize(
    ("hint", "command"),
    [
        (None, None),
        ("refinery why mr-1", "refinery why mr-1"),
        ("`refinery list` shows what is there", "refinery list"),
        ("wait for it: refinery wait mr-1", "refinery wait mr-1"),
        ("git pull --ff-only, then submit again", "git pull --ff-only"),
        (
            "pip install 'git-refinery[top]', or `refinery top --once`",
            "pip install 'git-refinery[top]'",
        ),
        ("usage: refinery claim [-h] id", None),
        ("name one: refinery submit <branch>", None),
        ("install git 2.38 or later", None),
    ],
)
def test_the_command_that_a_hint_names_can_be_run_as_it_stands(
    hint: str | None, command: str | None
) -> None:
    assert command_in(hint) == command
