"""Prepares a release, and says whether a tag is one.

python -m tools.release prepare 0.2.0    commits what a release changes; tag that commit v0.2.0
python -m tools.release check v0.2.0     exits 1 unless this commit is what the tag says
python -m tools.release notes v0.2.0     prints what CHANGELOG.md says of it

Pushing the tag does the rest: .github/workflows/release.yml.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"
VERSION_FILE = ROOT / "refinery" / "__init__.py"
WORKFLOWS = ROOT / "refinery" / "setup" / "workflows.py"
NAMED_IN = ("docs/github.md", "docs/report.md")

_SECTION = re.compile(r"^## \[(?P<name>[^\]]+)\](?: - (?P<date>\S+))?\n", re.MULTILINE)
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)((?:a|b|rc)\d+)?")
_ASSIGNED = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)
_PINNED = re.compile(r'^_ACTION_COMMIT = "(.*)"$', re.MULTILINE)


def sections(changelog: str) -> dict[str, tuple[str | None, str]]:
    """Version -> its date and its words, newest first; `Unreleased` has no date."""
    found = list(_SECTION.finditer(changelog))
    ends = [each.start() for each in found[1:]] + [len(changelog)]
    return {
        each["name"]: (each["date"], changelog[each.end() : end].strip())
        for each, end in zip(found, ends, strict=True)
    }


def ordered(version: str) -> tuple[int, int, int, bool, str]:
    """A version as something that can be compared: 0.2.0rc1 comes before 0.2.0."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"{version!r} is no version such as 0.2.0 or 0.2.0rc1")
    major, minor, patch, early = found.groups()
    return int(major), int(minor), int(patch), early is None, early or ""


def dated(changelog: str, version: str, day: str) -> str:
    """The changelog with what was unreleased under the version, and nothing unreleased."""
    if not sections(changelog)["Unreleased"][1]:
        raise ValueError("nothing is unreleased: CHANGELOG.md says nothing of a new version")
    return changelog.replace("## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {day}\n", 1)


def troubles(tag: str, version: str, changelog: str) -> list[str]:
    """Why a commit with this version and changelog is not the tag's release."""
    found = []
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and refinery/__init__.py says {version}")
    if _VERSION.fullmatch(version) is None:
        found.append(f"{version!r} is no version such as 0.2.0 or 0.2.0rc1")
    released = [name for name in sections(changelog) if name != "Unreleased"]
    date, words = sections(changelog).get(version, (None, ""))
    if released[:1] != [version] or date is None or not words:
        found.append(f"CHANGELOG.md has no section `## [{version}] - DATE` on top")
    if found:
        found.append(f"python -m tools.release prepare {version} makes such a commit")
    return found


def current_version() -> str:
    """What this checkout says it is."""
    found = _ASSIGNED.search(VERSION_FILE.read_text())
    assert found is not None
    return found[1]


def prepare(version: str) -> None:
    """Commit the release, and then that workflows made by it use the action of that commit."""
    if _git("status", "--porcelain"):
        raise ValueError("there are changes that are not committed")
    before = current_version()
    released = [name for name in sections(CHANGELOG.read_text()) if name != "Unreleased"]
    if released and ordered(version) <= ordered(released[0]):
        raise ValueError(f"{version} does not come after {released[0]}")
    ordered(version)
    today = datetime.now(UTC).date().isoformat()
    CHANGELOG.write_text(dated(CHANGELOG.read_text(), version, today))
    VERSION_FILE.write_text(_ASSIGNED.sub(f'__version__ = "{version}"', VERSION_FILE.read_text()))
    named = re.compile(rf"(?<=@v){re.escape(before)}\b|(?<===){re.escape(before)}\b")
    for path in map(ROOT.joinpath, NAMED_IN):
        path.write_text(named.sub(version, path.read_text()))
    queue = f"tests/upgrades/queues/{version}.bundle"
    for tool in ("make_reference", "make_manual", "freeze_formats", f"keep_queue {queue}"):
        subprocess.run([sys.executable, "-m", *f"tools.{tool}".split()], cwd=ROOT, check=True)
    _git("add", "--all")
    _git("commit", "--quiet", "--message", f"Release {version}")
    # A commit cannot name itself: the tag is on the next one.
    commit = _git("rev-parse", "HEAD")
    WORKFLOWS.write_text(_PINNED.sub(f'_ACTION_COMMIT = "{commit}"', WORKFLOWS.read_text()))
    _git("commit", "--quiet", "--all", "--message", f"setup: use the action of {version}")


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.release")
    parser.add_argument("what", choices=("prepare", "check", "notes"))
    parser.add_argument("version")
    arguments = parser.parse_args(argv)
    try:
        if arguments.what == "prepare":
            prepare(arguments.version)
            print(f"git tag --sign v{arguments.version} && git push --atomic origin main --tags")
            return 0
        found = troubles(arguments.version, current_version(), CHANGELOG.read_text())
    except ValueError as trouble:
        found = [str(trouble)]
    for each in found:
        print(f"error: {each}", file=sys.stderr)
    if arguments.what == "notes" and not found:
        print(sections(CHANGELOG.read_text())[current_version()][1])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
