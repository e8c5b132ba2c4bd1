"""The connection to one repository on GitHub: PyGithub without its long sleeps, errors by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from refinery import __version__
from refinery.adapters import forge_errors
from refinery.adapters.forge_address import (
    ForgeAddress,
    forge_address,
    needs_token,
    seconds_to_wait,
)
from refinery.adapters.forge_errors import ForgeAnswer, NotThere
from refinery.adapters.registry import Place
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from github import Github, GithubException
    from github.Repository import Repository
    from urllib3.util import Retry

PAGE = 100  # things in a list, the most that GitHub gives at a time
_AFTER_A_WRITE = 1.0  # seconds that GitHub wants between changes, so as not to limit us


class GitHub:
    """A repository on GitHub; connects when it is first asked for something."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._address: ForgeAddress | None = None
        self._client: Github | None = None
        self._repository: Repository | None = None

    @property
    def address(self) -> ForgeAddress:
        """Where it is, as the environment said it first."""
        if self._address is None:
            self._address = forge_address("github", self._place)
        return self._address

    @property
    def client(self) -> Github:
        """PyGithub's client."""
        if self._client is None:
            self._client = _client(self.address, seconds_to_wait(self._place.repo))
        return self._client

    def repository(self) -> Repository:
        """The repository under its name of today: it may have been renamed since it was set up."""
        if self._repository is None:
            step = "read the repository"
            try:
                with self.asking(step):
                    found = self.client.get_repo(self.address.repository)
            except NotThere as error:
                raise forge_errors.no_such_repository(self.address, step) from error
            if "full_name" not in found.raw_data:
                raise self.nonsense(step)
            self._repository = found
        return self._repository

    def ahead_of(self, date: str | None) -> float | None:
        """By how many seconds our clock is ahead of a `Date` header, which counts whole ones."""
        if not date:
            return None
        from email.utils import parsedate_to_datetime

        try:
            return (self._place.clock() - parsedate_to_datetime(date)).total_seconds()
        except (ValueError, TypeError):  # of no known zone: `-0000`
            return None

    @contextmanager
    def asking(self, doing: str) -> Iterator[None]:
        """Whatever GitHub or the way to it does wrong inside is raised by its name."""
        try:
            yield
        except RefineryError:
            raise
        except Exception as error:
            named = self._named(doing, error)
            if named is None:
                raise
            raise named from error

    def nonsense(self, doing: str) -> RefineryError:
        """For an answer that is not GitHub's, such as the page of a proxy that wants a login."""
        return forge_errors.away(self.address, doing, "its answer makes no sense")

    def _named(self, doing: str, error: Exception) -> RefineryError | None:
        from github import BadAttributeException, GithubException, IncompletableObject
        from requests import RequestException, Timeout

        if isinstance(error, BadAttributeException | IncompletableObject):
            return self.nonsense(doing)
        if isinstance(error, GithubException):
            answer = _answer(error)
            return forge_errors.error(self.address, doing, answer, now=self._place.clock())
        if isinstance(error, Timeout):
            seconds = seconds_to_wait(self._place.repo)
            return forge_errors.away(self.address, doing, f"no answer for {seconds:g} s")
        if isinstance(error, RequestException):
            return forge_errors.away(self.address, doing, _reason(error))
        if isinstance(error, RuntimeError) and "redirected" in str(error):  # to another host
            return forge_errors.away(self.address, doing, str(error))
        return self.nonsense(doing) if _is_pygithubs(error) else None


def _client(address: ForgeAddress, seconds: float) -> Github:
    from github import Auth, Github

    return Github(
        auth=Auth.Token(needs_token(address)),
        base_url=address.api_url,
        timeout=max(1, round(seconds)),
        retry=_retry(),
        per_page=PAGE,
        user_agent=f"git-refinery/{__version__}",
        seconds_between_requests=None,
        seconds_between_writes=_AFTER_A_WRITE if address.host == "github.com" else None,
    )


def _retry() -> Retry:
    """Quick retries of what may be sent twice; PyGithub's own may sleep for an hour.

    A POST is never sent again: whoever made one looks whether it was heard.  Nor is what was not
    answered in time: one who is that slow would only be waited for again.
    """
    from urllib3.exceptions import ReadTimeoutError
    from urllib3.util import Retry

    class QuickRetry(Retry):
        def increment(self, *args: Any, **named: Any) -> Self:
            if isinstance(named.get("error"), ReadTimeoutError):
                raise named["error"]
            return super().increment(*args, **named)

    return QuickRetry(
        total=2,
        read=1,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=("GET", "HEAD", "PUT", "PATCH", "DELETE"),
        backoff_factor=0.1,
        raise_on_status=False,
        respect_retry_after_header=False,
    )


def _answer(error: GithubException) -> ForgeAnswer:
    headers = {name.lower(): str(told) for name, told in (error.headers or {}).items()}
    return ForgeAnswer(error.status, _message(error.data) or error.message or "", headers)


def _message(data: Any) -> str:
    """What GitHub says went wrong, with the fields that a validation names."""
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    named = [_detail(one) for one in errors] if isinstance(errors, list) else []
    message = data.get("message")
    return ": ".join([*([str(message)] if message else []), *filter(None, [", ".join(named)])])


def _detail(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    return str(error.get("message") or f"{error.get('field')} {error.get('code')}")


def _is_pygithubs(error: Exception) -> bool:
    """Whether PyGithub stumbled over the answer."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    return where is not None and str(where.tb_frame.f_globals["__name__"]).startswith("github.")


def _reason(error: Exception) -> str:
    """The innermost cause: requests and urllib3 wrap each other's errors, addresses and all."""
    inner: BaseException = error
    while isinstance(deeper := _within(inner), BaseException):
        inner = deeper
    text = str(inner).rpartition(": ")[2] if inner is error else str(inner)
    return text or type(inner).__name__


def _within(error: BaseException) -> object:
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return reason
    return next((one for one in reversed(error.args) if isinstance(one, BaseException)), None)
