"""A browser without a network: it asks a WSGI application, keeps cookies and reads HTML."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from refinery.page.access import COOKIE
from refinery.page.site import Site

HOST = "queue.example.com"


@dataclass(frozen=True)
class Element:
    """One start tag."""

    name: str
    attributes: Mapping[str, str]


class Html(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What people read, in one line."""
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[Element]:
        return [each for each in self.elements if each.name == name]

    @property
    def links(self) -> list[str]:
        return [each.attributes["href"] for each in self.all("a") if "href" in each.attributes]


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def html(self) -> Html:
        return Html(self.text)


@dataclass
class Browser:
    """Somebody who looks at a site."""

    site: Callable[..., Iterable[bytes]]
    cookies: dict[str, str] = field(default_factory=dict)
    here: str = "/"

    def get(self, address: str = "/", *, follow: bool = True, **headers: str) -> Got:
        """Ask for a page, and go on where it leads."""
        found = self.ask("GET", address, **headers)
        if follow and found.status == 303:
            return self.get(urljoin(self.here, found.headers["Location"]))
        return found

    def post(
        self, address: str, form: Mapping[str, str], *, follow: bool = True, **headers: str
    ) -> Got:
        """Send a form, and go on where it leads."""
        found = self.ask("POST", address, urlencode(form).encode(), **headers)
        if follow and found.status == 303:
            return self.get(urljoin(self.here, found.headers["Location"]))
        return found

    def submit(self, page: Got, deed: str, **fields: str) -> Got:
        """Fill in and send the form of a deed that the page shows."""
        hidden: dict[str, str] = {}
        for each in page.html.elements:
            if each.name == "form":
                hidden = {}
            elif each.attributes.get("type") == "hidden":
                hidden[each.attributes["name"]] = each.attributes["value"]
                if hidden.get("deed") == deed and "csrf" in hidden:
                    found = dict(hidden)
        assert found["deed"] == deed
        if "id" not in found and deed not in ("pause", "resume"):
            found["id"] = self.here.rpartition("/")[2]
        return self.post("/act", {**found, **fields}, Sec_Fetch_Site="same-origin")

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> Got:
        """Any request."""
        self.here = address
        parts = urlsplit(address)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "192.0.2.7",
            "HTTP_HOST": HOST,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
        if self.cookies:
            told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            environ["HTTP_COOKIE"] = told
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        started: list[Any] = []
        chunks = self.site(environ, lambda status, told: started.append((status, told)))
        content = b"".join(chunks)
        status, told_headers = started[0]
        found = dict(told_headers)
        self._keep(told_headers)
        if found.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Got(int(status.split()[0]), found, content)

    def _keep(self, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name == "Set-Cookie":
                told = value.partition(";")[0]
                self.cookies[told.partition("=")[0]] = told.partition("=")[2]


def sign_in(site: Site, token: str, name: str = "Nina") -> Browser:
    """Somebody who has shown the token."""
    browser = Browser(site)
    form = {"token": token, "name": name}
    done = browser.post("/sign-in", form, follow=False, Sec_Fetch_Site="same-origin")
    assert (done.status, COOKIE in browser.cookies) == (303, True)
    return browser
