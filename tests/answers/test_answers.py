"""What commands really print with --json, over many states, is what their schemas say.

`Sandbox.cli` holds each answer against its schema; here every command is called at least once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from refinery.answers.schema import names
from refinery.records.merge_request import CloseReason
from tests.answers_check import command_of
from tests.cli.conftest import CHECKED
from tests.cli.states import archive_closed, break_record, close
from tests.conftest import Begin
from tests.sandbox import Sandbox

LOOKING = """
blocked | claim nothing-there | doctor --offline | explain | explain conflict | explain nothing
forecast | forecast --branch ready | forecast --branch nothing | fsck | hooks status
integration status E-1 | integration land E-1 --dry-run | integration status E-2
issue list | issue show 1 | issue show 99
list | list --ready | list --status closed | list --status all | list --status blocked
log | log conflict | log -n 1 | log landed
next | plan | plan --workers 3 | queue | ready | unclaimed
show landed | show rework | show conflict | show held | show dependent | show old | show nothing
stats | stats --since 1h | status | status --unhealthy-after 1s | verify | verify . landed
wait landed | wait old | wait rework | wait conflict | wait stuck | wait ready --timeout 0
why landed | why rework | why conflict | why held | why claimed | why dependent | why stuck
why ready | why refused | why old | why mr-
reconcile --dry-run | init --dry-run | replay . --last 1 | simulate --changes 20 --policies refinery
queue --nothing-like-it | why one two | nothing | integration
"""
CHANGING = """
claim ready | claim ready | release ready | release ready | hold ready --reason later
hold ready --reason again | why ready | unhold ready | priority ready 0 | claim held
submit ready | submit fresh | push fresh | submit landed | reject stuck --reason no
retry rework | retry ready | why rework | reject refused --reason again
issue open --title Closed --body Why | issue label 2 --add closed | issue comment 1 --body Hm
issue close 1 | issue reopen 1 | hooks install | hooks uninstall
integration create E-3 | integration create E-1 | integration land E-1 --force
hotfix ask ready --reason now | hotfix allow ready --reason now | hotfix revoke ready
freeze main --reason calm | status | queue | why ready | plan | thaw main
resolve conflict | resolve conflict --abort | resolve ready
stack show dependent | stack show | stack submit ready --dry-run | stack submit ready --unit u
stack rebase ready --dry-run | stack rebase nothing
reconcile | queue | list --status all | init --yes --no-hooks
"""
CHANGING_ELSEWHERE = {"candidate-settle", "error", "report", "webhook"}


def calls(text: str) -> list[list[str]]:
    return [words for each in re.split(r"[|\n]", text) if (words := each.split())]


def all_states(box: Sandbox) -> None:
    """One merge request in each state that people meet."""
    box.config(CHECKED)
    box.request("old", {"old.txt": "old\n"})
    close(box, box.mr("old").id, CloseReason.REJECTED, error="too late")
    archive_closed(box)
    box.commit("conflict", {"README.md": "ours\n"})
    box.request("landed", {"README.md": "theirs\n"})
    box.clock.tick(3600)
    box.cli("process", "--drain")
    box.push("conflict")
    box.submit("conflict")
    box.request("rework", {"bad.txt": "bad\n"})
    box.cli("process", "--drain")
    box.cli("integration", "create", "E-1")
    box.request("part", {"part.txt": "part\n"}, epic="E-1")
    box.cli("process", "--drain")
    box.request("unfinished", {"unfinished.txt": "x\n"}, epic="E-1")
    gone = box.request("gone", {"gone.txt": "gone\n"})
    box.request("stuck", {"stuck.txt": "stuck\n"}, depends_on=gone)
    box.cli("reject", gone, "--reason", "not wanted")
    box.request("refused", {"refused.txt": "refused\n"})
    box.cli("reject", box.mr("refused").id, "--reason", "not wanted")
    for name in ("ready", "held", "claimed"):
        box.request(name, {f"{name}.txt": f"{name}\n"})
    box.request("dependent", {"dependent.txt": "x\n"}, depends_on=box.mr("ready").id)
    box.commit("fresh", {"fresh.txt": "fresh\n"})
    box.cli("hold", box.mr("held").id, "--reason", "later")
    box.cli("claim", box.mr("claimed").id)


def ask_all(box: Sandbox, text: str) -> None:
    """Each is answered by one document, and nothing is a bug."""
    for words in calls(text):
        done = box.cli(*words, "--json")
        assert done.code != 3, f"{words}: {done.err}"


def test_every_schema_is_met() -> None:
    asked = {command_of(words) for words in calls(LOOKING + CHANGING)}
    assert {*names()} == asked & {*names()} | CHANGING_ELSEWHERE


@pytest.mark.journey
def test_what_commands_that_look_answer(begin: Begin) -> None:
    box = begin(all_states)
    states = {each["standing"] for each in box.cli("list", "--json").json}
    assert states >= {"ready", "claimed", "held", "blocked-by-issue", "blocked-by-mr"}
    assert states >= {"needs-rework", "dependency-failed"}
    ask_all(box, LOOKING)
    break_record(box, "refs/refinery/queue", "mrs/mr-broken0000.yaml")
    box.cli("pause", "--reason", "repair")
    ask_all(box, LOOKING)


@pytest.mark.journey
def test_what_commands_that_change_something_answer(begin: Begin) -> None:
    ask_all(begin(all_states), CHANGING)


@pytest.mark.journey
def test_an_empty_queue_answers_as_well(box: Sandbox) -> None:
    ask_all(box, LOOKING)


@pytest.mark.journey
def test_what_is_written_to_files_and_told_by_events(begin: Begin, tmp_path: Path) -> None:
    box = begin(all_states)
    box.cli("report", "--out", str(tmp_path / "pages"), "--json")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"action": "labeled"}))
    box.cli("webhook", "--event", str(event), "--name", "issues", "--json")
    box.cli("webhook", "--failed", "--json")
    handed, verdict = tmp_path / "candidate.json", tmp_path / "verdict.json"
    box.cli("candidate", "take", "--out", str(handed))
    box.cli("candidate", "test", str(handed), "--out", str(verdict))
    assert box.cli("candidate", "settle", str(handed), str(verdict), "--json").code == 0
    handed.write_text("{}")
    assert box.cli("candidate", "settle", str(handed), "--json").json["outcome"] == "nothing"
