"""GitLab: issues as the tracker, merge requests and commit statuses as the forge (REST API v4).

`requests` is imported when GitLab is first asked, which no command does only by starting.
"""

from __future__ import annotations

from refinery.adapters.gitlab.issues import GitLabIssues
from refinery.adapters.gitlab.merge_requests import GitLabMergeRequests
from refinery.adapters.gitlab.notes import Notes
from refinery.adapters.gitlab.project import Project
from refinery.adapters.registry import Place
from refinery.adapters.rest_forge import RestForge
from refinery.adapters.rest_tracker import RestTracker


def make_tracker(place: Place) -> RestTracker:
    """The issues of a project; nothing is asked yet."""
    project = Project(place)
    return RestTracker("gitlab", GitLabIssues(project), Notes(project, "issues"))


def make_forge(place: Place) -> RestForge:
    """The merge requests and statuses of a project; nothing is asked yet."""
    project = Project(place)
    return RestForge("gitlab", GitLabMergeRequests(project), Notes(project, "merge_requests"))
