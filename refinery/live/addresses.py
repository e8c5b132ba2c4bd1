"""Where an issue is shown on its forge, as far as the remote's URL tells."""

from __future__ import annotations

from refinery.adapters.forge_address import remote_place
from refinery.records.names import IssueRef
from refinery.repo.repository import Repository


def issue_address(repo: Repository, issue: IssueRef) -> str:
    """The URL of an issue; `""` where the remote is no forge."""
    tracker, _, number = issue.partition("#")
    there = remote_place(repo)
    if there is None or not number.isdecimal():
        return ""
    folder = "-/issues" if tracker == "gitlab" else "issues"
    return f"{there.scheme}://{there.host}/{there.path}/{folder}/{number}"
