"""Where direct pushes are forbidden: the forge moves the target, and the record follows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refinery.engine import proposing
from refinery.engine.engine import Engine
from refinery.hooks.installer import Side, install
from refinery.records.merge_request import MergeRequest, Proposal
from refinery.records.names import Branch, Ref, Sha
from refinery.repo.repository import Repository
from tests.forges.fault_proxy import Answer, Fault
from tests.forges.git_pulls import FIRST, GitPulls
from tests.forges.github_server import TOKEN, GitHubServer
from tests.sandbox import Sandbox

CONFIG = """\
version: 1
forge: github
repository: {repository}
landing: pull-request
statuses: false
method: {method}
checks:
- name: test
  run: test ! -e bad.txt
"""


class Shop:
    """A queue whose target only the forge may move, which the server's hook holds it to."""

    def __init__(self, box: Sandbox, pulls: GitPulls) -> None:
        self.box = box
        self.pulls = pulls

    def configure(self, method: str = "merge") -> None:
        text = CONFIG.format(repository=self.pulls.repository, method=method)
        self.box.commit("main", {".refinery.yaml": text, "shared.txt": "1\n"})
        self.box.push("main")
        self.box.hook(
            "update", 'if [ "$1" = refs/heads/main ]; then echo "protected branch" >&2; exit 1; fi'
        )

    def process(self, code: int = 0) -> str:
        done = self.box.cli("process", "--drain")
        assert done.code == code, done.err
        return done.err

    def proposal(self, id: str) -> Proposal | None:
        return self.box.mr(id).proposal

    def branches(self) -> list[str]:
        return list(self.box.refs("refs/heads/refinery/"))

    def push_past_the_queue(self) -> None:
        tip = self.pulls.git("rev-parse", "main")
        made = self.pulls.git("commit-tree", f"{tip}^{{tree}}", "-p", tip, "-m", "outside")
        self.pulls.git("update-ref", "refs/heads/main", made)


