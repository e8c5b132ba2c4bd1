"""Where people find issues and commits: at the remote's address, as the configuration says."""

from __future__ import annotations

import pytest

from refinery.adapters.forge_pages import ForgePages, forge_pages
from refinery.config.config import Config
from refinery.records.names import IssueRef, Sha
from refinery.repo.repository import Repository
from tests.sandbox import Sandbox

SHA = Sha("1" * 40)


@pytest.mark.parametrize(
    ("url", "kind", "issue", "commit"),
    [
        (
            "git@github.com:acme/shop.git",
            "github",
            "https://github.com/acme/shop/issues/7",
            f"https://github.com/acme/shop/commit/{SHA}",
        ),
        (
            "https://gl.example/a/b/c",
            "gitlab",
            "https://gl.example/a/b/c/-/issues/7",
            f"https://gl.example/a/b/c/-/commit/{SHA}",
        ),
        (
            "ssh://git@tea.example/acme/shop",
            "gitea",
            "https://tea.example/acme/shop/issues/7",
            f"https://tea.example/acme/shop/commit/{SHA}",
        ),
        ("/srv/git/shop.git", "github", None, None),
    ],
)
def test_pages_are_where_the_remote_is(
    box: Sandbox, url: str, kind: str, issue: str | None, commit: str | None
) -> None:
    box.git("config", "remote.origin.url", url)
    with Repository.discover(box.path) as repo:
        found = forge_pages(repo, Config(tracker=kind))
    assert (found.issue(IssueRef(f"{kind}#7")), found.commit(SHA)) == (issue, commit)


def test_the_configured_repository_counts_and_so_does_the_forge(box: Sandbox) -> None:
    box.git("config", "remote.origin.url", "https://git.example/mirror/shop")
    config = Config(tracker="local", forge="gitea", repository="acme/shop")
    with Repository.discover(box.path) as repo:
        assert forge_pages(repo, config) == ForgePages("gitea", "https://git.example/acme/shop")


def test_without_a_forge_there_are_no_pages(box: Sandbox) -> None:
    box.git("config", "remote.origin.url", "https://git.example/acme/shop")
    with Repository.discover(box.path) as repo:
        found = forge_pages(repo, Config())
    assert (found.issue("local#7"), found.issue("#7"), found.commit(SHA)) == (None, None, None)
