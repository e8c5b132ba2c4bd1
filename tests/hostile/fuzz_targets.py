"""What is fuzzed: for each place where text comes in from outside, what must hold of any bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from refinery.adapters.forge_address import parse_remote
from refinery.cli.output import plain
from refinery.config import config, windows
from refinery.config.patterns import fits, found
from refinery.engine.check_output import readable, readable_tail
from refinery.engine.messages import landing_message
from refinery.errors import RefineryError
from refinery.hooks import push_options
from refinery.records import document, text
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Sha, parse_mr_id, parse_sha, trimmed
from refinery.records.verdict import Verdict
from refinery.repo.masking import masked
from refinery.repo.objects import GitObject, parse_commit
from refinery.repo.refs import valid_branch
from refinery.repo.repository import symref_target
from refinery.repo.trailers import trailers
from refinery.submit.authorship import from_name
from refinery.submit.dependencies import as_told
from refinery.webhook import payload
from refinery.webhook.events import Forge
from refinery.webhook.parsing import parse

CORPUS = Path(__file__).with_name("corpus")
RECORDS = (MergeRequest, Claim, Verdict, Issue, QueueHeader)
KINDS = (
    (Forge.GITHUB, "issues"), (Forge.GITHUB, "push"), (Forge.GITHUB, "pull_request"),
    (Forge.GITHUB, "delete"), (Forge.GITLAB, "Issue Hook"), (Forge.GITLAB, "Push Hook"),
    (Forge.GITLAB, "Merge Request Hook"), (Forge.GITEA, "delete"), (Forge.GITEA, "pull_request"),
)  # fmt: skip
AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
SECRET = "canary-4711"


@dataclass(frozen=True)
class Target:
    """`run` raises where the program would do what it must not; `seeds` are good inputs."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]

    def inputs(self, name: str) -> Iterator[bytes]:
        """The seeds, and what was kept because it once found something."""
        yield from self.seeds
        for file in sorted((CORPUS / name).glob("*")):
            yield file.read_bytes()