@pytest.fixture
def shop(box: Sandbox, github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    pulls = GitPulls(github.repository(), box.origin, github.url)
    github.proxy.extensions.insert(0, pulls)
    made = Shop(box, pulls)
    made.configure()
    yield made
    github.proxy.extensions.remove(pulls)


def merged(box: Sandbox, id: str) -> MergeRequest:
    mr = box.mr(id)
    assert (mr.close_reason, mr.proposal) == ("merged", None), mr
    assert mr.landing is not None
    assert mr.landing.mode == "pull-request"
    return mr


def test_what_was_tested_lands_through_a_pull_request(shop: Shop) -> None:
    id = shop.box.request("feat", {"a.txt": "a\n"})
    said = shop.process()
    mr = merged(shop.box, id)
    assert f"proposed {id} in pull request {FIRST}" in said
    assert (mr.landing.pull_request, mr.landing.merged_as) == (FIRST, shop.box.sha("main"))  # type: ignore[union-attr]
    assert shop.box.tree("main")["a.txt"] == "a\n"
    assert shop.branches() == []


def test_several_land_through_one_pull_request(shop: Shop) -> None:
    ids = [shop.box.request(f"f{n}", {f"{n}.txt": "x\n"}) for n in range(3)]
    shop.process()
    assert {merged(shop.box, id).landing.pull_request for id in ids} == {FIRST}  # type: ignore[union-attr]
    assert all(id in shop.pulls.pulls[FIRST]["body"] for id in ids)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_landed_so_is_proved_as_any_other_landing(shop: Shop, method: str) -> None:
    shop.box.hook("update", "exit 0")
    shop.configure(method)
    ids = [shop.box.request(f"f{n}", {f"{n}.txt": "x\n"}) for n in range(2)]
    shop.process()
    for id in ids:
        merged(shop.box, id)
    done = shop.box.cli("verify", "--json")
    assert done.code == 0, done.out + done.err
    assert done.json["outside"] == []
    assert shop.box.cli("fsck").code == 0


def test_what_fails_is_never_proposed(shop: Shop) -> None:
    id = shop.box.request("bad", {"bad.txt": "x\n"})
    shop.process()
    assert shop.box.mr(id).failure is not None
    assert shop.pulls.pulls == {}


def test_a_forge_that_asks_for_more_is_waited_for_and_said(shop: Shop) -> None:
    shop.pulls.asks = "At least 1 approving review is required."
    id = shop.box.request("feat", {"a.txt": "a\n"})
    said = shop.process()
    assert f"pull request {FIRST} waits: " in said
    assert "approving review" in shop.proposal(id).why  # type: ignore[union-attr]
    why = shop.box.cli("why", id, "--json").json
    assert (why["code"], "approving review" in why["words"]) == ("in-pull-request", True)
    shop.pulls.asks = None
    shop.process()
    merged(shop.box, id)


def test_one_that_a_person_merged_meanwhile_is_recorded(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.pulls.merge(FIRST)
    shop.process()
    assert merged(shop.box, id).landing.merged_as == shop.box.sha("main")  # type: ignore[union-attr]


def test_nothing_else_is_tested_for_the_target_meanwhile(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    later = shop.box.request("later", {"b.txt": "b\n"})
    said = shop.process()
    assert f"pull request {FIRST} is about to land" in said
    assert shop.proposal(later) is None
    shop.pulls.asks = None
    shop.process()
    merged(shop.box, later)


def test_a_target_that_moved_takes_the_pull_request_back_and_tests_again(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.push_past_the_queue()
    shop.pulls.asks = None
    shop.process()
    assert shop.pulls.pulls[FIRST]["merged"] is None
    assert "main moved" in shop.pulls.said[FIRST][0]
    assert merged(shop.box, id).landing.pull_request == FIRST + 1  # type: ignore[union-attr]


def test_a_pull_request_that_somebody_closes_sends_its_members_back(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.pulls.close(FIRST)
    shop.process()
    mr = shop.box.mr(id)
    assert mr.proposal is None
    assert "was closed on the forge" in mr.failure.message  # type: ignore[union-attr]
    assert shop.branches() == []


@pytest.mark.parametrize("act", ["reject", "hold"])
def test_what_is_rejected_or_held_does_not_land_after_all(shop: Shop, act: str) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    assert shop.box.cli(act, id, "--reason", "no").code == 0
    shop.pulls.asks = None
    shop.process()
    assert shop.pulls.pulls[FIRST] | {"state": "closed", "merged": None} == shop.pulls.pulls[FIRST]
    assert (shop.branches(), "a.txt" in shop.box.tree("main")) == ([], False)


def test_a_new_revision_replaces_what_was_proposed(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    new = shop.box.request("feat", {"a.txt": "better\n"})
    shop.pulls.asks = None
    shop.process()
    assert merged(shop.box, new).landing.pull_request == FIRST + 1  # type: ignore[union-attr]
    assert shop.box.tree("main")["a.txt"] == "better\n"


def test_without_strictness_what_lands_untested_is_said_and_found(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.pulls.git("update-ref", "refs/heads/main", _with_a_file(shop))
    shop.pulls.merge(FIRST)
    said = shop.process()
    assert "have the forge require branches to be up to date" in said
    merged(shop.box, id)
    assert shop.box.cli("verify").code == 1


def _with_a_file(shop: Shop) -> str:
    tip = shop.pulls.git("rev-parse", "main")
    blob = shop.pulls.git("hash-object", "-w", "--stdin", stdin="x\n")
    listed = shop.pulls.git("ls-tree", tip)
    tree = shop.pulls.git("mktree", stdin=f"{listed}\n100644 blob {blob}\tz.txt\n")
    return shop.pulls.git("commit-tree", tree, "-p", tip, "-m", "outside")


def test_a_forge_that_is_away_delays_it_only(shop: Shop, github: GitHubServer) -> None:
    github.proxy.break_down(Fault(Answer(503, {"message": "down"})))
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    assert shop.proposal(id).number is None  # type: ignore[union-attr]
    github.proxy.heal()
    shop.process()
    merged(shop.box, id)


def open_past_the_queue(shop: Shop) -> None:
    """A pull request is open whose number the queue does not know."""
    branch = shop.branches()[0].removeprefix("refs/heads/")
    shop.pulls.pulls[FIRST] = {
        "source": branch,
        "target": "main",
        "title": "t",
        "body": "b",
        "state": "open",
        "merged": None,
    }


def proposed_and_unnoted(shop: Shop, github: GitHubServer) -> str:
    """Its pull request was opened by a run that died before it wrote the number down."""
    github.proxy.break_down(Fault(Answer(503, {"message": "down"})))
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    github.proxy.heal()
    open_past_the_queue(shop)
    return id


def test_one_merged_before_its_number_was_noted_is_recorded(
    shop: Shop, github: GitHubServer
) -> None:
    id = proposed_and_unnoted(shop, github)
    shop.pulls.merge(FIRST)
    shop.process()
    assert merged(shop.box, id).landing.pull_request == FIRST  # type: ignore[union-attr]


@pytest.mark.parametrize("act", ["reject", "move"])
def test_one_opened_and_never_noted_is_closed_when_it_is_taken_back(
    shop: Shop, github: GitHubServer, act: str
) -> None:
    id = proposed_and_unnoted(shop, github)
    if act == "reject":
        assert shop.box.cli("reject", id, "--reason", "no").code == 0
    else:
        shop.push_past_the_queue()
    shop.process()
    assert (shop.pulls.pulls[FIRST]["state"], shop.pulls.pulls[FIRST]["merged"]) == ("closed", None)
    assert shop.branches() == []


def test_one_that_somebody_squashed_by_hand_is_recorded_and_holds_nothing_up(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    ids = [shop.box.request(f"f{n}", {f"{n}.txt": "x\n"}) for n in range(2)]
    shop.process()
    squashed = shop.pulls.merge(FIRST, "squash")
    shop.pulls.asks = None
    shop.box.request("later", {"later.txt": "x\n"})
    shop.process()
    landings = [merged(shop.box, id).landing for id in ids]
    assert {landing.commit for landing in landings if landing} == {squashed}
    assert shop.box.mr("later").close_reason == "merged"


def test_one_that_the_forge_merges_while_it_is_held_is_recorded_as_landed(
    shop: Shop, github: GitHubServer
) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    assert shop.box.cli("hold", id, "--reason", "no").code == 0
    shop.pulls.merged_when_closed = True  # auto-merge is faster than our refusal
    shop.process()
    assert merged(shop.box, id).landing.merged_as == shop.box.sha("main")  # type: ignore[union-attr]


def test_a_pull_request_that_is_for_another_branch_now_is_taken_back(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    shop.pulls.pulls[FIRST]["target"] = "release"
    shop.pulls.asks = None
    shop.process()
    assert merged(shop.box, id).landing.pull_request == FIRST + 1  # type: ignore[union-attr]
    assert shop.pulls.pulls[FIRST]["state"] == "closed"


def test_a_forge_that_deletes_the_merged_branch_itself_costs_no_race(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = shop.box.request("feat", {"a.txt": "a\n"})
    looked = proposing._tips
    asked: list[Branch] = []

    def deleted_after_the_look(engine: Engine, branch: Branch) -> dict[Ref, Sha]:
        tips = looked(engine, branch)
        asked.append(branch)
        if len(asked) == 1:
            shop.pulls.git("update-ref", "-d", f"refs/heads/{branch}")
        return tips

    monkeypatch.setattr(proposing, "_tips", deleted_after_the_look)
    said = shop.process()
    assert (len(asked), "races" in said) == (2, False)
    merged(shop.box, id)


def test_a_record_that_a_guarded_server_gets_after_others_pushed_is_taken(shop: Shop) -> None:
    shop.pulls.asks = "wait"
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    with Repository.discover(shop.box.origin) as repo:
        install(repo, Side.SERVER, ("polecat/**",))
    shop.pulls.merge(FIRST)
    shop.push_past_the_queue()
    said = shop.process()
    assert "refuses" not in said
    merged(shop.box, id)


def test_what_a_forge_rewrites_although_it_was_to_be_forwarded_is_recorded(shop: Shop) -> None:
    shop.box.hook("update", "exit 0")
    shop.configure("fast-forward")
    id = shop.box.request("feat", {"a.txt": "a\n"})
    shop.process()
    mr = merged(shop.box, id)
    assert (mr.merge_commit, shop.branches()) == (shop.box.sha("main"), [])
