"""Imports that happen while git works: threads share them, and trouble is not hidden."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from refinery import importing
from refinery.importing import git_works, import_while_git_works
from refinery.repo.process import Git
from refinery.repo.repository import NotARepository, Repository
from tests.sandbox import Sandbox


@pytest.fixture(autouse=True)
def nothing_waits() -> None:
    importing._waiting.clear()


def test_two_threads_whose_gits_begin_together_import_each_module_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = tuple(map(str, range(1)))
    imported: list[str] = []
    trouble: list[BaseException] = []
    meeting = Barrier(2)

    class Shared(list[str]):
        """Both threads see that something waits before either takes it."""

        def __bool__(self) -> bool:
            found = len(self) > 0
            if found:
                meeting.wait(5)
            return found

    def work() -> None:
        try:
            git_works()
        except BaseException as error:
            trouble.append(error)

    monkeypatch.setattr(importing, "import_module", imported.append)
    monkeypatch.setattr(importing, "_waiting", Shared(names))
    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (trouble, imported) == ([], ["0"])


def test_a_module_that_breaks_ends_git_and_says_why(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "breaks_on_import.py").write_text("raise ValueError('broken on purpose')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import_while_git_works(("breaks_on_import",))
    running = Git(box.path).begin("version")
    with pytest.raises(ValueError, match="broken on purpose"):
        running.finish()
    assert running._process.returncode is not None
    assert Git(box.path).text("version").startswith("git version")


def test_a_place_that_is_no_repository_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    begin = Git.begin

    def remembering(*arguments: object, **options: object) -> object:
        running = begin(*arguments, **options)  # type: ignore[arg-type]
        started.append(running._process)
        return running

    monkeypatch.setattr(Git, "begin", remembering)
    with pytest.raises(NotARepository):
        Repository.discover(tmp_path)
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)
