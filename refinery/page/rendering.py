"""Turns facts into HTML: the one Jinja environment, which escapes everything it is not told of."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from refinery.errors import RefineryError
from refinery.page.links import Links
from refinery.typed import TYPE_CHECKING, Any
from refinery.values import dataclass

if TYPE_CHECKING:
    from jinja2 import Environment


class NotInstalled(RefineryError):
    """The page needs Jinja2."""

    code = "not-installed"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who showed the token: who they say they are, and what their forms must carry."""

    name: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    `here` is the part of the site that it belongs to, `live` whether a server stands behind it:
    without one there are neither searches nor actions nor news.  `tokens`: a token is accepted;
    `trouble`: why nothing newer is known.
    """

    name: str
    links: Links
    at: datetime
    here: str = ""
    live: bool = False
    tokens: bool = False
    visitor: Visitor | None = None
    notice: str = ""
    trouble: str = ""
    version: str = ""

    @property
    def nav(self) -> tuple[tuple[str, str, str], ...]:
        """The parts of the site: what `here` calls them, what people do, and where they are."""
        return (
            ("queue", "Queue", self.links.front()),
            ("landed", "Landed", self.links.page("landed")),
            ("history", "History", self.links.page("history")),
        )


def render(template: str, frame: Frame, **facts: Any) -> str:
    """The HTML of a page; what is in `facts` may be as hostile as it likes."""
    return environment().get_template(template).render(frame=frame, links=frame.links, **facts)


def render_bare(template: str, **facts: Any) -> str:
    """What is no page: a picture, a part."""
    return environment().get_template(template).render(**facts)


@cache
def environment() -> Environment:
    """Jinja, strict: what is not there is an error, and nothing is HTML unless a template says."""
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError as error:
        raise NotInstalled(
            "the page needs Jinja2", hint="pip install 'git-refinery[serve]'"
        ) from error
    from refinery.page import wording
    from refinery.resources import page_text

    made = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: page_text(f"templates/{name}")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=wording.clean,
    )
    made.filters.update(wording.FILTERS)
    made.globals.update(wording.GLOBALS)
    return made
