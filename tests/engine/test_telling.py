"""What is said on the forge: pull requests, labels, source issues and statuses beside heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from refinery.app import Queue
from refinery.engine import forge_words, landing, showing
from refinery.engine.notice_words import digest, notice, standstill
from refinery.engine.status_words import head_status
from refinery.errors import RefineryError, TryAgain
from refinery.queue.delivery import LEASE, Word
from refinery.queue.estimating import LandingTime
from refinery.queue.pull_requests import HeadState, HeadStatus, PullRequest, PullRequestState
from refinery.queue.standing import Code, Standing, standing
from refinery.queue.standing_words import ordinal
from refinery.records.claim import Claim
from refinery.records.header import Standstill, Stillness
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    CloseReason,
    MergeRequest,
    Telling,
)
from refinery.records.names import Branch, Sha
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    NOW,
    a_blocked_mr,
    a_candidate_claim,
    a_closed_mr,
    a_failed_mr,
    a_hold,
    a_sha,
    a_view,
    an_id,
    an_mr,
)
from tests.forges.github_bench import GitHubBench
from tests.forges.github_server import GitHubServer, start_github
from tests.sandbox import Sandbox

CONFIG = """\
version: 1
forge: github
checks:
- name: test
  run: if grep -qr bad --include='*.txt' .; then exit 1; fi
