"""Apache as it is, with the configuration that the guide shows, as an ordinary process."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import time
from pathlib import Path

from tests.sandbox import Sandbox
from tests.servers import guide
from tests.servers.smart_http import PASSWORD
from tests.servers.tools import environment, free_port, hooks_environment, tool

# What Debian's package has switched on, and what the guide says to.
USUAL = ("mpm_prefork", "authn_core", "authz_core", "authz_user", "alias")


class Apache:
    """Everything below a folder, for users whom it knows."""

    def __init__(self, root: Path, *users: str) -> None:
        self.root = root
        self.port = free_port()
        known = (f"{user}:{_hashed(PASSWORD.format(user))}\n" for user in users)
        (root / "users").write_text("".join(known))
        (root / "httpd.conf").write_text(self._configuration())
        self._process = subprocess.Popen(
            [tool("apache2"), "-X", "-f", root / "httpd.conf"], env=environment(root)
        )
        self._wait()

    def clone(self, box: Sandbox, user: str) -> Sandbox:
        """A clone whose remote is this server, as that user."""
        made = box.clone(user)
        who = f"{user}:{PASSWORD.format(user)}"
        url = f"http://{who}@127.0.0.1:{self.port}/git/origin.git"
        made.git("config", "remote.origin.url", url)
        made.git("config", "http.proxy", "")
        return made

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _configuration(self) -> str:
        shown = guide.block("# /etc/apache2/conf-enabled/git.conf")
        for there, here in {
            "/srv/git": str(self.root),
            "/etc/apache2/git-users": str(self.root / "users"),
            "/usr/lib/git-core": _git_programs(),
        }.items():
            assert there in shown
            shown = shown.replace(there, here)
        modules = tool("apache2").parent.parent / "lib" / "apache2" / "modules"
        loaded = [*USUAL, *guide.words("a2enmod")]
        lines = [
            f'ServerRoot "{self.root}"',
            "ServerName localhost",
            f"Listen 127.0.0.1:{self.port}",
            f"PidFile {self.root}/httpd.pid",
            f"ErrorLog {self.root}/httpd.log",
            *(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in loaded),
            *(f"SetEnv {name} {value}" for name, value in hooks_environment().items()),
        ]
        return "\n".join([*lines, shown])

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while self._process.poll() is None and time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise AssertionError(f"Apache does not start: {(self.root / 'httpd.log').read_text()}")


def _hashed(password: str) -> str:
    return "{SHA}" + base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()


def _git_programs() -> str:
    return subprocess.run(
        ["git", "--exec-path"], capture_output=True, text=True, check=True
    ).stdout.strip()
