"""A web server that serves repositories as Apache or nginx do: `git http-backend`, Basic auth."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import threading
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.sandbox import CHECKOUT, Sandbox

PASSWORD = "s3cr3t-of-{}"


class Fault(Enum):
    """What goes wrong while a push is taken."""

    KILLED = "receive-pack is killed in the middle of the pack"
    CUT_AFTER = "the push is done, and the connection ends before the answer"
    CUT_WITHIN = "the push is done, and the connection ends within the answer"


class GitServer(ThreadingHTTPServer):
    """Everything below a folder; who may do what can be changed while it runs.

    `faults` are for the next push that moves a ref; with `stays_away` the server is gone after it.
    `environment` is for the programs it starts.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, root: Path, *users: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.passwords = {user: PASSWORD.format(user) for user in users}
        self.port: int = self.server_address[1]
        self.only_reads = root / "everybody-only-reads"
        self.faults: dict[str, Fault] = {}
        self.environment: dict[str, str] = {}
        self.stays_away = False
        self.away = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def url(self, user: str = "", *, path: str = "origin.git", password: str = "") -> str:
        """The address of a repository, with the credentials of a user in it."""
        secret = password or PASSWORD.format(user)
        who = f"{user}:{secret}@" if user else ""
        return f"http://{who}127.0.0.1:{self.port}/{path}"

    def clone(self, box: Sandbox, user: str) -> Sandbox:
        """A clone whose remote is this server, as that user."""
        made = box.clone(user)
        made.git("config", "remote.origin.url", self.url(user))
        made.git("config", "http.proxy", "")
        return made

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: GitServer

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self._body())

    def log_message(self, format: str, *args: object) -> None:
        """Tests read no log."""

    def _serve(self, body: bytes) -> None:
        if self.server.away:
            self._cut()
            return
        user = self._user()
        if user is None:
            self._answer(401, [("WWW-Authenticate", 'Basic realm="git"')], b"who are you?\n")
            return
        writes = "git-receive-pack" in self.path
        if writes and self.server.only_reads.exists():
            self._answer(403, [], b"you may only read\n")
            return
        # A push begins with an empty probe where it is large.
        is_push = writes and self.command == "POST" and body != b"0000"
        fault = self._fault(body) if is_push else None
        if fault is Fault.KILLED:
            self._kill_in_the_middle(user, body)
            self._cut()
            return
        answer = self._backend(user).communicate(body)[0]
        if fault is Fault.CUT_AFTER:
            self._cut()
            return
        head, _, content = answer.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        status = next((value for name, value in headers if name == "Status"), "200 OK")
        headers = [(name, value) for name, value in headers if name != "Status"]
        self._answer(int(status[:3]), headers, content, cut=fault is Fault.CUT_WITHIN)

    def _fault(self, body: bytes) -> Fault | None:
        for ref in self.server.faults:
            if ref.encode() in body:
                self.server.away = self.server.stays_away
                return self.server.faults.pop(ref)
        return None

    def _user(self) -> str | None:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return None
        user, _, password = base64.b64decode(given).decode().partition(":")
        return user if self.server.passwords.get(user) == password else None

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _backend(self, user: str) -> subprocess.Popen[bytes]:
        path, _, query = self.path.partition("?")
        git = shutil.which("git")
        assert git is not None
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", ""),
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": self.headers.get("Content-Length", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": user,
            "REMOTE_ADDR": self.client_address[0],
            **self.server.environment,
        }
        return subprocess.Popen(
            [git, "http-backend"],
            env={name: value for name, value in environment.items() if value},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _kill_in_the_middle(self, user: str, body: bytes) -> None:
        process = self._backend(user)
        assert process.stdin is not None
        process.stdin.write(body[: len(body) // 2])
        process.stdin.flush()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def _answer(
        self, status: int, headers: list[tuple[str, ...]], content: bytes, *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.wfile.flush()
        if cut:
            self._cut()

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)
