"""A queue whose conflicts are issues on GitHub: opened once, closed there, landed here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from refinery.records.names import IssueRef
from tests.forges.benches import Trouble
from tests.forges.github_bench import GitHubBench
from tests.sandbox import CHECKOUT, Sandbox


@pytest.fixture
def clashing(box: Sandbox, github_bench: GitHubBench) -> Sandbox:
    """`first` has landed, and `second` changes the same line; no issue is open yet."""
    where = f"tracker: github\nrepository: {github_bench.repository}\nstatuses: false\n"
    box.config(f"version: 1\n{where}")
    box.git("fetch", "-q", "origin")
    box.commit("main", {"shared.txt": "1\n2\n3\n"}, onto="origin/main")
    box.push("main")
    box.request("first", {"shared.txt": "ours\n2\n3\n"}, onto="main", priority=1)
    box.request("second", {"shared.txt": "theirs\n2\n3\n"}, onto="main", priority=2)
    return box


def process(box: Sandbox) -> str:
    """One run; what it said."""
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    return done.err


def test_closing_the_issue_on_github_after_a_push_lets_it_land(
    clashing: Sandbox, github_bench: GitHubBench
) -> None:
    process(clashing)
    [issue] = github_bench.issues()
    mr = clashing.mr("second")
    assert (clashing.landed, mr.blocked_by) == (["first"], issue.ref)
    assert issue.title == f"Resolve merge conflicts: {mr.title}"
    assert issue.labels == {"needs-rebase", "priority/1"}
    clashing.git("fetch", "-q", "origin")
    clashing.request("second", {"shared.txt": "both\n2\n3\n"}, onto="origin/main")
    process(clashing)
    assert clashing.mr("second").blocked_by == issue.ref
    github_bench.close(issue.ref)
    process(clashing)
    assert clashing.landed == ["first", "second"]
    assert len(github_bench.issues()) == 1


def test_while_github_is_away_it_stays_blocked_and_that_is_said(
    clashing: Sandbox, github_bench: GitHubBench
) -> None:
    github_bench.break_down(Trouble.SERVER_ERROR)
    said = process(clashing)
    assert "stays blocked: " in said
    assert "does not answer" in said
    assert clashing.landed == ["first"]
    assert clashing.mr("second").blocked_by is None
    github_bench.heal()
    process(clashing)
    [issue] = github_bench.issues()
    assert clashing.mr("second").blocked_by == issue.ref
    github_bench.break_down(Trouble.BAD_TOKEN)
    assert "does not accept the token" in process(clashing)
    assert clashing.mr("second").blocked_by == IssueRef(issue.ref)


def test_a_command_that_asks_nobody_imports_no_client(clashing: Sandbox) -> None:
    """`claim` starts in a tenth of the time that PyGithub takes to import."""
    mr = clashing.mr("first")
    heavy = "{'github', 'requests', 'urllib3', 'git', 'jsonschema', 'nacl', 'jwt'}"
    asked = (
        "import sys; from refinery.cli.main import main; code = main(sys.argv[1:]);"
        f"print(code, sorted({heavy} & {{*sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, "claim", mr.id],
        capture_output=True,
        text=True,
        cwd=clashing.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert done.stdout.splitlines()[-1:] == ["0 []"], done.stderr
