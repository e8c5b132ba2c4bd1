from __future__ import annotations

import re
import subprocess
import threading

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from refinery.records.names import Ref, Sha
from refinery.repo.refs import (
    LockHeld,
    Lost,
    RefUpdate,
    Refused,
    Swapped,
    check_ref_format,
    list_refs,
    list_symrefs,
    matches,
    resolve,
    update_refs,
    valid_branch,
    valid_ref,
)
from refinery.repo.repository import Repository

from .conftest import Box

A = Ref("refs/refinery/a")
B = Ref("refs/refinery/b")


@pytest.fixture
def shas(box: Box) -> tuple[Sha, Sha, Sha]:
    one = box.commit(box.origin, {"f": "1"})
    two = box.commit(box.origin, {"f": "2"}, one)
    return one, two, box.commit(box.origin, {"f": "3"}, two)


def git_accepts(name: str) -> bool:
    encoded = name.encode("utf-8", "surrogateescape")
    return subprocess.run([b"git", b"check-ref-format", encoded], check=False).returncode == 0


NAMES = [
    *("refs/heads/a", "a/b", "a", "", "/", "/a/b", "a/b/", "a//b", "a/.b", ".a/b", "a/b."),
    *("a/b.lock", "a.lock/b", "a/b.lock.", "a/b.lockx", "a/b..c", "a/b.c", "a/@", "a/@{", "a/{@"),
    *("a/b c", "a/b~", "a/b^", "a/b:", "a/b?", "a/b*", "a/b[", "a/b]", "a/b\\", "a/\x7f", "a/\x01"),
    *("@", "a/-b", "a/é", "a/\udcff", "a/b\t", "a/.", "a/..", "a/.lock", "a/b\n"),
]


@pytest.mark.parametrize("name", NAMES)
def test_ref_names_are_judged_as_git_does(name: str) -> None:
    assert check_ref_format(name) == git_accepts(name)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    # The command line takes a first `-` for an option; names cannot be tried there with one.
    st.text(alphabet="ab./@{-~^:*[\\ lock\x7fé", max_size=12).filter(lambda n: n[:1] != "-")
)
@example("a/b.lock/c")
def test_random_ref_names_are_judged_as_git_does(name: str) -> None:
    assert check_ref_format(name) == git_accepts(name)


@pytest.mark.parametrize(
    ("name", "valid"),
    [("refs/heads/a", True), ("refs/a", False), ("heads/a", False), ("refs/heads/a b", False)],
)
def test_a_full_ref_has_two_levels_below_refs(name: str, valid: bool) -> None:
    assert valid_ref(name) is valid


@pytest.mark.parametrize(
    ("name", "valid"),
    [("a", True), ("polecat/n/x-1", True), ("-a", False), ("HEAD", False), ("a..b", False)],
)
def test_a_branch_cannot_be_read_as_an_option(name: str, valid: bool) -> None:
    assert valid_branch(name) is valid


@pytest.mark.parametrize(
    ("ref", "pattern", "expected"),
    [
        ("refs/heads/main", "refs/heads/main", True),
        ("refs/heads/main/x", "refs/heads/main", True),
        ("refs/heads/main2", "refs/heads/main", False),
        ("refs/heads/a/b", "refs/heads/*", True),
        ("refs/heads/", "refs/heads/*", True),
        ("refs/x/a/b", "refs/*/b", True),
        ("refs/b", "refs/b*b", False),
        ("refs/heads/main", "main", False),
    ],
)
def test_patterns(ref: str, pattern: str, expected: bool) -> None:
    assert matches(ref, pattern) is expected


