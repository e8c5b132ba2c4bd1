"""Small repositories made by chance: a target that moves, and heads that left it here and there."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from refinery.records.merge_request import MergeRequest
from refinery.records.names import Sha
from refinery.repo.refs import list_refs
from refinery.repo.repository import Repository
from refinery.store.view import View
from tests.decisions.makers import MAIN, a_view, ago, an_mr

Files = dict[str, list[str]]


@dataclass
class History:
    """Commits as fast-import reads them; `at` is what each of them holds."""

    at: list[Files] = field(default_factory=list)
    stream: list[bytes] = field(default_factory=list)

    def commit(self, branch: str, files: Files, *parents: int) -> int:
        """The number of a commit that holds just these files."""
        self.at.append(files)
        mark = len(self.at)
        self.stream.append(f"commit refs/heads/{branch}\nmark :{mark}\n".encode())
        self.stream.append(b"committer Ada Author <ada@example.com> %d +0000\n" % (1000 + mark))
        self.stream.append(b"data 2\nc\n")
        for word, parent in zip(("from", "merge"), parents, strict=False):
            self.stream.append(f"{word} :{parent}\n".encode())
        self.stream.append(b"deleteall\n")
        for path, lines in files.items():
            data = "\n".join([*lines, ""]).encode()
            self.stream.append(f"M 644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        return mark

    def write(self, place: Path) -> Repository:
        """The repository."""
        git = ["git", "-C", str(place)]
        place.mkdir(exist_ok=True)
        subprocess.run([*git, "init", "-q", "--bare", "-b", "main"], check=True)
        stream = b"".join(self.stream)
        subprocess.run([*git, "fast-import", "--quiet", "--force"], input=stream, check=True)
        return Repository.discover(place)


def view_of(repo: Repository) -> View:
    """Every branch but main as a merge request, in the order of their names."""
    heads = list_refs(repo, "refs/heads/")
    tip = heads.pop("refs/heads/main")
    mrs = [request(ref.rpartition("/")[2], head) for ref, head in sorted(heads.items())]
    return a_view(*mrs, targets={MAIN: tip})


def request(name: str, head: str) -> MergeRequest:
    """A merge request of a head; by name they are in order."""
    return an_mr(name, head=Sha(head), created_at=ago(hours=1))


def by_chance(seed: int, *, moves: int = 4, heads: int = 6) -> History:
    """A target of so many commits, and heads that each changed something of one of them."""
    chance = random.Random(seed)
    history = History()
    files = {name: [f"{name} {line}" for line in range(14)] for name in ("a", "b", "d/e")}
    line = [history.commit("main", files)]
    for move in range(1, moves):
        files = _changed(chance, files, f"main{move}")
        line.append(history.commit("main", files, line[-1]))
    for number in range(heads):
        base = chance.choice(line)
        its = _changed(chance, history.at[base - 1], f"head{number}")
        mark = history.commit(f"head{number}", its, base)
        if chance.random() < 0.2:
            history.commit(f"on{number}", _changed(chance, its, f"on{number}"), mark)
    return history


def _changed(chance: random.Random, files: Files, by: str) -> Files:
    """The files with one or two edits; some say the same whoever makes them."""
    files = {path: list(lines) for path, lines in files.items()}
    for _ in range(chance.choice((1, 1, 2))):
        path = chance.choice(sorted(files))
        lines = files[path]
        at = chance.randrange(len(lines)) if lines else 0
        word = by if chance.random() < 0.7 else "the same"
        match chance.choice(("edit", "edit", "edit", "insert", "delete", "add", "remove")):
            case "edit" if lines:
                lines[at] = f"{lines[at].split('=')[0]}={word}"
            case "insert":
                lines.insert(at, word)
            case "delete" if lines:
                del lines[at]
            case "add":
                folder = chance.choice(("", "d/", "d/f/", "d/f"))
                files.setdefault(folder + ("new" if folder != "d/f" else ""), [word])
            case "remove" if len(files) > 1:
                del files[path]
    return files
