"""The action as a workflow of a user's own calls it, run by act."""

from __future__ import annotations

import pytest

from tests.ci.project import Project
from tests.ci.runner import ACTION, PARTS, copy_action, write_script
from tests.ci.runner_model import shown
from tests.sandbox import CHECKOUT as ROOT

CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"
WORKFLOW = f"""\
on: push
jobs:
  queue:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
        with:
          ref: main
          persist-credentials: false
      - uses: {ACTION}
        with:
          command: reconcile
      - uses: {ACTION}
        id: queue
        with:
          arguments: |
            --max-time
            10m
      - run: echo "$LANDED landed, $FAILED failed, $BLOCKED blocked"; cat "$SUMMARY"
        env:
          LANDED: ${{{{ steps.queue.outputs.landed }}}}
          FAILED: ${{{{ steps.queue.outputs.failed }}}}
          BLOCKED: ${{{{ steps.queue.outputs.blocked }}}}
          SUMMARY: ${{{{ steps.queue.outputs.summary }}}}
"""
ORDERS = "::set-output name=landed::99\n::add-mask::main\n##[add-path]/tmp\n::error::forged"


def test_a_later_step_has_the_outputs_and_nobody_else_gives_orders(project: Project) -> None:
    box = project.box
    box.advance({".refinery.yaml": CONFIG, "test.sh": "true\n"})
    box.commit("mr/good", {"a.txt": "a\n"}, message=ORDERS)
    box.commit("mr/bad", {"test.sh": f"cat <<'END'\n{ORDERS}\nEND\nexit 1\n"}, message=ORDERS)
    for branch in ("mr/good", "mr/bad"):
        box.push(branch)
    ran = project.runner.run("push", {}, workflow=WORKFLOW)
    assert ran.jobs == {"queue": "success"}, ran.words
    assert box.landed == ["mr/good"]
    assert "1 landed, 1 failed, 0 blocked\n### Merge queue: ✓ 1 landed, ✗ 1 failed\n" in ran.output
    [told] = ran.commands("error")
    assert told["raw"].startswith("::error title=mr/bad failed::check test: exit status 1%0A")
    assert {mask["arg"] for mask in ran.commands("add-mask")}.isdisjoint({"main"})
    assert ran.commands("add-path") == []
    assert ran.outputs("queue")["landed"] == "1"
    assert "::error::forged" in shown(ran.summary("queue"))


def test_this_repositorys_own_workflow_lands(project: Project) -> None:
    """It uses the action of the checkout, which is the target's."""
    box = project.box
    write_script(project.runner.bin / "curl", "cat >/dev/null")
    copy_action(box.root / "ours")
    ours = {name: (box.root / "ours" / name).read_text() for name in PARTS}
    box.advance({".refinery.yaml": CONFIG, "test.sh": "true\n", **ours})
    box.git("update-index", "--add", "--chmod=+x", "scripts/action")
    box.git("commit", "-q", "-m", "Make it executable")
    box.push("main")
    box.commit("mr/good", {"a.txt": "a\n"})
    box.push("mr/good")
    workflow = (ROOT / ".github" / "workflows" / "refinery.yml").read_text()
    about = {"full_name": project.name, "default_branch": "main"}
    ran = project.runner.run("workflow_dispatch", {"repository": about}, workflow=workflow)
    assert ran.jobs == dict.fromkeys(("take", "test", "settle"), "success"), ran.words
    assert box.landed == ["mr/good"]


CONFIG = """\
version: 1
checks:
  - {name: test, run: sh test.sh}
"""


@pytest.mark.parametrize("command", ["doctor-who"])
def test_a_command_that_is_none_fails_the_job(project: Project, command: str) -> None:
    workflow = WORKFLOW.replace("command: reconcile", f"command: {command}")
    ran = project.runner.run("push", {}, workflow=workflow)
    assert ran.jobs == {"queue": "failure"}
    assert f"error: {command!r} is not a refinery command" in ran.output
