"""Messages to people through the real apprise and a real HTTP server: none lost, none twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from refinery.adapters import notifying
from refinery.adapters.notifying import AppriseNotifier, BadAddress, NotDelivered
from refinery.queue.delivery import LEASE
from tests.sandbox import CHECKOUT, Sandbox

pytestmark = pytest.mark.journey

CONFIG = """\
version: 1
notify:
- to: TEAM
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then echo it is bad; exit 1; fi
"""
AFTER_THE_LEASE = LEASE.total_seconds() + 60
SECRET = "token-that-nobody-may-see"


class Service:
    """What apprise's `json://` talks to: it remembers messages, and can refuse or hang."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.refusals = 0
        self.hangs = False
        self._let_go = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if service.hangs:
                    service._let_go.wait(30)
                    return
                if service.refusals:
                    service.refusals -= 1
                    self.send_error(503)
                    return
                service.got.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        """What the variable holds: with a secret in it, as such addresses have."""
        port = self._server.server_address[1]
        return f"json://user:{SECRET}@127.0.0.1:{port}/hook?rto=0.3&cto=0.3"

    @property
    def titles(self) -> list[str]:
        """Of the messages it took."""
        return [message["title"] for message in self.got]

    def close(self) -> None:
        """Let go of whoever hangs, and end."""
        self._let_go.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


