"""Fills the templates of the CI files: which branches submit, how many workers land."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from refinery import __version__
from refinery.config.config import DEFAULT_BRANCHES
from refinery.errors import UsageError
from refinery.resources import template_text
from refinery.values import dataclass

_ACTION_COMMIT = "ab867b9797fbe5c481f9bbd029416f2fdb466d65"
"""A commit that holds this version's action; a release names the one before it."""

ACTION = f"git-refinery/git-refinery@{_ACTION_COMMIT} # v{__version__}"
"""What a workflow `uses` where nobody names another, pinned as one should."""

MOST_WORKERS = 64

_GITHUB_CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_GITEA_CHECKOUT = "actions/checkout@34e114876b0b11c390a56381ad16ebd13914f8d5 # v4.3.1"
_MARK = re.compile(r"<<([a-z-]+)>>")


@dataclass(frozen=True, slots=True)
class _Host:
    """Where a host looks for its file, and what the marks of the template stand for there."""

    path: str
    template: str
    marks: Callable[[Sequence[str], int, str], dict[str, str]]


def workflow(
    kind: str, *, branches: Sequence[str], workers: int, action: str, two_jobs: bool
) -> tuple[str, str]:
    """Path and text of the CI file for `github`, `gitlab` or `gitea`.

    `branches` are the patterns of `.refinery.yaml`; none means the usual ones.  `action` is what
    follows `uses:`, a comment with the version included; GitLab installs this version from PyPI.
    """
    if kind not in _HOSTS:
        raise UsageError(f"{kind!r} is none of {', '.join(_HOSTS)}")
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"{workers} workers: between 1 and {MOST_WORKERS} can be had")
    host = _HOSTS[kind]
    marks = host.marks(tuple(branches) or DEFAULT_BRANCHES, workers, action)
    name = f"{host.template}-two-jobs" if two_jobs else host.template
    return host.path, _MARK.sub(lambda mark: marks[mark[1]], template_text(f"{name}.yml"))


def _github(branches: Sequence[str], workers: int, action: str) -> dict[str, str]:
    return _actions(branches, workers) | {
        "host": "GitHub",
        "guide": "docs/github.md of git-refinery",
        "checkout": _GITHUB_CHECKOUT,
        "action": action,
    }


def _gitea(branches: Sequence[str], workers: int, action: str) -> dict[str, str]:
    # Gitea has no actions of its own: whatever is no path and no address is looked for at GitHub.
    is_whole = action.startswith("./") or "://" in action
    return _actions(branches, workers) | {
        "host": "Gitea",
        "guide": "docs/gitea.md of git-refinery",
        "checkout": f"https://github.com/{_GITEA_CHECKOUT}",
        "action": action if is_whole else f"https://github.com/{action}",
    }


def _actions(branches: Sequence[str], workers: int) -> dict[str, str]:
    return {
        "branches": "\n".join(
            f"      - {json.dumps(_as_filter(each))}" for each in branches
        ).lstrip(),
        "workers": json.dumps([*range(1, workers + 1)]),
    }


def _gitlab(branches: Sequence[str], workers: int, action: str) -> dict[str, str]:
    return {
        "branches": "|".join(_as_regex(pattern) for pattern in branches),
        "workers": json.dumps([str(number) for number in range(1, workers + 1)]),
        "version": __version__,
    }


def _as_filter(pattern: str) -> str:
    """What GitHub matches at least where a pattern does; the letters it reads otherwise are left.

    A branch too many only wakes the queue, which then asks the configuration.
    """
    plain = re.sub(r"\{\w+\}|[^\w./*-]", "*", pattern)
    return re.sub(r"\*{2,}", "**", plain)


def _as_regex(pattern: str) -> str:
    """A branch pattern in GitLab's words: `**` crosses slashes, `*` and `{name}` do not."""
    words = {"**": ".*", "*": "[^\\/]*", "?": "[^\\/]"}
    parts = re.split(r"(\*\*|\*|\?|\{(?:worker|issue)\})", pattern)
    found = {part: "[^\\/]+" for part in parts if part.startswith("{")} | words
    return "".join(found.get(part) or re.escape(part).replace("/", r"\/") for part in parts)


_HOSTS = {
    "github": _Host(".github/workflows/refinery.yml", "actions", _github),
    "gitlab": _Host(".gitlab/refinery.yml", "gitlab", _gitlab),
    "gitea": _Host(".gitea/workflows/refinery.yml", "actions", _gitea),
}
