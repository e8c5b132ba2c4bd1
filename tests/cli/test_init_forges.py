"""`refinery init` finds the forge and writes its workflow, never over what a person changed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from refinery.config.config import parse
from refinery.setup import forges
from refinery.setup.forges import Forge, Found, ask_host, found_forge
from refinery.setup.generated import Standing, options_of, stamped, standing
from tests.sandbox import Result, Sandbox

GITHUB = ".github/workflows/refinery.yml"
GITLAB = ".gitlab/refinery.yml"
GITEA = ".gitea/workflows/refinery.yml"
CI = ".gitlab-ci.yml"
INCLUDE = f"include:\n  - local: {GITLAB}\n"


def init(box: Sandbox, *argv: str) -> Result:
    done = box.cli("init", "--yes", "--no-hooks", *argv)
    assert done.code == 0, done.err
    return done


def on(box: Sandbox, url: str) -> Sandbox:
    """The clone's remote has an address on a forge; git goes to the origin of the sandbox."""
    box.git("config", f"url.{box.origin}.insteadOf", url)
    box.git("config", "remote.origin.url", url)
    return box


@pytest.fixture
def hub(box: Sandbox) -> Sandbox:
    """A repository on GitHub, not set up."""
    return on(box, "https://github.com/acme/shop.git")


# Finding out


@pytest.mark.parametrize(
    ("url", "forge"),
    [
        ("https://github.com/acme/shop.git", Forge.GITHUB),
        ("git@github.com:acme/shop.git", Forge.GITHUB),
        ("ssh://git@ssh.github.com:443/acme/shop.git", Forge.GITHUB),
        ("https://x-token:secret@gitlab.com/acme/team/shop", Forge.GITLAB),
        ("https://codeberg.org/acme/shop", Forge.GITEA),
        ("https://github.example.org/acme/shop", Forge.GITHUB),
        ("git@gitlab.example.org:acme/shop.git", Forge.GITLAB),
        ("http://gitea.example.org:3000/acme/shop", Forge.GITEA),
        ("https://my-forgejo.example.org/acme/shop", Forge.GITEA),
        ("git@github-work:acme/shop.git", Forge.GITHUB),
        ("https://git.example.org/github/shop", None),
        ("https://notgithub.com/acme/shop", None),
        ("https://example.github/acme/shop", None),
        ("/srv/git/github.com/shop.git", None),
        ("../github.com/shop.git", None),
        ("file:///srv/github.com/shop.git", None),
        ("", None),
    ],
)
def test_the_remotes_address_names_the_forge(url: str, forge: Forge | None) -> None:
    found = found_forge(url, environ={}, has=lambda _: False)
    assert (found.forge if found else None) is forge


@pytest.mark.parametrize(
    ("environ", "files", "found"),
    [
        ({}, [], None),
        (
            {"GITHUB_SERVER_URL": "https://git.example.org"},
            [CI],
            Found(Forge.GITHUB, "its CI runs this"),
        ),
        (
            {"GITHUB_SERVER_URL": "https://git.example.org", "GITEA_ACTIONS": "true"},
            [],
            Found(Forge.GITEA, "its CI runs this"),
        ),
        ({"GITHUB_SERVER_URL": "https://github.com"}, [], None),
        (
            {"CI_SERVER_URL": "https://git.example.org:8443"},
            [],
            Found(Forge.GITLAB, "its CI runs this"),
        ),
        (
            {"GITEA_API_URL": "https://git.example.org/api/v1"},
            [],
            Found(Forge.GITEA, "GITEA_API_URL names it"),
        ),
        ({}, [".forgejo"], Found(Forge.GITEA, "there is a .forgejo")),
        ({}, [CI], Found(Forge.GITLAB, "there is a .gitlab-ci.yml")),
        ({}, [CI, ".github/workflows"], None),
    ],
)
def test_an_address_that_says_nothing_leaves_ci_and_files(
    environ: dict[str, str], files: list[str], found: Found | None
) -> None:
    url = "git@git.example.org:acme/shop.git"
    assert found_forge(url, environ=environ, has=lambda name: name in files) == found