"""


@dataclass
class Recorder:
    """A forge that remembers what it was told, and can be away."""

    name: str = "github"
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    comments: list[tuple[int, str]] = field(default_factory=list)
    statuses: list[tuple[Sha, HeadStatus]] = field(default_factory=list)
    labels: dict[int, set[str]] = field(default_factory=dict)
    trouble: RefineryError | None = None
    asked: int = 0

    def pull(self, branch: str, head: str | None) -> int:
        number = len(self.pulls) + 1
        state = PullRequestState.OPEN
        assert head is not None
        self.pulls[number] = PullRequest(number, state, Branch(branch), MAIN, Sha(head), "")
        self.labels[number] = set()
        return number

    def shown(self, head: str) -> list[str]:
        return [status.description for sha, status in self.statuses if sha == head]

    def set_status(self, head: Sha, status: HeadStatus) -> None:
        self._answer()
        self.statuses.append((head, status))

    def pull_requests(
        self, branch: Branch, target: Branch, *, ended: bool = False
    ) -> Sequence[PullRequest]:
        self._answer()
        return [
            each
            for each in self.pulls.values()
            if (each.source, each.target) == (branch, target)
            and (ended or each.state is PullRequestState.OPEN)
        ]

    def pull_request(self, number: int) -> PullRequest | None:
        self._answer()
        return self.pulls.get(number)

    def comment_on(self, number: int, body: str) -> None:
        self._answer()
        self.comments.append((number, body))

    def commented(self, number: int, marker: str) -> bool:
        self._answer()
        return any(marker in body for on, body in self.comments if on == number)

    def close_pull_request(self, number: int, body: str) -> None:
        self._answer()
        self.pulls[number] = replace(self.pulls[number], state=PullRequestState.CLOSED)

    def retarget_pull_request(self, number: int, target: Branch) -> None:
        self._answer()
        self.pulls[number] = replace(self.pulls[number], target=target)

    def label_pull_request(self, number: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
        self._answer()
        self.labels[number] = (self.labels[number] - set(remove)) | set(add)

    def _answer(self) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(Queue, "forge", lambda *_: made)
    return made


@pytest.fixture
def forged(box: Sandbox, forge: Recorder) -> Sandbox:
    """A queue on a forge."""
    box.config(CONFIG)
    return box


CLAIM = a_candidate_claim("a")


class TestPullRequests:
    def test_one_for_the_branch_of_what_landed_goes_on_to_its_target(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        forged.request("low", {"f.txt": "f\n"}, onto="main")
        forged.request("high", {"g.txt": "g\n"}, onto="low", target="low")
        forge.pull("low", forged.sha("low"))
        number = forge.pull("high", forged.sha("high"))
        forge.pulls[number] = replace(forge.pulls[number], target=Branch("low"))
        assert forged.cli("process", "--once").code == 0
        assert forged.landed == ["low"]
        assert forged.cli("process").code == 0
        assert forged.landed == ["low", "high"]
        assert forge.pulls[number].target == MAIN

    def test_what_landed_is_said_on_its_pull_request_which_is_closed(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        id = forged.request("feat", {"f.txt": "f\n"}, onto="main")
        number = forge.pull("feat", forged.sha("refs/heads/feat"))
        moved_on = forge.pull("feat", a_sha("something newer"))
        assert forged.cli("process").code == 0
        landed = str(forged.mr(id).merge_commit)[:12]
        said = (
            f"Landed on `main` as `{landed}` by `{id}`.\n\n"
            f"<!-- refinery:told={id} task=pull-request -->"
        )
        assert forge.comments == [(number, said)]
        assert forge.pulls[number].state is PullRequestState.CLOSED
        assert forge.pulls[moved_on].state is PullRequestState.OPEN
        assert forged.mr(id).untold == ()
        forged.cli("process")
        assert forge.comments == [(number, said)]

    @pytest.mark.parametrize("had_said", [False, True])
    def test_who_takes_over_from_the_dead_looks_before_commenting(
        self, forged: Sandbox, forge: Recorder, had_said: bool
    ) -> None:
        engine = forged.queue(engine=True).engine(lambda _: None)
        head = a_sha("head of feat")
        mr = a_closed_mr("feat", branch=Branch("feat"), merge_commit=a_sha("landed"))
        number = forge.pull("feat", head)
        forge.pulls[number] = replace(forge.pulls[number], head=mr.head)
        first, second = (
            Word(mr.id, MAIN, Telling("pull-request", "ada", NOW + LEASE, tries))
            for tries in (1, 2)
        )
        if had_said:
            forge_words.end_pull_request(engine, mr, first)
        forge_words.end_pull_request(engine, mr, second)
        assert len(forge.comments) == 1
        assert forge.pulls[number].state is PullRequestState.CLOSED

    def test_what_the_forge_marked_as_merged_is_left_so(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        forged.request("feat", {"f.txt": "f\n"}, onto="main")
        number = forge.pull("feat", forged.sha("refs/heads/feat"))
        forge.pulls[number] = replace(forge.pulls[number], state=PullRequestState.MERGED)
        forged.cli("process")
        assert len(forge.comments) == 1
        assert forge.pulls[number].state is PullRequestState.MERGED

    def test_labels_say_who_must_act_and_go_with_it(self, forged: Sandbox, forge: Recorder) -> None:
        forged.advance({"shared.txt": "0\n"})
        forged.request("first", {"shared.txt": "1\n"}, onto="main", priority=0)
        forged.request("clash", {"shared.txt": "2\n"}, onto="main")
        forged.request("broken", {"b.txt": "bad\n"}, onto="main")
        clash = forge.pull("clash", forged.sha("refs/heads/clash"))
        broken = forge.pull("broken", forged.sha("refs/heads/broken"))
        forged.cli("process")
        assert forge.labels == {clash: {"needs-rebase"}, broken: {"needs-fix"}}
        forged.request("broken", {"b.txt": "good\n"})
        forged.request("clash", {"shared.txt": "2\n"}, onto="main")
        forged.cli("issue", "close", "1")
        forged.cli("process")
        assert sorted(forged.landed) == ["broken", "clash", "first"]
        assert forge.labels == {clash: set(), broken: set()}


class TestStatuses:
    def test_a_head_shows_what_came_of_it(self, forged: Sandbox, forge: Recorder) -> None:
        forged.advance({"shared.txt": "0\n"})
        first = forged.request("first", {"shared.txt": "1\n"}, onto="main", priority=0)
        forged.request("clash", {"shared.txt": "2\n"}, onto="main")
        forged.request("broken", {"b.txt": "bad\n"}, onto="main")
        gone = forged.request("gone", {"g.txt": "g\n"}, onto="main")
        forged.cli("reject", gone, "--reason", "no")
        heads = {name: forged.mr(name).head for name in ("first", "clash", "broken", "gone")}
        forged.cli("process")
        landed = str(forged.mr(first).merge_commit)[:12]
        assert {name: forge.shown(head)[-1] for name, head in heads.items()} == {
            "first": f"landed on main as {landed}",
            "clash": "conflicts with main: blocked by local#1",
            "broken": "needs rework: check test: exit status 1",
            "gone": "rejected: no",
        }
        before = len(forge.statuses)
        forged.cli("process")
        assert len(forge.statuses) == before

    def test_places_are_shown_when_they_change_in_a_run(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        forged.config(CONFIG + "batch: {max: 1}\n")
        heads = []
        for name in ("a", "b", "c"):
            forged.request(name, {f"{name}.txt": "x\n"}, onto="main")
            heads.append(forged.mr(name).head)
        forged.cli("process", "--once")
        assert [forge.shown(head)[-1] for head in heads[1:]] == [
            "1st of 2 for main",
            "2nd of 2 for main",
        ]
        known = len(forge.statuses)
        forged.cli("process", "--once")
        assert forge.shown(heads[2])[-1] == "1st of 1 for main"
        assert len(forge.statuses) <= known + 3

    def test_only_the_first_places_are_shown(
        self, forged: Sandbox, forge: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(showing, "MOST_PLACES", 2)
        forged.config(CONFIG + "batch: {max: 1}\n")
        for name in ("a", "b", "c", "d", "e"):
            forged.request(name, {f"{name}.txt": "x\n"}, onto="main")
        forged.cli("process", "--once")
        assert {each.description for _, each in forge.statuses} >= {"1st of 4 for main"}
        assert forge.shown(forged.mr("e").head) == []

    def test_statuses_can_be_switched_off(self, forged: Sandbox, forge: Recorder) -> None:
        forged.config(CONFIG + "statuses: false\n")
        forged.request("a", {"a.txt": "a\n"}, onto="main")
        forged.cli("process")
        assert (forged.landed, forge.statuses) == (["a"], [])

    def test_a_forge_that_is_away_stops_no_landing_and_hears_of_it_later(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        forge.trouble = TryAgain("github.test does not answer")
        ids = [forged.request(name, {f"{name}.txt": "x\n"}, onto="main") for name in ("a", "b")]
        done = forged.cli("process")
        assert (done.code, sorted(forged.landed)) == (0, ["a", "b"])
        assert done.err.count("does not answer") <= 2
        assert forge.asked <= 2
        assert {forged.mr(id).untold for id in ids} == {("pull-request", "status")}
        forge.trouble = None
        forged.clock.tick(61)
        forged.cli("process")
        assert {forged.mr(id).untold for id in ids} == {()}
        assert [status.state for _, status in forge.statuses] == [HeadState.SUCCESS] * 2

    def test_what_is_refused_for_good_is_given_up_and_the_log_knows(
        self, forged: Sandbox, forge: Recorder
    ) -> None:
        forge.trouble = RefineryError("the token is not accepted")
        id = forged.request("a", {"a.txt": "a\n"}, onto="main")
        forged.cli("process")
        for _ in range(8):
            forged.clock.tick(timedelta(hours=6).total_seconds() + 1)
            forged.cli("process")
        assert forged.mr(id).untold == ()
        subjects = [each.subject for each in forged.queue_log() if each.event == "told"]
        assert f"given up: {id} pull-request; given up: {id} status" in subjects[-1]


@pytest.fixture(scope="module")
def github_server(
    sealed_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHubServer]:
    server = start_github(tmp_path_factory.mktemp("github"))
    yield server
    server.stop()


@pytest.fixture
def github(
    github_server: GitHubServer, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GitHubBench]:
    bench = GitHubBench(github_server, box, monkeypatch)
    yield bench
    bench.end()
    github_server.clear()


@pytest.mark.journey
class TestOnGitHub:
    def test_labels_source_issue_and_statuses_through_a_whole_life(
        self, box: Sandbox, github: GitHubBench
    ) -> None:
        shown_repo = f"tracker: github\nrepository: {github.repository}\nclose_source_issue: true\n"
        box.config(CONFIG.replace("forge: github\n", shown_repo))
        box.advance({"shared.txt": "0\n"})
        issue = github.file("Make it better")
        number = issue.partition("#")[2]
        github.branch("clash")
        pull = github.api(
            "POST", "/pulls", {"title": "Clash", "head": "clash", "base": "main", "body": ""}
        )["number"]
        box.request("first", {"shared.txt": "1\n"}, onto="main", priority=0)
        box.request("clash", {"shared.txt": "2\n"}, onto="main", issue=number)
        done = box.cli("process")
        assert done.code == 0, done.err
        blocked = box.mr("clash")
        status = github.shown(blocked.head)
        assert status is not None
        assert status.description == f"conflicts with main: blocked by {blocked.blocked_by}"
        assert github.seen(issue).labels == {"needs-rebase"}
        assert labels_of(github, pull) == {"needs-rebase"}
        assert blocked.blocked_by is not None
        box.request("clash", {"shared.txt": "2\n"}, onto="main")
        github.close(blocked.blocked_by)
        done = box.cli("process")
        assert done.code == 0, done.err
        assert box.landed == ["first", "clash"]
        landed = box.mr("clash")
        assert landed.untold == ()
        assert labels_of(github, pull) == set()
        seen = github.seen(issue)
        assert (seen.labels, seen.is_open, len(seen.comments)) == (frozenset(), False, 1)
        status = github.shown(landed.head)
        assert status is not None
        assert (status.state, status.description) == (
            "success",
            f"landed on main as {str(landed.merge_commit)[:12]}",
        )

    def test_the_comment_on_a_pull_request_is_made_once_and_it_is_closed(
        self, box: Sandbox, github: GitHubBench
    ) -> None:
        box.config(f"version: 1\nforge: github\nrepository: {github.repository}\n")
        head = github.branch("feat")
        asked = {"title": "Feat", "head": "feat", "base": "main", "body": ""}
        number = github.api("POST", "/pulls", asked)["number"]
        mr = a_closed_mr("feat", branch=Branch("feat"), head=head, merge_commit=a_sha("landed"))
        engine = box.queue(engine=True).engine(lambda _: None)
        for tries in (1, 2):
            telling = Telling("pull-request", "ada", NOW, tries)
            forge_words.end_pull_request(engine, mr, Word(mr.id, MAIN, telling))
        assert len(github.said_on(number)) == 1
        assert github.api("GET", f"/pulls/{number}")["state"] == "closed"


def labels_of(github: GitHubBench, number: int) -> set[str]:
    return {label["name"] for label in github.api("GET", f"/pulls/{number}")["labels"]}


class TestWords:
    @pytest.mark.parametrize(
        ("mr", "fields", "place", "expected"),
        [
            (an_mr(), {}, (3, 7), (HeadState.PENDING, "3rd of 7 for main")),
            (an_mr(hold=a_hold()), {}, None, (HeadState.PENDING, "held by eve: release week")),
            (
                a_blocked_mr(),
                {},
                None,
                (HeadState.FAILURE, "conflicts with main: blocked by local#1"),
            ),
            (
                a_blocked_mr(issue=None),
                {},
                None,
                (
                    HeadState.FAILURE,
                    "conflicts with main: blocked by an issue that is about to be opened",
                ),
            ),
            (a_failed_mr(), {}, None, (HeadState.FAILURE, "needs rework: check unit: exit 1")),
            (an_mr(depends_on=(an_id("z"),)), {"z": an_mr("z")}, None,
             (HeadState.PENDING, "waits for mr-z")),
            (
                a_closed_mr(merge_commit=a_sha("m")),
                {},
                None,
                (HeadState.SUCCESS, f"landed on main as {a_sha('m')[:12]}"),
            ),
            (
                a_closed_mr(reason=CloseReason.REJECTED, error="two\nlines"),
                {},
                None,
                (HeadState.FAILURE, "rejected: two lines"),
            ),
            (
                a_closed_mr(reason=CloseReason.EMPTY, error="it is there"),
                {},
                None,
                (HeadState.SUCCESS, "nothing to land: it is there"),
            ),
            (a_closed_mr(reason=CloseReason.SUPERSEDED), {}, None, None),
            (an_mr(intent=True), {}, None, None),
        ],
    )  # fmt: skip
    def test_a_status_is_one_line(
        self,
        mr: MergeRequest,
        fields: dict[str, MergeRequest],
        place: tuple[int, int] | None,
        expected: tuple[HeadState, str] | None,
    ) -> None:
        view = a_view(mr, *fields.values())
        wanted = HeadStatus(*expected) if expected else None
        assert head_status(mr, standing(view, mr, NOW), place) == wanted

    def test_a_status_is_no_longer_than_a_forge_keeps(self) -> None:
        status = head_status(
            a_closed_mr(reason=CloseReason.REJECTED, error="x" * 500), Standing(Code.CLOSED), None
        )
        assert status is not None
        assert (len(status.description), status.description[-1]) == (140, "…")

    @pytest.mark.parametrize(
        ("mr", "claims", "words"),
        [
            (an_mr(), (), "1st of 2 for main, expected 12:05 to 12:25 UTC"),
            (an_mr(), (CLAIM,), "being tested for main, expected 12:05 to 12:25 UTC"),
            (a_failed_mr(), (), "needs rework: check unit: exit 1"),
        ],
    )
    def test_who_waits_for_the_queue_is_told_until_when(
        self, mr: MergeRequest, claims: tuple[Claim, ...], words: str
    ) -> None:
        view = a_view(mr, claims=claims)
        time = LandingTime(NOW, 720, (540, 900), (400, 1300), 0.9, 40)
        status = head_status(mr, standing(view, mr, NOW), (1, 2), time)
        assert status is not None
        assert status.description == words

    def test_ordinals(self) -> None:
        numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111)
        shown = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th"
        assert " ".join(map(ordinal, numbers)) == shown

    def test_a_message_about_what_is_over_says_so(self) -> None:
        attempt = Attempt(NOW, "ada", AttemptOutcome.CONFLICT, note="a.txt, <b>.txt")
        mr = an_mr(attempts=(attempt,))
        signed = "mr-a by ada. More: refinery why mr-a"
        assert notice("conflict", mr).body == (
            f"a does not merge into main: a.txt, <\N{WORD JOINER}b>.txt. That is over.\n\n{signed}"
        )
        assert notice("failed", mr).body == (
            f"a did not pass for main.\n\na.txt, <\N{WORD JOINER}b>.txt\n\n{signed}"
        )

    def test_a_long_digest_ends_with_how_many_more(self) -> None:
        lines = digest("merged", [an_mr(f"m{n}") for n in range(60)]).body.splitlines()
        assert (len(lines), lines[0], lines[-1]) == (51, "- mr-m0 m0: Change m0", "- and 10 more")

    def test_standstills_in_words(self) -> None:
        red = Standstill(MAIN, Stillness.RED, "main fails at 123.", NOW)
        told = standstill(red)
        assert told.title == "The queue for main is stuck"
        assert told.body == (
            "main fails at 123.\nSince 2026-03-01 12:00 UTC. "
            "Nobody is blamed: what repairs it can be queued, and is tried by itself."
        )
        over = standstill(replace(red, why=Stillness.MOVING))
        assert over.title == "The queue for main goes on again"


class TestLongRuns:
    def test_a_long_run_tells_as_it_goes_and_a_short_one_only_at_its_end(
        self, forged: Sandbox, forge: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forged.config(CONFIG + "batch: {max: 1}\n")
        heads = []
        for name in ("a", "b", "c"):
            forged.request(name, {f"{name}.txt": "x\n"}, onto="main")
            heads.append(forged.mr(name).head)
        known_at: list[int] = []
        real = landing.settle

        def slow(*arguments: Any, **others: Any) -> Any:
            known_at.append(sum("landed" in each.description for _, each in forge.statuses))
            forged.clock.tick(40)
            return real(*arguments, **others)

        monkeypatch.setattr(landing, "settle", slow)
        assert forged.cli("process").code == 0
        assert known_at == [0, 0, 2]
        assert [forge.shown(head)[-1][:6] for head in heads] == ["landed"] * 3


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("42", "local#42"),
        ("#42", "local#42"),
        ("local#42", "local#42"),
        ("", None),
        ("two words", None),
        ("42#", None),
    ],
)
def test_what_people_call_an_issue(box: Sandbox, source: str, named: str | None) -> None:
    with box.queue() as queue:
        assert forge_words.named_issue(queue.engine(lambda _: None), source) == named
