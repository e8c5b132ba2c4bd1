"""GitLab's jobs run as its runner runs them, and Gitea's workflow by the act it is made from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from refinery.setup.workflows import workflow
from tests.ci.project import Project
from tests.ci.runner import ACTION, write_script
from tests.ci.runner_model import shown
from tests.sandbox import CHECKOUT, Sandbox

CONFIG = """\
version: 1
checks:
  - {name: test, run: "env; test ! -e bad"}
"""
TOKEN = "glpat-not-to-be-seen"


@dataclass
class GitLabRunner:
    """A machine that runs the script of a job in one shell, which ends at the first error."""

    box: Sandbox
    jobs: dict[str, Any]
    folder: Path

    def run(self, name: str, **env: str) -> str:
        """Run one job to its good end; what it printed."""
        job = self.jobs[name]
        if "extends" in job:
            job = {**self.jobs[job["extends"]], **job}
        script = "\n".join(["set -eo pipefail", *job["before_script"], *job["script"]])
        about = {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_JOB_ID": "7",
            "CI_JOB_NAME": name,
            "CI_JOB_TOKEN": "job-token",
            "CI_PROJECT_ID": "1",
            "CI_PROJECT_PATH": "acme/shop",
            "CI_PROJECT_DIR": str(self.folder),
            "CI_PROJECT_URL": str(self.box.origin).removesuffix(".git"),
            "CI_SERVER_URL": "https://gitlab.example.com",
            "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
            "CI_DEFAULT_BRANCH": "main",
            "PATH": f"{self.box.root / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        told = {
            key: str(value).replace("$CI_PROJECT_DIR", str(self.folder))
            for key, value in job["variables"].items()
        }
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env={**os.environ, **about, **told, **env},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def box(box: Sandbox) -> Sandbox:
    """A project with a refinery on the PATH, which pip is said to have installed."""
    python = f'PYTHONPATH="{CHECKOUT}" exec "{sys.executable}" -P -m refinery "$@"'
    write_script(box.root / "bin" / "refinery", python)
    for name in ("pip", "curl"):
        write_script(box.root / "bin" / name, f'echo "$@" >>"{box.root / name}"')
    box.config(CONFIG)
    return box


def gitlab(box: Sandbox, *, two_jobs: bool) -> GitLabRunner:
    _, text = workflow("gitlab", branches=(), workers=1, action="", two_jobs=two_jobs)
    folder = box.root / "gitlab"
    folder.mkdir()
    return GitLabRunner(box, yaml.safe_load(text), folder)


def pushed(box: Sandbox, branch: str) -> str:
    """The file of a pipeline that the webhook of a push has started."""
    path = box.root / "payload.json"
    event = {
        "object_kind": "push",
        "ref": f"refs/heads/{branch}",
        "before": "0" * 40,
        "after": box.sha(branch),
        "checkout_sha": box.sha(branch),
        "project": {"path_with_namespace": "acme/shop"},
    }
    path.write_text(json.dumps(event))
    return str(path)


def test_gitlabs_job_lands_what_a_webhook_tells(box: Sandbox) -> None:
    runner = gitlab(box, two_jobs=False)
    for name in ("good", "bad"):
        box.commit(f"mr/{name}", {name: "x\n"})
        box.push(f"mr/{name}")
    log = runner.run("refinery", GITLAB_TOKEN=TOKEN, TRIGGER_PAYLOAD=pushed(box, "mr/good"))
    assert box.landed == ["mr/good"]
    assert "mr/bad" not in {mr.branch for mr in box.view().mrs.values()}

    log += runner.run("refinery", GITLAB_TOKEN=TOKEN)
    page = (runner.folder / "refinery-summary.md").read_text()
    assert "### Merge queue: ✗ 1 failed\n" in page
    assert "**✗ mr/bad failed:** check test: exit status 1" in shown(page)
    assert TOKEN not in log + page
    assert "REFINERY_TREE" in page


def test_gitlabs_two_jobs_land_without_running_code_where_the_token_is(box: Sandbox) -> None:
    runner = gitlab(box, two_jobs=True)
    box.commit("mr/good", {"good": "x\n"})
    box.push("mr/good")
    runner.run("refinery-take", GITLAB_TOKEN=TOKEN, TRIGGER_PAYLOAD=pushed(box, "mr/good"))
    runner.run("refinery-test")
    assert box.landed == []
    runner.run("refinery-settle", GITLAB_TOKEN=TOKEN)
    assert box.landed == ["mr/good"]
    called = (box.root / "curl").read_text()
    assert called.endswith(
        "--form ref=main https://gitlab.example.com/api/v4/projects/1/pipeline\n"
    )
    assert TOKEN not in called

    for job in ("refinery-take", "refinery-test", "refinery-settle"):
        runner.run(job, GITLAB_TOKEN=TOKEN)
    assert (box.root / "curl").read_text() == called


@pytest.mark.parametrize("worker", ["ci", ""], ids=["named", "unnamed"])
def test_any_ci_can_take_test_and_settle_on_one_machine(box: Sandbox, worker: str) -> None:
    """The process that took a candidate has ended, and still the candidate is not left behind."""
    box.commit("mr/good", {"good": "x\n"})
    box.push("mr/good")
    box.submit("mr/good")
    for step in (
        ("take", "--out", "candidate.json"),
        ("test", "candidate.json", "--out", "verdict.json"),
        ("settle", "candidate.json", "verdict.json"),
    ):
        done = box.run("candidate", *step, env={"REFINERY_WORKER": worker})
        assert done.code == 0, done.err
    assert box.landed == ["mr/good"]


def test_gitea_runs_the_same_workflow(project: Project) -> None:
    """Its runner sets GitHub's variables and one of its own; addresses it resolves itself."""
    box = project.box
    box.config(CONFIG)
    box.commit("mr/good", {"good": "x\n"})
    box.push("mr/good")
    _, text = workflow("gitea", branches=(), workers=1, action=ACTION, two_jobs=False)
    about = {"full_name": project.name, "default_branch": "main"}
    push = {"ref": "refs/heads/mr/good", "before": "0" * 40, "after": box.sha("mr/good")}
    ran = project.runner.run(
        "push",
        {**push, "repository": about},
        workflow=re.sub("uses: https://github.com/", "uses: ", text),
        env={"GITEA_ACTIONS": "true"},
    )
    assert ran.jobs == {"record": "success", "process": "success"}, ran.words
    assert box.landed == ["mr/good"]
