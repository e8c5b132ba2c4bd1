"""The connection to one project on GitLab: with which token it is asked, and what a 404 means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import environ

from refinery.adapters import forge_errors
from refinery.adapters.forge_address import needs_token
from refinery.adapters.forge_errors import BadToken, NotPermitted, NotThere
from refinery.adapters.rest import Credential, Paging, credential
from refinery.adapters.rest_connection import RestConnection
from refinery.typed import Any


class Project(RestConnection):
    """A project on GitLab; paths are below it."""

    kind = "gitlab"
    paging = Paging("per_page", 100)

    def _credential(self) -> Credential:
        """A job's own token is better than none, and may hardly anything."""
        return credential(
            self.address,
            header="JOB-TOKEN" if self._has_job_token_only else "PRIVATE-TOKEN",
            scheme="",
            token=self._job_token if self._has_job_token_only else needs_token(self.address),
        )

    @property
    def _job_token(self) -> str:
        return environ.get("CI_JOB_TOKEN", "").strip()

    @property
    def _has_job_token_only(self) -> bool:
        return bool(self._job_token) and not self.address.token

    def get(self, path: str, doing: str, **query: Any) -> Any:
        """What is at a path below the project."""
        with self._explaining(path, doing):
            return self.rest.get(self._path(path), doing, **query)

    def pages(self, path: str, doing: str, *, most: int, **query: Any) -> Iterator[list[Any]]:
        """The pages of a list below the project."""
        with self._explaining(path, doing):
            yield from self.rest.pages(self._path(path), doing, most=most, **query)

    def send(self, method: str, path: str, doing: str, body: Mapping[str, Any]) -> Any:
        """Ask for a change below the project."""
        if self._has_job_token_only:
            raise self._job_token_lacks(doing)
        with self._explaining(path, doing):
            return self.rest.send(method, self._path(path), doing, body)

    def settings(self, doing: str) -> dict[str, Any]:
        """The project itself."""
        try:
            told: dict[str, Any] = self.rest.get(self._path(""), doing)
        except (BadToken, NotPermitted, NotThere) as refusal:
            if self._has_job_token_only:
                raise self._job_token_lacks(doing) from refusal
            if isinstance(refusal, NotThere):
                raise forge_errors.no_such_repository(self.address, doing) from refusal
            raise
        return told

    def prove_readable(self, doing: str) -> None:
        """That an issue is not shown says that it is gone only where issues are shown at all."""
        settings = self.settings(doing)
        level = settings.get("issues_access_level")
        if level == "disabled" or (level is None and not settings.get("issues_enabled", True)):
            raise forge_errors.issues_disabled(self.address, doing)
        if level == "private" and not access_level(settings):
            raise NotPermitted(
                f"{doing}: {self.address.host} shows the issues of {self.address.repository}"
                " to its members only",
                hint=f"make the owner of {self.address.token_name} a member of the project",
            )

    def _path(self, path: str) -> str:
        return f"/projects/{self.address.quoted_repository}{path}"

    @contextmanager
    def _explaining(self, path: str, doing: str) -> Iterator[None]:
        """GitLab hides what a token may not see: the project itself tells what a refusal means."""
        try:
            yield
        except (BadToken, NotPermitted, NotThere) as refusal:
            if self._has_job_token_only:
                raise self._job_token_lacks(doing) from refusal
            if isinstance(refusal, BadToken):
                raise
            with suppress(NotPermitted):
                self._prove_there(path, doing)
            raise

    def _job_token_lacks(self, doing: str) -> NotPermitted:
        return NotPermitted(
            f"{doing}: a CI job's own token (CI_JOB_TOKEN) may not do that on GitLab",
            hint="make a project access token with the scope `api`,"
            f" and set {self.address.token_name} to it",
        )


def access_level(settings: Mapping[str, Any]) -> int:
    """The rights of the token's owner: 30 is a developer's, 0 a stranger's."""
    permissions = settings.get("permissions") or {}
    granted = (permissions.get(name) or {} for name in ("project_access", "group_access"))
    return max(int(one.get("access_level") or 0) for one in granted)
