"""Remotes that are away, refuse, hang or were cloned only in part, and a disk that is full."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from refinery.engine import working
from tests.sandbox import Sandbox
from tests.scenarios import raw


def good(box: Sandbox) -> str:
    return box.request("good", {"good.txt": "good\n"}, onto="main")


def test_a_remote_that_is_away_is_said_with_75_and_nothing_is_lost(box: Sandbox) -> None:
    good(box)
    box.commit("late", {"late.txt": "l\n"})
    away = box.origin.with_name("away.git")
    box.origin.rename(away)
    for words in (("queue",), ("submit", "late"), ("process", "--drain"), ("claim", "mr-0")):
        done = box.cli(*words)
        assert done.code == 75, done
        assert "remote 'origin'" in done.err
        assert "does not appear to be a git repository" in done.err
    away.rename(box.origin)
    box.submit("late")
    assert box.cli("process", "--drain").code == 0
    assert sorted(box.landed) == ["good", "late"]


def test_a_remote_that_goes_away_while_checks_run_costs_one_run_and_no_claim(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LONGEST_PAUSE", 0.0)
    away = box.origin.with_name("away.git")
    box.config(
        "version: 1\nchecks:\n- name: test\n"
        f"  run: '[ -e {box.root}/once ] || {{ touch {box.root}/once; mv {box.origin} {away}; }}'\n"
    )
    id = good(box)
    done = box.cli("process", "--drain")
    assert done.code == 75, done.err
    assert "remote 'origin'" in done.err
    away.rename(box.origin)
    assert box.cli("process", "--drain").code == 0
    assert (box.landed, box.mr(id).retry_count) == (["good"], 0)


def test_a_remote_that_refuses_everything_is_quoted(box: Sandbox) -> None:
    good(box)
    box.commit("late", {"late.txt": "l\n"})
    box.hook("pre-receive", "echo 'closed for \033[31minventory' >&2; exit 1")
    for words in (("submit", "late"), ("process", "--drain")):
        done = box.cli(*words)
        assert done.code == 1, done
        assert "closed for" in done.err
        assert "inventory" in done.err
        assert "\033" not in done.err
    (box.origin / "hooks" / "pre-receive").unlink()
    box.submit("late")
    assert box.cli("process", "--drain").code == 0
    assert sorted(box.landed) == ["good", "late"]


def test_a_target_that_is_guarded_blames_nobody_and_other_targets_are_served(box: Sandbox) -> None:
    box.git("push", "-q", "origin", "main:refs/heads/release")
    id = good(box)
    box.request("fix", {"fix.txt": "f\n"}, onto="main", target="release")
    box.hook("update", '[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }')
    for _ in range(3):
        done = box.cli("process", "--drain")
        assert done.code == 1
        assert "main is protected" in done.err
    assert (box.landed, box.landed_on("release")) == ([], ["fix"])
    assert (box.mr(id).failure, box.refs("refs/refinery/claims/")) == (None, {})
    (box.origin / "hooks" / "update").unlink()
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["good"]


def test_one_that_the_server_refuses_does_not_keep_the_others_of_its_batch_out(
    box: Sandbox,
) -> None:
    """As a forge does with a file that is too big, or holds a secret."""
    box.request("one", {"1.txt": "1\n"}, onto="main", priority=1)
    secret = box.request("secret", {"secret.txt": "s\n"}, onto="main", priority=0)
    box.request("two", {"2.txt": "2\n"}, onto="main", priority=2)
    box.hook(
        "update",
        '[ "$1" = refs/heads/main ] || exit 0\n'
        'git cat-file -e "$3:secret.txt" 2>/dev/null || exit 0\n'
        'echo "push blocked: secret.txt holds a secret" >&2; exit 1',
    )
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "secret.txt holds a secret" in done.err
    assert box.landed == ["one", "two"]
    assert box.mr(secret).status == "open"
    assert box.mr(secret).attempts[-1].outcome == "push_fail"
    assert "secret.txt holds a secret" in box.mr(secret).attempts[-1].note


def test_one_that_is_refused_while_others_land_is_parked_at_last(box: Sandbox) -> None:
    box.config("version: 1\nattempts: {max: 2}\n")
    secret = box.request("secret", {"secret.txt": "s\n"}, onto="main", priority=0)
    box.hook(
        "update",
        '[ "$1" = refs/heads/main ] || exit 0\n'
        'git cat-file -e "$3:secret.txt" 2>/dev/null || exit 0\n'
        'echo "push blocked" >&2; exit 1',
    )
    for _ in range(3):  # the target stands still, so it may be the target's fault
        assert box.cli("process", "--drain").code == 1
    assert (len(box.mr(secret).attempts), box.mr(secret).retry_count) == (1, 0)
    for n in range(3):
        box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main")
        box.cli("process", "--drain")
    failure = box.mr(secret).failure
    assert failure is not None
    assert (failure.type, "push blocked" in failure.message) == ("attempts", True)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["b0", "b1", "b2"]
    (box.origin / "hooks" / "update").unlink()
    assert box.cli("retry", secret).code == 0
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["b0", "b1", "b2", "secret"]


def test_a_processor_outlives_a_remote_that_refuses(box: Sandbox) -> None:
    good(box)
    refusing = box.origin / "hooks" / "pre-receive"
    box.hook("pre-receive", f"rm {refusing}; echo 'not now' >&2; exit 1")
    done = box.cli("process", "--watch", "--every", "10ms", "--max-time", "3s")
    assert done.code == 0, done.err
    assert "not now" in done.err
    assert "trying again" in done.err
    assert box.landed == ["good"]


def test_a_remote_that_hangs_is_given_up_after_the_timeout_and_leaves_no_process(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(box)
    pids = box.root / "pids"
    url = str(box.origin)
    box.git("config", "remote.origin.url", "ssh://nowhere.invalid/project.git")
    box.git("config", "refinery.timeout", "0.5")
    hanging = f"sh -c 'echo $$ >> {pids}; exec sleep 600'"
    monkeypatch.setenv("GIT_SSH_COMMAND", hanging)
    began = time.monotonic()
    for words in (("queue",), ("process", "--drain")):
        done = box.cli(*words)
        assert done.code == 75, done
        assert "remote 'origin'" in done.err
        assert "no end after 0.5 seconds" in done.err
    assert time.monotonic() - began < 30
    assert [pid for pid in pids.read_text().split() if not raw.is_gone(pid)] == []
    box.git("config", "remote.origin.url", url)
    box.git("config", "--unset", "refinery.timeout")
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["good"]


@pytest.mark.parametrize("value", ["soon", "-1", "0", "nan"])
def test_a_timeout_that_is_no_time_is_said(box: Sandbox, value: str) -> None:
    box.git("config", "refinery.timeout", value)
    done = box.cli("queue")
    assert done.code == 1
    assert f"refinery.timeout: {value!r} is not a number of seconds" in done.err


def test_a_shallow_clone_can_submit_and_processes_with_the_whole_history(box: Sandbox) -> None:
    for n in range(3):
        box.advance({f"{n}.txt": f"{n}\n"})
    box.request("old", {"0.txt": "changed\n"}, onto="main~3")
    shallow = box.clone("sam")
    shutil.rmtree(shallow.path)
    box.git("clone", "-q", "--depth", "1", f"file://{box.origin}", str(shallow.path))
    shallow.git("checkout", "-q", "-b", "feat")
    (shallow.path / "feat.txt").write_text("feat\n")
    shallow.git("add", "feat.txt")
    shallow.git("commit", "-q", "-m", "feat")
    assert shallow.cli("submit").code == 0
    assert len(shallow.cli("ready", "--json").json) == 2
    done = shallow.cli("process", "--drain")
    assert done.code == 0, done.err
    assert "this clone is shallow" in done.err
    assert sorted(box.landed) == ["feat"]
    assert box.mr("old").block is not None  # a true conflict: 0.txt was added on both sides


def test_a_shallow_clone_of_a_shallow_one_says_what_to_do(box: Sandbox) -> None:
    box.advance({"1.txt": "1\n"})
    half = box.root / "half.git"
    box.git("clone", "-q", "--bare", "--depth", "1", f"file://{box.origin}", str(half))
    shallow = box.clone("sam")
    shutil.rmtree(shallow.path)
    box.git("clone", "-q", "--depth", "1", f"file://{half}", str(shallow.path))
    shallow.git("checkout", "-q", "-b", "feat")
    (shallow.path / "feat.txt").write_text("feat\n")
    shallow.git("add", "feat.txt")
    shallow.git("commit", "-q", "-m", "feat")
    assert shallow.cli("submit").code == 0
    done = shallow.cli("process", "--drain")
    assert done.code == 1
    assert "this clone is shallow" in done.err
    assert "fetch-depth: 0" in done.err


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 9):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size):
                    pass
    return filler


def test_a_full_disk_is_said_and_nothing_is_lost(box: Sandbox) -> None:
    good(box)
    with small_disk(box.root / "disk") as disk:
        clone = box.clone("sam")
        shutil.copytree(clone.path, disk / "clone")
        shutil.rmtree(clone.path)
        clone.path.symlink_to(disk / "clone")
        clone.commit("late", {"late.txt": "l\n"})
        filler = fill(disk)
        for words in (("submit", "late"), ("process", "--drain"), ("claim", "mr-0")):
            done = clone.cli(*words)
            assert done.code == 1, done
            assert "no space left" in done.err.lower()
            assert "bug" not in done.err
        assert box.landed == []
        filler.unlink()
        clone.submit("late")
        assert clone.cli("process", "--drain").code == 0
        assert sorted(box.landed) == ["good", "late"]
        assert box.cli("fsck").code == 0


def test_a_disk_that_fills_up_while_objects_are_written_leaves_no_rubbish(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(box)
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if "tmp_obj_r" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        done = box.cli("process", "--drain")
    assert done.code == 1
    assert "no space left in" in done.err
    assert "free some space" in done.err
    assert list((box.path / ".git" / "objects").rglob("tmp_obj_r*")) == []
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["good"]
