"""What is broken is reported by name and harms nothing else; what is unknown is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refinery.queue.standing import Code, standing
from refinery.records import document
from refinery.records.names import Sha
from refinery.records.verdict import Result, Verdict
from refinery.store.edit import Applied, Edit, Event
from refinery.store.reading import UNREADABLE, StoreUnreadable
from refinery.store.ref_store import RefStore
from refinery.store.view import Damage, View, with_reports
from tests.decisions.makers import NOW, a_candidate_claim, a_claim, a_verdict, an_id, an_mr
from tests.store.places import Place

EVENT = Event("tested", "a test")
A, B = an_id("a"), an_id("b")
QUEUE = "refs/refinery/queue"
CLAIM = f"refs/refinery/claims/{A}"


class Broken:
    """A queue with two merge requests, and ways to break it from outside."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.box = place.box
        self.store: RefStore = place.open_refs()
        self.put(Edit(EVENT, put=(place.mr("a"), place.mr("b"))))

    def put(self, edit: Edit) -> View:
        outcome, view = self.store.swap(self.store.read(), edit)
        assert isinstance(outcome, Applied), outcome
        return view

    def read(self) -> View:
        """As a process reads it that has nothing cached."""
        view = self.place.open_refs().read()
        assert self.store.read().damage == view.damage
        return view

    def write(self, path: str, content: bytes | str) -> None:
        """Put a file into the tree of the queue."""
        data = content if isinstance(content, bytes) else content.encode()
        self.tree([f"100644 blob {self.blob(data)}\t{path}"])

    def tree(self, rows: list[str]) -> None:
        index = {"GIT_INDEX_FILE": str(self.box.root / "index")}
        script = f"git read-tree {QUEUE} && git update-index --add --index-info && git write-tree"
        tree = self.at_origin(["sh", "-c", script], "\n".join(rows) + "\n", index)
        made = self.at_origin(["git", "commit-tree", "-p", QUEUE, "-m", "by hand", tree])
        self.point(QUEUE, made)

    def blob(self, data: bytes) -> str:
        return self.at_origin(["git", "hash-object", "-w", "--stdin"], data)

    def commit(self, files: dict[str, bytes]) -> str:
        rows = "".join(f"100644 blob {self.blob(data)}\t{name}\n" for name, data in files.items())
        tree = self.at_origin(["git", "mktree"], rows)
        return self.at_origin(["git", "commit-tree", "-m", "by hand", tree])

    def point(self, ref: str, at: str) -> None:
        self.at_origin(["git", "update-ref", ref, at])

    def files(self) -> dict[str, str]:
        return self.box.tree(QUEUE)

    def at_origin(
        self, command: list[str], stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> str:
        import os
        import subprocess

        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command,
            cwd=self.box.origin,
            input=data,
            capture_output=True,
            check=True,
            env={**os.environ, **(env or {})},
        )
        return done.stdout.decode().strip()


@pytest.fixture
def broken(remote: Place) -> Broken:
    return Broken(remote)


def test_a_record_that_is_not_yaml(broken: Broken) -> None:
    broken.write("mrs/a/mr-a.yaml", "id: [\n")
    view = broken.read()
    assert view.damage == (
        Damage(
            f"{QUEUE}:mrs/a/mr-a.yaml",
            "not YAML at line 2, column 1: did not find expected node content",
        ),
    )
    assert set(view.mrs) == {B}


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"- a\n", b"id: " + b"[" * 300_000, b"x" * (1 << 21)]
)
def test_no_record_is_too_broken_to_be_reported(broken: Broken, content: bytes) -> None:
    broken.write("mrs/a/mr-a.yaml", content)
    view = broken.read()
    assert [damage.where for damage in view.damage] == [f"{QUEUE}:mrs/a/mr-a.yaml"]
    assert set(view.mrs) == {B}


def test_a_record_of_a_newer_version_says_what_to_do(broken: Broken) -> None:
    written = document.write(broken.place.mr("a")).replace(b"version: 1", b"version: 2")
    broken.write("mrs/a/mr-a.yaml", written)
    assert broken.read().damage == (
        Damage(
            f"{QUEUE}:mrs/a/mr-a.yaml",
            "/version: 2 was written by a newer refinery",
            "upgrade: pip install --upgrade git-refinery",
        ),
    )


def test_a_record_in_somebody_elses_file(broken: Broken) -> None:
    record = document.write(an_mr("c"))
    broken.write("mrs/x/mr-c.yaml", record)
    broken.write("mrs/d/mr-d.yaml", record)
    view = broken.read()
    assert view.damage == tuple(
        Damage(f"{QUEUE}:{path}", "/id: 'mr-c' does not belong in this file")
        for path in ("mrs/d/mr-d.yaml", "mrs/x/mr-c.yaml")
    )
    assert set(view.mrs) == {A, B}