def said(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def answered(work: Callable[[], Any]) -> Any:
    """What comes out; None for a refusal in words of ours."""
    try:
        return work()
    except RefineryError as error:
        refusal = error.message
    assert refusal.strip()
    return None


def record(data: bytes) -> None:
    for kind in RECORDS:
        read = answered(lambda: document.read(kind, data, where="a record"))  # noqa: B023
        if read is not None:
            assert document.read(kind, document.write(read), where="again") == read


def configuration(data: bytes) -> None:
    read = answered(lambda: config.parse(data, where=".refinery.yaml"))
    if read is not None:
        assert len(read.fingerprint) == 16
        assert all(0 < each.timeout < float("inf") for each in read.checks)


def freeze(data: bytes) -> None:
    read = answered(lambda: config.parse(b"version: 1\nfreeze: " + data, where="x"))
    if read is None:
        return
    spans = tuple(each.window for each in read.freeze.windows)
    for moment in (AT, AT + timedelta(hours=1), AT + timedelta(days=200)):
        ends = windows.held_until(spans, moment)
        assert ends is None or ends >= moment
        windows.next_begin(spans, moment)


def options(data: bytes) -> None:
    given = said(data).split("\n")
    answered(lambda: push_options.parse(given))
    answered(lambda: push_options.parse([f"refinery.{each}" for each in given]))


def webhook(data: bytes) -> None:
    kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    read = answered(lambda: payload.read(data[1:]))
    if read is not None:
        parse(*kind, read)


def names(data: bytes) -> None:
    name = said(data)[:300]
    if valid_branch(name):
        assert name == trimmed(name) == symref_target(f"ref: {name}\n")
        assert not name.startswith(("-", "/"))
        assert not any(ord(letter) < 33 or letter in "\x7f~^:?*[\\" for letter in name)
    answered(lambda: parse_mr_id(name))
    answered(lambda: parse_sha(name))
    from_name(name, (*config.DEFAULT_WORKER_PATTERNS, "{worker}-{issue}", "**/{worker}"))
    as_told([name])
    for address in (name, f"https://{name}", f"ssh://git@{name}/o/r.git", f"git@{name}:o/r"):
        answered(lambda: parse_remote(address))  # noqa: B023


def patterns(data: bytes) -> None:
    pattern, _, name = said(data)[:600].partition("\0")
    fields = found(pattern, name)
    assert (fields is not None) == fits(pattern, name)
    assert fits(name, name) or set(name) & set("*?[{}")


def message(data: bytes) -> None:
    words = said(data)
    title, _, body = words.partition("\n")
    mr = SimpleNamespace(
        title=title, branch=title, target="main", id="mr-1", worker=title, source_issue=body
    )
    settings = config.Config(method=config.Method.SQUASH)
    made = landing_message(mr, settings, body=body)  # type: ignore[arg-type]
    assert not [key for key, _ in trailers(made) if key.lower().startswith("refinery-")]
    head = b"tree " + b"1" * 40 + b"\n"
    answered(lambda: parse_commit(GitObject(Sha("1" * 40), "commit", head + data)))


def markdown(data: bytes) -> None:
    from tests.hostile.test_words_of_others import assert_tame, bodies

    words = data.decode("utf-8", "replace")[:300]
    for body in bodies(words):
        assert_tame(body)


def page(data: bytes) -> None:
    from tests.page.test_escaping import pages, tame

    # The address of the forge is an administrator's; a space keeps others' from being one.
    words = " " + data.decode("utf-8", "replace")[:300]
    for each in pages(words):
        tame(each)


def terminal(data: bytes) -> None:
    for shown in (readable(data), readable_tail(data, whole=False), plain(said(data))):
        for letter in shown:
            assert letter == "\n" or letter == "\t" or ord(letter) >= 32, repr(letter)
            assert letter not in "\x7f\x9b\u202e\u2066", repr(letter)


def secrets(data: bytes) -> None:
    """Whatever stands around an address, what is secret in it is not shown."""
    words = said(data)
    for address in (f"https://ada:{SECRET}@forge.example/x", f"AUTHORIZATION: basic {SECRET}"):
        shown = masked(f"{words}\n{address}\n{words}")
        assert SECRET not in shown
        assert masked(shown) == shown


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _configured() -> dict[str, Any]:
    from tests.hostile.test_any_input import CONFIG

    return CONFIG


def _payloads() -> tuple[bytes, ...]:
    from tests.hostile.test_any_input import PAYLOADS

    return tuple(
        bytes([KINDS.index(kind)]) + _json(sent) for kind, sent in PAYLOADS.items() if kind in KINDS
    )


def _records() -> tuple[bytes, ...]:
    from tests.hostile.test_words_of_others import request

    return (document.write(request("a title")), b"version: 1\nnext_issue: 1\n")


def _nasty() -> tuple[bytes, ...]:
    from tests.hostile.strange import EVIL
    from tests.hostile.test_words_of_others import NASTY

    return tuple(each.encode("utf-8", "replace") for each in (*NASTY, *EVIL))


def targets() -> dict[str, Target]:
    """All there are."""
    nasty = _nasty()
    some = nasty[:24]
    section = _configured()
    return {
        "record": Target(record, _records()),
        "config": Target(configuration, (text.dump(section), _json(section))),
        "freeze": Target(freeze, (_json(section["freeze"]),)),
        "push-options": Target(options, (b"priority=1\ndepends-on=mr-1\nlabel=x\nunit=u", *some)),
        "webhook": Target(webhook, _payloads()),
        "names": Target(names, (b"polecat/ada/gt-1", b"mr-0000000001", b"a" * 40, *nasty)),
        "patterns": Target(patterns, (b"polecat/**\0polecat/ada/x", b"{worker}/*?\0a/b[c]")),
        "message": Target(message, (b"title\n\nbody\n\nSigned-off-by: x <y>\nCloses: #1\n", *some)),
        "markdown": Target(markdown, nasty[:8]),
        "page": Target(page, nasty[:3]),
        "terminal": Target(terminal, (b"\x1b[31mred\x1b[0m\r\nok", *nasty)),
        "secrets": Target(secrets, (b"https://x:y@z/", b"extraheader = ", *some)),
    }


with suppress(ImportError):
    import refinery.page.front  # noqa: F401 - so that what a fuzzer follows is there from the start