def test_only_a_web_host_that_nothing_is_known_of_is_asked() -> None:
    asked: list[str] = []

    def ask(base: str) -> Forge | None:
        asked.append(base)
        return Forge.GITEA

    def find(url: str) -> Found | None:
        return found_forge(url, environ={}, has=lambda _: False, ask=ask)

    find("https://github.com/acme/shop")
    find("git@git.example.org:acme/shop")
    find("/srv/git/shop.git")
    assert asked == []
    found = find("https://user:secret@git.example.org:8443/acme/shop")
    assert found == Found(Forge.GITEA, "git.example.org says so")
    assert asked == ["https://git.example.org:8443"]


@contextmanager
def host(**answers: tuple[int, str] | tuple[int, str, str]) -> Iterator[str]:
    """A web server that has these answers, by the version of the API, and 404 for all else.

    The third word of an answer says where else to ask.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text, *where = answers.get(self.path.split("/")[2], (404, "not here"))
            self.send_response(status)
            for each in where:
                self.send_header("Location", each)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "forge"),
    [
        ({"v1": (200, '{"version": "1.24.0"}')}, Forge.GITEA),
        ({"v4": (200, '{"version": "18.1.0"}')}, Forge.GITLAB),
        ({"v4": (401, '{"message": "401 Unauthorized"}')}, Forge.GITLAB),
        ({"v3": (200, '{"installed_version": "3.17.0"}')}, Forge.GITHUB),
        ({}, None),
        ({"v1": (200, "<html>")}, None),
        ({"v1": (200, "[1]")}, None),
        ({"v1": (401, "{}")}, None),
        ({"v1": (500, "{}")}, None),
    ],
)
def test_a_host_is_known_by_its_version(
    answers: dict[str, tuple[int, str]], forge: Forge | None
) -> None:
    with host(**answers) as base:
        assert ask_host(base) is forge


def test_a_host_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forges, "PROBE_SECONDS", 0.05)
    assert ask_host("http://127.0.0.1:9") is None


def test_a_host_does_not_send_us_to_another() -> None:
    """What the clone came from decides nothing about which addresses inside are asked."""
    with host(v1=(200, '{"version": "1.24.0"}')) as inside:
        sent = (302, "{}", f"{inside}/api/v1/version")
        with host(v1=sent) as outside:
            assert ask_host(inside) is Forge.GITEA
            assert ask_host(outside) is None


def test_init_asks_the_host(box: Sandbox) -> None:
    with host(v1=(200, '{"version": "1.24.0"}')) as base:
        on(box, f"{base}/acme/shop.git")
        document = init(box, "--dry-run", "--json").json
    assert (document["forge"], [each["path"] for each in document["files"]]) == (
        "gitea",
        [".refinery.yaml", GITEA],
    )
    assert document["files"][0]["why"].endswith("; Gitea: 127.0.0.1 says so")


# Writing


@pytest.mark.parametrize(
    ("url", "forge", "paths"),
    [
        ("https://github.com/acme/shop.git", "github", [GITHUB]),
        ("git@gitlab.com:acme/shop.git", "gitlab", [CI, GITLAB]),
        ("https://codeberg.org/acme/shop.git", "gitea", [GITEA]),
    ],
)
def test_all_files_come_in_one_commit(box: Sandbox, url: str, forge: str, paths: list[str]) -> None:
    on(box, url)
    before = box.sha("main")
    done = init(box)
    assert box.git("rev-parse", "main^", cwd=box.origin) == before
    files = box.tree()
    assert sorted(files) == sorted([".refinery.yaml", "README.md", *paths])
    config = parse(files[".refinery.yaml"].encode(), where="it")
    assert (config.tracker, config.forge) == (forge, forge)
    assert all((box.path / path).read_text() == files[path] for path in paths)
    assert "note: " in done.err, "what only the forge's pages can set is said"
    again = init(box)
    assert (again.out, again.err) == ("nothing to do\n", "")


def test_the_forge_that_is_named_wins_over_the_address(hub: Sandbox) -> None:
    init(hub, "--gitea")
    assert GITEA in hub.tree()


def test_bare_is_a_server_of_ones_own(hub: Sandbox) -> None:
    done = init(hub, "--bare")
    assert done.err == (
        "note: on the server, `refinery init` in the bare repository installs the hooks that queue "
        "what is pushed and keep everything else off main\n"
    )
    assert sorted(hub.tree()) == [".refinery.yaml", "README.md"]
    assert "tracker" not in hub.tree()[".refinery.yaml"]


def test_no_workflow_still_has_issues(hub: Sandbox) -> None:
    init(hub, "--no-workflow")
    assert sorted(hub.tree()) == [".refinery.yaml", "README.md"]
    assert "\ntracker: github\n" in hub.tree()[".refinery.yaml"]


def test_a_folder_as_remote_is_no_forge(box: Sandbox) -> None:
    document = init(box, "--dry-run", "--json").json
    assert (document["forge"], [each["path"] for each in document["files"]]) == (
        None,
        [".refinery.yaml"],
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--github", "--gitlab"], "--gitlab cannot stand beside --github"),
        (["--github", "--bare"], "--bare cannot stand beside --github"),
        (["--workers", "0"], "--workers: 0 is not between 1 and 64"),
        (["--workers", "65"], "--workers: 65 is not between 1 and 64"),
        (["--workers", "two"], "--workers is a whole number, not 'two'"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(box: Sandbox, argv: list[str], message: str) -> None:
    done = box.run("init", "--yes", *argv)
    assert done.code == 2
    assert message in done.err


def test_the_dry_run_shows_each_file_as_a_diff(hub: Sandbox) -> None:
    done = hub.cli("init", "--dry-run", "--no-hooks")
    assert done.out.startswith("refinery for 'shop': lands on main on origin, for GitHub\n\n")
    assert f"\n{GITHUB}, one commit on main (runs the queue on GitHub)\n" in done.out
    assert f"  --- /dev/null\n  +++ b/{GITHUB}\n" in done.out
    assert sorted(hub.tree()) == ["README.md"]


def test_a_target_that_refuses_pushes_leaves_all_files_here(hub: Sandbox) -> None:
    hub.hook("update", '[ "$1" != refs/heads/main ] || exit 1')
    done = init(hub)
    assert done.err.endswith(
        f"note: commit .refinery.yaml and {GITHUB} and land them on main: until then nothing is "
        "tested\n"
    )
    assert "the scope `workflow`" in done.err
    assert hub.git("status", "--porcelain", "-uall").splitlines() == [
        f"?? {GITHUB}",
        "?? .refinery.yaml",
    ]
    again = init(hub)
    assert again.out == "nothing to do\n"
    assert f"commit .refinery.yaml and {GITHUB} and land them on main" in again.err


# What is configured


def test_a_configuration_without_a_forge_is_offered_one(hub: Sandbox) -> None:
    hub.config("version: 1\n")
    done = init(hub)
    assert done.err == (
        "note: the remote is on github.com: `refinery init --github` makes conflicts issues "
        "there, and adds the workflow\n"
    )
    assert GITHUB not in hub.tree()


def test_a_forge_that_is_named_is_added_to_the_configuration(hub: Sandbox) -> None:
    hub.config("# Ours\nversion: 1 # for ever\nbranches: [team/**]\n")
    init(hub, "--github")
    files = hub.tree()
    assert files[".refinery.yaml"] == (
        "# Ours\nversion: 1 # for ever\n\n"
        "# Where a conflict becomes an issue: closing it there puts the merge request back in the "
        "queue.\ntracker: github\nbranches: [team/**]\n"
    )
    assert '"team/**"' in files[GITHUB]
    assert init(hub, "--github").out == "nothing to do\n"


@pytest.mark.parametrize(
    "text", ["version: 1\ntracker: local\n", "{version: 1, tracker: gitlab}\n", "{version: 1}\n"]
)
def test_what_a_configuration_says_is_left_so(hub: Sandbox, text: str) -> None:
    hub.config(text)
    done = init(hub, "--github")
    assert hub.tree()[".refinery.yaml"] == text
    assert "write `tracker: github` there to change it" in done.err


def test_a_configured_forge_needs_no_naming(box: Sandbox) -> None:
    box.config("version: 1\ntracker: gitlab\n")
    init(box)
    assert {CI, GITLAB} <= box.tree().keys()


# A workflow that is there


def test_the_options_of_a_workflow_are_kept_when_it_is_renewed(hub: Sandbox) -> None:
    init(hub, "--workers", "5", "--two-jobs")
    first = hub.tree()[GITHUB]
    assert first.startswith("# Made by: refinery init --github --workers 5 --two-jobs (content ")
    hub.config("version: 1\ntracker: github\nbranches: [team/**]\n")
    document = init(hub, "--json").json
    assert [each["path"] for each in document["files"]] == [GITHUB]
    assert '+      - "team/**"' in document["files"][0]["diff"]
    renewed = hub.tree()[GITHUB]
    assert renewed.startswith("# Made by: refinery init --github --workers 5 --two-jobs (content ")
    assert "candidate-test" in renewed
    init(hub, "--no-two-jobs")
    assert "candidate-test" not in hub.tree()[GITHUB]


def test_an_edited_workflow_is_left_alone_and_may_be_forced(hub: Sandbox) -> None:
    init(hub)
    mine = hub.tree()[GITHUB] + "# mine\n"
    hub.advance({GITHUB: mine})
    assert init(hub).out == "nothing to do\n", "edited, and nothing newer to be had"
    hub.config("version: 1\ntracker: github\nbranches: [team/**]\n")
    done = init(hub, "--json")
    assert done.json["files"] == []
    assert [each["path"] for each in done.json["kept"]] == [GITHUB]
    assert "-# mine" in done.json["kept"][0]["diff"]
    assert done.json["notes"] == [
        f"{GITHUB} is left as it is (edited here, and generated by another version): "
        "`refinery init --force` writes it anew"
    ]
    assert hub.tree()[GITHUB] == mine
    init(hub, "--force")
    assert "# mine" not in hub.tree()[GITHUB]
    assert '"team/**"' in hub.tree()[GITHUB]


def test_a_workflow_of_somebody_elses_is_left_alone(hub: Sandbox) -> None:
    hub.advance({GITHUB: "name: ours\n"})
    done = init(hub)
    assert hub.tree()[GITHUB] == "name: ours\n"
    assert "(not generated by `refinery init`)" in done.err


def test_a_file_where_a_folder_belongs_is_in_the_way(hub: Sandbox) -> None:
    hub.advance({".github": "a file\n"})
    done = init(hub)
    assert hub.tree()[".github"] == "a file\n"
    assert "note: no workflow: .github is not a folder\n" in done.err


def test_forgejos_own_folder_is_used_where_it_is(box: Sandbox) -> None:
    box.advance({".forgejo/workflows/test.yml": "on: push\n"})
    init(box, "--gitea")
    assert ".forgejo/workflows/refinery.yml" in box.tree()
    assert GITEA not in box.tree()
    assert init(box).out == "nothing to do\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, INCLUDE),
        ("test:\n  script: make\n", f"test:\n  script: make\n\n{INCLUDE}"),
        ("test:\n  script: !reference [a, b]", f"test:\n  script: !reference [a, b]\n\n{INCLUDE}"),
        (
            "spec:\n  inputs: {}\n---\ntest:\n  script: make\n",
            f"spec:\n  inputs: {{}}\n---\ntest:\n  script: make\n\n{INCLUDE}",
        ),
        (
            "test:\r\n  script: a\r\n",
            "test:\r\n  script: a\r\n\r\n" + INCLUDE.replace("\n", "\r\n"),
        ),
        (f"include: {GITLAB}\n", f"include: {GITLAB}\n"),
    ],
)
def test_gitlabs_own_file_includes_the_queues(box: Sandbox, before: str | None, after: str) -> None:
    if before is not None:
        box.advance({CI: before})
    done = init(box, "--gitlab")
    assert box.tree()[CI] == after
    assert "add to `include:`" not in done.err
    assert init(box).out == "nothing to do\n"


@pytest.mark.parametrize(
    "text",
    [
        "include:\n  - local: other.yml\n",
        "{test: {script: make}}\n",
        "- a list\n",
        "test: [\n",
        b"# \xff\ntest:\n  script: make\n",
    ],
)
def test_what_cannot_be_changed_safely_is_said(box: Sandbox, text: str | bytes) -> None:
    box.advance({CI: text})
    before = box.sha("main:.gitlab-ci.yml")
    done = init(box, "--gitlab")
    assert box.sha("main:.gitlab-ci.yml") == before
    assert f"note: add to `include:` in {CI}: `- local: {GITLAB}`\n" in done.err


def test_stages_without_the_jobs_own_are_told(box: Sandbox) -> None:
    box.advance({CI: "stages: [build, deploy]\n"})
    note = f"note: add `test` to `stages:` in {CI}: the queue's job runs in it\n"
    assert note in init(box, "--gitlab").err
    box.advance({CI: f"stages: [build, test]\n{INCLUDE}"})
    assert init(box, "--gitlab").err == ""


def test_a_target_that_is_not_the_default_branch_is_told(hub: Sandbox) -> None:
    hub.git("push", "-q", "origin", "main:refs/heads/develop")
    done = init(hub, "--target", "develop")
    assert "bring the files to main as well, or make develop the default branch\n" in done.err


def test_a_workflow_that_was_changed_meanwhile_is_not_written_over(hub: Sandbox) -> None:
    from refinery.app import open_queue
    from refinery.setup import files_plan, setting_up, setup_plan

    init(hub)
    hub.config("version: 1\ntracker: github\nbranches: [team/**]\n")
    with open_queue(str(hub.path), clock=hub.clock, worker="ada") as queue:
        plan = setup_plan.plan(queue.repo, queue.store, files_plan.Wanted())
        assert [file.path for file in plan.files] == [GITHUB]
        hub.advance({GITHUB: "mine\n"})
        setting_up.carry_out(queue.repo, queue.store, plan, worker="ada", clock=hub.clock)
    assert hub.tree()[GITHUB] == "mine\n"


# The mark of what was generated


def test_the_stamp_tells_what_became_of_a_generated_file() -> None:
    then, now = stamped("one\n", "--github --workers 2"), stamped("two\n", "--github --workers 2")
    assert standing(now, now) is Standing.CURRENT
    assert standing(now.replace("\n", "\r\n"), now) is Standing.CURRENT
    assert standing(then, now) is Standing.OLDER
    assert standing(then + "mine\n", now) is Standing.EDITED_OLDER
    assert standing(now + "mine\n", now) is Standing.EDITED
    assert standing("two\n", now) is Standing.FOREIGN
    assert (options_of(now).workers, options_of(now).two_jobs) == (2, False)
    assert options_of("two\n").workers is None


def test_json_is_one_document(hub: Sandbox) -> None:
    done = init(hub, "--json")
    document = json.loads(done.out)
    assert (document["forge"], document["place"], document["done"]) == ("github", "commit", True)
    assert (done.err, len(document["notes"])) == ("", 3)
