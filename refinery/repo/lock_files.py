"""Lock files of git: which were left by a git that was killed, and how a clone gets rid of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from refinery.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

LIVE_SECONDS: Final = 60.0
"""No live git holds a lock for so long; one on a single ref is held for milliseconds."""
_LIVE_SECONDS_OF_A_REF: Final = 10.0
_NAMED: Final = r"Unable to create '([^'\n]+\.lock)': File exists"


def stale_locks(repo: Repository) -> list[Path]:
    """Lock files of refs and config that no live git would hold for so long."""
    root = repo.common_dir
    found = [*root.glob("*.lock"), *(root / "refs").rglob("*.lock")]
    return sorted(path for path in found if _age(path) > LIVE_SECONDS)


def wait_out(repo: Repository, stderr: str, *, pause: Callable[[float], None] = time.sleep) -> bool:
    """Remove the lock that stopped a fetch once it is too old to be a live git's; wait if it isn't.

    Whether the fetch is worth another try.  For refs of a remote and of the queue alone: in a clone
    they are copies, which the next fetch makes again.
    """
    named = re.search(_NAMED, stderr)
    lock = Path(repo.path, named[1]) if named else None
    if lock is None or not _is_of_fetches(repo, lock):
        return False
    of_a_ref = lock.parent != repo.common_dir
    left = (_LIVE_SECONDS_OF_A_REF if of_a_ref else LIVE_SECONDS) - _age(lock)
    if left > 0:
        pause(min(left, 1.0))
    else:
        lock.unlink(missing_ok=True)
    return True


def _is_of_fetches(repo: Repository, lock: Path) -> bool:
    """Heads and tags are a person's own, and so are their locks."""
    try:
        path = lock.resolve().relative_to(repo.common_dir.resolve()).as_posix()
    except ValueError:
        return False
    own = ("refs/heads/", "refs/tags/")
    return path in ("packed-refs.lock", "shallow.lock") or (
        path.startswith("refs/") and not path.startswith(own)
    )


def _age(path: Path) -> float:
    """Seconds since it was made, whichever clock is ahead; 0 where it is gone."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except OSError:
        return 0.0
