"""The whole loop with real parts: git, the workflow files run by act, GitHub's emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ci.project import Deliveries, Project
from tests.ci.runner import write_script
from tests.ci.runner_model import shown
from tests.forges.github_server import TOKEN
from tests.sandbox import CHECKOUT

CONFIG = """\
version: 1
tracker: github
checks:
  - {name: test, run: sh test.sh}
"""


def test_pushed_conflicting_repaired_closed_landed(
    project: Project, deliveries: Deliveries
) -> None:
    box = project.box
    box.advance({".refinery.yaml": CONFIG, "test.sh": "test ! -e bad\n", "a.txt": "old\n"})
    for name in ("first", "second"):
        box.commit(f"mr/{name}", {"a.txt": f"{name}\n"})
        box.push(f"mr/{name}")
    project.server.hook(project.name, deliveries.url, "secret", "issues")

    ran = project.pushed("mr/first")
    assert ran.jobs == {"record": "success", "process": "success"}, ran.words
    assert box.landed == ["mr/first"]
    assert "mr/first" in shown(ran.summary("record"))
    assert ran.summary("process").startswith("### Merge queue: ✓ 1 landed\n")

    ran = project.run("schedule", schedule="7,27,47 * * * *")
    assert ran.jobs == {"record": "success", "process": "success"}, ran.words
    [issue] = project.issues()
    assert "mr/second" in issue["title"]
    page = shown(ran.summary("process"))
    assert f"| mr/second | github#{issue['number']} |" in page
    assert f'/{project.name}/issues/{issue["number"]}">' in ran.summary("process")
    assert ran.outputs("process")["blocked"] == "1"

    before = box.sha("mr/second")
    box.commit("mr/second", {"a.txt": "first and second\n"}, onto="main")
    box.push("mr/second", force=True)
    project.pushed("mr/second", before)
    assert box.landed == ["mr/first"]
    project.close(issue["number"])
    payload = deliveries.next("issues")
    while payload["action"] != "closed":
        payload = deliveries.next("issues")
    ran = project.run("issues", **payload)
    assert ran.jobs == {"record": "success", "process": "success"}, ran.words
    assert box.landed == ["mr/first", "mr/second"]
    assert box.tree()["a.txt"] == "first and second\n"
    assert ran.summary("process").startswith("### Merge queue: ✓ 1 landed\n")


def test_the_other_door_lets_it_go_on_too(project: Project) -> None:
    """A receiver of one's own takes the delivery; it may land at once."""
    box = project.box
    box.advance({".refinery.yaml": CONFIG, "test.sh": "true\n", "a.txt": "old\n"})
    box.commit("mr/late", {"a.txt": "late\n"})
    box.push("mr/late")
    box.advance({"a.txt": "early\n"})
    assert project.pushed("mr/late").jobs["process"] == "success"
    [issue] = project.issues()

    box.commit("mr/late", {"a.txt": "early and late\n"}, onto="main")
    box.push("mr/late", force=True)
    box.submit("mr/late")
    with serving(project) as url:
        project.server.hook(project.name, url, "the-secret", "issues")
        project.close(issue["number"])
        for until in ("unblocked", "landed"):
            goal = ("--until", until, "--timeout", "30")
            waited = box.run("wait", box.mr("mr/late").id, *goal, env=environment(project))
            assert waited.code == 0, waited.out + waited.err
    assert box.landed == ["mr/late"]
    assert box.tree()["a.txt"] == "early and late\n"


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """`refinery serve` on a clone, as somebody runs it on a server of their own."""
    clone = project.box.clone("receiver")
    process = subprocess.Popen(
        [sys.executable, "-m", "refinery", "serve", "--port", "0", "--process"],
        cwd=clone.path,
        env=environment(project) | {"REFINERY_WEBHOOK_SECRET": "the-secret"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def environment(project: Project) -> dict[str, str]:
    return {**os.environ, **project.runner.env, "GITHUB_TOKEN": TOKEN, "PYTHONPATH": str(CHECKOUT)}


def test_two_jobs_test_what_they_may_not_write(project: Project) -> None:
    box, calls = project.box, project.runner.root / "calls"
    write_script(project.runner.bin / "curl", f'cat >/dev/null; echo "$@" >>"{calls}"')
    project.two_jobs = True
    box.advance({".refinery.yaml": CONFIG, "test.sh": "test ! -e bad || { echo oh; exit 1; }\n"})
    box.commit("mr/good", {"a.txt": "new\n"})
    box.push("mr/good")

    ran = project.pushed("mr/good")
    assert ran.jobs == dict.fromkeys(("take", "test", "settle"), "success"), ran.words
    assert box.landed == ["mr/good"]
    assert json.loads(ran.outputs("take")["candidate"])["members"] == [box.mr("mr/good").id]
    assert ran.summary("settle").startswith("### Merge queue: ✓ 1 landed\n")
    assert f"{project.name}/actions/workflows/refinery.yml/dispatches" in calls.read_text()

    box.commit("mr/bad", {"bad": "x\n"})
    box.push("mr/bad")
    ran = project.pushed("mr/bad")
    for _ in range(3):  # a failure is tested again before it counts
        assert ran.jobs == dict.fromkeys(("take", "test", "settle"), "success"), ran.words
        if box.mr("mr/bad").failure is not None:
            break
        ran = project.run("workflow_dispatch")
    assert box.landed == ["mr/good"]
    [told] = [line for line in ran.commands("error") if line["jobID"] == "settle"]
    assert told["kvPairs"]["title"] == "mr/bad failed"

    ran = project.run("workflow_dispatch")
    assert ran.jobs == {"take": "success"}, ran.words
    assert ran.outputs("take")["candidate"] == ""
