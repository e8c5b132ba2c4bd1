"""Whom the worker calls is for its operator to say: no address that an author writes is called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from refinery.config.config import parse
from refinery.records.schema import InvalidRecord
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address, and what was asked there."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_POST = do_GET  # noqa: N815 - as the library calls it

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


CONFIG = """\
version: 1
tracker: local
message: "{{title}} {url} {{body}}"
notify: [{{to: HOOK}}]
checks: [{{name: t, run: "echo {url}; test ! -e bad"}}]
"""
OWN = """\
version: 1
tracker: gitea
forge: github
repository: evil.example/o/r
landing: push
notify: [{{to: ELSEWHERE}}]
checks: [{{name: t, run: "true"}}]
"""


def test_nothing_that_an_author_writes_is_an_address_that_is_called(
    box: Sandbox, listener: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = listener
    host = url.removeprefix("http://")
    monkeypatch.setenv("ELSEWHERE", f"json://{host}/x")
    box.config(CONFIG.format(url=url))
    files = {
        ".gitmodules": f'[submodule "s"]\n\tpath = s\n\turl = {url}/s.git\n\tupdate = checkout\n',
        ".lfsconfig": f"[lfs]\n\turl = {url}/lfs\n",
        ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
        "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:"
        + "0" * 64
        + "\nsize 9\n",
        ".gitconfig": f'[remote "origin"]\n\turl = {url}/o.git\n',
    }
    words = f"{url}/t\n\nDepends-On: {url}/d\nCloses: {url}#1\nIssue: {url}"
    box.request("work", files, onto="main", message=words, title=f"see {url}", issue=f"{url}#1")
    box.request("bad", {"bad": url}, onto="main", message=words, issue=f"{url}/i")
    box.request("one", {"README.md": f"{url}/1\n"}, onto="main")
    box.request("two", {"README.md": f"{url}/2\n"}, onto="main")
    box.commit("mine", {".refinery.yaml": OWN.format(url=url)}, onto="main")
    box.push("mine")
    box.request("more", {"m": url}, onto="mine", target="mine", message=words)
    for command in (
        *(("process", "--drain"), ("reconcile",), ("list",), ("why", "bad"), ("doctor",)),
        *(("issue", "list"), ("report", "--out", str(box.root / "report"))),
    ):
        done = box.cli(*command)
        assert "Traceback" not in done.err, done.err
    assert "work" in box.landed
    assert box.landed_on("mine") == ["more"]
    assert asked == []


@pytest.mark.parametrize(
    "line",
    ["repository: http://h/o/r", "notify: [{to: 'http://h'}]", "forge: http://h", "tracker: '//h'"],
)
def test_no_configuration_holds_an_address(line: str) -> None:
    with pytest.raises(InvalidRecord):
        parse(f"version: 1\n{line}\n".encode(), where=".refinery.yaml")


def test_the_reports_of_a_queue_load_nothing_from_elsewhere(
    box: Sandbox, listener: tuple[str, list[str]]
) -> None:
    url, _ = listener
    box.config("version: 1\nchecks: [{name: t, run: 'true'}]\n")
    evil = f'"><img src="{url}/i.png"><script src="{url}/s.js"></script> ![x]({url}/m.png)'
    box.request("work", {"w.txt": "w\n"}, onto="main", title=evil, message=evil)
    assert box.cli("process").code == 0
    out = box.root / "report"
    assert box.cli("report", "--out", str(out)).code == 0
    for page in Path(out).rglob("*.html"):
        text = page.read_text()
        assert f'src="{url}' not in text
        assert f'href="{url}' not in text
