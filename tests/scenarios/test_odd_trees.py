"""Odd trees: what git can hold lands as it is, or becomes a conflict issue; nothing else stops."""

from __future__ import annotations

import json

import pytest

from tests.sandbox import Sandbox
from tests.scenarios import raw
from tests.scenarios.raw import FILE, LINK, PROGRAM, SUBMODULE

CHECKED = "version: 1\nchecks:\n- name: test\n  run: test ! -e broken\n"
ONE, TWO = b"1" * 40, b"2" * 40


@pytest.fixture
def checked(box: Sandbox) -> Sandbox:
    """A queue whose target has a check, so that every tree is checked out as well."""
    box.config(CHECKED)
    return box


def odd(
    box: Sandbox,
    branch: str,
    entries: dict[bytes, tuple[str, bytes] | None],
    **more: object,
) -> str:
    raw.commit(box, branch, entries, **more)  # type: ignore[arg-type]
    return box.submit(branch)


def base(box: Sandbox, entries: dict[bytes, tuple[str, bytes] | None]) -> None:
    made = raw.commit(box, "base", entries)
    box.git("push", "-q", "origin", f"{made}:refs/heads/main", ":refs/heads/base")


def process(box: Sandbox) -> str:
    box.request("good", {"good.txt": "good\n"}, onto="main", priority=4)
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    assert "good" in box.landed
    return done.err


def listing(box: Sandbox, ref: str = "main") -> dict[str, str]:
    """Path (as git quotes it) -> mode and object."""
    rows = box.git("ls-tree", "-r", "--full-tree", ref, cwd=box.origin).split("\n")
    return {row.split("\t", 1)[1]: row.split("\t", 1)[0] for row in rows}


def assert_conflict(box: Sandbox, id: str, *files: str) -> None:
    mr = box.mr(id)
    assert mr.block is not None
    assert set(files) <= set(mr.block.files), mr.block.files
    [issue] = box.cli("issue", "list", "--json").json
    assert (issue["mr"], mr.blocked_by) == (id, issue["id"])
    for file in files:
        assert file in issue["body"]


def test_a_submodule_that_a_branch_adds_lands(checked: Sandbox) -> None:
    odd(
        checked,
        "sub",
        {
            b"vendor/lib": (SUBMODULE, ONE),
            b".gitmodules": (FILE, b'[submodule "l"]\n\tpath = vendor/lib\n\turl = ../lib\n'),
        },
    )
    process(checked)
    assert listing(checked)["vendor/lib"] == f"160000 commit {ONE.decode()}"


def test_two_commits_for_one_submodule_are_a_conflict(checked: Sandbox) -> None:
    base(checked, {b"lib": (SUBMODULE, b"3" * 40)})
    one = odd(checked, "one", {b"lib": (SUBMODULE, ONE)})
    two = odd(checked, "two", {b"lib": (SUBMODULE, TWO)})
    process(checked)
    assert checked.mr(one).close_reason == "merged"
    assert_conflict(checked, two, "lib")


def test_a_pointer_of_git_lfs_lands_untouched_without_git_lfs(checked: Sandbox) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 9\n"
    attributes = b"*.bin filter=lfs diff=lfs merge=lfs -text\n"
    odd(checked, "lfs", {b".gitattributes": (FILE, attributes), b"a.bin": (FILE, pointer)})
    process(checked)
    assert checked.tree("main")["a.bin"].encode() == pointer


def test_a_filter_that_is_set_up_and_missing_stops_nobody_else(checked: Sandbox) -> None:
    """`git lfs install` was run here once, and git-lfs is gone."""
    for key in ("smudge", "clean", "process"):
        checked.git("config", f"filter.lfs.{key}", "no-such-program-anywhere %f")
    checked.git("config", "filter.lfs.required", "true")
    id = odd(
        checked,
        "lfs",
        {b".gitattributes": (FILE, b"*.bin filter=lfs\n"), b"a.bin": (FILE, b"pointer\n")},
    )
    checked.request("good", {"good.txt": "good\n"}, onto="main", priority=4)
    done = checked.cli("process", "--drain")
    assert checked.landed == ["good"]
    assert (done.code, id in done.err, "git checkout" in done.err) == (1, True, True)
    assert (checked.mr(id).status, checked.mr(id).failure) == ("open", None)
    assert checked.mr(id).attempts[-1].outcome == "checkout_fail"
    checked.git("config", "filter.lfs.required", "false")
    for key in ("smudge", "clean", "process"):
        checked.git("config", "--unset", f"filter.lfs.{key}")
    assert checked.cli("process", "--drain").code == 0
    assert checked.landed == ["good", "lfs"]


def test_links_land_as_links_wherever_they_point(checked: Sandbox) -> None:
    odd(
        checked,
        "links",
        {
            b"out": (LINK, b"/etc/passwd"),
            b"up": (LINK, b"../../../../outside"),
            b"self": (LINK, b"self"),
            b"run.sh": (PROGRAM, b"#!/bin/sh\n"),
        },
    )
    process(checked)
    modes = {path: entry.split()[0] for path, entry in listing(checked).items()}
    assert (modes["out"], modes["self"], modes["run.sh"]) == ("120000", "120000", "100755")


def test_a_link_that_became_a_folder_on_the_other_side_is_a_conflict(checked: Sandbox) -> None:
    base(checked, {b"thing": (LINK, b"README.md")})
    folder = odd(checked, "folder", {b"thing": None, b"thing/inside.txt": (FILE, b"inside\n")})
    link = odd(checked, "link", {b"thing": (LINK, b"elsewhere")})
    process(checked)
    assert checked.mr(folder).close_reason == "merged"
    assert checked.mr(link).block is not None


