"""Gitea and Forgejo: issues as the tracker, pull requests and statuses as the forge (REST API v1).

`requests` is imported when the forge is first asked, which no command does only by starting.
"""

from __future__ import annotations

from refinery.adapters.gitea.comments import IssueComments
from refinery.adapters.gitea.issues import GiteaIssues
from refinery.adapters.gitea.pulls import GiteaPulls
from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.registry import Place
from refinery.adapters.rest_forge import RestForge
from refinery.adapters.rest_tracker import RestTracker


def make_tracker(place: Place) -> RestTracker:
    """The issues of a repository; nothing is asked yet."""
    repository = GiteaRepository(place)
    return RestTracker("gitea", GiteaIssues(repository), IssueComments(repository))


def make_forge(place: Place) -> RestForge:
    """The pull requests and statuses of a repository; nothing is asked yet."""
    repository = GiteaRepository(place)
    return RestForge("gitea", GiteaPulls(repository), IssueComments(repository))
