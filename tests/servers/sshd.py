"""A real sshd on loopback, as an ordinary process: keys with forced commands, one account.

The account is called `git` whoever runs the tests: libnss_wrapper tells sshd so.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.sandbox import Sandbox
from tests.servers.tools import UNPACKED, environment, free_port, hooks_environment, tool


class Sshd:
    """Lets in the holders of the keys it knows, to run what authorized_keys says."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = environment(home)
        home.mkdir()
        self.host_key = self.key("host")
        self.port, self._process = self._start()

    def key(self, name: str) -> str:
        """A pair of keys; the public one."""
        path = self.home / name
        if not path.exists():
            words = [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]
            subprocess.run(words, env=self.environment, check=True)
        return path.with_suffix(".pub").read_text().strip()

    def authorize(self, lines: str) -> None:
        """The account's authorized_keys."""
        (self.home / "authorized_keys").write_text(lines)

    def clone(self, box: Sandbox, user: str) -> Sandbox:
        """A clone whose remote is this server, with the key of a user."""
        known = self.home / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self.port} {self.host_key}\n")
        options = ("BatchMode=yes", "IdentitiesOnly=yes", f"UserKnownHostsFile={known}")
        command = [str(tool("ssh")), "-F", "none", "-i", str(self.home / user)]
        command += [part for option in options for part in ("-o", option)]
        made = box.clone(user)
        made.git("config", "remote.origin.url", f"ssh://git@127.0.0.1:{self.port}{box.origin}")
        made.git("config", "core.sshCommand", " ".join(command))
        return made

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate()

    def _start(self) -> tuple[int, subprocess.Popen[str]]:
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself up before the login
        said = ""
        for _ in range(5):
            port = free_port()
            process = subprocess.Popen(
                [tool("sshd"), "-D", "-e", "-f", self._configuration(port)],
                env={**self.environment, **self._accounts()},
                stderr=subprocess.PIPE,
                text=True,
            )
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("Server listening"):
                    return port, process
                said += line
            process.wait()
        raise AssertionError(f"sshd does not start: {said}")

    def _configuration(self, port: int) -> Path:
        told = " ".join(f"{key}={value}" for key, value in hooks_environment().items())
        lines = {
            "Port": port,
            "ListenAddress": "127.0.0.1",
            "HostKey": self.home / "host",
            "AuthorizedKeysFile": self.home / "authorized_keys",
            "PidFile": "none",
            "UsePAM": "no",
            "StrictModes": "no",
            "PermitRootLogin": "forced-commands-only",
            "PasswordAuthentication": "no",
            "SetEnv": told,
        }
        # From OpenSSH 9.8 and 10.0 on the server is several programs.
        for setting, name in {
            "SshdSessionPath": "sshd-session",
            "SshdAuthPath": "sshd-auth",
        }.items():
            program = UNPACKED / "usr" / "lib" / "openssh" / name
            if program.exists():
                lines[setting] = program
        path = self.home / "sshd_config"
        path.write_text("".join(f"{key} {value}\n" for key, value in lines.items()))
        return path

    def _accounts(self) -> dict[str, str]:
        uid, gid = os.getuid(), os.getgid()
        (self.home / "passwd").write_text(
            f"git:x:{uid}:{gid}::{self.home}:/bin/sh\n"
            "sshd:x:65500:65534::/run/sshd:/usr/sbin/nologin\n"
        )
        (self.home / "group").write_text(f"git:x:{gid}:\n")
        return {
            "LD_PRELOAD": str(_wrapper()),
            "NSS_WRAPPER_PASSWD": str(self.home / "passwd"),
            "NSS_WRAPPER_GROUP": str(self.home / "group"),
        }


def _wrapper() -> Path:
    for root in (UNPACKED, Path("/")):
        for found in sorted(root.glob("usr/lib/*-linux-gnu*/libnss_wrapper.so")):
            return found
    pytest.skip("libnss_wrapper is not there: scripts/servers brings it on Debian and Ubuntu")
