"""Everything in a record is somebody else's text: no page obeys it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.adapters.forge_pages import ForgePages
from refinery.looks import Role
from refinery.page import badges
from refinery.page.commit_page import CommitFacts, Inside, commit_page
from refinery.page.entries import entry
from refinery.page.front import front_page
from refinery.page.links import Links
from refinery.page.lists import landed_page, search_page
from refinery.page.rendering import Frame, Visitor
from refinery.page.story import Past, story
from refinery.page.story_page import story_page
from refinery.queue.board import board
from refinery.queue.explaining import Explanation
from refinery.queue.standing import Code
from refinery.records.header import Pause, QueueHeader
from refinery.records.issue import Comment, Issue, IssueState
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    Failure,
    FailureType,
    Hold,
    MergeRequest,
    Status,
)
from refinery.records.names import Branch, IssueRef, MrId, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.events import Happened
from refinery.store.view import Damage, View
from refinery.values import replace
from tests.page.browsing import Html

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></textarea></pre><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% include 'layout.html' %}",
    "<!-- <b> --!> ]]> &lt;b&gt; &#60;",
    "\x1b[31mred\x00\x07\x08\r\n\u202eevil\u2066\ud800\ufffe",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x.js",
]


def pages(evil: str) -> Iterator[str]:
    """Every page there is, with the text wherever a text can be."""
    frame = Frame(
        evil,
        Links(forge=ForgePages("github", evil)),
        NOW,
        live=True,
        tokens=True,
        visitor=Visitor(evil, evil),
        notice=evil,
        trouble=evil,
        version=evil,
    )
    mrs = list(_merge_requests(evil))
    view = View(
        QueueHeader(Branch("main"), paused=Pause(evil, evil, NOW)),
        {mr.id: mr for mr in mrs},
        damage=(Damage(evil, evil, evil),),
        targets={Branch("main"): Sha("a" * 40), Branch(evil): Sha("b" * 40)},
    )
    shown = board(view, NOW)
    failed = {Branch("main"): _verdict(evil, MrId(evil)), Branch(evil): _verdict(evil, MrId(evil))}
    yield front_page(shown, frame, failures=failed)
    entries = [entry(mr) for mr in mrs]
    yield landed_page(entries, frame)
    yield search_page(evil, entries, frame)
    yield commit_page(
        CommitFacts(
            Sha(evil),
            evil,
            evil,
            NOW,
            (Inside(Branch(evil), Sha(evil), entries[0]), Inside(Branch(evil), Sha(evil), None)),
            (Branch(evil),),
            tuple(entries),
        ),
        frame,
    )
    lines = {line.id: line for line in shown.line}
    for mr in mrs:
        told = Explanation(
            Code.READY, evil, evil, evil, Sha(evil), (MrId(evil),), (evil,) * 9, evil
        )
        past = Past((_event(evil, mr.id),), (_verdict(evil, mr.id),), (_issue(evil, mr.id),))
        yield story_page(story(mr, told, past, line=lines.get(mr.id)), frame)
    yield badges.svg(badges.Badge(evil, evil, Role.GOOD))


def _merge_requests(evil: str) -> Iterator[MergeRequest]:
    plain = MergeRequest(
        id=MrId("mr-0000000001"),
        branch=Branch(evil),
        target=Branch("main"),
        head=Sha("c" * 40),
        status=Status.OPEN,
        priority=1,
        title=evil,
        worker=evil,
        created_at=NOW,
        submitted_at=NOW,
        retry_count=1,
        source_issue=evil,
        epic=evil,
        convoy_id=evil,
        depends_on=(MrId(evil),),
        attempts=(Attempt(NOW, evil, AttemptOutcome.TESTS_FAIL, Sha(evil), Sha(evil), (), evil),),
    )
    yield plain
    blocked = IssueRef(evil)
    yield replace(
        plain,
        id=MrId("mr-0000000002"),
        target=Branch(evil),
        depends_on=(),
        blocked_by=blocked,
        block=Block(evil, Sha("c" * 40), Sha("d" * 40), (evil, evil)),
    )
    failure = Failure(FailureType.TESTS_FAIL, NOW, f"{evil}\n{evil}")
    yield replace(plain, id=MrId("mr-0000000003"), depends_on=(), failure=failure)
    yield replace(plain, id=MrId("mr-0000000004"), hold=Hold(evil, evil, NOW))
    yield replace(
        plain,
        id=MrId("mr-0000000005"),
        status=Status.CLOSED,
        closed_at=NOW,
        close_reason=CloseReason.REJECTED,
        error=evil,
        merge_commit=Sha(evil),
    )


def _event(evil: str, id: MrId) -> Happened:
    return Happened(Sha("e" * 40), evil, evil, NOW, evil, (id, MrId(evil)), {evil: evil})


def _verdict(evil: str, id: MrId) -> Verdict:
    check = CheckReport(evil, Result.FAIL, 1.0, 1, evil, evil)
    members = (id, MrId(evil))
    return Verdict(
        Sha("f" * 40), evil, Result.FAIL, 2, Branch(evil), Sha(evil), members, 1.0, NOW, evil,
        checks=(check,),
    )  # fmt: skip


def _issue(evil: str, id: MrId) -> Issue:
    said = (Comment(evil, NOW + timedelta(hours=1), evil),)
    return Issue(IssueRef(evil), IssueState.OPEN, evil, evil, NOW, mr=id, comments=said)


def tame(page: str) -> None:
    """Whether the page has nothing but what its templates put there."""
    html = Html(page)
    for each in html.elements:
        assert each.name in _KNOWN, each
        for name, value in each.attributes.items():
            assert not name.startswith("on"), each
            assert name != "style", each
            if name in ("href", "src", "action"):
                assert _is_ours(value), each
    for letter in page:
        assert letter in "\n\t" or letter >= " ", repr(letter)
        assert letter not in "\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    scripts = [each.attributes.get("src", "") for each in html.all("script")]
    assert all(each.startswith("assets/page.js?v=") for each in scripts)


def _is_ours(address: str) -> bool:
    scheme = address.partition("/")[0]
    return ":" not in scheme and not address.startswith("/")


_KNOWN = {
    "html", "head", "meta", "title", "link", "script", "noscript", "body", "a", "header", "div",
    "svg", "path", "circle", "span", "nav", "ul", "li", "form", "label", "input", "kbd", "main",
    "section", "h1", "h2", "p", "strong", "small", "dl", "dt", "dd", "ol", "time", "code", "pre",
    "details", "summary", "button", "select", "option", "progress", "footer", "clippath", "g",
    "rect", "text",
}  # fmt: skip


@pytest.mark.parametrize("evil", NASTY)
def test_no_text_of_a_record_becomes_part_of_a_page(evil: str) -> None:
    for page in pages(evil):
        tame(page)


@settings(max_examples=6)
@given(st.text(alphabet=st.sampled_from("<>\"'&/=:;(){}%#-! \x00\x1b\u202eaonsrcjx"), max_size=30))
def test_nor_does_any_other_text(evil: str) -> None:
    for page in pages(evil):
        tame(page)


def test_text_is_shown_as_it_was_written() -> None:
    evil = '<b>bold</b> & "quoted" {{ 7 * 7 }}'
    for page in pages(evil):
        if "<svg xmlns" not in page:
            assert evil in Html(page).text


@pytest.mark.parametrize(
    ("kind", "issue", "address"),
    [
        ("github", "github#7", "https://example.com/o/r/issues/7"),
        ("gitlab", "gitlab#7", "https://example.com/o/r/-/issues/7"),
        ("github", "gitlab#7", None),
        ("github", "local#7", None),
        ("github", "github#../../evil", None),
        ("github", "github#7?x=<script>", None),
    ],
)
def test_only_numbers_of_the_own_forge_are_links(
    kind: str, issue: str, address: str | None
) -> None:
    assert ForgePages(kind, "https://example.com/o/r").issue(issue) == address
    assert ForgePages(kind, "javascript:alert(1)//").issue(issue) is None
