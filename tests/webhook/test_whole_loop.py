"""GitHub's emulator, its webhooks, a real receiver: from the conflict to the landing."""

from __future__ import annotations

import pytest

from tests.forges.github_server import TOKEN, GitHubServer
from tests.sandbox import Sandbox
from tests.webhook.deliveries import SECRET
from tests.webhook.served import Served

CONFIG = """\
version: 1
tracker: github
forge: none
repository: {repository}
checks:
- {{"name": "t", "run": "true"}}
"""


@pytest.fixture
def shop(box: Sandbox, github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox whose conflicts are reported to the emulator."""
    repository = github.repository()
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    box.config(CONFIG.format(repository=repository))
    return box


def test_a_conflict_is_resolved_by_closing_its_issue(shop: Sandbox, github: GitHubServer) -> None:
    import os

    repository = os.environ["GITHUB_REPOSITORY"]
    shop.advance({"shared.txt": "1\n"})
    for name in ("one", "two"):
        shop.request(name, {"shared.txt": f"{name}\n"}, onto="main")
    assert shop.cli("process", "--drain").code == 0
    [landed] = shop.landed
    other = {"one": "two", "two": "one"}[landed]
    issue = shop.mr(other).blocked_by
    assert issue is not None
    number = issue.partition("#")[2]

    served = Served(shop).start()
    try:
        github.hook(repository, served.url, SECRET.decode(), "issues")
        shop.git("fetch", "-q", "origin")
        shop.request(other, {"shared.txt": "both\n"}, onto="origin/main")
        for state, blocked_by in (("closed", None), ("open", issue), ("closed", None)):
            github.api("PATCH", f"/repos/{repository}/issues/{number}", {"state": state})
            served.until_idle()
            served.until(lambda wanted=blocked_by: shop.mr(other).blocked_by == wanted)  # type: ignore[misc]
        served.stop()
    finally:
        served.end()
    assert shop.cli("process", "--drain").code == 0
    assert shop.landed == [landed, other]
    assert shop.tree()["shared.txt"] == "both\n"
