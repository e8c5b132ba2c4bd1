"""The queue's word beside a commit: a commit status, or a check run where those are not allowed."""

from __future__ import annotations

from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.github.connection import GitHub
from refinery.adapters.issue_text import fitted_title
from refinery.queue.pull_requests import CONTEXT, LONGEST_DESCRIPTION, HeadState, HeadStatus
from refinery.records.names import Sha
from refinery.typed import Any

_DOING = "set the status of a commit"
_CONCLUSIONS = {
    HeadState.SUCCESS: "success",
    HeadState.FAILURE: "failure",
    HeadState.ERROR: "cancelled",  # nothing came of it, which is nobody's failure
}


class Statuses:
    """Remembers which of the two ways this token may go, and what was said already."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._by_check_runs = False
        self._said: dict[Sha, HeadStatus] = {}

    def set(self, head: Sha, status: HeadStatus) -> None:
        """Say it; what was said last is not said again."""
        if self._said.get(head) == status:
            return
        if not self._by_check_runs:
            try:
                self._set_status(head, status)
            except (NotPermitted, NotThere) as error:
                self._set_check_run_instead(head, status, error)
        else:
            self._set_check_run(head, status)
        self._said[head] = status

    def _set_check_run_instead(
        self, head: Sha, status: HeadStatus, refusal: NotPermitted | NotThere
    ) -> None:
        """Only apps may make check runs: for a person's token the first refusal is the reason."""
        try:
            self._set_check_run(head, status)
        except (NotPermitted, NotThere):
            raise refusal from None
        self._by_check_runs = True

    def _set_status(self, head: Sha, status: HeadStatus) -> None:
        repository = self._github.repository()
        told = {"state": status.state.value, "context": CONTEXT}
        told["description"] = fitted_title(status.description, LONGEST_DESCRIPTION)
        if status.url:
            told["target_url"] = status.url
        with self._github.asking(_DOING):
            # PyGithub's own way would read the whole commit first.
            repository.requester.requestJsonAndCheck(
                "POST", f"{repository.url}/statuses/{head}", input=told
            )

    def _set_check_run(self, head: Sha, status: HeadStatus) -> None:
        """One check run for a commit, which is changed from then on."""
        repository = self._github.repository()
        told = _check_run(status)
        with self._github.asking(_DOING):
            _, found = repository.requester.requestJsonAndCheck(
                "GET",
                f"{repository.url}/commits/{head}/check-runs",
                parameters={"check_name": CONTEXT},
            )
            ours = [run["id"] for run in found["check_runs"] if run["name"] == CONTEXT]
            if ours:
                where = f"{repository.url}/check-runs/{max(ours)}"
                repository.requester.requestJsonAndCheck("PATCH", where, input=told)
            else:
                where = f"{repository.url}/check-runs"
                told |= {"name": CONTEXT, "head_sha": head}
                repository.requester.requestJsonAndCheck("POST", where, input=told)


def _check_run(status: HeadStatus) -> dict[str, Any]:
    title = fitted_title(status.description, LONGEST_DESCRIPTION)
    told: dict[str, Any] = {"output": {"title": title, "summary": status.description}}
    if status.url:
        told["details_url"] = status.url
    if status.state is HeadState.PENDING:
        return told | {"status": "queued"}
    return told | {"status": "completed", "conclusion": _CONCLUSIONS[status.state]}
