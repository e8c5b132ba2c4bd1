"""Where a CI job tells what it did: the files and addresses that its environment names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refinery.adapters.forge_pages import ForgePages
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class CiPlace:
    """What a job can write to; None for what there is not.

    `summary` is the page of the job, `copy` a file of our own with the same text, `forge` has the
    pages of issues and commits.
    """

    annotates: bool
    summary: Path | None
    copy: Path | None
    outputs: Path | None
    forge: ForgePages = ForgePages()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> CiPlace:
        """The place of this process."""
        return cls(
            annotates=environ.get("GITHUB_ACTIONS") == "true",
            summary=_path(environ, "GITHUB_STEP_SUMMARY"),
            copy=_path(environ, "REFINERY_SUMMARY"),
            outputs=_path(environ, "GITHUB_OUTPUT"),
            forge=_forge(environ),
        )

    @property
    def exists(self) -> bool:
        """Whether anything can be told."""
        return self.annotates or any((self.summary, self.copy, self.outputs))


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    told = environ.get(name)
    return Path(told) if told else None


def _forge(environ: Mapping[str, str]) -> ForgePages:
    """GitHub and Gitea name the repository's page in two parts, GitLab in one."""
    if "CI_PROJECT_URL" in environ:
        return ForgePages("gitlab", environ["CI_PROJECT_URL"])
    server, repository = (environ.get(f"GITHUB_{part}") for part in ("SERVER_URL", "REPOSITORY"))
    if not server or not repository:
        return ForgePages()
    is_gitea = any(environ.get(name) for name in ("GITEA_ACTIONS", "FORGEJO_ACTIONS"))
    return ForgePages("gitea" if is_gitea else "github", f"{server}/{repository}")
