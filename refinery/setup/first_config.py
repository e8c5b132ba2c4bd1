"""Proposes the first .refinery.yaml of a repository: the checks it seems to have, and the text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from refinery.config.config import FILE, parse
from refinery.errors import UsageError
from refinery.setup.forges import Forge
from refinery.setup.planned_file import ReadFile
from refinery.values import dataclass, replace

SCHEMA = "urn:git-refinery:schema:config:1"

_VERSION = re.compile(r"^version:[ \t]*1[ \t]*(?:#.*)?\n", re.MULTILINE)
_MAKE_TEST = re.compile(rb"^test[ \t]*:(?!=)", re.MULTILINE)
_NO_NPM_TEST = "no test specified"
_NAME = re.compile(r"[^A-Za-z0-9._]+")
_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class ProposedCheck:
    """A check to write, and what in the repository suggested it."""

    name: str
    run: str
    why: str


def found_check(read: ReadFile) -> ProposedCheck | None:
    """The check that the repository's own files suggest; None when nothing does."""
    return (
        _python(read)
        or _node(read)
        or _make(read)
        or _by_file(read, "Cargo.toml", "cargo", "cargo test")
        or _by_file(read, "go.mod", "go", "go test ./...")
    )


def given_checks(commands: Sequence[str]) -> tuple[ProposedCheck, ...]:
    """The checks of `--check CMD`, each with a name of its own."""
    checks: list[ProposedCheck] = []
    for command in commands:
        if not command.strip():
            raise UsageError("--check: an empty command checks nothing")
        base = _NAME.sub("-", command).strip("-._")[:_MAX_NAME].rstrip("-._") or "check"
        taken = sum(each.name == base or each.name.startswith(f"{base}-") for each in checks)
        name = f"{base}-{taken + 1}" if taken else base
        checks.append(ProposedCheck(name, command, "given"))
    return tuple(checks)


def render(checks: Sequence[ProposedCheck], forge: Forge | None = None) -> str:
    """The text of .refinery.yaml; what comes out is valid, or the checks are wrong usage."""
    tracked = _tracked(forge) if forge else ""
    text = _HEAD + tracked + _METHOD + (_listed(checks) if checks else _NO_CHECKS)
    parse(text.encode(), where=FILE)
    return text


def with_tracker(text: str, forge: Forge) -> str | None:
    """A configuration that names no tracker, with one; None where it cannot be put there safely."""
    found = _VERSION.search(text)
    if found is None:
        return None
    changed = f"{text[: found.end()]}\n{_tracked(forge).rstrip()}\n{text[found.end() :]}"
    before, after = parse(text.encode(), where=FILE), parse(changed.encode(), where=FILE)
    return changed if after == replace(before, tracker=forge.value, forge=forge.value) else None


_HEAD = f"""\
# The merge queue's configuration, read from the tip of this branch and never from a merge request.
# Schema: {SCHEMA}
version: 1

"""

_METHOD = """\
# How a merge request is put on the target: merge, squash, rebase or fast-forward.
method: merge

"""

_TRACKED = """\
# Where a conflict becomes an issue: closing it there puts the merge request back in the queue.
tracker: {name}

"""

_NO_CHECKS = """\
# NOTHING IS TESTED: whatever merges cleanly lands. To have something tested, write for example
#
#   checks:
#     - name: test
#       run: make test
#       timeout: 30m
checks: []
"""


def _tracked(forge: Forge) -> str:
    return _TRACKED.format(name=forge.value)


def _listed(checks: Sequence[ProposedCheck]) -> str:
    lines = ["# What must pass on the merged tree, in a fresh checkout of it, before it lands."]
    lines.append("checks:")
    for check in checks:
        lines.append(f"  - name: {json.dumps(check.name)}")
        lines.append(f"    run: {json.dumps(check.run, ensure_ascii=False)}")
        lines.append("    timeout: 30m")
    return "\n".join(lines) + "\n"


def _python(read: ReadFile) -> ProposedCheck | None:
    project = next(
        (name for name in ("pyproject.toml", "setup.cfg", "setup.py") if read(name) is not None),
        None,
    )
    tests = next((name for name in ("tests", "test") if read(name) is not None), None)
    if project is None or tests is None:
        return None
    return ProposedCheck("pytest", "python -m pytest", f"{project} and {tests}/")


def _node(read: ReadFile) -> ProposedCheck | None:
    data = read("package.json")
    if data is None:
        return None
    try:
        script = json.loads(data)["scripts"]["test"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(script, str) or _NO_NPM_TEST in script:
        return None
    # A check starts in a fresh checkout, so what the lock file names is not there yet.
    locked = read("package-lock.json") is not None
    run = "npm ci && npm test" if locked else "npm test"
    return ProposedCheck("npm-test", run, "package.json has a test script")


def _make(read: ReadFile) -> ProposedCheck | None:
    for name in ("GNUmakefile", "makefile", "Makefile"):
        data = read(name)
        if data is not None and _MAKE_TEST.search(data):
            return ProposedCheck("make-test", "make test", f"{name} has a target `test`")
    return None


def _by_file(read: ReadFile, file: str, name: str, run: str) -> ProposedCheck | None:
    return ProposedCheck(name, run, file) if read(file) is not None else None