def test_a_verdict_that_cannot_be_read(broken: Broken) -> None:
    verdict = a_verdict("a")
    broken.put(Edit(EVENT, verdicts=(verdict,)))
    broken.write("verdicts/00/x.yaml", "version: 1\n")
    view = broken.read()
    assert set(view.verdicts) == {verdict.key}
    assert [damage.where for damage in view.damage] == [f"{QUEUE}:verdicts/00/x.yaml"]


def test_links_and_submodules_in_the_tree(broken: Broken) -> None:
    other = broken.commit({"x": b"x"})
    broken.tree(
        [f"160000 commit {other}\tmrs/a/mr-a.yaml", f"120000 blob {broken.blob(b'/etc')}\tlink"]
    )
    view = broken.read()
    assert [damage.where for damage in view.damage] == [f"{QUEUE}:mrs/a/mr-a.yaml"]
    assert set(view.mrs) == {B}


def test_an_unreadable_header_pauses_the_queue(broken: Broken) -> None:
    broken.write("queue.yaml", "version: 1\npause: true\n")
    view = broken.read()
    assert view.header.paused is not None
    assert view.header.paused.reason == "queue.yaml cannot be read"
    assert [damage.where for damage in view.damage] == [f"{QUEUE}:queue.yaml"]
    assert standing(view, view.mrs[A], NOW).code is Code.PAUSED


def test_an_unreadable_header_is_written_over_by_nobody_who_does_not_mend_it(
    broken: Broken,
) -> None:
    broken.write("queue.yaml", "version: 1\npause: true\n")
    view, where = broken.read(), f"{QUEUE}:queue.yaml"
    with pytest.raises(StoreUnreadable) as refused:
        broken.store.swap(view, Edit(EVENT, header=replace(view.header, archived=1)))
    assert refused.value.message.startswith(f"{where} cannot be read, so it is not written over: ")
    assert refused.value.message.endswith(view.damage[0].problem)
    assert refused.value.hint == (
        "`refinery fsck` shows it; `git log -p` of the ref has the last good one"
    )
    assert broken.read().damage == view.damage
    broken.put(Edit(EVENT, put=(broken.place.mr("c"),)))  # other records are still written
    broken.put(Edit(EVENT, header=replace(view.header, paused=None), mends=True))
    assert (broken.read().damage, broken.read().header.paused) == ((), None)


@pytest.mark.parametrize(
    ("recorded", "reported", "counts"),
    [
        (None, (Result.FAIL, 1), (Result.FAIL, 1)),
        ((Result.FAIL, 1), (Result.FAIL, 2), (Result.FAIL, 2)),
        ((Result.FAIL, 2), (Result.FAIL, 1), (Result.FAIL, 2)),
        ((Result.FAIL, 2), (Result.PASS, 1), (Result.PASS, 1)),
        ((Result.PASS, 1), (Result.FAIL, 2), (Result.PASS, 1)),
    ],
)
def test_of_a_verdict_in_the_queue_and_one_in_a_claim_the_one_that_counts_is_known(
    recorded: tuple[Result, int] | None, reported: tuple[Result, int], counts: tuple[Result, int]
) -> None:
    def verdict(told: tuple[Result, int]) -> Verdict:
        return a_verdict("a", result=told[0], runs=told[1])

    known = {} if recorded is None else {verdict(recorded).key: verdict(recorded)}
    claims = [a_candidate_claim("b"), a_candidate_claim("a", verdict=verdict(reported))]
    found = with_reports(known, claims)
    assert {key: (each.result, each.runs) for key, each in found.items()} == {
        verdict(counts).key: counts
    }


def test_an_inbox_entry_without_a_record(broken: Broken) -> None:
    broken.point("refs/refinery/inbox/mr-c", broken.commit({"other.yaml": b"x"}))
    broken.point("refs/refinery/inbox/mr-d", broken.commit({"mr.yaml": document.write(an_mr("c"))}))
    broken.point("refs/refinery/inbox/mr-e", broken.blob(b"not a commit"))
    view = broken.read()
    assert view.damage == (
        Damage("refs/refinery/inbox/mr-c:mr.yaml", "is missing"),
        Damage("refs/refinery/inbox/mr-d:mr.yaml", "the record is not the one its ref names"),
        Damage("refs/refinery/inbox/mr-e:mr.yaml", "is missing"),
    )
    assert (set(view.mrs), view.unfolded) == ({A, B}, frozenset())


@pytest.mark.parametrize("kind", ["blob", "tag", "tree", "empty commit", "claim on another"])
def test_a_claim_that_cannot_be_read_is_a_claim_all_the_same(broken: Broken, kind: str) -> None:
    commit = broken.commit({"x": b"x"})
    broken.at_origin(["git", "tag", "-a", "-m", "x", "odd", commit])
    other = a_claim("b")
    broken.point(
        CLAIM,
        {
            "blob": broken.blob(b"claim"),
            "tag": broken.at_origin(["git", "rev-parse", "refs/tags/odd"]),
            "tree": broken.at_origin(["git", "rev-parse", f"{commit}^{{tree}}"]),
            "empty commit": commit,
            "claim on another": broken.commit({"claim.yaml": document.write(other)}),
        }[kind],
    )
    view = broken.read()
    assert view.claims[A].worker == UNREADABLE
    assert standing(view, view.mrs[A], NOW).code is Code.CLAIMED
    assert [damage.where for damage in view.damage] == [f"{CLAIM}:claim.yaml"]
    assert standing(view, view.mrs[B], NOW).code is Code.READY
    assert broken.put(Edit(EVENT, release=(A,))).claims == {}


