"""What is asked for, by whom, and what of it is looked at: decided without git."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from refinery.audit.signatures import Scope
from refinery.config.config import parse
from refinery.config.signatures import UNSIGNED, Signatures
from refinery.records.names import Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.objects import Commit, GitObject, parse_commit
from refinery.repo.repository import Repository
from refinery.repo.signatures import Keys, Worth, fingerprints
from refinery.repo.signing import SETTING, VARIABLE, BadSwitch, CannotSign, is_signed
from refinery.store.asked import Asked
from refinery.store.message import OPERATION

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAINkPkGash+ViABdrVAstphhmctS43ynDGUQLIZJd8HO/"
FINGERPRINT = "SHA256:IMvX9qc51UQCKUg8ix0m/cvYDpMcytZZsU4AgY4ucZc"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", UNSIGNED),
        ("signatures: {}", Signatures(landings=True, queue=True)),
        ("signatures: {require: []}", UNSIGNED),
        ("signatures: {require: [landings]}", Signatures(landings=True)),
        (
            "signatures: {require: [queue], signers: a, keyring: b}",
            Signatures(queue=True, signers="a", keyring="b"),
        ),
    ],
)
def test_the_section(text: str, asked: Signatures) -> None:
    config = parse(f"version: 1\nchecks: []\n{text}\n".encode(), where="here")
    assert config.signatures == asked
    assert asked.files == tuple(name for name in ("a", "b") if asked.signers)


def test_a_section_that_is_half_right_is_refused() -> None:
    with pytest.raises(InvalidRecord):
        parse(b"version: 1\nchecks: []\nsignatures: {require: [landing]}\n", where="here")


@pytest.mark.parametrize(
    ("variable", "setting", "required", "signed"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, "true", False, True),
        ("no", "true", False, False),
        ("1", "false", True, True),
        ("", "on", False, True),
        (None, "false", True, None),
        ("0", None, True, None),
    ],
)
def test_who_decides_whether_to_sign(
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    setting: str | None,
    required: bool,
    signed: bool | None,
) -> None:
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)
    repo = cast(Repository, SimpleNamespace(setting={SETTING: setting}.get))
    if signed is None:
        with pytest.raises(CannotSign):
            is_signed(repo, required=required, what="it")
    else:
        assert is_signed(repo, required=required, what="it") is signed


def test_a_switch_is_yes_or_no() -> None:
    repo = cast(Repository, SimpleNamespace(setting=lambda _: "maybe"))
    with pytest.raises(BadSwitch, match="'maybe'"):
        is_signed(repo, required=False, what="it")


def test_the_keys_in_a_list_of_signers() -> None:
    lines = [
        f"ada@example.com ssh-ed25519 {KEY}",
        f'bob@example.com,carl@example.com namespaces="git",valid-before="20300101" ssh-rsa {KEY}',
        f"# gone@example.com ssh-ed25519 {KEY}",
        "dora@example.com ssh-ed25519 no+base64+of+",
        "\udcff nothing",
    ]
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    assert list(fingerprints(data)) == [FINGERPRINT, FINGERPRINT]


@pytest.mark.parametrize(
    ("scope", "looked_at"),
    [
        (Scope(), {"a": False, "b": True, "c": False, "d": True}),
        (Scope(last=2), {"c": False, "d": True}),
        (Scope(since=Sha("b")), {"c": True, "d": True}),
        (Scope(since=Sha("b"), last=1), {"d": True}),
        (Scope(since=Sha("x")), {"a": False, "b": True, "c": False, "d": True}),
        (Scope(only={Sha("a"), Sha("d")}), {"a": False, "d": True}),
    ],
)
def test_what_is_looked_at(scope: Scope, looked_at: dict[str, bool]) -> None:
    line = [asked(oid, required=oid in "bd") for oid in "abcd"]
    assert {each.commit.oid: each.is_required for each in scope.of(line)} == looked_at


def asked(oid: str, *, required: bool, message: str = "x") -> Asked:
    commit = Commit(Sha(oid), Sha("t"), (), "A <a> 1 +0000", "A <a> 1 +0000", message)
    return Asked(commit, required, Keys())


def test_an_archived_group_is_asked_like_the_change_it_is_a_part_of() -> None:
    from refinery.store.asked import Asking

    def said(operation: str) -> str:
        return f"archive\n\n{OPERATION}: {operation}\n"

    queue = [
        asked("1", required=False, message=said("one")),
        asked("2", required=True, message=said("two")),
    ]
    groups = [
        asked(oid, required=False, message=said(oid)).commit for oid in ("one", "two", "none")
    ]
    assert [each.is_required for each in Asking.of_archive(groups, queue)] == [False, True, True]
    assert [each.is_required for each in Asking.of_archive(groups[2:], queue)] == [False]


def test_each_worth_has_words() -> None:
    assert all(worth.in_words for worth in Worth)


def test_a_commit_knows_what_signature_it_has() -> None:
    head = "tree " + "1" * 40 + "\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n"
    for header in ("gpgsig", "gpgsig-sha256"):
        data = f"{head}{header} -----BEGIN SSH SIGNATURE-----\n abc\n\nsubject\n".encode()
        commit = parse_commit(GitObject(Sha("2" * 40), "commit", data))
        assert (commit.signature, commit.subject) == ("-----BEGIN SSH SIGNATURE-----", "subject")
    plain = parse_commit(GitObject(Sha("2" * 40), "commit", f"{head}\ngpgsig no\n".encode()))
    assert not plain.is_signed
