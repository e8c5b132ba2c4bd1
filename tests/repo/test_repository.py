from __future__ import annotations

from pathlib import Path

import pytest

from refinery.errors import RefineryError
from refinery.repo.clone import init, init_bare
from refinery.repo.repository import IN_PLACE, NotARepository, Repository

from .conftest import Box


def test_a_subdirectory_leads_to_the_top(clone: Repository) -> None:
    below = clone.path / "a" / "b c"
    below.mkdir(parents=True)
    found = Repository.discover(below)
    assert (found.path, found.worktree) == (clone.path, clone.path)
    assert found.git_dir == found.common_dir == clone.path / ".git"
    assert (found.bare, found.shallow, found.object_format) == (False, False, "sha1")


def test_the_inside_of_a_git_directory_leads_to_its_worktree(clone: Repository) -> None:
    assert Repository.discover(clone.path / ".git" / "refs").path == clone.path


def test_a_linked_worktree_shares_the_common_directory(box: Box, clone: Repository) -> None:
    box.seed(clone, "refs/heads/main")
    box.git("fetch", "-q", at=clone.path)
    place = box.root / "linked"
    box.git("worktree", "add", "-q", "-b", "side", str(place), "origin/main", at=clone.path)
    found = Repository.discover(place)
    assert found.path == place
    assert found.git_dir == clone.git_dir / "worktrees" / "linked"
    assert found.common_dir == clone.git_dir
    assert found.current_branch() == "side"
    assert Repository.discover(found.git_dir).path == place


def test_a_worktree_whose_git_directory_is_elsewhere_is_found(tmp_path: Path, box: Box) -> None:
    box.git("init", "-q", "--separate-git-dir", str(tmp_path / "g"), "w", at=tmp_path)
    found = Repository.discover(tmp_path / "w")
    assert (found.worktree, found.git_dir) == (tmp_path / "w", tmp_path / "g")


def test_a_bare_repository_has_no_worktree_even_when_named_dot_git(tmp_path: Path) -> None:
    found = init_bare(tmp_path / "hub" / ".git")
    assert (found.bare, found.worktree, found.path) == (True, None, tmp_path / "hub" / ".git")


def test_sha256_is_seen(any_box: Box) -> None:
    assert any_box.origin.object_format == any_box.object_format


def test_no_repository_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        Repository.discover(tmp_path)
    assert caught.value.message.startswith(f"{str(tmp_path)!r}: not a git repository")
    assert caught.value.hint == "run it inside a clone, or give the path of one"


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotARepository, match="no such directory"):
        Repository.discover(tmp_path / "gone")


def test_git_dir_of_the_environment_is_followed_only_when_asked(
    box: Box, clone: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(box.origin.path))
    (box.root / "quarantine").mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(box.root / "quarantine"))
    assert Repository.discover(clone.path).common_dir == clone.common_dir
    hooked = Repository.discover(box.origin.path, from_environment=True)
    assert hooked.common_dir == box.origin.path
    assert hooked.object_dir == box.root / "quarantine"


def test_a_relative_git_dir_as_hooks_have_it_is_followed(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(box.origin.path)
    monkeypatch.setenv("GIT_DIR", ".")
    found = Repository.discover(from_environment=True)
    assert found.common_dir == box.origin.path
    assert found.git.text("rev-parse", "--absolute-git-dir") == str(box.origin.path)


def test_config_keeps_all_values_and_subsections(clone: Repository, box: Box) -> None:
    box.git("config", "--add", "Refinery.Some.KEY", "1\n2", at=clone.path)
    box.git("config", "--add", "refinery.Some.key", "3", at=clone.path)
    with (clone.git_dir / "config").open("a") as config:
        config.write("[valueless]\n\tflag\n")
    found = Repository.discover(clone.path)
    assert found.config["refinery.Some.key"] == ("1\n2", "3")
    assert found.setting("refinery.Some.key") == "3"
    assert found.setting("valueless.flag") == "true"
    assert found.setting("no.such") is None


def test_a_bare_repository_is_in_place(box: Box) -> None:
    assert box.origin.remote_name() == IN_PLACE


def test_a_clone_uses_the_remote_of_its_branch_then_origin(box: Box, clone: Repository) -> None:
    assert clone.remote_name() == "origin"
    box.git("config", "branch.main.remote", "fork", at=clone.path)
    assert Repository.discover(clone.path).remote_name() == "fork"
    box.git("config", "refinery.remote", ".", at=clone.path)
    assert Repository.discover(clone.path).remote_name() == IN_PLACE


@pytest.mark.parametrize(
    ("remotes", "found"), [((), None), (("upstream",), "upstream"), (("x", "y"), None)]
)
def test_without_origin_the_only_remote_is_taken(
    tmp_path: Path, box: Box, remotes: tuple[str, ...], found: str | None
) -> None:
    repo = init(tmp_path / "alone")
    for name in remotes:
        box.git("remote", "add", name, "/nowhere", at=repo.path)
    assert Repository.discover(repo.path).remote_name() == found


def test_a_worktree_of_a_bare_repository_is_in_place(box: Box, clone: Repository) -> None:
    box.seed(clone, "refs/heads/main")
    box.git("worktree", "add", "-q", str(box.root / "w"), "main")
    assert Repository.discover(box.root / "w").remote_name() == IN_PLACE


def test_identity_comes_from_config_with_a_fallback(box: Box, clone: Repository) -> None:
    assert clone.identity() == ("refinery", "refinery@localhost")
    box.git("config", "user.name", "Bo", at=clone.path)
    box.git("config", "committer.email", "bo@x", at=clone.path)
    found = Repository.discover(clone.path)
    assert str(found.signature(5)) == "Bo <bo@x> 5 +0000"


def test_state_is_kept_in_the_common_directory(clone: Repository) -> None:
    assert clone.state_dir == clone.common_dir / "refinery"
    assert clone.state_dir.is_dir()


def test_a_broken_config_is_reported_as_such(clone: Repository) -> None:
    (clone.git_dir / "config").write_text("[core\n")
    with pytest.raises(RefineryError, match="bad config line 1"):
        Repository.discover(clone.path)
