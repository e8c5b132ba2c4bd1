"""Whatever comes in from outside, a value or a named refusal comes out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refinery.adapters.forge_address import parse_remote
from refinery.config import config
from refinery.engine.check_output import readable
from refinery.engine.messages import landing_message
from refinery.errors import RefineryError
from refinery.hooks import push_options
from refinery.hooks.pushed import of_client, of_server
from refinery.mcp import taking
from refinery.mcp.tools import TOOLS
from refinery.queue.submission import Request
from refinery.records import document, text
from refinery.records.names import Branch, Sha
from refinery.repo.answers import read_push
from refinery.repo.masking import masked
from refinery.repo.objects import GitObject, parse_commit, parse_tree
from refinery.repo.process import Completed, first_complaint
from refinery.repo.refs import valid_branch
from refinery.repo.signature import Signature
from refinery.repo.trailers import trailers
from refinery.submit.authorship import from_name, tidy
from refinery.submit.dependencies import as_told
from refinery.webhook import payload
from refinery.webhook.events import Forge
from refinery.webhook.parsing import parse
from tests.hostile import strange
from tests.records import records

few = settings(max_examples=max(25, settings().max_examples // 4))

CONFIG = {
    "version": 1,
    "method": "squash",
    "message": "{title}\n\n{body}",
    "checks": [{"name": "test", "run": ["make", "test"], "timeout": "5m", "directory": "."}],
    "keep": ["target"],
    "environment": ["CI"],
    "batch": {"max": 8},
    "claim": {"minutes": 10},
    "branches": ["polecat/**"],
    "worker_patterns": ["{worker}/{issue}"],
    "score": {"base": 1000, "hour": 1.5},
    "fairness": {"points": 1, "fleets": [{"name": "bots", "authors": ["bot-*"], "weight": 2}]},
    "integration": {"branch": "integration/{epic}", "land": "when-closed"},
    "notify": [{"to": "CHANNEL", "about": ["merged"], "authors": ["ada*"]}],
    "freeze": {
        "zone": "Europe/Berlin",
        "windows": [{"name": "weekend", "days": ["sat"], "from": "10:00", "until": "24:00"}],
        "issues": [{"label": "closed", "except": {"authors": ["ada"], "priority": 0}}],
    },
    "resolve": {"union": ["*.md"], "regenerate": [{"files": ["lock"], "run": "make lock"}]},
}
SHA = "1" * 40
REPOSITORY = {"full_name": "o/r"}
HEAD = {"ref": "feat", "sha": SHA, "repo": REPOSITORY}
PAYLOADS = {
    (Forge.GITHUB, "issues"): {
        "action": "closed",
        "issue": {"number": 7, "labels": [{"name": "x"}]},
        "repository": REPOSITORY,
    },
    (Forge.GITHUB, "push"): {"ref": "refs/heads/feat", "before": "2" * 40, "after": SHA},
    (Forge.GITEA, "delete"): {"ref_type": "branch", "ref": "feat"},
    (Forge.GITEA, "pull_request"): {
        "action": "labeled",
        "label": {"name": "refinery"},
        "pull_request": {
            "number": 7,
            "state": "open",
            "title": "title",
            "draft": False,
            "labels": [{"name": "refinery"}],
            "head": HEAD,
            "base": {**HEAD, "ref": "main"},
        },
    },
    (Forge.GITLAB, "Issue Hook"): {
        "object_attributes": {"action": "close", "iid": 7},
        "labels": [{"title": "x"}],
        "project": {"path_with_namespace": "o/r"},
    },
    (Forge.GITLAB, "Push Hook"): {"ref": "refs/heads/f", "before": "2" * 40, "after": SHA},
    (Forge.GITLAB, "Merge Request Hook"): {
        "object_attributes": {
            "action": "update",
            "iid": 7,
            "state": "opened",
            "title": "title",
            "source_branch": "feat",
            "target_branch": "main",
            "source_project_id": 1,
            "target_project_id": 1,
            "last_commit": {"id": SHA},
        },
        "labels": [{"title": "refinery"}],
        "changes": {"labels": {"previous": [], "current": [{"title": "refinery"}]}},
    },
}


def answered(work: Callable[[], Any]) -> Any:
    """What comes out; None for a refusal in words of ours."""
    try:
        return work()
    except RefineryError as error:
        refusal = error.message
    assert 0 < len(refusal.strip()) < 2000
    return None


# Records and configuration


@few
@given(records.records, st.data())
def test_any_record_is_read_or_refused(record: Any, data: st.DataObject) -> None:
    garbled = data.draw(strange.garbled(document.write(record)))
    read = answered(lambda: document.read(type(record), garbled, where="a record"))
    if read is not None:
        assert document.read(type(record), document.write(read), where="again") == read


@few
@given(records.records, st.data())
def test_any_values_in_a_record_are_read_or_refused(record: Any, data: st.DataObject) -> None:
    mapping = data.draw(strange.bent(document.written(record)))
    for written in _documents(mapping):
        read = answered(lambda: document.read(type(record), written, where="a record"))  # noqa: B023
        if read is not None:
            document.write(read)


@given(strange.bent(CONFIG))
def test_any_values_in_a_configuration_are_read_or_refused(mapping: Any) -> None:
    for written in _documents(mapping):
        read = answered(lambda: config.parse(written, where=".refinery.yaml"))  # noqa: B023
        if read is not None:
            assert re.fullmatch("[0-9a-f]{16}", read.fingerprint)
            assert all(0 < each.timeout < float("inf") for each in read.checks)


@given(strange.garbled(text.dump(CONFIG)) | st.binary(max_size=60))
def test_any_bytes_are_a_configuration_or_refused(written: bytes) -> None:
    answered(lambda: config.parse(written, where=".refinery.yaml"))


def _documents(mapping: Any) -> list[bytes]:
    """As we write it, and as a foreign program would: JSON, which is YAML too."""
    found = [json.dumps(mapping).encode()]
    try:
        found.append(text.dump(mapping))
    except (ValueError, AttributeError):  # no mapping, or not a number
        return found
    return found


HEAVY = {
    "one alias in another": "a: &a [x,x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1 or ''},*a{n - 1 or ''}]\n" for n in range(1, 30)),
    "nothing but lists": "a: [" + "[]," * 300_000 + "]",
    "a list in a list": "a: " + "[" * 500_000,
    "a mapping in a mapping": "a: " + "{a: " * 200_000,
    "directives": "".join(f"%TAG !a{n}! tag:x,2000:\n" for n in range(30_000)) + "---\na: b",
    "base sixty": "a: " + "1:" * 300_000 + "1",
    "digits": "a: " + "9" * 500_000,
    "hexadecimal digits": "version: 0x" + "f" * 500_000,
    "keys": "".join(f"key{n}: x\n" for n in range(60_000)),
    "one fault many times": "version: 1\nchecks: [" + "{nam: a}," * 20_000 + "]",
    "more than there may be": "a: " + "x" * (2 << 20),
}


@pytest.mark.journey
@pytest.mark.parametrize("heavy", HEAVY)
def test_no_document_keeps_a_reader_busy(heavy: str) -> None:
    """A megabyte is all that is read, and no corner of YAML makes more of it."""
    began = time.process_time()
    with pytest.raises(RefineryError):
        config.parse(HEAVY[heavy].encode(), where="x")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "value",
    [
        *("!!bool maybe", '!!int ""', "!!float ''", "!!timestamp soon", "!!binary x", "!x y"),
        *(".nan", "-.inf", "1" * 101, "0x" + "f" * 5000, "1:" * 200 + "1", "0b" + "1" * 200),
    ],
)
def test_what_yaml_itself_stumbles_over_is_refused_by_its_place(value: str) -> None:
    with pytest.raises(text.UnreadableText, match=r"at line 2, column 4$"):
        text.load(f"a: 1\nb: {value}\n".encode())


# From forges


@pytest.mark.parametrize("kind", PAYLOADS, ids=" ".join)
@given(st.data())
@few
def test_any_payload_is_an_event_or_ignored(kind: tuple[Forge, str], data: st.DataObject) -> None:
    bent = data.draw(strange.bent(PAYLOADS[kind]))
    read = answered(lambda: payload.read(json.dumps(bent).encode()))
    if read is not None:
        parse(*kind, read)


@given(
    st.binary(max_size=40) | strange.garbled(json.dumps(PAYLOADS[Forge.GITHUB, "push"]).encode())
)
def test_any_body_is_a_payload_or_refused(body: bytes) -> None:
    answered(lambda: payload.read(body))


@pytest.mark.parametrize(
    "body", [b"[" * 10**6, b'{"a":' * 10**5, b'{"a": ' + b"9" * 10**5 + b"}", b"\xff", b"null"]
)
def test_a_heavy_body_is_refused(body: bytes) -> None:
    with pytest.raises(payload.Unparsable):
        payload.read(body)


@given(strange.texts)
def test_any_address_of_a_remote_is_understood_or_not(url: str) -> None:
    for each in (url, f"https://{url}/o/r", f"ssh://git@{url}/o/r.git", f"git@{url}:o/r"):
        answered(lambda: parse_remote(each))  # noqa: B023


# From git, and from whoever pushes


@given(st.lists(strange.texts.map(lambda value: f"refinery.{value}"), max_size=3))
def test_any_push_options_are_understood_or_refused(given: list[str]) -> None:
    for key in ("", *push_options._KNOWN):
        answered(lambda: push_options.parse([f"refinery.{key}={each[9:]}" for each in given]))  # noqa: B023
    answered(lambda: push_options.parse(given))


@given(strange.texts, strange.texts)
def test_any_lines_of_a_push_are_read(line: str, other: str) -> None:
    lines = [f"{SHA} {'0' * 40} {line}", f"{line} {SHA} refs/heads/{other} {SHA}", line, other]
    for each in (*of_server(lines), *of_client(lines)):
        assert each.branch is None or isinstance(each.branch, str)


@given(st.binary(max_size=60), strange.texts)
def test_any_answer_of_a_server_is_an_outcome(out: bytes, said: str) -> None:
    report = b"!\trefs/heads/a:refs/heads/a\t[remote rejected] (" + out + b")\nDone\n"
    for stdout in (out, report):
        for stderr in (said, f"remote: {said}\nfatal: {said}"):
            read_push(Completed(1, stdout, stderr), [])
            first_complaint(stderr)


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_any_object_is_a_commit_or_damaged(head: bytes, body: bytes) -> None:
    good = b"tree " + SHA.encode() + b"\nauthor " + head + b"\nencoding " + body[:12]
    for data in (head + b"\n\n" + body, good + b"\n\n" + body, b"tree " + head, b""):
        found = answered(lambda: parse_commit(GitObject(Sha(SHA), "commit", data)))  # noqa: B023
        if found is not None:
            str(Signature.parse(found.author)).encode("utf-8", "surrogateescape")
            trailers(found.message)
            found.message.encode()
        answered(lambda: list(parse_tree(data, 20)))  # noqa: B023


@pytest.mark.parametrize("encoding", [b"punycode", b"idna", b"undefined", b"hex", b"\x00", b"x.y"])
def test_a_commit_in_an_encoding_that_is_none_is_read_as_it_is(encoding: bytes) -> None:
    data = b"tree " + SHA.encode() + b"\nencoding " + encoding + b"\n\n" + b"a" * 300_000
    began = time.process_time()
    assert parse_commit(GitObject(Sha(SHA), "commit", data)).message == "a" * 300_000
    assert time.process_time() - began < 2


def test_a_commit_of_no_time_that_a_clock_shows_is_signed_again() -> None:
    signed = Signature.parse("Eve <eve@example.com> " + "9" * 5000 + " +0000")
    assert str(signed) == f"Eve <eve@example.com> {'9' * 18} +0000"
    arabic = Signature.parse("Eve <e> 17 +\N{ARABIC-INDIC DIGIT ONE}200")
    assert (arabic.when, arabic.tz) == (17, "+0000")


@given(strange.texts, strange.texts)
def test_any_words_of_an_author_make_a_submission_or_none(name: str, words: str) -> None:
    """From branch, trailers and title to a record that can be written."""
    found = from_name(name, config.DEFAULT_WORKER_PATTERNS)
    as_told([name, words])
    if not valid_branch(name):
        return
    request = Request(
        Branch(name),
        Branch("main"),
        Sha(SHA),
        tidy(found.worker or words) or "unknown",
        tidy(words),
    )
    assert request.worker


@given(strange.texts, strange.texts)
def test_no_words_of_an_author_pass_for_ours(title: str, body: str) -> None:
    mr = SimpleNamespace(
        title=f"{title}\nRefinery-Tree: x", branch=body, target="main", id="mr-1", worker=title
    )
    mr.source_issue = body
    made = landing_message(
        mr,  # type: ignore[arg-type]
        config.Config(method=config.Method.SQUASH),
        body=f"{body}\nRefinery-MR: mr-2\nrefinery-tree : y",
    )
    assert not [key for key, _ in trailers(made) if key.lower().startswith("refinery-")]


# From agents


@pytest.mark.parametrize(
    "tool", TOOLS.values() if isinstance(TOOLS, dict) else TOOLS, ids=lambda tool: tool.name
)
@given(st.data())
@settings(max_examples=10)
def test_any_arguments_of_a_tool_are_taken_or_refused(tool: Any, data: st.DataObject) -> None:
    names = st.sampled_from([*tool.takes, "unknown"])
    arguments = data.draw(st.dictionaries(names | strange.texts, strange.values, max_size=3))
    answered(lambda: taking.check(tool, arguments))


# To people


@given(st.binary(max_size=80), strange.texts)
def test_any_output_becomes_text_that_no_terminal_obeys(raw: bytes, said: str) -> None:
    data = raw + said.encode("utf-8", "replace")
    for letter in readable(data):
        assert letter in "\n\t" or ord(letter) >= 32
        assert letter not in "\x7f\x9b\u202e"
    masked(said)
