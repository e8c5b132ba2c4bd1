"""Where a forge is, which repository of it is ours, and with which token it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from os import environ
from urllib.parse import quote, unquote, urlsplit

from refinery.adapters.registry import Place
from refinery.errors import RefineryError
from refinery.repo.repository import IN_PLACE, Repository
from refinery.values import dataclass, field

_SCP = re.compile(r"(?:[^@/:]+@)?(\[[^\]]+\]|[^/:]+):(?!//)(.+)")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
# Hosts that exist only to let ssh through where port 22 is closed.
_SSH_FRONTS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
_GITHUBS = ("://api.github.com", ".ghe.com")
_SECONDS = 20.0


class NoForgeAddress(RefineryError):
    """Nothing says where the forge is, or which of its repositories is ours."""

    code = "no-forge-address"


class NoToken(RefineryError):
    """The forge is not asked anything without a token."""

    code = "no-token"


@dataclass(frozen=True, slots=True)
class ForgeAddress:
    """A repository on a forge; `repository` is `owner/name`, on GitLab `group/.../name`.

    `token` is `""` where the environment has none; `token_name` is the variable to set.
    """

    kind: str
    title: str
    api_url: str
    repository: str
    token_name: str
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """What people call the forge: `github.com`, not `api.github.com`."""
        host = urlsplit(self.api_url).netloc.rpartition("@")[2]
        return host.removeprefix("api.") if host.endswith((".github.com", ".ghe.com")) else host

    @property
    def quoted_repository(self) -> str:
        """The path as one segment of a URL, as GitLab wants it."""
        return quote(self.repository, safe="")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of forge is found: names of variables, the first that is set counts."""

    title: str
    tokens: tuple[str, ...]
    api_urls: tuple[str, ...]
    repositories: tuple[str, ...]
    api_of: Callable[[str, str], str]  # of scheme and host
    elsewhere: tuple[str, ...] = ()  # tokens for hosts that only the remote's URL names
    actions: tuple[str, ...] = ()  # set where the forge's CI also speaks GitHub's variables


def _github_api(scheme: str, host: str) -> str:
    if host == "github.com":
        return "https://api.github.com"
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"{scheme}://{host}/api/v3"


_KINDS = {
    "github": _Kind(
        "GitHub",
        ("GITHUB_TOKEN",),
        ("GITHUB_API_URL",),
        ("GITHUB_REPOSITORY",),
        _github_api,
        elsewhere=("GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN"),  # as `gh` has them
    ),
    "gitlab": _Kind(
        "GitLab",
        ("GITLAB_TOKEN",),
        ("GITLAB_API_URL", "CI_API_V4_URL"),
        ("CI_PROJECT_PATH",),
        lambda scheme, host: f"{scheme}://{host}/api/v4",
    ),
    "gitea": _Kind(
        "Gitea",
        ("GITEA_TOKEN", "FORGEJO_TOKEN"),
        ("GITEA_API_URL", "FORGEJO_API_URL"),
        ("GITEA_REPOSITORY", "FORGEJO_REPOSITORY"),
        lambda scheme, host: f"{scheme}://{host}/api/v1",
        actions=("GITEA_ACTIONS", "FORGEJO_ACTIONS"),
    ),
}


def forge_address(
    kind: str, place: Place, *, environment: Mapping[str, str] = environ
) -> ForgeAddress:
    """Where a forge of this kind is asked: the environment, the configuration, the remote's URL."""
    known = _KINDS[kind]
    there = remote_place(place.repo)
    named = next(_set(known, "api_urls", environment), "")
    api_url = named or (known.api_of(there.scheme, there.host) if there else "")
    repository = (
        place.repository
        or next(_set(known, "repositories", environment), "")
        or (there.path if there else "")
    )
    if not api_url or "/" not in repository:
        raise NoForgeAddress(
            f"nothing says which repository on {known.title} this is",
            hint="set `repository: owner/name` in .refinery.yaml, "
            f"and {known.api_urls[0]} where the remote's URL does not name the host",
        )
    # A clone can come from anywhere: what is github.com's is not shown to whatever host that was.
    is_for_it = named or not known.elsewhere or api_url.endswith(_GITHUBS)
    tokens = "tokens" if is_for_it else "elsewhere"
    token = next(_set(known, tokens, environment), "")
    name = known.tokens[0] if is_for_it else known.elsewhere[0]
    return ForgeAddress(kind, known.title, api_url.rstrip("/"), repository, name, token)


def needs_token(address: ForgeAddress) -> str:
    """Its token."""
    if address.token:
        return address.token
    raise NoToken(
        f"{address.title} is asked nothing without a token",
        hint=f"set {address.token_name} to a token for {address.repository}",
    )


def seconds_to_wait(repo: Repository) -> float:
    """How long a forge may take to answer: `refinery.timeout`, where it asks for less than 20 s.

    That setting is about git first, and a push may take minutes that an answer may not.
    """
    try:
        told = float(repo.setting("refinery.timeout") or _SECONDS)
    except ValueError:
        return _SECONDS
    return min(told, _SECONDS) if told > 0 else _SECONDS


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """What a remote's URL says of a forge; `host` has its port where that is one of HTTP."""

    scheme: str
    host: str
    path: str


def remote_place(repo: Repository) -> RemotePlace | None:
    """Where the repository is pushed to; None for a folder."""
    name = repo.remote_name()
    url = None if name == IN_PLACE else repo.setting(f"remote.{name}.url")
    return parse_remote(url) if url else None


def parse_remote(url: str) -> RemotePlace | None:
    """Host and path of an https, ssh or scp-like address; None for anything else."""
    found = _SCP.fullmatch(url)
    if found and "://" not in url and not _DRIVE.match(url):
        return _remote_place("https", found[1], found[2])
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # a bracket that is no address of IPv6
        return None
    if parts.scheme not in {"http", "https", "ssh", "git+ssh", "ssh+git", "git"}:
        return None
    if parts.scheme in {"http", "https"}:
        at = parts.netloc.rpartition("@")[2]
        return _remote_place(parts.scheme, at.lower(), parts.path)
    return _remote_place("https", host, parts.path)


def _remote_place(scheme: str, host: str, path: str) -> RemotePlace | None:
    path = unquote(path).strip("/").removesuffix(".git").rstrip("/")
    if not host or "/" not in path:
        return None
    host = host.lower()
    return RemotePlace(scheme, _SSH_FRONTS.get(host, host), path)


def _set(kind: _Kind, what: str, environment: Mapping[str, str]) -> Iterator[str]:
    names: tuple[str, ...] = getattr(kind, what)
    if any(environment.get(name) for name in kind.actions):
        names = (*names, *getattr(_KINDS["github"], what))
    yield from (told for name in names if (told := environment.get(name, "").strip()))
