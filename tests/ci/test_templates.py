"""The CI files that `init` writes are what their hosts and the usual checkers accept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from refinery.errors import UsageError
from refinery.setup.workflows import ACTION, MOST_WORKERS, workflow
from refinery.submit.authorship import is_submitted_by_push
from tests.sandbox import CHECKOUT

TOOLS = Path(sys.executable).parent
PINNED = f"acme/refinery@{'a' * 40} # v0.1.0"
# What is checked out is the target's own; `$/` would be the pushed branch's.
OURS = "./ # zizmor: ignore[self-repository]"
MODES = pytest.mark.parametrize("two_jobs", [False, True], ids=["one-job", "two-jobs"])
BRANCHES = ("polecat/**", "mr/*", "{worker}-?+[x]")

NAMES = (
    "polecat/ada/gt-1",
    "mr/a",
    "mr/a/b",
    "ada-1+[x]",
    "ada-/+[x]",
    "a/b-1+[x]",
    "main",
    "xmr/a",
)


def rendered(kind: str, *, two_jobs: bool, workers: int = 2, **more: Any) -> tuple[str, str]:
    options = {"branches": BRANCHES, "action": PINNED, **more}
    return workflow(kind, workers=workers, two_jobs=two_jobs, **options)


def run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True, timeout=60)


def written(tmp_path: Path, kind: str, text: str) -> Path:
    path = tmp_path / ".github" / "workflows" / f"{kind}.yml"
    path.parent.mkdir(parents=True)
    # actionlint knows no addresses in `uses`: those are Gitea's.
    path.write_text(text.replace("uses: https://github.com/", "uses: "))
    return path


@MODES
@pytest.mark.parametrize("kind", ["github", "gitea"])
def test_actionlint_and_the_schema_accept_the_workflow(
    kind: str, two_jobs: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, kind, rendered(kind, two_jobs=two_jobs)[1])
    for done in (
        run("actionlint", "-pyflakes=", "-shellcheck=", path),
        run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path),
    ):
        assert done.returncode == 0, done.stdout + done.stderr


@MODES
def test_zizmor_finds_nothing_but_a_limit_we_do_not_want(two_jobs: bool, tmp_path: Path) -> None:
    """A limit of concurrency drops runs, and each event has something of its own to record."""
    path = written(tmp_path, "github", rendered("github", two_jobs=two_jobs)[1])
    done = run("zizmor", "--offline", "--no-progress", "--persona=pedantic", "--format=json", path)
    assert {finding["ident"] for finding in json.loads(done.stdout)} == {"concurrency-limits"}


@MODES
def test_gitlabs_schema_accepts_the_jobs(two_jobs: bool, tmp_path: Path) -> None:
    path = tmp_path / "gitlab.yml"
    path.write_text(rendered("gitlab", two_jobs=two_jobs)[1])
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    done = run("check-jsonschema", *schema, path)
    assert done.returncode == 0, done.stdout + done.stderr


@MODES
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_no_mark_is_left(kind: str, two_jobs: bool) -> None:
    _, text = rendered(kind, two_jobs=two_jobs)
    assert re.findall("<<.*?>>", text) == []


def test_each_host_finds_its_file() -> None:
    assert [rendered(kind, two_jobs=False)[0] for kind in ("github", "gitlab", "gitea")] == [
        ".github/workflows/refinery.yml",
        ".gitlab/refinery.yml",
        ".gitea/workflows/refinery.yml",
    ]


@pytest.mark.parametrize("kind", ["github", "gitea"])
def test_patterns_and_workers_are_what_was_asked_for(kind: str) -> None:
    _, text = rendered(kind, two_jobs=False, workers=3)
    jobs = yaml.safe_load(text)
    # YAML takes `on` for true; what GitHub would read in its own way is a star.
    assert jobs[True]["push"]["branches"] == ["polecat/**", "mr/*", "*-**x*"]
    assert jobs["jobs"]["process"]["strategy"]["matrix"] == {"worker": [1, 2, 3]}


@MODES
def test_gitlab_starts_for_the_branches_that_a_push_submits(two_jobs: bool) -> None:
    _, text = rendered("gitlab", two_jobs=two_jobs)
    [pattern] = {*re.findall(r"CI_COMMIT_BRANCH =~ /(.*?\$)/", text)}
    for branch in NAMES:
        submits = is_submitted_by_push(branch, BRANCHES)
        assert bool(re.search(pattern.replace(r"\/", "/"), branch)) == submits, branch


def test_gitlab_has_a_job_for_each_worker_that_waits_for_its_own_turn() -> None:
    job = yaml.safe_load(rendered("gitlab", two_jobs=False, workers=3)[1])["refinery"]
    assert job["parallel"]["matrix"] == [{"REFINERY_NUMBER": ["1", "2", "3"]}]
    assert job["resource_group"] == "refinery-$REFINERY_NUMBER"


def test_gitea_is_told_where_actions_are() -> None:
    _, text = rendered("gitea", two_jobs=True)
    uses = re.findall(r"uses: (\S+)@", text)
    assert {*uses} == {
        "https://github.com/actions/checkout",
        "https://github.com/acme/refinery",
    }


def test_the_usual_branches_and_this_release_where_nobody_says_more() -> None:
    _, text = rendered("github", two_jobs=False, branches=(), action=ACTION)
    assert yaml.safe_load(text)[True]["push"]["branches"] == ["polecat/**", "mr/**"]
    assert f"uses: {ACTION}\n" in text


@pytest.mark.parametrize("asked", [{"kind": "svn"}, {"workers": 0}, {"workers": MOST_WORKERS + 1}])
def test_what_cannot_be_had_is_wrong_usage(asked: dict[str, Any]) -> None:
    asked = {"kind": "github", "workers": 1, **asked}
    with pytest.raises(UsageError):
        rendered(asked["kind"], two_jobs=False, workers=asked["workers"])


@MODES
def test_only_jobs_that_run_none_of_a_branchs_code_may_write(two_jobs: bool) -> None:
    jobs = yaml.safe_load(rendered("github", two_jobs=two_jobs)[1])["jobs"]
    writers = {name for name, job in jobs.items() if "write" in {*job["permissions"].values()}}
    assert writers == ({"take", "settle"} if two_jobs else {"record", "process"})
    for job in jobs.values():
        for step in job["steps"]:
            if "actions/checkout" in step["uses"]:
                assert step["with"]["persist-credentials"] is False


def test_secrets_do_not_reach_the_test_of_two_jobs() -> None:
    jobs = yaml.safe_load(rendered("github", two_jobs=True)[1])["jobs"]
    assert jobs["test"]["permissions"] == {"contents": "read"}
    assert "secrets" not in json.dumps(jobs["test"])
    tested = yaml.safe_load(rendered("gitlab", two_jobs=True)[1])["refinery-test"]
    assert "environment" not in tested
    assert "GITLAB_TOKEN" not in json.dumps(tested)


def test_this_repository_uses_the_queue_on_itself() -> None:
    there = (CHECKOUT / ".github" / "workflows" / "refinery.yml").read_text()
    _, text = rendered("github", two_jobs=True, workers=1, branches=(), action=OURS)
    assert there == text


def test_the_action_is_valid() -> None:
    done = run(
        *("check-jsonschema", "--builtin-schema", "vendor.github-actions"), CHECKOUT / "action.yml"
    )
    assert done.returncode == 0, done.stdout
    done = run(
        "zizmor", "--offline", "--no-progress", "--persona=pedantic", CHECKOUT / "action.yml"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_puts_no_input_into_a_script() -> None:
    action = yaml.safe_load((CHECKOUT / "action.yml").read_text())
    assert [step["run"] for step in action["runs"]["steps"] if "${{" in step["run"]] == []


@pytest.mark.parametrize("two_jobs", [False, True])
def test_whatever_the_workflow_uses_is_pinned_to_a_commit(two_jobs: bool) -> None:
    _, text = rendered("github", two_jobs=two_jobs, branches=(), action=ACTION)
    used = re.findall(r"^ *(?:- )?uses: *(\S+)", text, re.MULTILINE)
    assert used
    assert [each for each in used if not re.fullmatch(r"[^@]+@[0-9a-f]{40}", each)] == []
