"""The Homebrew formula: everything that is needed, from its source, by its checksum."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest

from tools.make_formula import formula

LOCK = tomllib.loads("""\
[[package]]
name = "git-refinery"
source = { editable = "." }
dependencies = [
    { name = "pygithub" },
    { name = "pyyaml" },
    { name = "tzdata", marker = "sys_platform == 'win32'" },
]
[package.optional-dependencies]
top = [{ name = "textual" }]

[[package]]
name = "pygithub"
dependencies = [{ name = "pyjwt", extra = ["crypto"] }]
sdist = { url = "https://example.com/pygithub-2.tar.gz", hash = "sha256:aa" }

[[package]]
name = "pyjwt"
sdist = { url = "https://example.com/pyjwt-3.tar.gz", hash = "sha256:bb" }
[package.optional-dependencies]
crypto = [{ name = "cryptography" }]

[[package]]
name = "cryptography"

[[package]]
name = "pyyaml"
sdist = { url = "https://example.com/pyyaml-6.tar.gz", hash = "sha256:cc" }

[[package]]
name = "textual"

[[package]]
name = "tzdata"
""")


@pytest.fixture
def written() -> str:
    return formula(url="https://example.com/git_refinery-1.tar.gz", sha256="00", lock=LOCK)


def test_it_names_what_is_needed_to_run_and_where_it_comes_from(written: str) -> None:
    resources = re.findall(r'resource "(.*)" do\n    url "(.*)"\n    sha256 "(.*)"', written)
    assert resources == [
        ("pygithub", "https://example.com/pygithub-2.tar.gz", "aa"),
        ("pyjwt", "https://example.com/pyjwt-3.tar.gz", "bb"),
        ("pyyaml", "https://example.com/pyyaml-6.tar.gz", "cc"),
    ]
    assert re.findall(r'depends_on "(.*?)"', written) == [
        *("cryptography", "libsodium", "libyaml", "python@3.13"),
    ]
    assert '  url "https://example.com/git_refinery-1.tar.gz"\n  sha256 "00"\n' in written


def test_it_is_ruby(written: str) -> None:
    ruby = shutil.which("ruby")
    if ruby is None:
        pytest.skip("ruby is not installed")
    done = subprocess.run([ruby, "-wc"], input=written, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("Syntax OK\n", "")
