"""`refinery doctor` says of each thing a queue stands on whether it is well, and what mends it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox import Sandbox

CHECKED = "version: 1\nchecks:\n  - name: ok\n    run: 'true'\n"


@pytest.fixture
def well(box: Sandbox) -> Sandbox:
    """A set-up with nothing to say about it."""
    assert box.cli("init", "--yes", "--check", "true").code == 0
    return box


def points(box: Sandbox, cwd: Path | None = None) -> dict[str, Any]:
    """Each point by its name; the exit code says whether one has failed."""
    done = box.cli("doctor", "--json", cwd=cwd)
    assert done.out, done.err
    document = done.json
    failed = any(each["severity"] == "error" for each in document)
    assert (done.code, done.err) == (1 if failed else 0, "")
    return {each["topic"]: each for each in document}


def unwell(box: Sandbox, cwd: Path | None = None) -> dict[str, str]:
    """Code -> severity of all that is not fine."""
    found = points(box, cwd).values()
    return {each["code"]: each["severity"] for each in found if each["severity"] != "ok"}


def test_a_set_up_that_is_well_has_only_good_points(well: Sandbox) -> None:
    done = well.cli("doctor")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[1] for line in lines] == [
        *("git", "python", "repository", "remote", "refs", "queue"),
        *("clock", "fetch", "target", "config", "push", "pre-push", "processor"),
    ]
    assert all(line.startswith("✓ ") for line in lines)
    assert "✓ config        merge, checks: true" in lines


def test_a_clone_without_a_queue_is_told_to_init(box: Sandbox) -> None:
    found = points(box)
    assert unwell(box) == {"queue-absent": "error", "config-absent": "warning"}
    assert (found["queue"]["fix"], found["config"]["fix"]) == ("refinery init", "refinery init")


def test_no_repository_is_a_failure_and_no_bug(box: Sandbox, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert unwell(box, empty) == {"repository-absent": "error"}


def test_a_git_that_is_too_old_is_a_failure(well: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "refinery.audit.diagnosed_machine.git_version", lambda: ((2, 37, 9), "2.37.9")
    )
    assert unwell(well) == {"git-old": "error"}
    assert points(well)["git"]["fix"] == "install git 2.38 or later"


def test_a_remote_that_is_away_is_a_failure(well: Sandbox) -> None:
    well.git("config", "remote.origin.url", str(well.root / "nowhere"))
    assert unwell(well) == {"remote-away": "error"}


def test_a_remote_without_atomic_pushes_is_a_failure(well: Sandbox) -> None:
    well.git("config", "receive.advertiseAtomic", "false", cwd=well.origin)
    found = points(well)["push"]
    assert (found["code"], found["fix"]) == (
        "push-not-atomic",
        "on a server of your own: git config receive.advertiseAtomic true",
    )
    assert unwell(well, well.origin)["atomic-off"] == "error"


def test_a_remote_that_takes_no_pushes_is_a_failure(well: Sandbox) -> None:
    well.git("config", "remote.origin.pushurl", str(well.root / "nowhere"))
    found = points(well)["push"]
    assert found["code"] == "push-refused"
    assert found["what"].startswith("not allowed: ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("version: 1\nchecks: []\n", {"config-untested": "warning"}),
        ("version: 1\ncheks: []\n", {"config-invalid": "error"}),
        ("[", {"config-invalid": "error"}),
    ],
)
def test_a_configuration_that_tests_nothing_or_is_wrong_is_told(
    well: Sandbox, text: str, found: dict[str, str]
) -> None:
    well.config(text)
    assert unwell(well) == found


def test_a_missing_target_is_a_failure(well: Sandbox) -> None:
    well.git("push", "-q", "--no-verify", "origin", "main:refs/heads/other")
    well.git("symbolic-ref", "HEAD", "refs/heads/other", cwd=well.origin)
    well.delete_branch("main")
    assert unwell(well) == {"target-absent": "error"}


def test_a_missing_refspec_is_told_with_the_command_that_adds_it(well: Sandbox) -> None:
    well.git("config", "--unset", "remote.origin.fetch", "refinery")
    assert unwell(well) == {"fetch-missing": "warning"}
    well.git(*points(well)["fetch"]["fix"].split()[1:])
    assert unwell(well) == {}


def test_damage_is_a_failure_that_fsck_explains(well: Sandbox) -> None:
    blob = well.git("hash-object", "-w", "--stdin", stdin="nothing")
    well.git("push", "-q", "--no-verify", "origin", f"{blob}:refs/refinery/claims/mr-0000000000")
    assert unwell(well) == {"queue-damaged": "error"}
    assert points(well)["queue"]["fix"] == "refinery fsck"


def test_a_pause_is_told(well: Sandbox) -> None:
    assert well.cli("pause", "--reason", "release day").code == 0
    assert points(well)["queue"]["what"] == "0 open, paused by ada: release day"
    assert unwell(well) == {"queue-paused": "warning"}


def test_a_clock_that_is_behind_is_told(well: Sandbox) -> None:
    well.clock.tick(3600)
    well.cli("pause", "--reason", "written by a clock that is ahead")
    well.cli("resume")
    well.clock.tick(-3600)
    assert unwell(well) == {"clock-behind": "warning"}


def test_what_is_ready_and_not_taken_for_long_is_told(well: Sandbox) -> None:
    id = well.request("feat")
    assert unwell(well) == {}
    well.clock.tick(2 * 3600)
    words = points(well)["waiting"]["what"]
    assert words == f"{id} has been ready for 120 minutes and nobody takes it"


def test_very_many_other_refs_are_told(well: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refinery.audit.diagnosed_remote.MANY_REFS", 1)
    assert unwell(well) == {}
    well.git("push", "-q", "--no-verify", "origin", "main:refs/tags/one")
    assert unwell(well) == {"refs-many": "warning"}


def test_a_shallow_clone_is_told(well: Sandbox) -> None:
    shallow = well.root / "shallow"
    well.git("clone", "-q", "--depth=1", f"file://{well.origin}", str(shallow))
    assert points(well, shallow)["history"]["fix"] == "git fetch --unshallow origin"


def test_a_server_is_told_of_stale_locks_and_of_fsync(well: Sandbox) -> None:
    well.cli("init", "--yes", cwd=well.origin)
    assert unwell(well, well.origin) == {"durability-unsynced": "warning"}
    well.git("config", "core.fsync", "committed", cwd=well.origin)
    assert unwell(well, well.origin) == {}
    lock = well.origin / "refs" / "heads" / "main.lock"
    lock.touch()
    assert unwell(well, well.origin) == {}, "a git may be at work"
    os.utime(lock, (time.time() - 600, time.time() - 600))
    assert unwell(well, well.origin) == {"locks-stale": "error"}
    assert points(well, well.origin)["locks"]["fix"] == (f"when no git is running there: rm {lock}")


def test_hooks_that_are_missing_on_a_server_or_outdated_are_told(well: Sandbox) -> None:
    well.git("config", "core.fsync", "committed", cwd=well.origin)
    assert unwell(well, well.origin) == {
        "pre-receive-absent": "warning",
        "post-receive-absent": "warning",
    }
    hook = well.path / ".git" / "hooks" / "pre-push"
    hook.write_text(hook.read_text() + "\n# edited\n")
    assert unwell(well) == {"pre-push-outdated": "warning"}
    hook.unlink()
    assert unwell(well) == {}, "in a clone it is optional"


def test_the_words_are_those_of_the_document(well: Sandbox) -> None:
    well.config(CHECKED.replace("ok", "fast"))
    assert points(well)["config"]["what"] == "merge, checks: fast"


def test_a_required_sandbox_that_is_missing_is_told(
    well: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    well.git("config", "refinery.sandbox", "systemd-run")
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert unwell(well)["sandbox-missing"] == "error"
    well.git("config", "refinery.sandbox", "docker")
    assert "refinery.sandbox: 'docker' is no sandbox" in well.cli("doctor").err
