"""What a signature is worth: git's word on it, with the keys that were given and no others."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.records.names import Sha
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.repo.signatures import CannotJudge, Judged, Keys, Worth, judge
from refinery.repo.signing import CannotSign, sign_commit, signed_line
from tests.signatures.conftest import Gpg, Program, SshKey, make_ssh_key

pytestmark = pytest.mark.journey

ADA = Signature("Ada", "ada@example.com", 1_700_000_000)


class Bench:
    """A repository with one tree, and commits of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git("init", "-q", "-b", "main", ".")
        self._opened: Repository | None = None

    def git(self, *argv: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            ("git", *argv), cwd=self.path, input=stdin, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def use(self, **settings: object) -> None:
        """Settings of git's, `gpg__format` for gpg.format; what was read before is read again."""
        for name, value in settings.items():
            self.git("config", name.replace("__", "."), str(value))
        self.close()

    @property
    def repo(self) -> Repository:
        if self._opened is None:
            self._opened = Repository.discover(self.path)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def sign(self, message: str = "change", *, who: Signature = ADA) -> Sha:
        return sign_commit(
            self.repo,
            tree=self.repo.writer.tree(()),
            parents=(),
            author=who,
            committer=who,
            message=message,
        )

    def plain(self) -> Sha:
        tree = self.repo.writer.tree(())
        return self.repo.writer.commit(
            tree=tree, parents=(), author=ADA, committer=ADA, message="plain"
        )

    def altered(self, commit: Sha, old: str, new: str) -> Sha:
        """The commit with its signature, and something else in it."""
        text = self.git("cat-file", "commit", commit) + "\n"
        assert old in text
        made = self.git(
            *("hash-object", "-t", "commit", "-w", "--stdin"), stdin=text.replace(old, new).encode()
        )
        return Sha(made)

    def worth(self, commit: Sha, keys: Keys) -> Worth:
        return self.judged(commit, keys).worth

    def judged(self, commit: Sha, keys: Keys) -> Judged:
        [found] = judge(self.repo, self.repo.reader.commits((commit,)), keys)
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "repo"
    path.mkdir()
    made = Bench(path)
    yield made
    made.close()


def listed(*lines: str) -> Keys:
    return Keys(signers="".join(lines).encode())


# ssh


def test_ssh_signatures(bench: Bench, ada: SshKey, bob: SshKey) -> None:
    bench.use(gpg__format="ssh", user__signingKey=ada.path)
    signed = bench.sign()
    good = bench.judged(signed, listed(ada.line()))
    assert (good.worth, good.who) == (Worth.GOOD, "ada@example.com")
    assert good.key.startswith("SHA256:")
    for worth, commit, keys in (
        (Worth.UNSIGNED, bench.plain(), listed(ada.line())),
        (Worth.UNKNOWN, signed, listed(bob.line())),
        (Worth.UNKNOWN, signed, listed("")),
        (Worth.UNKNOWN, signed, listed("no list of signers\n")),
        (Worth.UNKNOWN, signed, Keys(keyring=b"")),
        (Worth.EXPIRED, signed, listed(ada.line('valid-before="20200101"'))),
        (Worth.EXPIRED, signed, listed(ada.line('valid-after="20300101"'))),
        (Worth.GOOD, signed, listed(ada.line('valid-after="20200101",valid-before="20300101"'))),
        (Worth.BAD, bench.altered(signed, "\nchange", "\nanother"), listed(ada.line())),
        (Worth.BAD, bench.altered(signed, "U1NIU0lH", "AAAAAAAA"), listed(ada.line())),
    ):
        assert bench.worth(commit, keys) is worth


def test_without_a_list_everybody_judges_by_their_own(
    bench: Bench, ada: SshKey, tmp_path: Path
) -> None:
    bench.use(gpg__format="ssh", user__signingKey=ada.path)
    signed = bench.sign()
    assert bench.worth(signed, Keys()) is Worth.UNKNOWN
    own = tmp_path / "own"
    own.write_text(ada.line())
    bench.use(gpg__ssh__allowedSignersFile=own)
    assert bench.worth(signed, Keys()) is Worth.GOOD
    revoked = tmp_path / "revoked"
    revoked.write_bytes(ada.path.with_suffix(".pub").read_bytes())
    bench.use(gpg__ssh__revocationFile=revoked)
    assert bench.worth(signed, Keys()) is Worth.BAD


def test_a_signature_that_nothing_can_look_at_is_said_not_called_bad(
    bench: Bench, ada: SshKey
) -> None:
    bench.use(gpg__format="ssh", user__signingKey=ada.path)
    signed = bench.sign()
    bench.use(gpg__ssh__program="/not/there/ssh-keygen")
    with pytest.raises(CannotJudge, match="no '/not/there/ssh-keygen'"):
        bench.judged(signed, listed(ada.line()))


# OpenPGP


def test_openpgp_signatures(bench: Bench, gpg: Gpg, ada: SshKey) -> None:
    fingerprint = gpg.make("Ada <ada@example.com>")
    keyring = Keys(keyring=gpg("--armor", "--export", fingerprint).encode())
    other = gpg.make("Bob <bob@example.com>")
    bobs = Keys(keyring=gpg("--armor", "--export", other).encode())
    bench.use(gpg__format="openpgp", user__signingKey=fingerprint)
    signed = bench.sign()
    assert bench.judged(signed, keyring) == Judged(Worth.GOOD, "Ada <ada@example.com>", fingerprint)
    assert bench.worth(signed, bobs) is Worth.UNKNOWN
    assert bench.worth(signed, listed(ada.line())) is Worth.UNKNOWN
    assert bench.worth(bench.altered(signed, "\nchange", "\nanother"), keyring) is Worth.BAD
    revocation = gpg.home / "openpgp-revocs.d" / f"{fingerprint}.rev"
    gpg("--import", stdin=revocation.read_text().replace("\n:-----", "\n-----"))
    revoked = Keys(keyring=gpg("--armor", "--export", fingerprint).encode())
    assert bench.worth(signed, revoked) is Worth.REVOKED
    assert bench.worth(signed, keyring) is Worth.GOOD  # as the target knew it then
    with pytest.raises(CannotJudge, match="the keyring cannot be read"):
        bench.judged(signed, Keys(keyring=b"no keyring\n"))


def test_a_key_that_ran_out_later_was_good_when_it_signed(
    bench: Bench, gpg: Gpg, program: Program
) -> None:
    then = "--faked-system-time", "20200101T000000"
    gpg(
        *then,
        "--passphrase",
        "",
        "--quick-gen-key",
        "Old <old@example.com>",
        "ed25519",
        "sign",
        "30d",
    )
    listing = gpg("--list-keys", "--with-colons").splitlines()
    fingerprint = next(line.split(":")[9] for line in listing if line.startswith("fpr"))
    keyring = Keys(keyring=gpg("--armor", "--export").encode())
    bench.use(user__signingKey=fingerprint)
    worth = []
    for day in ("20200105", "20200110"):
        signs = program(f'exec gpg --faked-system-time {day}T000000 "$@"')
        bench.use(gpg__program=signs)
        commit = bench.sign(day)
        bench.use(gpg__program="gpg")
        worth.append(bench.worth(commit, keyring))
    assert worth == [Worth.GOOD, Worth.GOOD]


def test_no_agent_is_left_behind(bench: Bench, gpg: Gpg) -> None:
    fingerprint = gpg.make("Ada <ada@example.com>")
    bench.use(user__signingKey=fingerprint)
    signed = bench.sign()
    keyring = Keys(keyring=gpg("--armor", "--export").encode())
    gpg.end()
    assert bench.worth(signed, keyring) is Worth.GOOD
    assert not (gpg.home / "S.gpg-agent").exists()


# Signing


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_the_signed_commit_is_the_same_but_for_its_signature(
    tmp_path: Path, ada: SshKey, object_format: str
) -> None:
    path = tmp_path / "repo"
    path.mkdir()
    bench = Bench(path)
    subprocess.run(("rm", "-rf", str(path / ".git")), check=True)
    bench.git("init", "-q", f"--object-format={object_format}", ".")
    bench.use(gpg__format="ssh", user__signingKey=ada.path, i18n__commitEncoding="latin1")
    repo = bench.repo
    tree = repo.writer.tree(())
    author = Signature('Björn "B" <x>', "", 99_999_999_999, "+0530")
    made = repo.writer.commit(
        tree=tree, parents=(), author=author, committer=ADA, message="Größe\n\n\nEnd: x\n\n"
    )
    base = repo.writer.commit(tree=tree, parents=(), author=ADA, committer=ADA, message="base")
    top = repo.writer.commit(
        tree=tree, parents=(base, made), author=author, committer=ADA, message="top"
    )
    copies = signed_line(repo, base, top)
    before, after = repo.reader.commits((top, copies[top]))
    assert after.is_signed
    assert not before.is_signed
    for field in ("tree", "parents", "author", "committer", "message"):
        assert getattr(after, field) == getattr(before, field)
    alone = repo.reader.commit(made)
    again = sign_commit(
        repo, tree=tree, parents=(), author=author, committer=ADA, message=alone.message
    )
    assert repo.reader.commit(again).message == alone.message
    assert bench.worth(again, listed(ada.line())) is Worth.GOOD
    bench.close()


def test_who_cannot_sign_is_told_why_and_waits_for_nobody(
    bench: Bench, tmp_path: Path, ada: SshKey, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("SSH_ASKPASS", str(program("sleep 60")))
    locked = tmp_path / "locked"
    make_ssh_key(locked, passphrase="a secret")
    for key, complaint in (
        ("", "user.signingKey needs to be set"),
        (tmp_path / "absent", "No such file or directory"),
        (locked, "incorrect passphrase supplied"),
    ):
        bench.use(gpg__format="ssh", user__signingKey=key)
        with pytest.raises(CannotSign, match=complaint) as refused:
            bench.sign()
        assert "a secret" not in refused.value.message
    bench.use(user__signingKey=ada.path, gpg__ssh__program="/not/there")
    with pytest.raises(CannotSign, match="cannot run /not/there"):
        bench.sign()


def test_a_program_that_asks_and_gets_no_answer_is_ended(
    bench: Bench, ada: SshKey, program: Program
) -> None:
    bench.use(gpg__format="ssh", user__signingKey=ada.path, refinery__timeout=0.5)
    bench.use(gpg__ssh__program=program("exec sleep 60"))
    with pytest.raises(CannotSign, match=r"no end after 0\.5 seconds") as refused:
        bench.sign()
    assert refused.value.exit_code == 1  # not 75: who is asked again does not answer either


def test_a_pinentry_that_hangs_does_not_hang_a_worker(
    bench: Bench, gpg: Gpg, program: Program
) -> None:
    fingerprint = gpg.make("Ada <ada@example.com>", passphrase="a secret")
    gpg.configure(f"pinentry-program {program('echo OK; exec sleep 5')}")
    bench.use(user__signingKey=fingerprint, refinery__timeout=0.5)
    with pytest.raises(CannotSign, match="nobody answers"):
        bench.sign()


def test_a_commit_that_came_back_without_a_signature_is_not_taken(
    bench: Bench, ada: SshKey, program: Program
) -> None:
    bench.use(gpg__format="ssh", user__signingKey=ada.path)
    bench.use(gpg__ssh__program=program('for last; do :; done; : > "$last.sig"'))
    with pytest.raises(CannotSign, match="was asked to sign"):
        bench.sign()
