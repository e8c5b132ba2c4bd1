"""`resolve:` in the configuration: what is wanted for which file."""

from __future__ import annotations

import pytest

from refinery.config.config import parse
from refinery.config.resolve import Regenerate, Resolve, is_declared
from refinery.records.schema import InvalidRecord


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("CHANGELOG.md", "CHANGELOG.md", True),
        ("CHANGELOG.md", "docs/CHANGELOG.md", True),
        ("/CHANGELOG.md", "docs/CHANGELOG.md", False),
        ("*.po", "locale/de/app.po", True),
        ("locale/*.po", "locale/de.po", True),
        ("locale/*.po", "locale/de/app.po", False),
        ("locale/**", "locale/de/app.po", True),
        ("**/app.po", "app.po", True),
        ("**/app.po", "locale/de/app.po", True),
        ("a+b.txt", "a+b.txt", True),
        ("a+b.txt", "aab.txt", False),
        ("?.txt", "a.txt", True),
        ("?.txt", "ab.txt", False),
    ],
)
def test_patterns_are_read_as_gitattributes_reads_them(pattern: str, path: str, fits: bool) -> None:
    assert is_declared(path, (pattern,)) is fits


def test_nothing_is_tried_unless_somebody_asks_for_it() -> None:
    config = parse(b"version: 1\n", where="here")
    assert config.resolve == Resolve()
    assert not config.resolve.is_wanted


def test_each_way_is_read_with_its_files() -> None:
    text = b"""version: 1
resolve:
  rerere: true
  rebase: true
  union: [CHANGELOG.md]
  regenerate:
    - {files: [package-lock.json], run: npm install, timeout: 2m, directory: web}
    - {files: ["*.pb.go"], run: [make, proto]}
"""
    wanted = parse(text, where="here").resolve
    npm = Regenerate(("package-lock.json",), "npm install", 120.0, "web")
    make = Regenerate(("*.pb.go",), ("make", "proto"))
    assert wanted == Resolve(True, True, ("CHANGELOG.md",), (npm, make))
    assert wanted.generator("web/package-lock.json") == npm
    assert wanted.generator("api/a.pb.go") == make
    assert wanted.generator("CHANGELOG.md") is None
    assert wanted.is_united("CHANGELOG.md")


def test_a_command_without_files_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="files"):
        parse(b"version: 1\nresolve: {regenerate: [{run: make}]}\n", where="here")
