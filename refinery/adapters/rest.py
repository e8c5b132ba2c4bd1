"""Asks a forge's REST API: time limits, quick retries, pages, and every failure by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from refinery import __version__
from refinery.adapters import forge_errors
from refinery.adapters.forge_address import ForgeAddress
from refinery.adapters.forge_errors import BadToken, ForgeAnswer, ForgeAway, NoSuchRepository
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING, Any, NoReturn
from refinery.values import dataclass, field

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

_CONNECTING = 10.0  # seconds; an answer may take longer
_PASSING = (500, 502, 503, 504)
_REPEATABLE = ("GET", "PUT", "PATCH", "DELETE")  # a POST that is sent twice may be done twice


@dataclass(frozen=True, slots=True)
class Credential:
    """The header that says who asks; never part of what is printed."""

    header: str
    value: str = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """As `auth` of a session: as a plain header a line in ~/.netrc would replace it."""
        request.headers[self.header] = self.value
        return request


@dataclass(frozen=True, slots=True)
class Paging:
    """How an API is asked for a page: the parameter's name, and the most it gives at once."""

    parameter: str
    size: int


def credential(address: ForgeAddress, *, header: str, scheme: str, token: str) -> Credential:
    """How a token is shown; one that no header could carry is not even tried, nor quoted."""
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise BadToken(
            f"{address.token_name} holds no token: there is a space or a line break in it",
            hint=f"set {address.token_name} to the token and nothing else",
        )
    return Credential(header, scheme + token)


