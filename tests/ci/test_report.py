"""In CI a command fills the job's page, annotations and outputs; nothing in them is obeyed."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.adapters.forge_pages import ForgePages
from refinery.cli.ci_commands import Level, annotation, output_entry, unheeded
from refinery.cli.ci_place import CiPlace
from refinery.cli.ci_report import reporting
from refinery.cli.ci_summary import MOST_ROWS, FailedRow, Summary, literal, markdown
from refinery.cli.output import plain
from refinery.errors import RefineryError
from refinery.records.verdict import CheckReport, Result
from tests.ci.runner_model import Obeyed, obeyed, outputs, shown
from tests.sandbox import Sandbox

NASTY = (
    "::set-output name=x::1\n  ::add-mask::2\r::stop-commands::3\n##[add-path]4 ##[error]5\n"
    "::endgroup::\n%0A::warning::6,title=7|`*_<script>&[a](b)"
)
CHECKS = "checks:\n  - {name: test, run: sh test.sh}\n"
NOWHERE = CiPlace(annotates=False, summary=None, copy=None, outputs=None)


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A step of a job on GitHub: where its files are."""
    folder = tmp_path / "job"
    folder.mkdir()
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_SERVER_URL": "https://github.example.com",
        "GITHUB_REPOSITORY": "acme/shop",
    }.items():
        monkeypatch.setenv(name, value)
    return folder


# A run


def test_landed_blocked_and_failed_are_told(box: Sandbox, job: Path) -> None:
    box.advance({".refinery.yaml": f"version: 1\n{CHECKS}", "test.sh": "test ! -e bad\n"})
    box.request("mr/good", {"a.txt": "a\n"}, title="Add a | and more")
    box.request("mr/bad", {"bad": "x\n"}, title="Add bad")
    box.request("mr/clash", {"README.md": "mine\n"}, title="Mine")
    box.advance({"README.md": "theirs\n"})
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    sha = box.mr("mr/good").merge_commit or box.sha("main")
    issue = box.mr("mr/clash").blocked_by
    page = (job / "summary.md").read_text()
    assert page.startswith("### Merge queue: ✓ 1 landed, ✗ 1 failed, ⚠ 1 blocked\n")
    commit = f'<a href="https://github.example.com/acme/shop/commit/{sha}"'
    assert commit in page
    rows = [line for line in shown(page).splitlines() if line.startswith("| ")]
    assert rows[0] == "| ✓ Landed | Branch | On | Commit |"
    assert rows[2] == f"| Add a | and more | mr/good | main | {str(sha)[:12]} |"
    assert rows[3] == "| ⚠ Blocked | Branch | By | Why |"
    assert rows[5].startswith(f"| Mine | mr/clash | {issue} | ")
    assert "README.md" in rows[5]
    assert "**✗ mr/bad failed:** check test: exit status 1" in shown(page)
    assert outputs((job / "output").read_text()) == {
        "landed": "1",
        "blocked": "1",
        "failed": "1",
        "summary": str(job / "summary.md"),
    }
    told = obeyed(done.err)
    assert [(each.name, each.properties) for each in told] == [
        ("error", {"title": "mr/bad failed"})
    ]


def test_the_output_of_a_failed_check_is_shown_and_not_obeyed(box: Sandbox, job: Path) -> None:
    script = f"cat <<'END'\n{NASTY}\n</pre><img>\n```\nlast words\nEND\nexit 1\n"
    box.advance({".refinery.yaml": f"version: 1\n{CHECKS}", "test.sh": "true\n"})
    box.request("mr/bad", {"test.sh": script}, title=f"::error::title {NASTY}")
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    [told] = obeyed(done.err)
    assert (told.name, told.properties) == ("error", {"title": "mr/bad failed"})
    assert told.data.endswith("\nlast words")
    page = (job / "summary.md").read_text()
    [pre] = re.findall(r"<pre>\n(.*?)\n</pre>\n\n</details>", page, flags=re.DOTALL)
    assert "<" not in pre
    assert html.unescape(pre).splitlines()[-3:] == ["</pre><img>", "```", "last words"]
    assert obeyed(page) == []


def test_a_branch_and_a_file_cannot_give_orders(box: Sandbox, job: Path) -> None:
    box.advance({".refinery.yaml": "version: 1\nchecks: []\n", "##[error]x": "1\n"})
    box.request("mr/##x", {"##[error]x": "2\n"}, title="::add-mask::secret")
    box.advance({"##[error]x": "3\n"})
    done = box.cli("process", "--drain")
    assert done.code == 0, done.err
    assert obeyed(done.err) == []
    assert "mr/##x" in shown((job / "summary.md").read_text())


def test_a_red_target_is_told_once(box: Sandbox, job: Path) -> None:
    box.advance({".refinery.yaml": f"version: 1\n{CHECKS}", "test.sh": "echo broken; exit 1\n"})
    box.request("mr/a", {"a.txt": "a\n"})
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert obeyed(done.err) == [
        Obeyed("error", {"title": "refinery"}, "a target fails its own checks"),
        Obeyed("error", {"title": "main failed"}, "the target fails its own checks\nbroken"),
    ]
    assert outputs((job / "output").read_text())["failed"] == "1"


def test_an_error_becomes_an_annotation(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RefineryError), reporting():
        raise RefineryError("no remote\n::error::x", hint="make one")
    told = obeyed(capsys.readouterr().err)
    assert told == [Obeyed("error", {"title": "refinery"}, "no remote\n\u2060::error::x\nmake one")]


