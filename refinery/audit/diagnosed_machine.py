"""Examines what every repository on this machine needs, and what its environment promises."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec

from refinery.audit.points import Patient, Point, Target, error, warning, well
from refinery.repo.probing import OLDEST_GIT, git_version

OLDEST_PYTHON = (3, 11)
WORKER_NAMES = ("REFINERY_WORKER", "GT_REFINERY_WORKER")
WEBHOOK_SECRET = "REFINERY_WEBHOOK_SECRET"


def machine() -> Iterator[Point]:
    """git and Python."""
    version, said = git_version()
    oldest = ".".join(map(str, OLDEST_GIT))
    if version < OLDEST_GIT:
        yield error("git", "old", f"{said} is too old", fix=f"install git {oldest} or later")
    else:
        yield well("git", said)
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        fix = "install Python 3.11 or later"
        yield error("python", "old", f"{python} is too old", fix=fix, where=sys.executable)
    else:
        yield well("python", python, where=sys.executable)


def worker(patient: Patient) -> Iterator[Point]:
    """In CI, jobs are told apart by the name they are given."""
    if patient.in_ci and not any(patient.environ.get(name) for name in WORKER_NAMES):
        words = "REFINERY_WORKER is not set: the queue's log names this job by host and process"
        fix = "set REFINERY_WORKER to a name that no other job has, in the job's environment"
        yield warning("worker", "unnamed", words, fix=fix, where="environment")


def sandbox(patient: Patient, target: Target | None) -> Iterator[Point]:
    """Whether checks can run here as the operator requires it, or the target asks for it."""
    from refinery.config.sandbox import Sandbox
    from refinery.engine import check_sandbox

    required = check_sandbox.required(patient.repo)
    wanted = (target.config.sandbox if target else Sandbox()).under(required)
    if not wanted.is_wanted:
        return
    where = check_sandbox.REQUIRED if required.is_wanted or target is None else target.where
    try:
        check_sandbox.ensure_usable(wanted.tool)
    except check_sandbox.NoSandbox as trouble:
        counts = required.is_wanted or patient.in_ci
        say, fix = (error if counts else warning), trouble.hint or ""
        yield say("sandbox", "missing", trouble.message, fix=fix, where=where)
        return
    network = "with" if wanted.network else "without"
    yield well("sandbox", f"{wanted.tool} works, {network} network", where=where)


def extras(patient: Patient, target: Target | None) -> Iterator[Point]:
    """The optional packages of what is configured here."""
    if patient.environ.get(WEBHOOK_SECRET) and find_spec("waitress") is None:
        words = f"{WEBHOOK_SECRET} is set, but `refinery serve` lacks its server"
        fix = "pip install 'git-refinery[serve]'"
        yield warning("serve", "extra-missing", words, fix=fix, where=sys.executable)
    if target is None or not target.config.notify:
        return
    if find_spec("apprise") is None:
        words = "`notify` is configured, but what sends notifications is not installed"
        fix = "pip install 'git-refinery[notify]'"
        yield warning("notify", "extra-missing", words, fix=fix, where=sys.executable)
    yield from _channels(patient, target)


def _channels(patient: Patient, target: Target) -> Iterator[Point]:
    """Each address is a secret in a variable; whether it is there is all that is looked at."""
    names = list(dict.fromkeys(channel.to for channel in target.config.notify))
    missing = [name for name in names if not patient.environ.get(name)]
    for name in missing:
        words = f"{name} is not set, and what it should be told waits"
        fix = f"save the service's address as the secret {name}, and pass it to the job"
        say = error if patient.in_ci else warning
        if not patient.in_ci:
            words = f"{name} is not set here: only where it is, are its notifications sent"
        yield say("notify", "address-missing", words, fix=fix, where=target.where)
    if not missing:
        yield well("notify", f"the addresses of {', '.join(names)} are set", where=target.where)
