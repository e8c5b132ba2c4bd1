from __future__ import annotations

from pathlib import Path

import pytest

from refinery.repo.clone import CloneFailed, clone_bare, init, init_bare

from .conftest import Box


def test_a_bare_copy_has_every_branch_and_tells_its_progress(box: Box, tmp_path: Path) -> None:
    commit = box.commit(box.origin, {f"f{n}": str(n) for n in range(50)})
    for name in ("main", "side"):
        box.git("update-ref", f"refs/heads/{name}", commit)
    told: list[tuple[str, int, int | None]] = []
    url = f"file://{box.origin.path}"
    copy = clone_bare(url, tmp_path / "copy", lambda *step: told.append(step))
    assert copy.bare
    assert box.refs(copy.path) == box.refs()
    assert ("receiving", 52, 52) in told


def test_a_source_that_is_not_there_is_said_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(CloneFailed) as caught:
        clone_bare("http://u:hunter2@127.0.0.1:1/x", tmp_path / "copy")
    assert caught.value.message.startswith("clone 'http://***@127.0.0.1:1/x': unable to access")
    assert "hunter2" not in caught.value.message


def test_a_source_cannot_be_an_option(tmp_path: Path) -> None:
    with pytest.raises(CloneFailed):
        clone_bare("--upload-pack=touch x", tmp_path / "copy")


def test_new_repositories_have_the_branch_and_no_hooks(tmp_path: Path) -> None:
    for repo in (init_bare(tmp_path / "b", "trunk"), init(tmp_path / "w", "trunk")):
        assert repo.current_branch() == "trunk"
        assert not (repo.git_dir / "hooks").exists()