def test_a_bug_is_told_and_goes_on(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), reporting():
        raise ZeroDivisionError("division")
    [told] = obeyed(capsys.readouterr().err)
    assert told.data == "a bug in refinery: ZeroDivisionError: division"


def test_a_summary_that_cannot_be_written_fails_nothing(
    box: Sandbox, job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job / "no" / "where.md"))
    assert box.cli("process", "--drain").code == 0


def test_any_ci_can_have_the_page_in_a_file(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFINERY_SUMMARY", str(tmp_path / "page.md"))
    monkeypatch.setenv("CI_PROJECT_URL", "https://gitlab.example.com/acme/shop")
    box.config("version: 1\nchecks: []\n")
    box.request("mr/a", {"a.txt": "a\n"})
    done = box.cli("process", "--drain")
    page = (tmp_path / "page.md").read_text()
    assert f"https://gitlab.example.com/acme/shop/-/commit/{box.sha('main')}" in page
    assert "::" not in done.err


def test_outside_of_ci_nothing_is_written(box: Sandbox) -> None:
    box.config("version: 1\nchecks: []\n")
    done = box.cli("process", "--drain")
    assert "::" not in done.err


# Words


def test_what_is_printed_meanwhile_is_only_shown() -> None:
    lines: list[str] = []
    with unheeded(lines.append):
        lines.append(NASTY)
    lines.append("::notice::after")
    assert obeyed("\n".join(lines)) == [Obeyed("notice", {}, "after")]


def test_the_word_that_ends_it_is_never_the_same() -> None:
    words: list[str] = []
    for _ in range(2):
        with unheeded(words.append):
            pass
    assert len({word.strip(":").rpartition(":")[2] for word in words}) == 2


@pytest.mark.parametrize("text", [NASTY, "a:b,c%d", "%0A", "::", "100%\n"])
def test_an_annotation_says_its_text_and_nothing_else(text: str) -> None:
    [told] = obeyed(annotation(Level.ERROR, text, text))
    assert told.name == "error"
    expected = text.replace("\r", "\N{REPLACEMENT CHARACTER}")
    assert told == Obeyed("error", {"title": expected}, expected)


@pytest.mark.parametrize("text", NASTY.splitlines())
def test_no_text_of_others_gives_orders_in_ci(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain(text).replace("\N{REPLACEMENT CHARACTER}", "\r") == text
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert obeyed(plain(text)) == []
    assert plain(text).replace("\u2060", "") == text


@pytest.mark.parametrize("value", ["1", "", "a\nb", f"x\n{NASTY}\nEOF\nname<<EOF"])
def test_an_output_holds_any_text(value: str) -> None:
    assert outputs(output_entry("one", value) + output_entry("two", "2")) == {
        "one": value,
        "two": "2",
    }


@pytest.mark.parametrize("text", ["a|b", "<b>", "`x`", "[a](b)", "# t", "@ada", "http://x", "&lt;"])
def test_text_of_others_is_no_markdown(text: str) -> None:
    assert html.unescape(literal(text)) == text
    assert re.search(r"[^\w\s./,&#;-]", literal(text)) is None
    assert literal(text) != text


@given(st.text(alphabet=":#[]%\r\n\t =,|<>&;`x\u2028", max_size=40))
def test_whatever_others_write_is_data(text: str) -> None:
    """All short texts of the letters that mean something to a runner, a page or a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        assert obeyed(plain(text)) == []
        [told] = obeyed(annotation(Level.WARNING, f"x{text}x", f"x{text}x"))
        assert (told.name, told.data) == ("warning", told.properties["title"])
        assert told.data.replace("\u2060", "") == re.sub(r"[^\x20-\x7e\n]", "\ufffd", f"x{text}x")
        assert outputs(output_entry("name", text)) == {"name": text}
    shown_text = html.unescape(re.sub(r"<[^>]*>", "", literal(text)))
    assert shown_text == " ".join(re.sub(r"[^\x20-\x7e\n]", "\ufffd", text).split())


def test_a_long_run_makes_a_page_that_a_runner_takes() -> None:
    tail = "x" * 4000
    check = CheckReport("test", Result.FAIL, 1.0, 1, "exit status 1", f"{tail}\n" * 3)
    rows = tuple(FailedRow(f"mr/{n}", "it failed", (check,) * 3) for n in range(MOST_ROWS + 5))
    page = markdown(Summary(failed=rows), NOWHERE)
    assert len(page.encode()) < 1 << 20
    assert "**✗ mr/0 failed:** it failed" in shown(page)
    short = markdown(Summary(failed=tuple(FailedRow(f"mr/{n}", "no") for n in range(55))), NOWHERE)
    assert "5 failures more" in short


@pytest.mark.parametrize(
    ("environment", "forge"),
    [
        ({}, ForgePages()),
        ({"CI_PROJECT_URL": "https://x/y"}, ForgePages("gitlab", "https://x/y")),
        (
            {"GITHUB_SERVER_URL": "https://x", "GITHUB_REPOSITORY": "y/z"},
            ForgePages("github", "https://x/y/z"),
        ),
        (
            {
                "GITHUB_SERVER_URL": "https://x",
                "GITHUB_REPOSITORY": "y/z",
                "GITEA_ACTIONS": "true",
            },
            ForgePages("gitea", "https://x/y/z"),
        ),
    ],
)
def test_the_job_says_which_forge_it_is_on(environment: dict[str, str], forge: ForgePages) -> None:
    assert CiPlace.of(environment).forge == forge
