"""Keys to sign with: real ones, made once, and thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox import Sandbox

CHECKED = '{"name": "there", "run": "test -e README.md"}'
SIGNERS = ".refinery-signers"


@dataclass(frozen=True)
class SshKey:
    """A key pair of ssh's, and the line that vouches for it."""

    path: Path
    who: str

    def line(self, options: str = "") -> str:
        public = self.path.with_suffix(".pub").read_text().strip()
        return " ".join(filter(None, (self.who, options, public))) + "\n"


@pytest.fixture(scope="session")
def ssh_keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SshKey]:
    """Ada's and Bob's."""
    folder = tmp_path_factory.mktemp("ssh-keys")
    for name in ("ada", "bob"):
        make_ssh_key(folder / name)
    return {name: SshKey(folder / name, f"{name}@example.com") for name in ("ada", "bob")}


def make_ssh_key(path: Path, passphrase: str = "") -> None:
    told = ("-q", "-t", "ed25519", "-C", "", "-N", passphrase, "-f", str(path))
    subprocess.run(("ssh-keygen", *told), check=True, capture_output=True)


@pytest.fixture
def ada(ssh_keys: dict[str, SshKey]) -> SshKey:
    return ssh_keys["ada"]


@pytest.fixture
def bob(ssh_keys: dict[str, SshKey]) -> SshKey:
    return ssh_keys["bob"]


def signs_with(box: Sandbox, key: SshKey) -> None:
    """From now on this clone signs with that key, where it has to."""
    box.git("config", "gpg.format", "ssh")
    box.git("config", "user.signingKey", str(key.path))


def asks(
    box: Sandbox,
    *keys: SshKey | str,
    require: Sequence[str] = ("landings", "queue"),
    more: str = "",
) -> None:
    """The target asks for signatures by these keys."""
    lines = "".join(key if isinstance(key, str) else key.line() for key in keys)
    asked = f"signatures: {{require: [{', '.join(require)}], signers: {SIGNERS}}}\n"
    text = f"version: 1\nchecks:\n- {CHECKED}\n{asked}{more}"
    box.advance({".refinery.yaml": text, SIGNERS: lines}, message="Ask for signatures")


def land(box: Sandbox, *branches: str) -> None:
    for branch in branches:
        box.request(branch)
    done = box.cli("process", "--drain", "--quiet")
    assert done.code == 0, done.err


def bad(box: Sandbox, *argv: str) -> list[tuple[str, str]]:
    """What is not signed as it must be: the history it is in, and what it is worth."""
    done = box.cli("verify", "--signatures", "--json", *argv)
    found = [
        (each["where"].removeprefix("refs/"), each["worth"])
        for each in done.json["signatures"]["bad"]
    ]
    assert done.code == (1 if found else 0), done.err
    return found


@dataclass(frozen=True)
class Gpg:
    """A throw-away home of gpg's, its path short enough for a socket."""

    home: Path

    def __call__(self, *argv: str, stdin: str = "") -> str:
        done = subprocess.run(
            ("gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", *argv),
            env={**os.environ, "GNUPGHOME": str(self.home)},
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def configure(self, *lines: str) -> None:
        """Settings of the agent, which is started anew."""
        # Without a count it measures for seconds how often this machine can hash.
        text = "\n".join(("s2k-count 65536", *lines))
        (self.home / "gpg-agent.conf").write_text(f"{text}\n")
        self.end()

    def end(self) -> None:
        subprocess.run(("gpgconf", "--kill", "all"), check=False, capture_output=True)

    def make(self, who: str, *options: str, passphrase: str = "") -> str:
        """A key's fingerprint."""
        made = ("--passphrase", passphrase, "--quick-gen-key", who, "ed25519", "sign", "never")
        self(*options, *made)
        listed = self("--list-keys", "--with-colons", who).splitlines()
        return next(line.split(":")[9] for line in listed if line.startswith("fpr"))


@pytest.fixture
def gpg() -> Iterator[Gpg]:
    home = Path(tempfile.mkdtemp(prefix="gpg-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", str(home))
        made = Gpg(home)
        made.configure()
        yield made
        made.end()
    shutil.rmtree(home, ignore_errors=True)


Program = Callable[[str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program that does what a script says."""

    def write(script: str) -> Path:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write
