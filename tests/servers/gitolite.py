"""gitolite as it is: its own shell, hooks and configuration; only sshd in front of it is left out.

A clone's `core.sshCommand` starts gitolite-shell the way sshd does for the key of one person.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

from tests.sandbox import Sandbox
from tests.servers.tools import environment, tool


class Gitolite:
    """One gitolite; each test has a repository of its own in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = environment(home)
        self.configuration = ""
        home.mkdir()
        self.run("setup", "-a", "admin")

    def host(self, box: Sandbox, name: str, rules: str) -> Path:
        """Give a sandbox's origin to gitolite, with these rules in its gitolite.conf."""
        self.configure(f"{self.configuration}{rules}\n")
        repository = self.home / "repositories" / f"{name}.git"
        fetch = ("fetch", "-q", str(box.origin), "+refs/*:refs/*")
        box.git(*fetch, cwd=repository)
        box.git("symbolic-ref", "HEAD", "refs/heads/main", cwd=repository)
        shutil.rmtree(box.origin)
        box.origin.symlink_to(repository)
        return repository

    def configure(self, text: str) -> None:
        """What the admin pushes to gitolite-admin.git: conf/gitolite.conf, compiled."""
        self.configuration = text
        (self.home / ".gitolite" / "conf" / "gitolite.conf").write_text(text)
        self.run("compile")

    def run(self, *arguments: str) -> None:
        """gitolite's own command on the server."""
        done = subprocess.run(
            [tool("gitolite"), *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def clone(self, box: Sandbox, name: str, user: str) -> Sandbox:
        """A clone whose remote is this server, as the holder of the key of that name."""
        made = box.clone(user)
        made.git("config", "remote.origin.url", f"git@gitolite.invalid:{name}")
        made.git("config", "core.sshCommand", str(self._shell(user)))
        made.git("config", "ssh.variant", "ssh")
        return made

    def _shell(self, user: str) -> Path:
        script = self.home / f"as-{user}"
        known = {
            **self.environment,
            "SSH_CONNECTION": "127.0.0.1 50000 127.0.0.1 22",
            "SSH_CLIENT": "127.0.0.1 50000 22",
        }
        script.write_text(
            "#!/bin/sh\n"
            "for last; do :; done\n"
            f"exec env -i {shlex.join(f'{key}={value}' for key, value in known.items())} \\\n"
            f'    SSH_ORIGINAL_COMMAND="$last" {tool("gitolite-shell")} {user}\n'
        )
        script.chmod(0o755)
        return script