@pytest.mark.parametrize("kind", ["blob", "another candidate", "by hand"])
def test_a_candidate_that_cannot_be_read_is_claimed_and_nobody_waits_for_it(
    broken: Broken, kind: str
) -> None:
    name = a_candidate_claim("a", "b").names[0]
    ref = f"refs/refinery/claims/{name}"
    broken.point(
        ref,
        {
            "blob": broken.blob(b"claim"),
            "another candidate": broken.commit(
                {"claim.yaml": document.write(a_candidate_claim("b", "a"))}
            ),
            "by hand": broken.commit({"claim.yaml": document.write(a_claim("a", "b"))}),
        }[kind],
    )
    view = broken.read()
    assert {each: claim.worker for each, claim in view.claims.items()} == {name: UNREADABLE}
    assert [damage.where for damage in view.damage] == [f"{ref}:claim.yaml"]
    assert view.testing == {}
    assert standing(view, view.mrs[A], NOW).code is Code.READY
    assert broken.put(Edit(EVENT, release=(name,))).claims == {}


@pytest.mark.parametrize("kind", ["blob", "tree", "tag of a blob"])
def test_a_queue_that_is_no_commit_is_an_error_and_not_an_empty_queue(
    broken: Broken, kind: str
) -> None:
    blob = broken.blob(b"x")
    broken.at_origin(["git", "tag", "-a", "-m", "x", "odd", blob])
    at = {
        "blob": blob,
        "tree": broken.at_origin(["git", "rev-parse", f"{QUEUE}^{{tree}}"]),
        "tag of a blob": broken.at_origin(["git", "rev-parse", "refs/tags/odd"]),
    }[kind]
    broken.point(QUEUE, at)
    with pytest.raises(StoreUnreadable) as caught:
        broken.place.open_refs().read()
    assert caught.value.message == f"{QUEUE}: {at} is not a commit"


def test_writes_keep_what_they_do_not_know(broken: Broken) -> None:
    broken.write("NOTES.md", "by hand\n")
    broken.write("mrs/a/README", "by hand\n")
    broken.write("future/x/y/z.yaml", "version: 9\n")
    broken.write("mrs/z/mr-z.yaml", "broken: [\n")
    before = broken.files()
    changed = replace(broken.place.mr("a"), retry_count=1)
    broken.put(Edit(EVENT, put=(changed,)))
    broken.put(Edit(EVENT, archive=(changed, broken.place.mr("b"))))
    after = broken.files()
    assert {path for path in before if path not in after} == {"mrs/a/mr-a.yaml", "mrs/b/mr-b.yaml"}
    assert all(before[path] == content for path, content in after.items())


def test_extra_files_are_no_damage_outside_the_folders_of_records(broken: Broken) -> None:
    broken.write("NOTES.md", "by hand\n")
    view = broken.read()
    assert (view.damage, set(view.mrs)) == ((), {A, B})


def test_a_record_that_was_put_right_is_read_again(broken: Broken) -> None:
    broken.write("mrs/a/mr-a.yaml", "id: [\n")
    assert set(broken.store.read().mrs) == {B}
    broken.write("mrs/a/mr-a.yaml", document.write(broken.place.mr("a", title="By hand")))
    view = broken.store.read()
    assert (view.damage, view.mrs[A].title) == ((), "By hand")


def test_commits_of_the_queue_say_who_did_what_and_are_never_alike(broken: Broken) -> None:
    event = Event("held", "hold\nmr-a: x\x1b[31m", (A, B), "eve", {"Refinery-Target": "main\nX: y"})
    broken.put(Edit(event, verdicts=(a_verdict("a"),)))
    first = broken.at_origin(["git", "log", "-1", "--format=%B", QUEUE])
    *lines, operation = first.splitlines()
    assert lines == [
        "hold mr-a: x [31m",
        "",
        "Refinery-Event: held",
        "Refinery-MR: mr-a",
        "Refinery-MR: mr-b",
        "Refinery-Worker: eve",
        "Refinery-Target: main X: y",
    ]
    assert operation.startswith("Refinery-Op: ")
    assert len(operation) == len("Refinery-Op: ") + 32


def test_an_inbox_commit_carries_the_code(broken: Broken) -> None:
    head = broken.place.heads["c"]
    broken.put(Edit(EVENT, submit=(broken.place.mr("c"),)))
    parent = broken.at_origin(["git", "rev-parse", "refs/refinery/inbox/mr-c^"])
    assert Sha(parent) == head
