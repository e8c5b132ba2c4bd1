"""What an answer of a forge means, in which words, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from refinery.adapters.forge_address import ForgeAddress
from refinery.adapters.forge_errors import (
    BadToken,
    ForgeAnswer,
    ForgeAway,
    ForgeRefused,
    IssuesDisabled,
    NotPermitted,
    NotThere,
    RateLimited,
    away,
    error,
)
from refinery.errors import RefineryError

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADDRESS = ForgeAddress(
    "github", "GitHub", "https://api.github.com", "acme/shop", "GITHUB_TOKEN", "secret"
)


def named(status: int, message: str = "", **headers: str) -> RefineryError:
    """The error of an answer."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return error(ADDRESS, "open an issue", ForgeAnswer(status, message, told), now=NOW)


@pytest.mark.parametrize(
    ("answer", "kind", "message", "hint"),
    [
        (
            named(503, "Unavailable"),
            ForgeAway,
            "open an issue: github.com does not answer (503 Unavailable)",
            "nothing is lost: the next run tries again",
        ),
        (
            away(ADDRESS, "open an issue", "no answer for 20 s"),
            ForgeAway,
            "open an issue: github.com does not answer (no answer for 20 s)",
            "nothing is lost: the next run tries again",
        ),
        (
            named(401, "Bad credentials"),
            BadToken,
            "open an issue: github.com does not accept the token (Bad credentials)",
            "set GITHUB_TOKEN to a token that is neither expired nor revoked",
        ),
        (
            named(403, "Resource not accessible", x_accepted_github_permissions="issues=write"),
            NotPermitted,
            "open an issue: github.com does not permit it (Resource not accessible)",
            "give GITHUB_TOKEN the permission issues: write",
        ),
        (
            named(403, "No", x_accepted_oauth_scopes="repo"),
            NotPermitted,
            "open an issue: github.com does not permit it (No)",
            "give GITHUB_TOKEN one of the scopes repo",
        ),
        (
            named(403),
            NotPermitted,
            "open an issue: github.com does not permit it",
            "give GITHUB_TOKEN write access to acme/shop",
        ),
        (
            named(410, "Issues are disabled for this repo"),
            IssuesDisabled,
            "open an issue: acme/shop on github.com has its issues disabled",
            "enable them in the repository's settings, or set `tracker: local` in .refinery.yaml",
        ),
        (
            named(410, "This issue was deleted"),
            NotThere,
            "open an issue: github.com has no such thing (This issue was deleted)",
            None,
        ),
        (named(404), NotThere, "open an issue: github.com has no such thing", None),
        (
            named(422, "Validation Failed: title missing"),
            ForgeRefused,
            "open an issue: github.com refuses: 422 (Validation Failed: title missing)",
            None,
        ),
        (
            named(403, "x", x_ratelimit_remaining="0", x_ratelimit_reset="1777899600"),
            RateLimited,
            "open an issue: github.com answers again at 13:00:00 UTC: "
            "the token's rate limit is used up",
            "nothing is lost: a run after that tries again",
        ),
        (
            named(403, "You have exceeded a secondary rate limit.", retry_after="30"),
            RateLimited,
            "open an issue: github.com answers again at 12:00:30 UTC: "
            "it wants to be asked less often (secondary rate limit)",
            "nothing is lost: a run after that tries again",
        ),
    ],
)
def test_an_answer_has_one_name_one_sentence_and_one_hint(
    answer: RefineryError, kind: type[RefineryError], message: str, hint: str | None
) -> None:
    assert (type(answer), answer.message, answer.hint) == (kind, message, hint)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"retry_after": "90"}, "12:01:30"),
        ({"retry_after": "Mon, 04 May 2026 12:05:00 GMT"}, "12:05:00"),
        ({"retry_after": "in a while"}, "12:01:00"),
        ({"ratelimit_reset": "1777896600"}, "12:10:00"),
        ({"ratelimit_reset": "9" * 40}, "12:01:00"),
        ({}, "12:01:00"),
    ],
)
def test_a_limit_ends_when_the_headers_say_else_in_a_minute(
    headers: dict[str, str], until: str
) -> None:
    limited = named(429, "Too Many Requests", **headers)
    assert isinstance(limited, RateLimited)
    assert f"{limited.until:%H:%M:%S}" == until


def test_a_message_is_one_short_line_without_credentials() -> None:
    told = named(422, "no\n" + "https://bot:hunter2@github.com " * 40).message
    assert "\n" not in told
    assert "hunter2" not in told
    assert len(told) < 400
