"""Where a CI job tells what it did: the files and addresses that its environment names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refinery.records.names import IssueRef, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class CiPlace:
    """What a job can write to; None for what there is not.

    `summary` is the page of the job, `copy` a file of our own with the same text.
    """

    annotates: bool
    summary: Path | None
    copy: Path | None
    outputs: Path | None
    web: str | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> CiPlace:
        """The place of this process."""
        return cls(
            annotates=environ.get("GITHUB_ACTIONS") == "true",
            summary=_path(environ, "GITHUB_STEP_SUMMARY"),
            copy=_path(environ, "REFINERY_SUMMARY"),
            outputs=_path(environ, "GITHUB_OUTPUT"),
            web=_web(environ),
        )

    @property
    def exists(self) -> bool:
        """Whether anything can be told."""
        return self.annotates or any((self.summary, self.copy, self.outputs))

    def commit(self, sha: Sha) -> str | None:
        """The page of a commit."""
        return f"{self.web}/commit/{sha}" if self.web else None

    def issue(self, issue: IssueRef) -> str | None:
        """The page of an issue; one of the embedded tracker has none."""
        tracker, _, number = issue.partition("#")
        if self.web is None or tracker == "local" or not number.isdecimal():
            return None
        return f"{self.web}/issues/{number}"


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    told = environ.get(name)
    return Path(told) if told else None


def _web(environ: Mapping[str, str]) -> str | None:
    """The repository's page: GitHub and Gitea name it in two parts, GitLab in one."""
    if "CI_PROJECT_URL" in environ:
        return f"{environ['CI_PROJECT_URL']}/-"
    server, repository = (environ.get(f"GITHUB_{part}") for part in ("SERVER_URL", "REPOSITORY"))
    return f"{server}/{repository}" if server and repository else None