@pytest.fixture
def told(box: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A queue whose team is told everything."""
    monkeypatch.setenv("TEAM", service.address)
    box.config(CONFIG)
    return box


def untold(box: Sandbox) -> list[str]:
    return [task for mr in box.view().mrs.values() for task in mr.untold]


def telling_events(box: Sandbox) -> list[str]:
    return [each.subject for each in box.queue_log() if each.event in ("telling", "told")]


def test_each_outcome_is_one_message(told: Sandbox, service: Service) -> None:
    told.advance({"shared.txt": "0\n"})
    good = told.request("good", {"shared.txt": "1\n"}, onto="main", title="Good @all", priority=0)
    clash = told.request("clash", {"shared.txt": "2\n"}, onto="main", issue="X-1")
    bad = told.request("bad", {"b.txt": "bad\n"}, onto="main")
    unwanted = told.request("unwanted", {"u.txt": "u\n"}, onto="main")
    assert told.cli("reject", unwanted, "--reason", "not now").code == 0
    done = told.cli("process")
    assert done.code == 0, done.err
    landed = str(told.mr(good).merge_commit)[:12]
    messages = {message["title"]: message["message"] for message in service.got}
    assert messages == {
        "Rejected: Change unwanted": "unwanted will not land on main: not now\n\n"
        f"{unwanted} by Ada Author. More: refinery why {unwanted}",
        "Landed: Good @\N{WORD JOINER}all": f"good landed on main as {landed}.\n\n"
        f"{good} by Ada Author. More: refinery why {good}",
        "Conflict: Change clash": "clash does not merge into main: shared.txt. "
        "Issue local#1 blocks it: push a new revision and close the issue.\n\n"
        f"{clash} by Ada Author, for X-1. More: refinery why {clash}",
        "Needs rework: Change bad": "bad did not pass for main.\n\ncheck test: exit status 1\n"
        f"it is bad\n\n{bad} by Ada Author. More: refinery why {bad}",
    }
    assert len(service.got) == 4
    assert untold(told) == []
    told.cli("process")
    assert len(service.got) == 4
    assert telling_events(told) == [
        "about to say 4 words outside",
        "said 4 words outside",
    ]


def test_a_queue_that_tells_nobody_writes_and_pushes_nothing_for_it(box: Sandbox) -> None:
    box.request("a", {"a.txt": "a\n"}, onto="main")
    assert box.cli("process").code == 0
    assert [each.event for each in box.queue_log()] == ["queued", "merged"]
    record = box.git("show", f"refs/refinery/queue:{path_of(box, 'a')}", cwd=box.origin)
    assert "untold" not in record
    assert "telling" not in record


def path_of(box: Sandbox, branch: str) -> str:
    id = box.mr(branch).id
    rows = box.git("ls-tree", "-r", "--name-only", "refs/refinery/queue", cwd=box.origin)
    return next(row for row in rows.splitlines() if id in row)


def test_a_service_that_is_away_gets_it_later_and_its_address_stands_nowhere(
    told: Sandbox, service: Service
) -> None:
    service.refusals = 1
    id = told.request("a", {"a.txt": "a\n"}, onto="main")
    done = told.cli("process")
    assert done.code == 0
    assert f"{id}: notify:merged@TEAM: notify TEAM: the service did not take the" in done.err
    assert told.landed == ["a"]
    assert untold(told) == ["notify:merged@TEAM"]
    told.cli("process")
    assert service.got == []
    told.clock.tick(61)
    told.cli("process")
    assert service.titles == ["Landed: Change a"]
    assert service.got[0]["message"].endswith(
        "\n\n(You may have this already: it was tried before without an answer.)"
    )
    assert untold(told) == []
    log = told.git("log", "-p", "refs/refinery/queue", cwd=told.origin)
    for text in (log, done.err, done.out):
        assert SECRET not in text


def test_a_service_that_hangs_stops_neither_landings_nor_other_channels(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Service()
    try:
        monkeypatch.setenv("OTHER", other.address)
        told.config(CONFIG.replace("- to: TEAM\n", "- to: TEAM\n- to: OTHER\n"))
        service.hangs = True
        for name in ("a", "b", "c"):
            told.request(name, {f"{name}.txt": "x\n"}, onto="main")
        done = told.cli("process")
        assert done.code == 0
        assert done.err.count("did not take the message") == 1
        assert sorted(told.landed) == ["a", "b", "c"]
        assert sorted(other.titles) == ["Landed: Change a", "Landed: Change b", "Landed: Change c"]
        assert untold(told) == ["notify:merged@TEAM"] * 3
    finally:
        other.close()


def test_many_at_once_are_one_message(told: Sandbox, service: Service) -> None:
    ids = [told.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main") for n in range(7)]
    told.cli("process")
    assert service.titles == ["Landed: 7 merge requests"]
    rows = service.got[0]["message"].splitlines()
    assert sorted(rows) == sorted(f"- {id} b{n}: Change b{n}" for n, id in enumerate(ids))
    assert untold(told) == []


def test_a_worker_without_the_address_leaves_it_to_one_that_has_it(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEAM")
    told.request("a", {"a.txt": "a\n"}, onto="main")
    done = told.cli("process")
    waits = "notifications wait for another worker: TEAM is not set in the environment"
    assert done.err.count(waits) == 1
    assert untold(told) == ["notify:merged@TEAM"]
    assert telling_events(told) == []
    monkeypatch.setenv("TEAM", service.address)
    told.clone("bob").cli("process")
    assert service.titles == ["Landed: Change a"]
    assert "You may have this" not in service.got[0]["message"]


def test_without_apprise_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    notifier = AppriseNotifier({"TEAM": "json://127.0.0.1:1"})
    assert notifier.obstacle("TEAM") is None
    assert notifier.obstacle("OTHER") == "OTHER is not set in the environment of this worker"
    monkeypatch.setattr(notifying, "find_spec", lambda _: None)
    wanted = "apprise is not installed: pip install 'git-refinery[notify]'"
    assert notifier.obstacle("TEAM") == wanted


@pytest.mark.parametrize(
    ("address", "error"),
    [(f"nothing {SECRET}", BadAddress), (f"json://{SECRET}@127.0.0.1:9/", NotDelivered)],
)
def test_neither_errors_nor_logs_quote_an_address(
    address: str,
    error: type[Exception],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    notifier = AppriseNotifier({"TEAM": address})
    with pytest.raises(error) as caught:
        notifier.send("TEAM", title="t", body="b")
    shown = capfd.readouterr()
    said = f"{caught.value!r} {caught.value.__context__!r} {caplog.text} {shown.out} {shown.err}"
    assert SECRET not in said


def test_a_channel_that_was_taken_out_of_the_configuration_is_told_nothing_more(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEAM")
    told.request("a", {"a.txt": "a\n"}, onto="main")
    told.cli("process")
    told.config("version: 1\n")
    monkeypatch.setenv("TEAM", service.address)
    told.cli("process")
    assert (service.got, untold(told)) == ([], [])


def test_a_target_of_ones_own_reaches_no_channel_that_the_default_target_does_not_name(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any branch can be named as a target; the worker knows addresses that are not for it."""
    monkeypatch.setenv("OTHER_TEAM", service.address)
    own = CONFIG.replace("TEAM", "OTHER_TEAM")
    told.commit("mine", {".refinery.yaml": own}, onto="main")
    told.push("mine")
    told.request("work", {"w.txt": "w\n"}, onto="mine", target="mine")
    assert told.cli("process").code == 0
    assert told.landed_on("mine") == ["work"]
    assert (service.got, untold(told)) == ([], [])


def test_a_red_target_is_told_once_and_again_when_it_goes_on(
    told: Sandbox, service: Service
) -> None:
    told.advance({"red.txt": "bad\n"})
    told.request("a", {"a.txt": "a\n"}, onto="main")
    for _ in range(3):
        assert told.cli("process").code == 1
    assert service.titles == ["The queue for main is stuck"]
    assert "Nobody is blamed" in service.got[0]["message"]
    told.advance({"red.txt": "good\n"})
    for _ in range(2):
        assert told.cli("process").code == 0
    assert sorted(service.titles[1:]) == ["Landed: Change a", "The queue for main goes on again"]
    assert told.view().header.stuck == ()


def test_a_broken_configuration_is_told_to_the_channels_of_the_last_one_that_worked(
    told: Sandbox, service: Service
) -> None:
    told.request("a", {"a.txt": "a\n"}, onto="main")
    told.cli("process")
    told.config("version: 1\nchekcs: []\n")
    told.request("b", {"b.txt": "b\n"}, onto="main~1")
    assert told.cli("process").code == 1
    assert told.cli("process").code == 1
    assert service.titles == ["Landed: Change a", "The queue for main is stuck"]
    assert "chekcs" in service.got[1]["message"]
    told.config(CONFIG)
    assert told.cli("process").code == 0
    assert sorted(service.titles[2:]) == ["Landed: Change b", "The queue for main goes on again"]


# Several engines, and crashes


def owing(box: Sandbox, monkeypatch: pytest.MonkeyPatch, address: str, count: int) -> list[str]:
    """So many landed, and nobody could say it yet."""
    monkeypatch.delenv("TEAM")
    for n in range(count):
        box.request(f"b{n}", {f"{n}.txt": "x\n"}, onto="main")
    box.cli("process")
    monkeypatch.setenv("TEAM", address)
    return [f"Landed: Change b{n}" for n in range(count)]


def environment(worker: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REFINERY")}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "REFINERY_WORKER": worker}


def test_of_several_engines_at_once_one_says_it(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = owing(told, monkeypatch, service.address, 4)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "refinery", "process"],
            cwd=told.clone(name).path,
            env=environment(name),
            stderr=subprocess.PIPE,
        )
        for name in ("bob", "eve", "joe")
    ]
    for each in running:
        _, err = each.communicate(timeout=60)
        assert each.returncode == 0, err.decode()
    assert sorted(service.titles) == expected
    assert untold(told) == []


@pytest.mark.parametrize(
    ("step", "moment"),
    [(11, "before"), (12, "after"), (13, "after"), (15, "before"), (17, "before"), (18, "after")],
)
def test_a_kill_at_any_step_loses_nothing_and_repeats_at_most_what_was_in_the_air(
    told: Sandbox, service: Service, monkeypatch: pytest.MonkeyPatch, step: int, moment: str
) -> None:
    """Before the first swap, between it and the message, and up to the end of the second one."""
    expected = owing(told, monkeypatch, service.address, 2)
    died = subprocess.run(
        [sys.executable, "-m", "tests.engine.dying", str(step), moment, "process"],
        cwd=told.path,
        env=environment("ada"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode < 0
    told.clock.tick(AFTER_THE_LEASE)
    assert told.cli("process").code == 0
    assert untold(told) == []
    assert sorted(set(service.titles)) == expected
    for title in expected:
        first, *more = [each["message"] for each in service.got if each["title"] == title]
        assert "You may have this already" not in first or not more
        assert ["You may have this already" in text for text in more] in ([], [True])
