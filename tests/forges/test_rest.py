"""The REST client: what it sends, what it never shows, and that the fakes let nothing pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refinery.adapters.forge_errors import (
    BadToken,
    ForgeAway,
    ForgeRefused,
    NoSuchRepository,
    NotPermitted,
    RateLimited,
)
from refinery.adapters.rest import Credential, message, reason
from refinery.errors import RefineryError
from refinery.queue.tracking import IssueDraft
from refinery.records.names import MrId
from tests.forges.benches import Trouble
from tests.forges.described import Description, Violation
from tests.forges.fake_gitea import TOKEN
from tests.forges.fault_proxy import Answer, Asked, Fault
from tests.forges.gitea_bench import GiteaBench
from tests.forges.gitlab_bench import GitLabBench

MARKER = f"refinery:mr=mr-0123456789 revision={'a' * 40}"
DRAFT = IssueDraft("Resolve it", f"<!-- {MARKER} -->", MARKER, MrId("mr-0123456789"), 1)


def refused(bench: GiteaBench | GitLabBench) -> RefineryError:
    """The error of looking for an issue."""
    with pytest.raises(RefineryError) as caught:
        bench.tracker().find(MARKER)
    return caught.value


def test_nothing_is_imported_before_a_forge_is_asked() -> None:
    code = (
        "import sys, refinery.adapters.gitlab, refinery.adapters.gitea\n"
        "print([name for name in ('requests', 'urllib3', 'email') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name.lower())
def test_no_error_shows_the_token(gitea_bench: GiteaBench, trouble: Trouble) -> None:
    if trouble is not Trouble.SLOW:
        gitea_bench.break_down(trouble)
        error = refused(gitea_bench)
        told = f"{error.message} {error.hint} {error.__cause__!r} {error!r}"
        assert TOKEN not in told
    assert TOKEN not in repr(Credential("Authorization", f"token {TOKEN}"))


@pytest.mark.parametrize("token", ["two lines\nof it", "with space", "schlüssel", "a\tb"])
def test_what_no_header_can_carry_is_not_sent_nor_shown(
    gitea_bench: GiteaBench, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("GITEA_TOKEN", token)
    error = refused(gitea_bench)
    assert isinstance(error, BadToken)
    assert error.hint == "set GITEA_TOKEN to the token and nothing else"
    assert token not in error.message
    assert gitea_bench.asked() == []


def test_a_line_in_netrc_does_not_replace_the_token(
    gitea_bench: GiteaBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert gitea_bench.tracker().find(MARKER) is None
    assert {one.headers["authorization"] for one in gitea_bench.proxy.asked} == {f"token {TOKEN}"}


def test_a_redirection_is_told_and_not_followed(gitea_bench: GiteaBench) -> None:
    """Whoever answers elsewhere would be shown the token."""
    where = {"Location": "http://somebody:secret@127.0.0.1:1/api/v1/repos/x/y"}
    gitea_bench.proxy.break_down(Fault(Answer(307, None, where)))
    error = refused(gitea_bench)
    assert isinstance(error, NoSuchRepository)
    assert "somewhere else: http://***@127.0.0.1:1/api/v1/repos/x/y" in error.message
    assert len(gitea_bench.asked()) == 1


@pytest.mark.parametrize(
    "body",
    [b"<html>Please log in</html>", b'{"a":', {"not": "a list"}, b"null", b"", [{}], ["text"]],
)
def test_an_answer_that_makes_no_sense_is_none(gitea_bench: GiteaBench, body: Any) -> None:
    gitea_bench.proxy.break_down(Fault(Answer(200, body)))
    error = refused(gitea_bench)
    assert isinstance(error, ForgeAway)
    assert error.message.endswith("does not answer (its answer makes no sense)")


def test_reading_is_tried_again_and_writing_is_not(gitea_bench: GiteaBench) -> None:
    tracker = gitea_bench.tracker()
    ref = tracker.open(DRAFT)
    gitea_bench.asked()
    gitea_bench.break_down(Trouble.SERVER_ERROR)
    with pytest.raises(ForgeAway):
        tracker.statuses([ref])
    assert len(gitea_bench.asked()) == 3
    gitea_bench.heal()
    gitea_bench.break_down(Trouble.SERVER_ERROR, writes=True)
    with pytest.raises(ForgeAway):
        tracker.comment(ref, "hello")
    assert [asked.split()[0] for asked in gitea_bench.asked()].count("POST") == 1


def test_pages_that_are_shorter_than_asked_for_are_all_read(gitea_bench: GiteaBench) -> None:
    gitea_bench.repository.page_size = 2
    ref = gitea_bench.tracker().open(DRAFT)
    for number in range(5):
        gitea_bench.file(f"other {number}")
    gitea_bench.asked()
    assert gitea_bench.tracker().find(MARKER) == ref
    assert len(gitea_bench.asked()) == 3


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"Retry-After": "90"}, "12:01:30"),
        ({"Retry-After": "Mon, 23 Nov 2026 12:05:00 GMT"}, "12:05:00"),
        ({"RateLimit-Reset": "1795438200", "RateLimit-Remaining": "0"}, "12:50:00"),
        ({}, "12:01:00"),
    ],
)
def test_a_limit_ends_when_the_forge_says(
    gitea_bench: GiteaBench, headers: dict[str, str], until: str
) -> None:
    from datetime import UTC, datetime

    gitea_bench.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    gitea_bench.proxy.break_down(Fault(Answer(429, {"message": "Too Many Requests"}, headers)))
    error = refused(gitea_bench)
    assert isinstance(error, RateLimited)
    assert f"{error.until:%H:%M:%S}" == until


def test_a_missing_scope_is_named(gitlab_bench: GitLabBench) -> None:
    gitlab_bench.break_down(Trouble.FORBIDDEN)
    error = refused(gitlab_bench)
    assert isinstance(error, NotPermitted)
    assert error.hint == "give GITLAB_TOKEN one of the scopes api"
    assert "insufficient_scope: The request requires higher privileges" in error.message


def test_a_refusal_in_the_forges_own_words(gitea_bench: GiteaBench) -> None:
    gitea_bench.proxy.break_down(Fault(Answer(423, {"message": "the repository is archived"})))
    error = refused(gitea_bench)
    assert isinstance(error, ForgeRefused)
    assert error.status == 423
    assert error.message.endswith("refuses: 423 (the repository is archived)")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"message": "404 Project Not Found"}, "404 Project Not Found"),
        ({"message": {"title": ["is too long", "is odd"]}}, "title is too long, is odd"),
        ({"message": {"base": ["is locked"]}}, "is locked"),
        ({"message": ["one", "two"]}, "one, two"),
        ({"error": "invalid_token", "error_description": "revoked"}, "invalid_token: revoked"),
        ({"message": "same", "error": "same"}, "same"),
        ({"message": None}, ""),
        ({}, ""),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_what_went_wrong_is_read_from_any_answer(told: Any, said: str) -> None:
    assert message(told) == said


def test_the_innermost_cause_is_the_reason() -> None:
    inner = OSError(111, "Connection refused")
    outer = ValueError("pool", RuntimeError("wrapped", inner))
    assert reason(outer) == "[Errno 111] Connection refused"
    assert reason(ValueError()) == "ValueError"


@pytest.mark.parametrize(
    ("name", "method", "target", "body", "why"),
    [
        ("gitea", "GET", "/repos/a/b/secrets", None, "not in the description"),
        ("gitea", "GET", "/repos/a/b/issues?colour=red", None, "'colour' was unexpected"),
        ("gitea", "GET", "/repos/a/b/issues?page=two", None, "'two' is not of type 'integer'"),
        ("gitea", "POST", "/repos/a/b/issues", {"body": "x"}, "'title' is a required property"),
        ("gitea", "POST", "/repos/a/b/issues", {"title": "x", "labels": ["y"]}, "labels/0"),
        ("gitea", "POST", "/repos/a/b/statuses/abc", {"state": "failed"}, "is not one of"),
        ("gitlab", "GET", "/projects/a%2Fb/issues?iids=1", None, "iids is not how it is asked"),
        ("gitlab", "POST", "/projects/1/statuses/abc", {"state": "failure"}, "is not one of"),
        ("gitlab", "PUT", "/projects/1/issues/1", {"state": "closed"}, "'state' was unexpected"),
        ("gitlab", "DELETE", "/projects/1/issues/1", None, "not in the description"),
    ],
)
def test_what_the_description_does_not_know_is_a_violation(
    name: str, method: str, target: str, body: Any, why: str
) -> None:
    import json
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(target)
    told = b"" if body is None else json.dumps(body).encode()
    asked = Asked(method, parts.path, parse_qs(parts.query), {}, told, target)
    with pytest.raises(Violation, match=why):
        Description(name).call(asked, parts.path)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gitea", Answer(200, {"id": 1, "login": "ada", "shoe_size": 42})),
        ("gitea", Answer(200, {"id": "1"})),
        ("gitea", Answer(202, {})),
        ("gitlab", Answer(200, {"id": 1, "login": "ada"})),
    ],
)
def test_an_answer_that_the_description_does_not_know_is_a_violation(
    name: str, answer: Answer
) -> None:
    description = Description(name)
    call = description.call(Asked("GET", "/user", {}, {}), "/user")
    with pytest.raises(Violation):
        description.check_answer(call, answer)


@pytest.mark.parametrize("name", ["gitea", "gitlab"])
def test_a_description_says_where_it_is_from(name: str) -> None:
    about = Description(name).about
    assert about.keys() == {"title", "version", "source", "licence"}
    assert about["licence"] == "MIT"
