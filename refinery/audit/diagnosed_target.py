"""Examines the target: its configuration, and the workflow that its forge runs."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from refinery.audit.points import Patient, Point, Target, error, warning, well
from refinery.config.config import FILE, Config, LandingMode, parse
from refinery.records.names import Branch
from refinery.records.schema import InvalidRecord
from refinery.repo.repository import IN_PLACE
from refinery.setup.forges import Forge
from refinery.setup.generated import Standing, standing
from refinery.setup.gitlab_include import GITLAB_CI, includes
from refinery.setup.planned_file import reader, text_of
from refinery.setup.workflow_plan import Request, wanted_workflow
from refinery.store.view import View


def target(patient: Patient, view: View) -> Generator[Point, None, Target | None]:
    """The branch and its .refinery.yaml; None where there is no valid one."""
    branch = view.header.default_target
    tip = view.targets.get(branch)
    if tip is None:
        words = f"there is no branch {branch}"
        fix = f"push {branch}, or: refinery init --target T"
        yield error("target", "absent", words, fix=fix, where=branch)
        return None
    yield well("target", f"{branch} at {tip[:12]}", where=branch)
    where = f"{branch}:{FILE}"
    data = patient.repo.reader.blob(f"{tip}:{FILE}")
    if data is None:
        yield _no_config(patient, branch, where)
        return None
    try:
        config = parse(data, where=where)
    except InvalidRecord as trouble:
        fix = trouble.hint or f"mend it and push it to {branch}"
        yield error("config", "invalid", trouble.message, fix=fix, where=where)
        return None
    yield _config(branch, config, where)
    yield from _landing(config, where)
    return Target(branch, tip, config)


def _no_config(patient: Patient, branch: Branch, where: str) -> Point:
    worktree = patient.repo.worktree
    if worktree is not None and (worktree / FILE).is_file():
        words = f"{FILE} is only here: until it is on {branch}, whatever merges lands, untested"
        return warning("config", "waiting", words, fix=f"land it on {branch}", where=where)
    words = f"{branch} has no {FILE}: whatever merges lands, untested"
    return warning("config", "absent", words, fix="refinery init", where=where)


def _config(branch: Branch, config: Config, where: str) -> Point:
    if not config.checks:
        words = f"{FILE} declares no checks: whatever merges lands, untested"
        fix = f"add `checks:` to {FILE} on {branch}"
        return warning("config", "untested", words, fix=fix, where=where)
    names = ", ".join(check.name for check in config.checks)
    return well("config", f"{config.method.value}, checks: {names}", where=where)


def _landing(config: Config, where: str) -> Iterator[Point]:
    if config.landing is LandingMode.PULL_REQUEST and config.forge is None:
        words = "`landing: pull-request`, and no forge to open pull requests on"
        fix = f"add `forge: github` (or gitlab, gitea) to {FILE}, or remove `landing`"
        yield error("landing", "without-forge", words, fix=fix, where=where)


# The workflow


def workflow(patient: Patient, on: Target) -> Iterator[Point]:
    """The file that wakes the queue on the forge; a server of one's own needs none."""
    if on.config.forge is None or patient.remote == IN_PLACE:
        return
    forge = Forge(on.config.forge)
    read = reader(patient.repo, on.tip)
    path, wanted = wanted_workflow(read, Request(forge, on.config.branches))
    there = read(path)
    where = f"{on.branch}:{path}"
    fix = f"refinery init --{forge.value}"
    if there is None:
        words = f"{path} is not there: nothing on {forge.called} wakes the queue"
        yield warning("workflow", "absent", words, fix=fix, where=where)
        return
    yield _compared(standing(text_of(there), wanted), path, where, fix)
    ci = read(GITLAB_CI) or b""
    if forge is Forge.GITLAB and not includes(text_of(ci), path):
        words = f"{GITLAB_CI} does not include {path}: GitLab never reads it"
        fix = f"add to `include:` in {GITLAB_CI}: `- local: {path}`"
        yield warning("workflow", "not-included", words, fix=fix, where=f"{on.branch}:{GITLAB_CI}")


def _compared(how: Standing, path: str, where: str, fix: str) -> Point:
    if how is Standing.OLDER:
        words = f"{path} is not what this version writes for this configuration"
        return warning("workflow", "outdated", words, fix=fix, where=where)
    if how is Standing.EDITED_OLDER:
        words = f"{path} was edited here, and this version would write another"
        fix = f"{fix} --dry-run shows the difference, --force writes it anew"
        return warning("workflow", "edited", words, fix=fix, where=where)
    if how is Standing.FOREIGN:
        return well("workflow", f"{path} was written by hand", where=where)
    edited = ", edited here" if how is Standing.EDITED else ""
    return well("workflow", f"{path} is of this version{edited}", where=where)