def test_refs_are_listed_by_pattern_across_folders(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, two, _ = shas
    for name, oid in {"heads/m": one, "refinery/c/x/y": two, "refinery/cc": one}.items():
        box.git("update-ref", f"refs/{name}", oid)
    box.git("symbolic-ref", "refs/heads/alias", "refs/heads/m")
    repo = box.origin
    assert list_refs(repo, "refs/refinery/c/*") == {Ref("refs/refinery/c/x/y"): two}
    assert list_refs(repo, "refs/refinery/c*") == {
        Ref("refs/refinery/c/x/y"): two,
        Ref("refs/refinery/cc"): one,
    }
    assert list_refs(repo, "refs/heads/m") == {Ref("refs/heads/m"): one}
    assert list_refs(repo, "refs/nothing") == {}
    assert len(list_refs(repo)) == 4
    assert list_symrefs(repo) == {Ref("refs/heads/alias"): Ref("refs/heads/m")}


def test_resolve_takes_full_names_and_ids_only(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, _, _ = shas
    box.git("update-ref", "refs/heads/m", one)
    found = [resolve(box.origin, name) for name in ("refs/heads/m", one, "HEAD", "m", "1" * 40)]
    assert found == [one, one, None, None, None]
    assert resolve(box.origin, "--exec=x") is None


def test_several_refs_move_together(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, two, _ = shas
    create = [RefUpdate(A, None, one), RefUpdate(B, None, one)]
    assert update_refs(box.origin, create, message="m") == Swapped()
    move = [RefUpdate(A, one, two), RefUpdate(B, one, None)]
    assert update_refs(box.origin, move, message="m") == Swapped()
    assert box.refs() == {A: two}


def test_one_stale_value_moves_nothing(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, two, three = shas
    box.git("update-ref", A, one)
    stale = [RefUpdate(B, None, one), RefUpdate(A, two, three)]
    outcome = update_refs(box.origin, stale, message="m")
    assert isinstance(outcome, Lost)
    assert outcome.refs == (A,)
    assert box.refs() == {A: one}


@pytest.mark.parametrize("case", ["exists", "gone", "moved-delete"])
def test_a_lost_race_is_told_from_the_refs(box: Box, shas: tuple[Sha, Sha, Sha], case: str) -> None:
    one, two, _ = shas
    box.git("update-ref", A, one)
    update = {
        "exists": RefUpdate(A, None, two),
        "gone": RefUpdate(B, one, None),
        "moved-delete": RefUpdate(A, two, None),
    }[case]
    outcome = update_refs(box.origin, [update], message="m")
    assert isinstance(outcome, Lost)
    assert outcome.refs == (update.ref,)
    assert box.refs() == {A: one}


def test_a_folder_in_the_way_is_refused_not_retried(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, _, _ = shas
    box.git("update-ref", A, one)
    below = Ref(f"{A}/x")
    outcome = update_refs(box.origin, [RefUpdate(below, None, one)], message="m")
    assert isinstance(outcome, Refused)
    assert outcome.ref == below
    assert outcome.reason.endswith(f"'{A}' exists; cannot create '{below}'")


def test_a_hook_that_forbids_the_transaction_refuses(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    box.hook("reference-transaction", '[ "$1" != prepared ]')
    outcome = update_refs(box.origin, [RefUpdate(A, None, shas[0])], message="m")
    assert isinstance(outcome, Refused)
    assert outcome == Refused(A, outcome.reason, (f"fatal: {outcome.reason}",))
    assert re.search("aborted by (the reference-transaction )?hook", outcome.reason)


def test_a_name_that_is_no_ref_is_refused(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    bad = Ref("refs/heads/a b")
    outcome = update_refs(box.origin, [RefUpdate(bad, None, shas[0])], message="m")
    assert outcome == Refused(bad, "not a valid full ref name")


def test_a_stale_lock_is_named(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    box.git("update-ref", A, shas[0])
    lock = box.origin.path / f"{A}.lock"
    lock.touch()
    with pytest.raises(LockHeld) as caught:
        update_refs(box.origin, [RefUpdate(A, shas[0], shas[1])], message="m")
    assert caught.value.message == f"a git process has locked {str(lock)!r}"
    assert caught.value.hint is not None
    assert caught.value.hint.endswith(f"rm {lock}")


def test_an_update_without_values_is_a_bug() -> None:
    with pytest.raises(ValueError, match="neither"):
        RefUpdate(A, None, None)


def test_many_writers_have_one_winner(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    one, two, _ = shas
    box.git("update-ref", A, one)
    writers = [Repository.discover(box.origin.path) for _ in range(8)]
    outcomes: list[object] = []
    start = threading.Barrier(len(writers))

    def write(repo: Repository) -> None:
        start.wait()
        outcomes.append(update_refs(repo, [RefUpdate(A, one, two)], message="m"))

    threads = [threading.Thread(target=write, args=(repo,)) for repo in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, Swapped) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Lost) for outcome in outcomes) == 7


def test_the_reflog_tells_why(box: Box, shas: tuple[Sha, Sha, Sha]) -> None:
    box.git("config", "core.logAllRefUpdates", "always")
    update_refs(box.origin, [RefUpdate(A, None, shas[0])], message="queue:\nsubmit x")
    assert box.git("log", "-g", "--format=%gs", A) == "queue: submit x"
