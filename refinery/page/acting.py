"""The doors for who may act: sign in, sign out, and do something about the queue."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from urllib.parse import quote, urlsplit

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.page.access import COOKIE, LASTS, Access, called
from refinery.page.exchange import Answer, Request, html, see
from refinery.page.order_form import order_of
from refinery.page.rendering import Frame, Visitor, render
from refinery.page.wording import begun
from refinery.queue.deeds import Order
from refinery.store.message import one_line
from refinery.store.update import Committed
from refinery.values import dataclass, field

_NO_STORE = ("Cache-Control", "no-store")
_BEARER = "Bearer "


@dataclass(slots=True)
class Acting:
    """`open` opens the queue, `worded` words what its rules refuse, `changed` hears of changes."""

    access: Access
    open: Callable[[], Queue]
    worded: Callable[[object], RefineryError]
    changed: Callable[[], None]
    log: Callable[[str], None]
    _one: Lock = field(default_factory=Lock)

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; None for a stranger."""
        return self.access.visitor(request.cookie(COOKIE))

    def sign_in(self, request: Request, frame: Frame) -> Answer:
        """The form, and what comes of it."""
        if not self.access.is_open:
            return _message(
                frame,
                403,
                "This page only shows",
                "The server was started without a token, so nobody can act here.",
                hint="Its operator sets REFINERY_PAGE_TOKEN; `refinery hold` works without.",
            )
        if request.method != "POST":
            return _form(frame, 200)
        if not _is_from_here(request):
            return _message(frame, 403, "Not from this page", "The form was sent by another site.")
        name = request.form.get("name", "")
        if self.access.is_guessed_at():
            return _form(frame, 429, "Too many wrong tokens came. Try again in a minute.", name)
        if not self.access.shows(request.form.get("token", "")):
            self.access.failed()
            self.log(f"page: refused a token from {one_line(request.origin)[:100] or 'nowhere'}")
            return _form(frame, 403, "That is not the token.", name)
        self.log(f"page: {called(name)} signed in")
        return see("./", _NO_STORE, _cookie(self.access.cookie(name), LASTS, request))

    def sign_out(self, request: Request, frame: Frame) -> Answer:
        """Forget the visitor."""
        if not self._is_meant(request, self.visitor(request)):
            return _message(frame, 403, "Not signed out", "The form is not one of this page.")
        return see("./", _NO_STORE, _cookie("", 0, request))

    def act(self, request: Request, frame: Frame) -> Answer:
        """Do what the form says, and show what came of it."""
        visitor = self.visitor(request) or self._bearer(request)
        if visitor is None:
            return _message(
                frame, 401, "Sign in first", "Only who has the token of this page may do that."
            )
        if not self._is_meant(request, visitor):
            return _message(
                frame,
                403,
                "Not done",
                "The form is not one that this page made for you.",
                hint=_OLD,
            )
        order = order_of(request.form)
        if isinstance(order, str):
            return _message(frame, 400, "Not done", f"{begun(order)}.")
        try:
            self._carry_out(order, visitor.name)
        except RefineryError as refused:
            return _message(frame, 409, "Not done", refused.message, hint=refused.hint or "")
        self.log(f"page: {visitor.name}: {order.deed} {order.id or 'the queue'}")
        self.changed()
        place = "./" if order.id is None else f"mr/{quote(order.id, safe='')}"
        return see(f"{place}?done={order.deed}", _NO_STORE)

    def _bearer(self, request: Request) -> Visitor | None:
        """A script that shows the token with each request: no browser sends that by itself."""
        told = request.headers.get("authorization", "")
        if not told.startswith(_BEARER) or self.access.is_guessed_at():
            return None
        if not self.access.shows(told.removeprefix(_BEARER).strip()):
            self.access.failed()
            return None
        return Visitor(called(request.form.get("name", "")), "")

    def _is_meant(self, request: Request, visitor: Visitor | None) -> bool:
        """Whether the visitor sent the form, and not another site in their name."""
        if visitor is None or not _is_from_here(request):
            return False
        if not visitor.csrf:
            return True  # by a script with the token
        return self.access.is_own(visitor, request.form.get("csrf", ""))

    def _carry_out(self, order: Order, by: str) -> None:
        with self._one, self.open() as queue:
            done = queue.carry_out(order, by=by)
        if not isinstance(done, Committed):
            raise self.worded(done)


_OLD = "It may be too old: go back, load the page again, and repeat it."


def _is_from_here(request: Request) -> bool:
    """What the browser says of where a form comes from; old ones say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # a bracket that is no address of IPv6
        return False


def _cookie(value: str, lasts: int, request: Request) -> tuple[str, str]:
    secure = "; Secure" if request.is_secure else ""
    told = f"{COOKIE}={value}; Max-Age={lasts}; Path=/; HttpOnly; SameSite=Strict{secure}"
    return "Set-Cookie", told


def _form(frame: Frame, status: int, trouble: str = "", name: str = "") -> Answer:
    return html(render("sign_in.html", frame, trouble=trouble, name=name), status, _NO_STORE)


def _message(frame: Frame, status: int, title: str, words: str, *, hint: str = "") -> Answer:
    text = render(
        "message.html", frame, title=title, words=words, hint=hint, role="attention", back=""
    )
    return html(text, status, _NO_STORE)