@pytest.mark.parametrize("setting", ["true", "input", "false"])
def test_line_ends_land_as_they_were_committed(checked: Sandbox, setting: str) -> None:
    checked.git("config", "core.autocrlf", setting)
    files = {b"dos.txt": (FILE, b"a\r\nb\r\n"), b"unix.txt": (FILE, b"a\nb\n")}
    odd(checked, "ends", {**files, b".gitattributes": (FILE, b"*.txt text=auto eol=crlf\n")})
    process(checked)
    committed, landed = listing(checked, "ends"), listing(checked)
    assert {path: landed[path] for path in committed} == committed
    assert checked.cli("verify").code == 0


def test_names_and_messages_that_are_not_utf8_land(checked: Sandbox) -> None:
    odd(
        checked,
        "latin",
        {b"caf\xe9.txt": (FILE, b"x\n"), b'tab\there "quoted" \\': (FILE, b"y\n")},
        message=b"Gr\xfc\xdfe aus K\xf6ln\n\nmit \xff Bytes\n",
        encoding="latin-1",
    )
    odd(checked, "broken", {b"\xff\xfe": (FILE, b"z\n")}, message=b"not \xff\xfe text\n")
    process(checked)
    assert sorted(checked.landed) == ["broken", "good", "latin"]
    assert '"caf\\351.txt"' in listing(checked)
    assert checked.mr("latin").title == "Grüße aus Köln"
    for command in (("list", "--status", "closed", "--json"), ("log", "--json")):
        json.dumps(checked.cli(*command).json)


def test_a_conflict_in_a_name_that_is_not_utf8_has_an_issue_and_valid_json(
    checked: Sandbox,
) -> None:
    base(checked, {b"caf\xe9.txt": (FILE, b"1\n")})
    odd(checked, "one", {b"caf\xe9.txt": (FILE, b"one\n")}, message=b"one \xe9")
    two = odd(checked, "two", {b"caf\xe9.txt": (FILE, b"two\n")}, message=b"two \xe9")
    process(checked)
    assert_conflict(checked, two)
    for command in (("show", two), ("why", two), ("queue",), ("blocked",), ("issue", "show", "1")):
        assert checked.cli(*command).code == 0
        assert checked.run(*command, "--json").json
    assert checked.cli("fsck").code == 0


def test_a_file_against_a_folder_of_its_name_is_a_conflict(checked: Sandbox) -> None:
    odd(checked, "file", {b"thing": (FILE, b"file\n")})
    folder = odd(checked, "folder", {b"thing/inside.txt": (FILE, b"inside\n")})
    process(checked)
    assert checked.mr(folder).block is not None
    assert len(checked.cli("issue", "list", "--json").json) == 1


LONG = b"".join(b"line %d\n" % n for n in range(40))


def test_a_rename_is_followed(checked: Sandbox) -> None:
    base(checked, {b"old.txt": (FILE, LONG)})
    odd(checked, "rename", {b"old.txt": None, b"new.txt": (FILE, LONG)})
    odd(checked, "edit", {b"old.txt": (FILE, LONG.replace(b"line 5\n", b"changed\n"))})
    process(checked)
    assert sorted(checked.landed) == ["edit", "good", "rename"]
    assert "changed" in checked.tree("main")["new.txt"]
    assert "old.txt" not in checked.tree("main")


def test_two_names_for_one_file_are_a_conflict_that_names_both(checked: Sandbox) -> None:
    base(checked, {b"old.txt": (FILE, LONG)})
    odd(checked, "one", {b"old.txt": None, b"one.txt": (FILE, LONG)})
    two = odd(checked, "two", {b"old.txt": None, b"two.txt": (FILE, LONG)})
    process(checked)
    assert_conflict(checked, two, "one.txt", "two.txt")


def test_names_that_differ_only_in_case_land_side_by_side(checked: Sandbox) -> None:
    odd(checked, "upper", {b"File": (FILE, b"upper\n")})
    odd(checked, "lower", {b"file": (FILE, b"lower\n")})
    process(checked)
    tree = checked.tree("main")
    assert (tree["File"], tree["file"]) == ("upper\n", "lower\n")


def test_a_huge_file_lands(checked: Sandbox) -> None:
    odd(checked, "huge", {b"huge.bin": (FILE, bytes(60 << 20))})
    process(checked)
    size = checked.git("cat-file", "-s", "main:huge.bin", cwd=checked.origin)
    assert size == str(60 << 20)


def test_a_branch_that_carries_a_git_folder_does_not_reach_a_worktree(checked: Sandbox) -> None:
    """Servers without fsck take such a tree; git refuses to check it out."""
    oid = raw.blob(checked, "[core]\n\tfsmonitor = touch evil\n")
    inner = checked.git("mktree", cwd=checked.origin, stdin=f"100644 blob {oid}\tconfig\n")
    top = checked.git("ls-tree", "main", cwd=checked.origin)
    tree = checked.git("mktree", cwd=checked.origin, stdin=f"{top}\n040000 tree {inner}\t.git\n")
    head = checked.git("commit-tree", tree, "-p", "main", "-m", "evil", cwd=checked.origin)
    checked.git("update-ref", "refs/heads/evil", head, cwd=checked.origin)
    checked.git("fetch", "-q", "origin")
    submitted = checked.cli("submit", "evil")
    checked.request("good", {"good.txt": "good\n"}, onto="main", priority=4)
    done = checked.cli("process", "--drain")
    assert checked.landed == ["good"], (submitted, done)
    assert not (checked.path / "evil").exists()
