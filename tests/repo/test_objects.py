from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refinery.records.names import Sha
from refinery.repo.objects import BadObject, GitObject, TreeEntry
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.repo.writing import (
    InvalidTree,
    ObjectWriter,
    StorageFull,
    fsyncs_loose_objects,
)

from .conftest import Box

ANN = Signature("Ann", "ann@x", 1_700_000_000, "+0130")
ABSENT = "1" * 40


def fsck(box: Box) -> str:
    return box.git("fsck", "--strict", "--full", "--no-dangling")


def test_what_is_written_is_what_git_would_have_written(any_box: Box) -> None:
    repo = any_box.origin
    data = b"with\0nul and \xff\n"
    blob = repo.writer.blob(data)
    assert blob == any_box.git(
        "hash-object", "--stdin", stdin=data.decode("utf-8", "surrogateescape")
    )
    rows = [(0o100644, "b", blob), (0o100755, "a.x", blob), (0o120000, "é\udcff", blob)]
    entries = [TreeEntry(*row) for row in rows]
    inner = repo.writer.tree(entries)
    outer = repo.writer.tree([TreeEntry(0o040000, "a", inner), *entries])
    listing = "".join(
        f"{'040000 tree' if m == 0o040000 else f'{m:o} blob'} {o}\t{n}\0"
        for m, n, o in [(0o040000, "a", inner), *rows]
    )
    assert outer == any_box.git("mktree", "-z", stdin=listing)
    commit = repo.writer.commit(
        tree=outer, parents=(), author=ANN, committer=ANN, message="Sübject\n\nbody"
    )
    child = repo.writer.commit(tree=inner, parents=(commit,), author=ANN, committer=ANN, message="")
    any_box.git("update-ref", "refs/heads/x", child)
    assert fsck(any_box) == ""
    found = repo.reader.commit(commit)
    assert (found.oid, found.tree, found.parents) == (commit, outer, ())
    assert (found.author, found.committer) == (str(ANN), str(ANN))
    assert (found.message, found.subject) == ("Sübject\n\nbody\n", "Sübject")
    assert sorted(repo.reader.tree(inner), key=lambda e: e.name) == sorted(
        entries, key=lambda e: e.name
    )
    assert repo.reader.commit(child).parents == (commit,)


def test_folders_sort_as_git_sorts_them(box: Box) -> None:
    writer = box.origin.writer
    blob = writer.blob(b"")
    folder = writer.tree([TreeEntry(0o100644, "x", blob)])
    tree = writer.tree(
        [
            TreeEntry(0o040000, "a", folder),
            TreeEntry(0o100644, "a.b", blob),
            TreeEntry(0o100644, "a0", blob),
        ]
    )
    assert [entry.name for entry in box.origin.reader.tree(tree)] == ["a.b", "a", "a0"]


@pytest.mark.parametrize("name", ["", ".", "..", ".git", ".GIT", "git~1", "a/b", "a\0b"])
def test_names_that_git_refuses_are_refused(box: Box, name: str) -> None:
    blob = box.origin.writer.blob(b"")
    with pytest.raises(InvalidTree):
        box.origin.writer.tree([TreeEntry(0o100644, name, blob)])


def test_a_name_twice_is_refused_also_as_file_and_folder(box: Box) -> None:
    writer = box.origin.writer
    blob = writer.blob(b"")
    folder = writer.tree([TreeEntry(0o100644, "x", blob)])
    with pytest.raises(InvalidTree, match="name twice: 'a'"):
        writer.tree([TreeEntry(0o100644, "a", blob), TreeEntry(0o040000, "a", folder)])


def test_writing_again_leaves_one_read_only_file(box: Box) -> None:
    oid = box.origin.writer.blob(b"same")
    folder = box.origin.path / "objects" / oid[:2]
    first = (folder / oid[2:]).stat()
    assert box.origin.writer.blob(b"same") == oid
    second = (folder / oid[2:]).stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    assert first.st_mode & 0o777 == 0o444 & ~_umask()
    assert [entry.name for entry in folder.iterdir()] == [oid[2:]]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_shared_repository_stays_shared(box: Box) -> None:
    box.git("config", "core.sharedRepository", "group")
    repo = box.open(box.origin.path)
    before = os.umask(0o077)
    try:
        oid = repo.writer.blob(b"shared")
    finally:
        os.umask(before)
    folder = repo.path / "objects" / oid[:2]
    assert (folder / oid[2:]).stat().st_mode & 0o777 == 0o440
    assert folder.stat().st_mode & 0o7777 == 0o2770


