"""The emulator that the tests of GitHub run on is up, and people can use it."""

from __future__ import annotations

import urllib.error

import pytest

from tests.forges.github_server import OWNER, GitHubServer


def test_it_keeps_issues_of_a_fresh_repository(github: GitHubServer) -> None:
    repository = github.repository()
    made = github.api("POST", f"/repos/{repository}/issues", {"title": "a"})
    assert repository.startswith(f"{OWNER}/")
    assert github.api("GET", f"/repos/{repository}/issues")[0]["id"] == made["id"]


def test_it_says_404_for_what_is_not_there(github: GitHubServer) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        github.api("GET", "/repos/nobody/nothing")
