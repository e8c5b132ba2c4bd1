"""Where a forge is asked, as which repository, with which token: the first source that says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.adapters.forge_address import (
    ForgeAddress,
    NoForgeAddress,
    NoToken,
    RemotePlace,
    forge_address,
    needs_token,
    parse_remote,
    seconds_to_wait,
)
from refinery.adapters.registry import Place
from refinery.repo.remote import transport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from tests.sandbox import Sandbox


def a_place(box: Sandbox, repository: str | None = None, **settings: str) -> Place:
    """A clone with some git settings."""
    repo = Repository.discover(box.path)
    repo.config = {**repo.config, **{key: (told,) for key, told in settings.items()}}
    return Place(repo, transport(repo), RefNames(), "worker", box.clock, repository)


def of_remote(box: Sandbox, url: str, repository: str | None = None) -> Place:
    """A clone whose origin is there."""
    return a_place(box, repository, **{"remote.origin.url": url})


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://github.com/acme/shop", ("https", "github.com", "acme/shop")),
        ("https://github.com/acme/shop.git", ("https", "github.com", "acme/shop")),
        ("https://github.com/acme/shop.git/", ("https", "github.com", "acme/shop")),
        ("https://GitHub.com/acme/Shop.git", ("https", "github.com", "acme/Shop")),
        ("https://bot:secret@github.com/acme/shop", ("https", "github.com", "acme/shop")),
        ("https://git.example.com:8443/acme/shop", ("https", "git.example.com:8443", "acme/shop")),
        ("http://127.0.0.1:3000/acme/shop.git", ("http", "127.0.0.1:3000", "acme/shop")),
        ("git@github.com:acme/shop.git", ("https", "github.com", "acme/shop")),
        ("github.com:acme/shop", ("https", "github.com", "acme/shop")),
        (
            "git@gitlab.com:group/sub/group/shop.git",
            ("https", "gitlab.com", "group/sub/group/shop"),
        ),
        ("git@[::1]:acme/shop.git", ("https", "[::1]", "acme/shop")),
        ("ssh://git@github.com/acme/shop.git", ("https", "github.com", "acme/shop")),
        ("ssh://git@ssh.github.com:443/acme/shop.git", ("https", "github.com", "acme/shop")),
        ("ssh://git@git.example.com:2222/acme/shop", ("https", "git.example.com", "acme/shop")),
        ("git+ssh://git@github.com/acme/shop", ("https", "github.com", "acme/shop")),
        ("https://example.com/acme/a%20b.git", ("https", "example.com", "acme/a b")),
        ("https://github.com/shop", None),
        ("/srv/git/acme/shop.git", None),
        ("../shop.git", None),
        ("file:///srv/git/acme/shop.git", None),
        ("C:/git/acme/shop.git", None),
        ("", None),
    ],
)
def test_a_remote_tells_host_and_path(url: str, place: tuple[str, str, str] | None) -> None:
    assert parse_remote(url) == (RemotePlace(*place) if place else None)


@pytest.mark.parametrize(
    ("kind", "url", "api_url", "host"),
    [
        ("github", "https://github.com/a/b", "https://api.github.com", "github.com"),
        ("github", "git@git.corp.com:a/b", "https://git.corp.com/api/v3", "git.corp.com"),
        ("github", "git@acme.ghe.com:a/b", "https://api.acme.ghe.com", "acme.ghe.com"),
        ("gitlab", "git@gitlab.com:a/b", "https://gitlab.com/api/v4", "gitlab.com"),
        ("gitlab", "http://localhost:8080/a/b", "http://localhost:8080/api/v4", "localhost:8080"),
        ("gitea", "https://codeberg.org/a/b", "https://codeberg.org/api/v1", "codeberg.org"),
    ],
)
def test_the_api_follows_from_the_host(
    box: Sandbox, kind: str, url: str, api_url: str, host: str
) -> None:
    found = forge_address(kind, of_remote(box, url), environment={})
    assert (found.api_url, found.host, found.repository) == (api_url, host, "a/b")


@pytest.mark.parametrize(
    ("url", "environment", "token"),
    [
        ("https://github.com/a/b", {}, "cloud"),
        ("git@acme.ghe.com:a/b", {}, "cloud"),
        ("https://evil.example/a/b", {}, ""),
        ("https://evil.example/api.github.com/b", {}, ""),
        ("https://evil-ghe.com/a/b", {}, ""),
        ("https://git.corp.com/a/b", {"GITHUB_ENTERPRISE_TOKEN": "corp"}, "corp"),
        ("https://github.com/a/b", {"GITHUB_ENTERPRISE_TOKEN": "corp"}, "cloud"),
        ("git@git.corp.com:a/b", {"GITHUB_API_URL": "https://git.corp.com/api/v3"}, "cloud"),
    ],
)
def test_githubs_token_is_not_shown_to_wherever_a_clone_came_from(
    box: Sandbox, url: str, environment: dict[str, str], token: str
) -> None:
    """A clone of anything may say `tracker: github`, and `doctor` asks its host."""
    told = {"GITHUB_TOKEN": "cloud", **environment}
    found = forge_address("github", of_remote(box, url), environment=told)
    assert found.token == token
    assert found.token_name == ("GITHUB_TOKEN" if token == "cloud" else "GITHUB_ENTERPRISE_TOKEN")


def test_what_ci_says_comes_before_the_remote(box: Sandbox) -> None:
    environment = {
        "GITHUB_API_URL": "https://git.corp.com/api/v3/",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_TOKEN": "t",
    }
    place = of_remote(box, "https://github.com/a/b")
    assert forge_address("github", place, environment=environment) == ForgeAddress(
        "github", "GitHub", "https://git.corp.com/api/v3", "acme/shop", "GITHUB_TOKEN", "t"
    )


def test_the_configuration_comes_before_what_ci_says(box: Sandbox) -> None:
    place = of_remote(box, "https://github.com/a/b", "acme/configured")
    found = forge_address("github", place, environment={"GITHUB_REPOSITORY": "acme/shop"})
    assert found.repository == "acme/configured"


@pytest.mark.parametrize(
    ("kind", "environment", "told"),
    [
        (
            "gitlab",
            {"CI_API_V4_URL": "https://l/api/v4", "CI_PROJECT_PATH": "g/s/p", "GITLAB_TOKEN": "t"},
            ("https://l/api/v4", "g/s/p", "t"),
        ),
        (
            "gitlab",
            {"GITLAB_API_URL": "https://l/x", "CI_API_V4_URL": "https://l/api/v4"},
            ("https://l/x", "a/b", ""),
        ),
        ("gitea", {"FORGEJO_TOKEN": "f"}, ("https://github.com/api/v1", "a/b", "f")),
        ("gitea", {"GITEA_TOKEN": "g", "FORGEJO_TOKEN": "f"}, (None, "a/b", "g")),
        (
            "gitea",
            {
                "GITEA_ACTIONS": "true",
                "GITHUB_API_URL": "https://t/api/v1",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_TOKEN": "t",
            },
            ("https://t/api/v1", "o/r", "t"),
        ),
        (
            "gitea",
            {"GITHUB_API_URL": "https://api.github.com", "GITHUB_TOKEN": "not for gitea"},
            ("https://github.com/api/v1", "a/b", ""),
        ),
        ("github", {"GITHUB_TOKEN": "", "GITEA_TOKEN": "g"}, (None, "a/b", "")),
    ],
)
def test_each_kind_has_variables_of_its_own(
    box: Sandbox, kind: str, environment: dict[str, str], told: tuple[str | None, str, str]
) -> None:
    found = forge_address(kind, of_remote(box, "https://github.com/a/b"), environment=environment)
    assert (told[0] and found.api_url, found.repository, found.token) == told


def test_without_any_source_the_hint_says_what_to_set(box: Sandbox) -> None:
    with pytest.raises(NoForgeAddress) as caught:
        forge_address("github", a_place(box), environment={})
    assert caught.value.hint == (
        "set `repository: owner/name` in .refinery.yaml, "
        "and GITHUB_API_URL where the remote's URL does not name the host"
    )


def test_a_token_is_needed_and_never_shown(box: Sandbox) -> None:
    place = of_remote(box, "https://github.com/a/b")
    found = forge_address("github", place, environment={"GITHUB_TOKEN": "the-secret"})
    assert needs_token(found) == "the-secret"
    assert "the-secret" not in repr(found)
    with pytest.raises(NoToken) as caught:
        needs_token(replace(found, token=""))
    assert caught.value.hint == "set GITHUB_TOKEN to a token for a/b"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(None, 20), ("5", 5), ("300", 20), ("soon", 20), ("0", 20), ("-1", 20), ("nan", 20)],
)
def test_an_answer_is_waited_for_as_long_as_git_but_not_for_minutes(
    box: Sandbox, told: str | None, seconds: float
) -> None:
    settings = {"refinery.timeout": told} if told else {}
    assert seconds_to_wait(a_place(box, **settings).repo) == seconds
