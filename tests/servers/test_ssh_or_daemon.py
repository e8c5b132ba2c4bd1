"""Over ssh with one account and forced commands, and over a shared disk, by the account."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pwd import getpwuid

import pytest

from tests.sandbox import Sandbox
from tests.servers import guide, rights
from tests.servers.sshd import Sshd


@pytest.fixture(scope="session")
def sshd(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """One for all tests; its account's keys are those that the guide shows."""
    server = Sshd(tmp_path_factory.mktemp("sshd") / "git")
    server.authorize(keys(server))
    yield server
    server.close()


def keys(server: Sshd) -> str:
    """The guide's authorized_keys with real keys: a line for each person."""
    lines = []
    for line in guide.block("# ~git/.ssh/authorized_keys").splitlines()[1:]:
        options, _, shown = line.partition(" ssh-ed25519 ")
        name = shown.split()[-1].partition("@")[0]
        lines.append(f"{options} {server.key(name)}\n")
    return "".join(lines)


def test_a_life_over_ssh(sshd: Sshd, guarded: Sandbox) -> None:
    rights.short_life(guarded, lambda user: sshd.clone(guarded, user), rights.BY_NAME)


def test_a_key_runs_nothing_but_git(sshd: Sshd, guarded: Sandbox) -> None:
    ada = sshd.clone(guarded, "ada")
    command = ada.git("config", "core.sshCommand").split()
    for words in ("id", f"REMOTE_USER=refinery git-receive-pack '{guarded.origin}'"):
        done = rights.run([*command, "-p", str(sshd.port), "git@127.0.0.1", words])
        assert done.returncode == 128
        assert b"unrecognized command" in done.stderr


def test_on_a_shared_disk_the_account_is_who_pushes(guarded: Sandbox) -> None:
    account = getpwuid(os.getuid()).pw_name
    guarded.commit("feat")
    id = guarded.submit("feat")
    refused = guarded.cli("claim", id)
    assert refused.code == 1
    assert f"only refinery may write it, not {account} (refinery.engines)" in refused.err
    guarded.git("config", "--add", "refinery.engines", account, cwd=guarded.origin)
    assert guarded.cli("process", "--drain").code == 0
    assert guarded.landed == ["feat"]