def test_threads_that_write_the_same_object_agree(box: Box) -> None:
    start = threading.Barrier(8)
    made: list[Sha] = []

    def write() -> None:
        start.wait()
        made.extend(box.origin.writer.blob(b"%d" % number) for number in range(20))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 160
    assert len(set(made)) == 20
    assert fsck(box) == ""


@pytest.mark.parametrize("call", ["write", "open"])
def test_a_full_disk_is_said_and_leaves_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(StorageFull) as caught:
        box.origin.writer.blob(b"data")
    monkeypatch.undo()
    assert caught.value.message == f"write blob: no space left in {str(box.origin.object_dir)!r}"
    assert [path for path in box.origin.object_dir.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, False),
        ({"core.fsync": ("committed",)}, True),
        ({"core.fsync": ("reference",)}, False),
        ({"core.fsync": ("all,-loose-object",)}, False),
        ({"core.fsync": ("none", "loose-object")}, True),
        ({"core.fsync": ("default",)}, False),
        ({"core.fsyncobjectfiles": ("true",)}, True),
        ({"core.fsync": ("none",), "core.fsyncobjectfiles": ("true",)}, False),
    ],
)
def test_objects_are_synced_where_git_would(
    config: dict[str, tuple[str, ...]], expected: bool
) -> None:
    assert fsyncs_loose_objects(config) is expected


def test_a_synced_write_reaches_the_disk_call(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    ObjectWriter(box.origin.object_dir, fsync=True).blob(b"x")
    ObjectWriter(box.origin.object_dir, fsync=False).blob(b"y")
    assert len(synced) == 1


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(max_size=12),
    email=st.text(max_size=12),
    when=st.integers(min_value=-5, max_value=2**70),
    tz=st.sampled_from(["+0000", "-0330", "junk", ""]),
)
def test_any_name_makes_a_commit_that_fsck_accepts(
    box: Box, name: str, email: str, when: int, tz: str
) -> None:
    writer = box.origin.writer
    who = Signature(name, email, when, tz)
    tree = writer.tree([])
    oid = writer.commit(tree=tree, parents=(), author=who, committer=who, message=name)
    box.git("update-ref", "refs/heads/x", oid)
    assert fsck(box) == ""


@pytest.mark.parametrize(
    ("raw", "parsed"),
    [
        ("Ann B <ann@x> 12 +0100", Signature("Ann B", "ann@x", 12, "+0100")),
        ("<ann@x> 12 -0100", Signature("", "ann@x", 12, "-0100")),
        ("Ann <>", Signature("Ann", "", 0)),
        ("garbage", Signature("garbage", "", 0)),
    ],
)
def test_signatures_of_other_people_are_read(raw: str, parsed: Signature) -> None:
    assert Signature.parse(raw) == parsed


def test_a_missing_object_is_none_and_leaves_the_others_in_place(box: Box) -> None:
    blob = box.origin.writer.blob(b"x")
    found = box.origin.reader.read_many([ABSENT, blob, "refs/heads/no", blob])
    assert found == [None, GitObject(blob, "blob", b"x"), None, GitObject(blob, "blob", b"x")]


def test_objects_written_after_the_reader_started_are_found(box: Box) -> None:
    assert box.origin.reader.read(ABSENT) is None
    assert box.origin.reader.blob(box.origin.writer.blob(b"later")) == b"later"


def test_thousands_of_requests_with_large_answers_do_not_hang(box: Box) -> None:
    oids = [box.origin.writer.blob(b"%d" % number * 3000) for number in range(50)]
    found = box.origin.reader.read_many(oids * 60)
    assert len(found) == 3000
    assert found[49] == GitObject(oids[49], "blob", b"49" * 3000)


