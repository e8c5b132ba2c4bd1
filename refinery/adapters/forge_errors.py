"""What goes wrong with a forge, by name, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from refinery.adapters.forge_address import ForgeAddress
from refinery.errors import RefineryError, TryAgain
from refinery.values import dataclass, field

_LONGEST_MESSAGE = 300


class ForgeAway(TryAgain):
    """It does not answer, or says that it cannot; what was asked may be done all the same."""

    code = "forge-away"


class RateLimited(TryAgain):
    """It wants to be asked less often; `until` is when it listens again."""

    code = "rate-limited"

    def __init__(self, message: str, *, hint: str | None = None, until: datetime) -> None:
        super().__init__(message, hint=hint)
        self.until = until


class BadToken(RefineryError):
    """It does not know the token: mistyped, expired or revoked."""

    code = "bad-token"


class NotPermitted(RefineryError):
    """It knows the token, which lacks a permission or scope."""

    code = "not-permitted"


class IssuesDisabled(RefineryError):
    """The repository has no issues."""

    code = "issues-disabled"


class NoSuchRepository(RefineryError):
    """There is no such repository, or the token may not see it."""

    code = "no-such-repository"


class ForgeRefused(RefineryError):
    """It understood, and will not; `status` is HTTP's."""

    code = "forge-refused"

    def __init__(self, message: str, *, hint: str | None = None, status: int) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class NotThere(ForgeRefused):
    """What was asked about is not there, or not any more."""

    code = "not-on-forge"


@dataclass(frozen=True, slots=True)
class ForgeAnswer:
    """An answer that is no success; the names of `headers` are in lower case."""

    status: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def away(address: ForgeAddress, doing: str, why: str) -> ForgeAway:
    """No answer at all: refused, cut off, timed out; `why` is for people."""
    return ForgeAway(
        f"{doing}: {address.host} does not answer ({_short(why)})",
        hint="nothing is lost: the next run tries again",
    )


def error(
    address: ForgeAddress, doing: str, answer: ForgeAnswer, *, now: datetime
) -> RefineryError:
    """What an answer means; `doing` is the step, such as `open an issue`."""
    told = f" ({_short(answer.message)})" if answer.message else ""
    step = f"{doing}: {address.host}"
    if _is_limit(answer):
        return _limited(step, answer, now)
    if answer.status >= 500 or answer.status == 408:
        return away(address, doing, f"{answer.status} {answer.message}".strip())
    if answer.status == 401:
        return BadToken(f"{step} does not accept the token{told}", hint=_new_token(address))
    if answer.status == 403:
        return NotPermitted(f"{step} does not permit it{told}", hint=_permission(address, answer))
    if answer.status == 410 and "disabled" in answer.message.lower():
        return issues_disabled(address, doing)
    if answer.status in (404, 410):
        return NotThere(f"{step} has no such thing{told}", status=answer.status)
    return ForgeRefused(f"{step} refuses: {answer.status}{told}", status=answer.status)


def issues_disabled(address: ForgeAddress, doing: str) -> IssuesDisabled:
    """Nothing can be asked about issues there."""
    return IssuesDisabled(
        f"{doing}: {address.repository} on {address.host} has its issues disabled",
        hint="enable them in the repository's settings, or set `tracker: local` in .refinery.yaml",
    )


def no_such_repository(address: ForgeAddress, doing: str) -> NoSuchRepository:
    """Forges answer the same for what is not there and what a token may not see."""
    return NoSuchRepository(
        f"{doing}: {address.host} shows no repository {address.repository!r} to this token",
        hint=f"correct `repository:` in .refinery.yaml, or give {address.token_name} access to it",
    )


def _is_limit(answer: ForgeAnswer) -> bool:
    if answer.status == 429:
        return True
    if answer.status not in (400, 403):  # 400: from GraphQL, which answers errors with 200
        return False
    said = answer.message.lower()
    return (
        answer.headers.get("x-ratelimit-remaining") == "0"
        or "retry-after" in answer.headers
        or "rate limit" in said
        or "abuse detection" in said
    )


def _limited(step: str, answer: ForgeAnswer, now: datetime) -> RateLimited:
    until = _until(answer.headers, now)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        why = "the token's rate limit is used up"
    else:
        why = "it wants to be asked less often (secondary rate limit)"
    return RateLimited(
        f"{step} answers again at {until:%H:%M:%S} UTC: {why}",
        hint="nothing is lost: a run after that tries again",
        until=until,
    )


def _until(headers: Mapping[str, str], now: datetime) -> datetime:
    """`Retry-After` in seconds or as a date, a reset in epoch seconds; else a minute."""
    now = now.astimezone(UTC)
    told = headers.get("retry-after", "")
    if told.isdecimal():
        return now + timedelta(seconds=min(int(told), 86_400))
    if told:
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(told).astimezone(UTC)
        except (ValueError, OverflowError):
            return now + timedelta(minutes=1)
    reset = headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset") or ""
    if reset.isdecimal() and len(reset) < 12:
        return datetime.fromtimestamp(int(reset), UTC)
    return now + timedelta(minutes=1)


def _new_token(address: ForgeAddress) -> str:
    return f"set {address.token_name} to a token that is neither expired nor revoked"


def _permission(address: ForgeAddress, answer: ForgeAnswer) -> str:
    """Names what is missing, where the forge says it."""
    wanted = answer.headers.get("x-accepted-github-permissions") or ""
    scopes = answer.headers.get("x-accepted-oauth-scopes") or ""
    if wanted:
        return f"give {address.token_name} the permission {wanted.replace('=', ': ')}"
    if scopes:
        return f"give {address.token_name} one of the scopes {scopes}"
    return f"give {address.token_name} write access to {address.repository}"


def _short(text: str) -> str:
    """One line that carries no credential."""
    from refinery.repo.masking import masked

    line = " ".join(masked(text).split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