class Rest:
    """One forge's API; nothing is imported or connected before something is asked."""

    def __init__(
        self,
        address: ForgeAddress,
        credential: Credential,
        *,
        paging: Paging,
        seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self.address = address
        self.page_size = paging.size
        self._credential = credential
        self._paging = paging
        self._seconds = seconds
        self._clock = clock
        self._session: Session | None = None

    def get(self, path: str, doing: str, **query: Any) -> Any:
        """What is at a path; `doing` is the step, for errors: `read gitlab#3`."""
        return _value(self._asked("GET", path, doing, query=query), self.address, doing)

    def pages(self, path: str, doing: str, *, most: int, **query: Any) -> Iterator[list[Any]]:
        """The pages of a list, so many at most; none that is empty."""
        for number in range(1, most + 1):
            asked = {**query, self._paging.parameter: self.page_size, "page": number}
            response = self._asked("GET", path, doing, query=asked)
            page = _value(response, self.address, doing)
            if not isinstance(page, list) or not all(isinstance(one, dict) for one in page):
                raise _nonsense(self.address, doing)
            if page:
                yield page
            if not page or not _has_next(response, len(page), self.page_size):
                return

    def look(self, path: str, doing: str) -> tuple[Mapping[str, str], Any]:
        """What is at a path, and the headers it came with."""
        response = self._asked("GET", path, doing)
        return response.headers, _value(response, self.address, doing)

    def send(
        self, method: str, path: str, doing: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Ask for a change; what came back.

        A POST is sent once: where it raises `ForgeAway` it may have been done.
        """
        return _value(self._asked(method, path, doing, body=body), self.address, doing)

    def ahead_of(self, date: str | None) -> float | None:
        """By how many seconds our clock is ahead of a `Date` header, which counts whole ones."""
        if not date:
            return None
        from email.utils import parsedate_to_datetime

        try:
            return (self._clock() - parsedate_to_datetime(date)).total_seconds()
        except (ValueError, TypeError):  # of no known zone: `-0000`
            return None

    def _asked(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Response:
        from requests import RequestException, Timeout

        try:
            response = self._connected().request(
                method,
                self.address.api_url + path,
                params=_plain(query or {}),
                json=body,
                timeout=(min(_CONNECTING, self._seconds), self._seconds),
                # Elsewhere the token would be shown to whoever answers there.
                allow_redirects=False,
            )
        except Timeout:
            why = f"no answer for {self._seconds:g} s"
            raise forge_errors.away(self.address, doing, why) from None
        except (RequestException, ValueError) as error:
            raise forge_errors.away(self.address, doing, reason(error)) from None
        if response.ok and not response.is_redirect:
            return response
        raise self._error(response, doing)

    def _error(self, response: Response, doing: str) -> RefineryError:
        if 300 <= response.status_code < 400:
            return moved(self.address, doing, response.headers.get("Location", "elsewhere"))
        return forge_errors.error(self.address, doing, _answer(response), now=self._clock())

    def _connected(self) -> Session:
        if self._session is None:
            self._session = _session(self._credential)
        return self._session


def moved(address: ForgeAddress, doing: str, where: str) -> NoSuchRepository:
    """Not followed: changes cannot be redirected, and the token is for the address we know."""
    from refinery.repo.masking import masked

    return NoSuchRepository(
        f"{doing}: {address.host} has {address.repository} somewhere else: {masked(where)}",
        hint="correct `repository:` in .refinery.yaml, or the remote's URL, to its new name",
    )


def reason(error: BaseException) -> str:
    """The innermost cause: requests and urllib3 wrap each other's errors, addresses and all."""
    inner = error
    while isinstance(deeper := _within(inner), BaseException):
        inner = deeper
    return str(inner).rpartition(": ")[2] or type(inner).__name__


def _within(error: BaseException) -> object:
    cause = getattr(error, "reason", None)
    if isinstance(cause, BaseException):
        return cause
    return next((one for one in reversed(error.args) if isinstance(one, BaseException)), None)


def _session(credential: Credential) -> Session:
    from requests import Session
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    retry = Retry(
        total=2,
        read=1,
        status_forcelist=_PASSING,
        allowed_methods=_REPEATABLE,
        backoff_factor=0.1,
        raise_on_status=False,
        respect_retry_after_header=False,  # it may ask for an hour
    )
    session = Session()
    session.auth = credential
    session.headers["Accept"] = "application/json"
    session.headers["User-Agent"] = f"git-refinery/{__version__}"
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _plain(query: Mapping[str, Any]) -> dict[str, Any]:
    """As it is written in an address: Python's `True` is not JSON's."""
    return {name: str(told).lower() if told is True else told for name, told in query.items()}


def _value(response: Response, address: ForgeAddress, doing: str) -> Any:
    """An object, or a list of them; what is neither is an object without names."""

    def told(names: Mapping[str, Any]) -> _Told:
        return _Told(names, nonsense=lambda: _nonsense(address, doing))

    if not response.content:
        return told({})
    try:
        value = response.json(object_hook=told)
    except (ValueError, RecursionError):
        raise _nonsense(address, doing) from None
    return value if isinstance(value, dict | list) else told({})


class _Told(dict[str, Any]):
    """An object of an answer: a name that it lacks is the forge's mistake, and none of ours."""

    def __init__(self, names: Mapping[str, Any], *, nonsense: Callable[[], ForgeAway]) -> None:
        super().__init__(names)
        self._nonsense = nonsense

    def __missing__(self, name: str) -> NoReturn:
        raise self._nonsense()


def _nonsense(address: ForgeAddress, doing: str) -> ForgeAway:
    return forge_errors.away(address, doing, "its answer makes no sense")


def _has_next(response: Response, length: int, size: int) -> bool:
    """A forge may give fewer at once than was asked for: where it says so, its word counts."""
    if "Link" in response.headers:
        return "next" in response.links
    return length >= size


def _answer(response: Response) -> ForgeAnswer:
    try:
        told = response.json()
    except (ValueError, RecursionError):
        told = None
    headers = {name.lower(): value for name, value in response.headers.items()}
    if "ratelimit-remaining" in headers:  # GitLab's own spelling
        headers.setdefault("x-ratelimit-remaining", headers["ratelimit-remaining"])
    if isinstance(told, dict) and isinstance(told.get("scope"), str):
        headers.setdefault("x-accepted-oauth-scopes", told["scope"])
    return ForgeAnswer(response.status_code, message(told), headers)


def message(told: Any) -> str:
    """What a forge says went wrong: a text, or texts by field."""
    if not isinstance(told, dict):
        return ""
    said = [told.get(key) for key in ("message", "error", "error_description")]
    return ": ".join(dict.fromkeys(text for one in said if (text := _text(one))))


def _text(said: Any) -> str:
    if isinstance(said, dict):
        fields = ((name, _text(one)) for name, one in said.items())
        return ", ".join(told if name == "base" else f"{name} {told}" for name, told in fields)
    if isinstance(said, list):
        return ", ".join(filter(None, map(_text, said)))
    return str(said) if said else ""