def test_a_long_request_does_not_hang(box: Box) -> None:
    assert box.origin.reader.read_many([f"HEAD:{'x' * 100_000}"] * 3) == [None] * 3


@pytest.mark.parametrize("name", ["", "a\nb", "a\0b"])
def test_names_that_would_break_the_protocol_are_refused(box: Box, name: str) -> None:
    with pytest.raises(GitError):
        box.origin.reader.read(name)


def test_a_reader_that_was_killed_starts_again(box: Box) -> None:
    blob = box.origin.writer.blob(b"x")
    assert box.origin.reader.blob(blob) == b"x"
    process = box.origin.reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert box.origin.reader.blob(blob) == b"x"


def test_an_interrupted_read_does_not_give_its_rest_to_the_next(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = box.origin.reader
    blobs = [box.origin.writer.blob(text) for text in (b"one", b"two")]
    whole = type(reader)._answer

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(reader), "_answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        reader.read(blobs[0])
    monkeypatch.setattr(type(reader), "_answer", whole)
    assert reader.blob(blobs[1]) == b"two"


def test_readers_in_threads_get_their_own_answers(box: Box) -> None:
    oids = [box.origin.writer.blob(b"%d" % number) for number in range(200)]
    wrong: list[int] = []

    def read(number: int) -> None:
        if box.origin.reader.blob(oids[number]) != b"%d" % number:
            wrong.append(number)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_wrong_kind_of_object_is_named(box: Box) -> None:
    tree = box.origin.writer.tree([])
    with pytest.raises(BadObject, match=f"object {tree} is a tree, not a blob"):
        box.origin.reader.blob(tree)
    with pytest.raises(BadObject, match=f"object '{ABSENT}' is missing"):
        box.origin.reader.commit(ABSENT)


def test_an_object_whose_name_looks_like_an_option_is_only_missing(box: Box) -> None:
    assert box.origin.reader.read("--upload-pack=x") is None


def test_a_tree_is_walked_with_weird_paths_and_without_submodules(
    box: Box, clone: Repository
) -> None:
    files = {"a": "1", "d/e/f g\n": "2", "d/\udcff": "3", "d/h": "4", "dd": "5"}
    commit = box.commit(clone, files)
    tree = clone.reader.commit(commit).tree
    entries = [*clone.reader.tree(tree), TreeEntry(0o160000, "sub", commit)]
    tree = clone.writer.tree(entries)
    walked = clone.reader.walk_blobs(tree)
    assert [(path, clone.reader.blob(oid)) for path, oid in walked] == [
        (path, content.encode()) for path, content in sorted(files.items())
    ]
    assert clone.reader.walk_blobs(commit, "d/") == [pair for pair in walked if pair[0][:2] == "d/"]
    assert clone.reader.walk_blobs(commit, "none") == []
    assert clone.reader.walk_blobs(commit, "a") == []


def test_old_encodings_and_signed_commits_are_read(box: Box) -> None:
    tree = box.origin.writer.tree([])
    raw = (
        f"tree {tree}\nauthor J\xf6rg <j@x> 1 +0000\ncommitter J\xf6rg <j@x> 1 +0000\n"
        "gpgsig -----BEGIN\n tree 1\n \n parent 2\n -----END\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n"
    ).encode("latin-1")
    path = box.root / "raw"
    path.write_bytes(raw)
    oid = box.git("hash-object", "-w", "-t", "commit", str(path))
    found = box.origin.reader.commit(oid)
    assert (found.author, found.message) == ("Jörg <j@x> 1 +0000", "Grüße\n")
    assert (found.tree, found.parents) == (tree, ())


def test_quarantined_objects_go_where_the_push_keeps_them(
    box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quarantine = tmp_path / "incoming"
    quarantine.mkdir()
    monkeypatch.setenv("GIT_DIR", str(box.origin.path))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(quarantine))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(box.origin.path / "objects"))
    with Repository.discover(box.origin.path, from_environment=True) as hooked:
        blob = hooked.writer.blob(b"new")
        assert hooked.reader.blob(blob) == b"new"
    assert (quarantine / blob[:2] / blob[2:]).is_file()
    assert box.origin.reader.read(blob) is None
