"""Says what the signatures of commits are worth, as git judges them by a set of keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from refinery.errors import RefineryError
from refinery.records.names import Sha
from refinery.repo.environment import child_environment
from refinery.repo.masking import masked
from refinery.repo.objects import Commit
from refinery.repo.process import GitError
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import StrEnum, dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_FORM: Final = "--format=%H%x1f%G?%x1f%GF%x1f%GK%x1f%GS"
_PROGRAMS: Final = {"SSH": ("ssh", "ssh-keygen"), "PGP": ("openpgp", "gpg")}
_MOST: Final = 1000  # commits to a git: it says nothing before it has judged them all
# Nothing is asked of agents, key servers or a database of trust: what lies in the keyring is good.
_GPG_CONF: Final = "trust-model always\nno-autostart\nno-auto-key-retrieve\nno-auto-key-locate\n"


class CannotJudge(RefineryError):
    """Signatures cannot be looked at here."""

    code = "cannot-judge-signatures"


class Worth(StrEnum):
    """What a commit's signature is worth."""

    GOOD = "good"
    UNSIGNED = "unsigned"
    UNKNOWN = "unknown"
    BAD = "bad"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def in_words(self) -> str:
        """After "is"."""
        return _IN_WORDS[self]


_IN_WORDS: Final = {
    Worth.GOOD: "well signed",
    Worth.UNSIGNED: "not signed",
    Worth.UNKNOWN: "signed with a key that nobody vouches for",
    Worth.BAD: "signed badly: it was changed, or its key is revoked",
    Worth.EXPIRED: "signed with a key whose time was over",
    Worth.REVOKED: "signed with a key that is revoked",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Whose signatures are good: a list of ssh signers, an armoured OpenPGP keyring.

    With neither whoever looks goes by their own: gpg.ssh.allowedSignersFile, their keyring.
    """

    signers: bytes | None = None
    keyring: bytes | None = None

    @property
    def are_own(self) -> bool:
        """Whether nobody said whose keys are good."""
        return self.signers is None and self.keyring is None


@dataclass(frozen=True, slots=True)
class Judged:
    """What one commit's signature is worth, by whom it is and with which key, as far as known."""

    worth: Worth
    who: str = ""
    key: str = ""


def judge(repo: Repository, commits: Sequence[Commit], keys: Keys) -> list[Judged]:
    """What each signature is worth, by these keys and by nothing else."""
    kinds = {commit.oid: _kind(commit) for commit in commits if commit.is_signed}
    _need_programs(repo, set(kinds.values()))
    judged: dict[str, Judged] = {}
    with _only(repo, keys, set(kinds.values())) as (options, env):
        oids = [oid for oid in kinds if _can_be_known(repo, kinds[oid], keys)]
        for start in range(0, len(oids), _MOST):
            asked = "".join(f"{oid}\n" for oid in oids[start : start + _MOST])
            done = repo.git.run(
                *("-c", "log.showSignature=false", *options),
                *("log", "--no-walk=unsorted", "--stdin", "-z", _FORM),
                stdin=asked.encode(),
                timeout=600,
                env=env,
            )
            for row in filter(None, done.text.split("\0")):
                oid, sign, full, short, who = row.split("\x1f", 4)
                word = _worth(repo, sign, full, Sha(oid), keys, env)
                judged[oid] = Judged(word, _shown(who), full or short)
    unknown = Judged(Worth.UNKNOWN)
    return [
        judged.get(commit.oid, unknown) if commit.is_signed else Judged(Worth.UNSIGNED)
        for commit in commits
    ]


def _kind(commit: Commit) -> str:
    """SSH, PGP, or something else: certificates, and what git does not know either."""
    found = re.match(r"-----BEGIN (SSH|PGP) (?:SIGNATURE|MESSAGE)-----", commit.signature)
    return found[1] if found else "X509"


def _can_be_known(repo: Repository, kind: str, keys: Keys) -> bool:
    """Whether anything says whose key it is: git does not tell this from no signature at all."""
    if keys.are_own:
        return kind != "SSH" or repo.setting("gpg.ssh.allowedsignersfile") is not None
    return (kind == "SSH" and keys.signers is not None) or (
        kind == "PGP" and keys.keyring is not None
    )


def _need_programs(repo: Repository, kinds: set[str]) -> None:
    """git calls a signature bad, or absent, when it cannot start what would look at it."""
    import shutil

    for kind in kinds & _PROGRAMS.keys():
        program = _program(repo, kind)
        if shutil.which(program) is None:
            raise CannotJudge(
                f"there is no {program!r} to look at {kind} signatures",
                hint="install it: OpenSSH 8.8 or GnuPG 2.2, or later",
            )


def _program(repo: Repository, kind: str) -> str:
    name, usual = _PROGRAMS[kind]
    told = repo.setting(f"gpg.{name}.program")
    if told is None and kind == "PGP":
        told = repo.setting("gpg.program")
    return str(Path(told).expanduser()) if told else usual


@contextmanager
def _only(
    repo: Repository, keys: Keys, kinds: set[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Options and environment in which git knows these keys alone."""
    if keys.are_own:
        yield (), {}
        return
    from tempfile import TemporaryDirectory

    # Not below the repository: a path that a socket could not have says so in gpg's complaints.
    with TemporaryDirectory(prefix="refinery-keys-", ignore_cleanup_errors=True) as folder:
        signers = Path(folder) / "signers"
        signers.write_bytes(keys.signers or b"")
        Path(folder, "gpg.conf").write_text(_GPG_CONF)
        if keys.keyring and "PGP" in kinds:
            _make_keyring(repo, Path(folder), keys.keyring)
        yield ("-c", f"gpg.ssh.allowedSignersFile={signers}"), {"GNUPGHOME": folder}


def _make_keyring(repo: Repository, home: Path, armoured: bytes) -> None:
    import os
    import subprocess

    done = subprocess.run(
        (_program(repo, "PGP"), "--batch", "--quiet", "--status-fd=1", "--import"),
        env={**child_environment(os.environ), "GNUPGHOME": str(home)},
        input=armoured,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if b"IMPORT_OK" not in done.stdout:
        said = masked(done.stderr.decode("utf-8", "replace").strip().replace("\n", "; "))
        raise CannotJudge(
            f"the keyring cannot be read: {said}",
            hint="gpg --armor --export <keys> writes one",
        )


def _worth(
    repo: Repository, sign: str, key: str, oid: Sha, keys: Keys, env: dict[str, str]
) -> Worth:
    match sign:
        case "G":
            return Worth.GOOD
        case "U":
            return Worth.EXPIRED if _is_listed(keys.signers or b"", key) else Worth.UNKNOWN
        case "E":
            return Worth.UNKNOWN
        case "X":
            return Worth.EXPIRED
        case "Y":
            return Worth.GOOD if _was_valid(repo, oid, env) else Worth.EXPIRED
        case "R":
            return Worth.REVOKED
        case _:
            return Worth.BAD


def _is_listed(signers: bytes, key: str) -> bool:
    """Whether the list of signers has the key, though not for that time."""
    return key in set(fingerprints(signers))


def fingerprints(signers: bytes) -> Iterator[str]:
    """Of the keys in a list of signers, as ssh writes them."""
    import base64
    import hashlib

    for line in signers.decode("utf-8", "replace").splitlines():
        found = re.search(r"(?:^|\s)(?:ssh|ecdsa|sk)-[\w@.-]+\s+([A-Za-z0-9+/=]+)", line)
        if found is None or line.startswith("#"):
            continue
        try:
            digest = hashlib.sha256(base64.b64decode(found[1])).digest()
        except ValueError:
            continue
        yield "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _was_valid(repo: Repository, oid: Sha, env: dict[str, str]) -> bool:
    """Whether the key ran out after it had signed: else all history were bad one day."""
    try:
        said = repo.git.run("verify-commit", "--raw", oid, ok=range(256), env=env).stderr
    except GitError:
        return False
    made = re.search(r"^\[GNUPG:\] VALIDSIG \S+ \S+ (\d+)", said, re.MULTILINE)
    ends = re.findall(r"^\[GNUPG:\] KEYEXPIRED (\d+)", said, re.MULTILINE)
    return made is not None and bool(ends) and int(made[1]) < min(map(int, ends))


def _shown(who: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in who).strip()
