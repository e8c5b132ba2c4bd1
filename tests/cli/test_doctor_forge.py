"""`refinery doctor` asks the configured forge, and says what of the token or the forge is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.forges.fault_proxy import Answer, Asked, Fault, Forward
from tests.forges.github_server import TOKEN, GitHubServer, start_github
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

REPOSITORY = r"/repos/acme/shop-\d+"


@pytest.fixture(scope="session")
def server(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHubServer]:
    """GitHub's emulator."""
    started = start_github(tmp_path_factory.mktemp("github"))
    yield started
    started.stop()


@pytest.fixture
def github(server: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    """The same, whole again afterwards, and a token for it."""
    monkeypatch.setenv("GITHUB_API_URL", server.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    yield server
    server.clear()
    server.lacks.scopes = "repo, workflow"


@pytest.fixture
def hub(box: Sandbox, github: GitHubServer) -> Sandbox:
    """A set-up on GitHub with nothing to say about it."""
    repository = github.repository()
    assert box.cli("init", "--yes", "--github", "--check", "true").code == 0
    text = box.tree()[".refinery.yaml"]
    box.config(f"{text}repository: {repository}\n")
    return box


@contextmanager
def changed(github: GitHubServer, path: str, change: Callable[[Answer], Answer]) -> Iterator[None]:
    """What the forge answers to reading a path, changed."""

    def extension(asked: Asked, forward: Forward) -> Answer | None:
        if asked.writes or not re.fullmatch(path, asked.path):
            return None
        answer = github.lacks(asked, forward)
        return change(answer if answer is not None else forward(asked))

    github.proxy.extensions.insert(0, extension)
    try:
        yield
    finally:
        github.proxy.extensions.remove(extension)


def points(box: Sandbox, *argv: str) -> list[dict[str, Any]]:
    done = box.cli("doctor", "--json", *argv)
    assert done.out, done.err
    found: list[dict[str, Any]] = done.json
    assert done.code == any(each["severity"] == "error" for each in found)
    return found


def unwell(box: Sandbox, *argv: str) -> dict[str, str]:
    """Code -> severity of all that is not fine."""
    return {
        each["code"]: each["severity"] for each in points(box, *argv) if each["severity"] != "ok"
    }


def fix_of(box: Sandbox, code: str) -> str:
    [found] = [each["fix"] for each in points(box) if each["code"] == code]
    assert isinstance(found, str)
    return found


def test_a_forge_that_is_well_is_named(hub: Sandbox) -> None:
    found = {each["topic"]: each["what"] for each in points(hub)}
    repository = found["tracker"].removeprefix("conflicts become issues of ")
    assert unwell(hub) == {}
    assert found["forge"].startswith(f"{repository} on 127.0.0.1:")
    assert found["forge"].endswith(", as acme")
    assert found["workflow"] == ".github/workflows/refinery.yml is of this version"


@pytest.mark.parametrize(("ci", "severity"), [("", "warning"), ("true", "error")])
def test_a_missing_token_is_named_and_counts_where_it_is_used(
    hub: Sandbox, monkeypatch: pytest.MonkeyPatch, ci: str, severity: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("REFINERY_WORKER", "one")
    monkeypatch.delenv("GITHUB_TOKEN")
    assert unwell(hub) == {"token-missing": severity}
    assert fix_of(hub, "token-missing").startswith("set GITHUB_TOKEN to a token for acme/")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert unwell(hub) == {}


def test_a_token_that_is_not_known_is_refused(
    hub: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_revoked0123456789abcdef")
    assert unwell(hub) == {"token-refused": "error"}
    assert "ghp_revoked" not in hub.cli("doctor").out
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert unwell(hub) == {}


@pytest.mark.parametrize(
    ("scopes", "ci", "found"),
    [
        (None, "", {}),
        ("repo", "", {}),
        ("public_repo", "", {}),
        ("read:org", "", {"token-scope": "error"}),
        ("", "", {"token-scope": "error"}),
        ("repo", "true", {"token-workflow-scope": "warning"}),
        ("repo, workflow", "true", {}),
    ],
)
def test_scopes_are_those_that_are_needed(
    hub: Sandbox,
    github: GitHubServer,
    monkeypatch: pytest.MonkeyPatch,
    scopes: str | None,
    ci: str,
    found: dict[str, str],
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("REFINERY_WORKER", "one")
    github.lacks.scopes = scopes
    assert unwell(hub) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"has_issues": False}, {"tracker-issues-disabled": "error"}),
        ({"permissions": {"push": False}}, {"token-read-only": "error"}),
        ({"full_name": "acme/other"}, {"forge-renamed": "warning"}),
    ],
)
def test_what_the_repository_says_is_told(
    hub: Sandbox, github: GitHubServer, told: dict[str, Any], found: dict[str, str]
) -> None:
    def change(answer: Answer) -> Answer:
        return Answer(answer.status, {**answer.json, **told}, answer.headers)

    with changed(github, REPOSITORY, change):
        assert unwell(hub) == found
    assert unwell(hub) == {}


def test_a_workflows_own_token_is_not_taken_at_its_word(hub: Sandbox, github: GitHubServer) -> None:
    def cannot_push(answer: Answer) -> Answer:
        return Answer(200, {**answer.json, "permissions": {"push": False}}, answer.headers)

    def nobody(_: Answer) -> Answer:
        return Answer(403, {"message": "Resource not accessible by integration"})

    with changed(github, REPOSITORY, cannot_push), changed(github, "/user", nobody):
        assert unwell(hub) == {}


def test_few_requests_left_are_told(hub: Sandbox, github: GitHubServer) -> None:
    def few(answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, {**answer.headers, "x-ratelimit-remaining": "9"})

    with changed(github, REPOSITORY, few):
        assert unwell(hub) == {"token-rate-limit": "warning"}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(404, {"message": "Not Found"}), {"forge-no-repository": "error"}),
        (Answer(403, {"message": "Resource not accessible"}), {"token-scope": "error"}),
        (Answer(502, {"message": "Bad Gateway"}), {"forge-away": "error"}),
        (
            Answer(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0"}),
            {"forge-rate-limited": "warning"},
        ),
        (None, {"forge-away": "error"}),
    ],
)
def test_a_forge_that_does_not_answer_well_is_told_by_name(
    hub: Sandbox, github: GitHubServer, answer: Answer | None, found: dict[str, str]
) -> None:
    hub.git("config", "refinery.timeout", "3")
    github.proxy.break_down(Fault(answer))
    assert unwell(hub) == found
    github.proxy.heal()
    assert unwell(hub) == {}


