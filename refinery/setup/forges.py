"""Finds out which forge a repository is on: from its address, the CI around us, its own files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from refinery.adapters.forge_address import parse_remote
from refinery.values import StrEnum, dataclass

PROBE_SECONDS = 3.0

_MOST_BYTES = 65_536


class Forge(StrEnum):
    """A kind of forge."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"

    @property
    def called(self) -> str:
        """Its name for people."""
        return {"github": "GitHub", "gitlab": "GitLab", "gitea": "Gitea"}[self.value]


_KNOWN = {
    "github.com": Forge.GITHUB,
    "gitlab.com": Forge.GITLAB,
    "codeberg.org": Forge.GITEA,
    "gitea.com": Forge.GITEA,
}
_NAMED = {
    "github": Forge.GITHUB,
    "ghe": Forge.GITHUB,
    "gitlab": Forge.GITLAB,
    "gitea": Forge.GITEA,
    "forgejo": Forge.GITEA,
    "codeberg": Forge.GITEA,
}
_SERVERS = ("GITHUB_SERVER_URL", "GITHUB_API_URL")
_FILES = {
    ".gitea": Forge.GITEA,
    ".forgejo": Forge.GITEA,
    ".gitlab-ci.yml": Forge.GITLAB,
    ".github/workflows": Forge.GITHUB,
}
_QUESTIONS = {
    "/api/v1/version": Forge.GITEA,
    "/api/v4/version": Forge.GITLAB,
    "/api/v3/meta": Forge.GITHUB,
}


@dataclass(frozen=True, slots=True)
class Found:
    """The forge, and what told."""

    forge: Forge
    why: str


Ask = Callable[[str], Forge | None]
"""Which forge answers at `https://host`, if one does."""


def found_forge(
    url: str | None,
    *,
    environ: Mapping[str, str],
    has: Callable[[str], bool],
    ask: Ask | None = None,
) -> Found | None:
    """The forge of a remote's URL; `has` tells of files in the target.

    The network is only asked, through `ask`, about a host that nothing else is known of.
    """
    there = parse_remote(url) if url else None
    if url is None or there is None:
        return None
    host = there.host.partition(":")[0]
    known = _KNOWN.get(host) or _named(host)
    if known is not None:
        return Found(known, f"the remote is on {host}")
    around = _around(host, environ)
    if around is not None:
        return around
    told = {forge: file for file, forge in _FILES.items() if has(file)}
    if len(told) == 1:
        forge, file = told.popitem()
        return Found(forge, f"there is a {file}")
    is_web = url.startswith(("http://", "https://"))
    answering = ask(f"{there.scheme}://{there.host}") if ask and is_web else None
    return Found(answering, f"{host} says so") if answering else None


def _named(host: str) -> Forge | None:
    """By a part of the host's name: `git.example.org` says nothing, `gitlab.example.org` does."""
    labels = re.split(r"[.-]", host)[:-1]
    return next((_NAMED[label] for label in labels if label in _NAMED), None)


def _around(host: str, environ: Mapping[str, str]) -> Found | None:
    """The forge whose CI we run in, if it is the one that has the repository."""

    def is_ours(name: str) -> bool:
        return urlsplit(environ.get(name, "")).hostname == host

    if any(is_ours(name) for name in _SERVERS):
        gitea = any(environ.get(f"{name}_ACTIONS") for name in ("GITEA", "FORGEJO"))
        return Found(Forge.GITEA if gitea else Forge.GITHUB, "its CI runs this")
    if is_ours("CI_SERVER_URL"):
        return Found(Forge.GITLAB, "its CI runs this")
    for name, forge in (("GITLAB_API_URL", Forge.GITLAB), ("GITEA_API_URL", Forge.GITEA)):
        if is_ours(name):
            return Found(forge, f"{name} names it")
    return None


def ask_host(base: str) -> Forge | None:
    """Ask a host what it is, for three seconds at most, without any credentials."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(_QUESTIONS)) as pool:
        answers = pool.map(lambda path: _answer(base + path), _QUESTIONS)
        said = dict(zip(_QUESTIONS, answers, strict=True))
    return next((_QUESTIONS[path] for path, yes in said.items() if yes), None)


def _answer(url: str) -> bool:
    """Whether the place speaks that API: a JSON object with a version, or one that wants a token.

    GitLab tells its version only to users, and refuses others with a JSON object of its own.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Here(HTTPRedirectHandler):
        """A host that we know nothing of does not send us to others, such as those inside."""

        def redirect_request(self, *_: object) -> None:
            return None

    try:
        asked = Request(url, headers={"Accept": "application/json"})
        with build_opener(Here).open(asked, timeout=PROBE_SECONDS) as answer:
            said = json.loads(answer.read(_MOST_BYTES))
            return isinstance(said, dict) and bool({"version", "installed_version"} & said.keys())
    except HTTPError as error:
        wants_token = error.code == 401 and "/api/v4/" in url
        return wants_token and error.headers.get_content_type() == "application/json"
    except (OSError, ValueError, HTTPException):
        return False
