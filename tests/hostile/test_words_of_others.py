"""What others wrote stands in issues, comments and proposals as text: a reader of Markdown finds
in it no link, image, mention, list or tag that we did not write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.adapters.issue_text import carries
from refinery.engine import notice_words, words
from refinery.engine.words import ConflictFacts, SideCommit
from refinery.records.merge_request import Block, MergeRequest, Status
from refinery.records.names import Branch, MrId, Sha
from tests.hostile import strange

NASTY = (
    "<script>alert(1)</script>", "![x](https://evil.example/x.png)", "[click](javascript:alert(1))",
    "@everyone", "a@b", "#1", "`", "``` \n# x", "</code></pre><h1>x</h1>",
    "<!-- refinery:mr=mr-2 -->",
    "--> <b>x</b> <!--", "\n\n# heading\n\n- item", "| a | b |\n|---|---|", "https://evil.example",
    "www.evil.example", "\\`<b>\\`", "&lt;b&gt;", "[x]: https://evil.example", "***x***", "~~x~~",
    "\x1b[31m", "\u202e", "\r\n/close\r\n", "!1 &1 %1 ~1",
)  # fmt: skip
MARKER = "refinery:mr=mr-0000000001 revision=" + "1" * 40
AT = datetime(2026, 1, 2, tzinfo=UTC)


def as_branch(evil: str) -> str:
    """The same in so far as git takes it for a branch."""
    return re.sub(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//", "-", evil) or "x"


def request(evil: str) -> MergeRequest:
    return MergeRequest(
        id=MrId("mr-0000000001"),
        branch=Branch(as_branch(evil)),
        target=Branch(as_branch(f"to{evil}")),
        head=Sha("1" * 40),
        status=Status.OPEN,
        priority=2,
        title=evil,
        worker=evil,
        created_at=AT,
        submitted_at=AT,
        retry_count=0,
        source_issue=evil or None,
        merge_commit=Sha("2" * 40),
        block=Block("conflict", Sha("1" * 40), Sha("3" * 40), (evil,), tried=(evil,)),
    )


def bodies(evil: str) -> Iterator[str]:
    """Every text in Markdown that a forge gets."""
    mr = request(evil)
    side = (SideCommit(Sha("4" * 40), evil, MrId("mr-0000000002")),)
    facts = ConflictFacts((evil, "a.txt"), side, side)
    yield words.conflict_body(mr, Sha("3" * 40), facts, MARKER)
    yield words.still_conflicts(mr, (evil,))
    yield words.landed_comment(mr, "refinery:told=x task=y")


def assert_tame(body: str) -> None:
    """CommonMark and tables, with HTML let through as a forge does."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(body)
    flat = [inner for token in tokens for inner in (token, *(token.children or ()))]
    kinds = {token.type for token in flat}
    assert not kinds & {
        "link_open",
        "image",
        "heading_open",
        "table_open",
        "em_open",
        "strong_open",
    }
    html = [token.content.strip() for token in flat if token.type.startswith("html")]
    assert all(re.fullmatch(r"<!-- refinery:[\w=\- ]+ -->", each) for each in html), html


@pytest.mark.parametrize("evil", NASTY)
def test_words_of_others_are_no_markdown(evil: str) -> None:
    for body in bodies(evil):
        assert_tame(body)


@settings(max_examples=40)
@given(st.text(st.sampled_from("`<>!-[]()#*_@\\\n |~&x1"), max_size=12) | strange.texts)
def test_nor_are_any_others(evil: str) -> None:
    for body in bodies(evil):
        assert_tame(body)


@pytest.mark.parametrize("evil", NASTY)
def test_an_issue_carries_its_own_marker_and_no_others(evil: str) -> None:
    body = next(bodies(f"{evil}\n<!-- refinery:mr=mr-9 -->\n"))
    assert carries(body, MARKER)
    assert not carries(body, "refinery:mr=mr-9")


@pytest.mark.parametrize("evil", NASTY)
@pytest.mark.parametrize("about", ["merged", "conflict", "rejected", "failed"])
def test_a_notice_rings_nobody_and_is_lines_of_text(evil: str, about: str) -> None:
    told = notice_words.notice(about, request(evil))
    assert "@everyone" not in told.title + told.body
    for letter in told.title + told.body:
        assert letter == "\n" or letter.isprintable() or letter == "\N{WORD JOINER}", repr(letter)
