"""Examines the repository itself: how it was cloned, and what it promises as a server."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.audit.points import Patient, Point, error, warning, well
from refinery.repo.lock_files import stale_locks
from refinery.repo.probing import git_version
from refinery.repo.repository import IN_PLACE, Repository
from refinery.repo.writing import fsyncs_loose_objects
from refinery.setup.setup_plan import PUSH_OPTIONS

REFTABLE_GIT = (2, 45)


def repository(patient: Patient) -> Iterator[Point]:
    """What it is, and whether its history is whole."""
    repo = patient.repo
    kind = "bare" if repo.bare else "clone"
    where = "in place" if patient.remote == IN_PLACE else f"on {patient.remote}"
    yield well("repository", f"{repo.path} ({kind}), its queue {where}", where=str(repo.path))
    if repo.shallow:
        words = "this clone is shallow: `process` and `verify` will fetch the rest"
        fix = f"git fetch --unshallow {patient.remote}"
        if patient.remote == IN_PLACE:
            words, fix = "this repository is shallow", "git fetch --unshallow"
        yield warning("history", "shallow", words, fix=fix, where=str(repo.path))


def server(patient: Patient) -> Iterator[Point]:
    """Locks that were left behind; durability and what is advertised where pushes arrive."""
    repo = patient.repo
    locks = stale_locks(repo)
    if locks:
        names = ", ".join(str(lock) for lock in locks[:3])
        fix = f"when no git is running there: rm {' '.join(str(lock) for lock in locks)}"
        words = f"{len(locks)} left by a git that was killed, they block pushes: {names}"
        yield error("locks", "stale", words, fix=fix, where=str(repo.common_dir))
    elif patient.remote == IN_PLACE:
        yield well("locks", "no stale lock files", where=str(repo.common_dir))
    if patient.remote == IN_PLACE and repo.bare:
        yield _durability(repo)
        yield from _advertised(repo)


def _durability(repo: Repository) -> Point:
    topic, where = "durability", str(repo.path)
    if repo.setting("extensions.refstorage") == "reftable":
        return well(topic, "reftable: a push moves all of its refs or none", where=where)
    if not fsyncs_loose_objects(repo.config):
        words = "a power failure may lose what a push was told is done"
        fix = "git config core.fsync committed"
        return warning(topic, "unsynced", words, fix=fix, where=where)
    words = "core.fsync is on"
    if git_version()[0] >= REFTABLE_GIT:
        words += "; `git refs migrate --ref-format=reftable` would make landings tear-proof as well"
    return well(topic, words, where=where)


def _advertised(repo: Repository) -> Iterator[Point]:
    where = str(repo.path)
    if repo.setting("receive.advertiseatomic") == "false":
        words = "atomic pushes are switched off, and nothing can land without them"
        fix = "git config receive.advertiseAtomic true"
        yield error("atomic", "off", words, fix=fix, where=where)
    if repo.setting(PUSH_OPTIONS.lower()) != "true":
        words = "`git push -o refinery.priority=0` is not accepted"
        fix = f"git config {PUSH_OPTIONS} true"
        yield warning("push-options", "off", words, fix=fix, where=where)