def test_a_forge_that_hangs_is_not_waited_for(hub: Sandbox, github: GitHubServer) -> None:
    hub.git("config", "refinery.timeout", "0.5")
    github.proxy.break_down(Fault(hangs=True))
    assert unwell(hub)["forge-away"] == "error"


def test_clocks_that_differ_are_told(hub: Sandbox) -> None:
    hub.clock.tick(3600)
    [found] = [each for each in points(hub) if each["code"] == "clock-skew"]
    assert found["severity"] == "warning"
    assert re.match(r"this machine's clock is 36\d\d seconds ahead of 127", found["what"])
    hub.clock.tick(-3600)
    assert unwell(hub) == {}


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ([200, 500], {}),
        ([502, 200], {"webhook-failing": "warning"}),
        ([], {}),
    ],
)
def test_webhooks_that_do_not_arrive_are_told(
    hub: Sandbox, github: GitHubServer, codes: list[int], found: dict[str, str]
) -> None:
    config = {"url": "https://ci.example.org/webhook?token=secret"}
    hook = {"id": 1, "active": True, "config": config, "events": ["issues"]}
    deliveries = [
        {"status_code": code, "status": "?", "event": "issues", "delivered_at": "2026-01-01"}
        for code in codes
    ]
    with (
        changed(github, f"{REPOSITORY}/hooks", lambda _: Answer(200, [hook])),
        changed(github, f"{REPOSITORY}/hooks/1/deliveries", lambda _: Answer(200, deliveries)),
    ):
        assert unwell(hub) == found
        assert "secret" not in hub.cli("doctor").out


def test_an_address_that_nothing_names_is_an_error(hub: Sandbox) -> None:
    text = hub.tree()[".refinery.yaml"]
    hub.config(re.sub("repository: .*\n", "", text))
    assert unwell(hub) == {"forge-unknown": "error"}
    assert fix_of(hub, "forge-unknown").startswith("set `repository: owner/name` in .refinery.yaml")
    hub.config(text)
    assert unwell(hub) == {}


def test_offline_asks_nobody(hub: Sandbox, github: GitHubServer) -> None:
    assert unwell(hub, "--offline") == {"queue-unfetched": "warning"}
    assert unwell(hub) == {}
    hub.git("config", "remote.origin.url", str(hub.root / "nowhere"))
    github.proxy.forget()
    found = {each["topic"]: each["what"] for each in points(hub, "--offline")}
    assert (found["remote"], found["token"]) == ("not asked: --offline", "GITHUB_TOKEN is set")
    assert unwell(hub, "--offline") == {}
    assert github.proxy.asked == []


def test_a_forge_of_ones_own_tracker_is_asked_no_issues(hub: Sandbox) -> None:
    text = hub.tree()[".refinery.yaml"].replace("tracker: github", "forge: github")
    hub.config(text)
    topics = {each["topic"] for each in points(hub)}
    assert "forge" in topics
    assert "tracker" not in topics
