"""Every delivery is one event, or is ignored for a reason by name."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from refinery.records.names import Branch, IssueRef, Sha
from refinery.webhook.events import (
    BranchDeleted,
    Event,
    Forge,
    Ignored,
    IssueClosed,
    IssueGone,
    IssueLabelled,
    IssueReopened,
    IssueTransferred,
    Ping,
    PullRequestLabelled,
    PullRequestMerged,
    Pushed,
    Told,
)
from refinery.webhook.parsing import parse
from refinery.webhook.payload import Unparsable, read
from tests.webhook import recorded
from tests.webhook.deliveries import REPOSITORY, ZERO, closed, pull_request, pushed

A, B = Sha("a" * 40), Sha("b" * 40)
MAIN, TOPIC = Branch("main"), Branch("topic")


def event(forge: Forge, name: str, payload: dict[str, Any]) -> Event:
    return parse(forge, name, payload).event


# GitHub, as recorded


def test_every_recorded_delivery_of_github_parses_or_is_ignored_by_name() -> None:
    seen = {(name, type(event(Forge.GITHUB, name, told))) for name, told in recorded.github()}
    acted = {(name, kind) for name, kind in seen if kind is not Ignored}
    assert len({name for name, _ in seen}) >= 55
    assert acted == {
        ("ping", Ping),
        ("push", Pushed),
        ("issues", IssueReopened),
        ("issues", IssueGone),
        ("issues", IssueLabelled),
        ("issues", IssueTransferred),
    }


def test_recorded_issues_are_named_as_the_queue_names_them() -> None:
    told = [
        parse(Forge.GITHUB, name, payload)
        for name, payload in recorded.github()
        if name == "issues" and payload["action"] in ("reopened", "deleted", "transferred")
    ]
    assert {each.repository for each in told} >= {"Codertocat/Hello-World"}
    assert all(getattr(each.event, "issue", "").startswith("github#") for each in told)


def test_recorded_pushes_are_what_they_say() -> None:
    for name, payload in recorded.github():
        if name != "push":
            continue
        told = event(Forge.GITHUB, name, payload)
        match told:
            case Pushed(branch=branch, after=after, is_new=is_new):
                assert payload["ref"] == f"refs/heads/{branch}"
                assert (after, is_new) == (payload["after"], payload["created"])
            case BranchDeleted():
                assert payload["deleted"]
            case Ignored():
                assert payload["ref"].startswith("refs/tags/")
            case _:
                raise AssertionError(told)


# GitHub, as it is described

WORDS = {"string": "text", "integer": 7, "number": 1.5, "boolean": False, "null": None}


def sample(schema: dict[str, Any], document: dict[str, Any], depth: int = 0) -> Any:
    """A smallest value that fits a schema."""
    if "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return sample(found, document, depth)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return sample(schema[key][0], document, depth)
    if "allOf" in schema:
        parts = [sample(part, document, depth) for part in schema["allOf"]]
        merged: dict[str, Any] = {}
        for part in parts:
            merged |= {
                key: value for key, value in part.items() if value != {} or key not in merged
            }
        return merged
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        wanted = schema.get("required", []) if depth < 8 else []
        known = schema.get("properties", {})
        return {key: sample(known.get(key, {}), document, depth + 1) for key in wanted}
    if kind == "array":
        return []
    return WORDS[kind]


def described() -> Iterator[tuple[str, dict[str, Any]]]:
    """A smallest payload of every webhook that GitHub describes."""
    document = recorded.github_schemas()
    for hook in document["webhooks"].values():
        post = hook["post"]
        name = post["operationId"].partition("/")[0].replace("-", "_")
        body = post["requestBody"]["content"]["application/json"]["schema"]
        yield name, sample(body, document)


def test_every_described_delivery_of_github_is_understood_or_ignored() -> None:
    kinds = [
        (name, payload.get("action"), event(Forge.GITHUB, name, payload))
        for name, payload in described()
    ]
    assert len(kinds) > 250
    by_action = {(name, action): type(told) for name, action, told in kinds}
    assert by_action["issues", "closed"] is IssueClosed
    assert by_action["issues", "reopened"] is IssueReopened
    assert by_action["issues", "deleted"] is IssueGone
    assert by_action["issues", "transferred"] is IssueTransferred
    acted = {name for name, _, told in kinds if not isinstance(told, Ignored)}
    assert acted <= {"issues", "push", "delete", "pull_request", "ping"}


# What each forge says of the same things


@pytest.mark.parametrize("forge", [Forge.GITHUB, Forge.GITEA])
@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("issues", closed(7), "closed"),
        ("issues", closed(7, "reopened"), "reopened"),
        ("issues", closed(7, "deleted"), "gone"),
        ("issues", closed(7, "transferred"), "transferred"),
        ("push", pushed("topic", A, B), Pushed(TOPIC, B, A, False)),
        ("push", pushed("topic", A), Pushed(TOPIC, None, A, True)),
        ("push", pushed("topic", ZERO, A), BranchDeleted(TOPIC)),
        ("delete", {"ref": "topic", "ref_type": "branch"}, BranchDeleted(TOPIC)),
        ("delete", {"ref": "v1", "ref_type": "tag"}, Ignored("what was deleted is not a branch")),
        ("push", {"ref": "refs/tags/v1"}, Ignored("what was pushed is not a branch")),
        ("ping", {"zen": "Keep it logically awesome."}, Ping()),
        (
            "pull_request",
            pull_request(3, "topic", A),
            PullRequestLabelled(3, "merge-queue", TOPIC, MAIN, A, "Pull topic"),
        ),
        (
            "pull_request",
            pull_request(3, "topic", A, action="synchronize", label=None),
            PullRequestLabelled(3, "merge-queue", TOPIC, MAIN, A, "Pull topic"),
        ),
        (
            "pull_request",
            pull_request(3, "topic", A, action="closed", pull_request={"merged": True}),
            PullRequestMerged(3, TOPIC, MAIN, A),
        ),
    ],
)
def test_github_and_gitea_say_the_same(
    forge: Forge, name: str, payload: dict[str, Any], expected: object
) -> None:
    issue = IssueRef(f"{forge}#7")
    made = {
        "closed": IssueClosed(issue),
        "reopened": IssueReopened(issue),
        "gone": IssueGone(issue),
        "transferred": IssueTransferred(issue),
    }
    wanted = made[expected] if isinstance(expected, str) else expected
    assert event(forge, name, payload) == wanted


@pytest.mark.parametrize(
    ("forge", "name", "payload"),
    [
        (Forge.GITHUB, "issues", closed(7, "labeled")),
        (Forge.GITHUB, "issues", closed(7, "unlabeled")),
        (Forge.GITHUB, "issues", closed(7, "opened", issue={"number": 7, "labels": [{}]})),
        (Forge.GITEA, "issue_label", closed(7, "label_updated")),
        (Forge.GITEA, "issue_label", closed(7, "label_cleared")),
    ],
)
def test_labels_of_issues_may_close_a_target(
    forge: Forge, name: str, payload: dict[str, Any]
) -> None:
    assert event(forge, name, payload) == IssueLabelled(IssueRef(f"{forge}#7"))


def test_gitea_tells_of_labels_in_its_own_words() -> None:
    told = pull_request(3, "topic", A, action="label_updated", label=None)
    assert isinstance(event(Forge.GITEA, "pull_request", told), PullRequestLabelled)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"head": {"ref": "topic", "sha": A, "repo": {"full_name": "eve/shop"}}}, "from a fork"),
        ({"head": {"ref": "topic", "sha": A, "repo": None}}, "from a fork"),
        ({"draft": True}, "a draft"),
        ({"state": "closed"}, "not open"),
        ({"labels": [], "number": 3}, None),
    ],
    ids=["a fork", "a fork that is gone", "a draft", "closed", "the label counts"],
)
def test_a_pull_request_that_may_not_ask_is_ignored(
    change: dict[str, Any], why: str | None
) -> None:
    told = event(Forge.GITHUB, "pull_request", pull_request(3, "topic", A, pull_request=change))
    if why is None:
        assert isinstance(told, PullRequestLabelled)
    else:
        assert isinstance(told, Ignored)
        assert why in told.why


@pytest.mark.parametrize(
    "more",
    [
        {"label": {"name": "bug"}},
        {"action": "unlabeled"},
        {"action": "assigned", "label": None},
        {"action": "closed", "label": None},
    ],
)
def test_only_our_label_asks(more: dict[str, Any]) -> None:
    told = event(Forge.GITHUB, "pull_request", pull_request(3, "topic", A, **more))
    assert isinstance(told, Ignored)


ISSUE = IssueRef("gitlab#23")
OURS, OTHERS = [{"title": "merge-queue"}], [{"title": "bug"}]


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("Issue Hook", recorded.gitlab(action="close"), IssueClosed(ISSUE)),
        ("Issue Hook", recorded.gitlab(action="reopen"), IssueReopened(ISSUE)),
        (
            "Issue Hook",
            recorded.gitlab(action="update") | {"changes": {"labels": {"current": OTHERS}}},
            IssueLabelled(ISSUE),
        ),
        ("Confidential Issue Hook", recorded.gitlab(action="close"), IssueClosed(ISSUE)),
        ("Issue Hook", recorded.gitlab(action="close", moved_to_id=9), IssueTransferred(ISSUE)),
        ("Push Hook", recorded.gitlab_push("refs/heads/topic", B, A), Pushed(TOPIC, B, A, False)),
        (
            "Push Hook",
            recorded.gitlab_push("refs/heads/topic", ZERO, A),
            Pushed(TOPIC, None, A, True),
        ),
        ("Push Hook", recorded.gitlab_push("refs/heads/topic", A, ZERO), BranchDeleted(TOPIC)),
        (
            "System Hook",
            recorded.gitlab_push("refs/heads/topic", B, A),
            Pushed(TOPIC, B, A, False),
        ),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("merge", state="merged"),
            PullRequestMerged(1, TOPIC, MAIN, Sha("d" * 40)),
        ),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("update")
            | {"changes": {"labels": {"previous": OTHERS, "current": OURS + OTHERS}}},
            PullRequestLabelled(1, "merge-queue", TOPIC, MAIN, Sha("d" * 40), "MS-Viewport"),
        ),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("update", oldrev=A) | {"labels": OURS},
            PullRequestLabelled(1, "merge-queue", TOPIC, MAIN, Sha("d" * 40), "MS-Viewport"),
        ),
    ],
)
def test_gitlab_in_its_own_words(name: str, payload: dict[str, Any], expected: Event) -> None:
    assert parse(Forge.GITLAB, name, payload) == Told(expected, REPOSITORY)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Issue Hook", recorded.gitlab(action="open")),
        ("Issue Hook", recorded.gitlab()),
        ("Note Hook", recorded.gitlab()),
        ("Tag Push Hook", recorded.gitlab_push("refs/tags/v1", ZERO, A)),
        ("System Hook", {"event_name": "user_create"}),
        ("Merge Request Hook", recorded.gitlab_merge_request("approved") | {"labels": OURS}),
        ("Merge Request Hook", recorded.gitlab_merge_request("open")),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("open", source_project_id=2) | {"labels": OURS},
        ),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("open", draft=True) | {"labels": OURS},
        ),
        (
            "Merge Request Hook",
            recorded.gitlab_merge_request("update")
            | {"labels": OURS, "changes": {"labels": {"previous": OURS, "current": OURS}}},
        ),
    ],
)
def test_what_gitlab_says_beside_is_ignored(name: str, payload: dict[str, Any]) -> None:
    told = event(Forge.GITLAB, name, payload)
    assert isinstance(told, Ignored)
    assert told.why


# Hostile ones

BAD_BRANCHES = [
    "-delete",
    "--upload-pack=evil",
    "HEAD",
    "a..b",
    "a b",
    "a\nb",
    "a\x00b",
    "a\x1b[31m",
    "x" * 241,
    "a.lock",
    ".a",
    "a/",
    "a\ud800b",
    "a\u202eb",
    "refs/../../x",
    "",
]


@pytest.mark.parametrize("branch", BAD_BRANCHES)
def test_a_branch_that_git_would_not_take_is_nobody(branch: str) -> None:
    for forge, name, payload in [
        (Forge.GITHUB, "push", pushed(branch, A)),
        (Forge.GITHUB, "delete", {"ref": branch, "ref_type": "branch"}),
        (Forge.GITHUB, "pull_request", pull_request(1, branch, A)),
        (Forge.GITHUB, "pull_request", pull_request(1, "topic", A, target=branch)),
        (Forge.GITLAB, "Push Hook", recorded.gitlab_push(f"refs/heads/{branch}", B, A)),
        (
            Forge.GITLAB,
            "Merge Request Hook",
            recorded.gitlab_merge_request("merge", source_branch=branch),
        ),
    ]:
        assert isinstance(event(forge, name, payload), Ignored)


@pytest.mark.parametrize(
    "sha", ["", "main", "a" * 39, "A" * 40, "a" * 41, f"{'a' * 40}\n", 7, None]
)
def test_a_commit_that_is_not_a_full_id_is_none(sha: Any) -> None:
    assert isinstance(event(Forge.GITHUB, "push", pushed("topic", sha)), Ignored)
    assert isinstance(event(Forge.GITHUB, "pull_request", pull_request(1, "topic", sha)), Ignored)


@pytest.mark.parametrize("number", [0, -1, True, "7", 1.0, None, 10**13, [], {}])
def test_an_issue_without_a_number_is_none(number: Any) -> None:
    assert isinstance(event(Forge.GITHUB, "issues", closed(number)), Ignored)


def test_a_title_is_one_line_and_bounded() -> None:
    asked = pull_request(1, "topic", A, pull_request={"title": "a\x1b[31m\nb\ud800" + "x" * 5000})
    told = event(Forge.GITHUB, "pull_request", asked)
    assert isinstance(told, PullRequestLabelled)
    assert len(told.title) <= 1000
    assert told.title.isprintable()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 5000,
    ],
)
def test_what_is_not_a_json_object_is_said_so(body: bytes) -> None:
    with pytest.raises(Unparsable):
        read(body)


NONSENSE: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**63, 10**400, 0.5, float("nan"), float("inf")),
    *("", "x", "-x", "closed", "refs/heads/", "refs/heads/-x", "\x00", "\ud800", "\u202e", "a\nb"),
    *("'; drop table deliveries; --", "$(reboot)", "../../etc/passwd", "x" * 100_000, A, ZERO),
    *([], {}, [[]], [{}], {"full_name": "eve/shop"}, {"number": 1}, [None] * 1000, [{"name": []}]),
]
SEEDS: list[tuple[Forge, str, dict[str, Any]]] = [
    (Forge.GITHUB, "issues", closed(1)),
    (Forge.GITEA, "push", pushed("topic", A, B)),
    (Forge.GITHUB, "pull_request", pull_request(1, "topic", A)),
    (Forge.GITLAB, "Issue Hook", recorded.gitlab(action="close")),
    (Forge.GITLAB, "Push Hook", recorded.gitlab_push("refs/heads/topic", B, A)),
    (Forge.GITLAB, "Merge Request Hook", recorded.gitlab_merge_request("merge")),
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    if here:
        yield here
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    )
    for key, inner in items:
        yield from paths(inner, (*here, key))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed[0]} {seed[1]}")
def test_whatever_stands_where_in_a_payload_it_is_read_without_harm(
    seed: tuple[Forge, str, dict[str, Any]],
) -> None:
    forge, name, whole = seed
    chance = random.Random(11)
    for _ in range(500):
        payload = copy.deepcopy(whole)
        for _ in range(chance.randint(1, 3)):
            *way, last = chance.choice(list(paths(payload)))
            place: Any = payload
            for step in way:
                place = place[step]
            place[last] = copy.deepcopy(chance.choice(NONSENSE))
        told = parse(forge, name, payload)
        assert isinstance(told, Told)
        _is_sane(told.event)


def _is_sane(told: Event) -> None:
    """Nothing that an event carries could be an option, another ref, or a line of a log."""
    for field in getattr(told, "__dataclass_fields__", {}):
        value = getattr(told, field)
        if isinstance(value, str) and field != "why":
            assert value.isprintable()
            assert not value.startswith("-") or field == "title"
