"""What signatures cost, beside a bare git that does the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import Result, compared, in_turn
from benchmarks.world import git
from refinery.records.names import Sha
from refinery.repo.repository import Repository
from refinery.repo.signatures import Keys, Worth, judge
from refinery.repo.signing import sign_commit

WHO = "worker@example.com"


def signing(bench: Bench) -> list[Result]:
    """One commit signed and judged with ssh, against git's own commands for it."""
    world = bench.world("signing")
    key = world.root / "key"
    told = ("-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key))
    subprocess.run(("ssh-keygen", *told), check=True)
    settings = {"gpg.format": "ssh", "user.signingKey": str(key)}
    for name, value in settings.items():
        git(world.clone, "config", name, value)
    with Repository.discover(world.clone) as repo:
        return [_signs(bench, repo), _judges(bench, repo, key)]


def _signs(bench: Bench, repo: Repository) -> Result:
    tree, who = repo.writer.tree(()), repo.signature(1_700_000_000)

    def ours(number: int) -> None:
        sign_commit(
            repo, tree=tree, parents=(), author=who, committer=who, message=f"ours {number}"
        )

    def bare(number: int) -> None:
        git(repo.path, "commit-tree", "-S", "-m", f"bare {number}", tree)

    times = in_turn({"ours": ours, "bare": bare}, bench.rounds(40, 2))
    what, against = "one commit signed", "git commit-tree -S"
    return compared("signing", what, times["ours"], times["bare"], against=against, bar=1.5)


def _judges(bench: Bench, repo: Repository, key: Path) -> Result:
    many = bench.size(50, 3)
    tree = repo.writer.tree(())
    made = [
        Sha(git(repo.path, "commit-tree", "-S", "-m", f"{number}", tree)) for number in range(many)
    ]
    line = f"{WHO} {key.with_suffix('.pub').read_text()}"
    own = key.with_name("signers")
    own.write_text(line)
    keys, commits = Keys(signers=line.encode()), repo.reader.commits(made)

    def ours(_: int) -> None:
        assert {each.worth for each in judge(repo, commits, keys)} == {Worth.GOOD}

    def bare(_: int) -> None:
        git(repo.path, "-c", f"gpg.ssh.allowedSignersFile={own}", "verify-commit", *made)

    times = in_turn({"ours": ours, "bare": bare}, bench.rounds(5, 1))
    return compared(
        "signing",
        "one signature judged",
        times["ours"],
        times["bare"],
        against="git verify-commit of as many",
        bar=1.2,
        per=many,
    )
