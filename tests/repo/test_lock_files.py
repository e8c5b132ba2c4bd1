"""What a git that was killed leaves is told from what a live one needs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from refinery.repo.lock_files import stale_locks, wait_out
from refinery.repo.repository import Repository


def locked(repo: Repository, name: str, *, age: float) -> tuple[Path, str]:
    """A lock file, and what git says when it meets it."""
    lock = repo.git_dir / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    then = time.time() - age
    os.utime(lock, (then, then))
    return lock, f"error: cannot lock ref: Unable to create '{lock}': File exists.\n"


@pytest.mark.parametrize(
    ("name", "age", "is_removed"),
    [
        ("refs/refinery/queue.lock", 11, True),
        ("refs/refinery/queue.lock", 5, False),
        ("refs/remotes/origin/main.lock", -11, True),
        ("packed-refs.lock", 61, True),
        ("packed-refs.lock", 30, False),
    ],
)
def test_a_lock_is_removed_when_no_live_git_can_hold_it_and_waited_for_before(
    clone: Repository, name: str, age: float, is_removed: bool
) -> None:
    lock, said = locked(clone, name, age=age)
    pauses: list[float] = []
    assert wait_out(clone, said, pause=pauses.append)
    assert (lock.exists(), len(pauses)) == ((False, 0) if is_removed else (True, 1))


@pytest.mark.parametrize("name", ["refs/heads/mine.lock", "refs/tags/v1.lock", "config.lock"])
def test_what_is_a_persons_own_stays(clone: Repository, name: str) -> None:
    lock, said = locked(clone, name, age=10_000)
    assert not wait_out(clone, said)
    assert lock.exists()


def test_nothing_outside_the_clone_is_removed(clone: Repository, tmp_path: Path) -> None:
    lock, said = locked(clone, str(tmp_path / "refs" / "other.lock"), age=10_000)
    assert not wait_out(clone, said)
    assert not wait_out(
        clone, "error: cannot lock ref 'refs/refinery/queue': is at 1 but expected 2"
    )
    assert lock.exists()


def test_stale_are_those_older_than_a_minute(clone: Repository) -> None:
    lock, _ = locked(clone, "refs/heads/old.lock", age=61)
    locked(clone, "refs/heads/new.lock", age=30)
    assert stale_locks(clone) == [lock]
