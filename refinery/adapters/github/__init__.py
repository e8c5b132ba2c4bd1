"""GitHub: issues as the tracker, pull requests and commit statuses as the forge.

PyGithub is imported when GitHub is first asked, which no command does only by starting.
"""

from __future__ import annotations

from refinery.adapters.github.connection import GitHub
from refinery.adapters.github.forge import GitHubForge
from refinery.adapters.github.tracker import GitHubTracker
from refinery.adapters.registry import Place


def make_tracker(place: Place) -> GitHubTracker:
    """The issues of a repository; nothing is asked yet."""
    return GitHubTracker(GitHub(place))


def make_forge(place: Place) -> GitHubForge:
    """The pull requests and statuses of a repository; nothing is asked yet."""
    return GitHubForge(GitHub(place))
