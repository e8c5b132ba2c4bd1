"""Every page is there for everybody: any eyes, any hands, any width, with scripts or without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.chromium import COLOURS, PHONE, Visitor
from tests.browser.conftest import Visit
from tests.browser.shop import HOSTILE, Served
from tests.sandbox import Sandbox

Address = Callable[[Sandbox], str]

PAGES: dict[str, Address] = {
    "queue": lambda _: "/",
    "queue of what is blocked": lambda _: "/?show=blocked",
    "landed": lambda _: "/landed",
    "all that ended": lambda _: "/landed?how=all",
    "search": lambda _: "/search?q=prices",
    "search for nothing": lambda _: "/search?q=",
    "search in vain": lambda _: "/search?q=no+such+thing",
    "a landed one": lambda box: f"/mr/{box.mr('prices').id}",
    "a failed one": lambda box: f"/mr/{box.mr('broken').id}",
    "a conflict": lambda box: f"/mr/{box.mr('clash').id}",
    "a held one": lambda box: f"/mr/{box.mr('held').id}",
    "one that waits": lambda box: f"/mr/{box.mr('waits').id}",
    "a hostile one": lambda box: f"/mr/{box.mr('hostile').id}",
    "a landed commit": lambda box: f"/commit/{box.mr('prices').merge_commit}",
    "a commit that waits": lambda box: f"/commit/{box.mr('held').head}",
    "an unknown commit": lambda _: "/commit/0123456789",
    "history of a day": lambda _: "/history/24-hours",
    "history of a week": lambda _: "/history/7-days",
    "history": lambda _: "/history",
    "history of a quarter": lambda _: "/history/90-days",
    "history of last month": lambda _: "/history/last-month",
    "sign in": lambda _: "/sign-in",
    "nothing": lambda _: "/no/such/page",
}


# One page of each kind is looked at each time, its sisters as soaks.
KINDS = {"queue", "search", "a conflict", "a hostile one", "a landed commit", "history"}


@pytest.fixture(
    params=[name if name in KINDS else pytest.param(name, marks=pytest.mark.soak) for name in PAGES]
)
def address(request: pytest.FixtureRequest, shop: Served) -> str:
    return shop.address + PAGES[request.param](shop.box)


def opened(visit: Visit, address: str, **options: object) -> Visitor:
    """The page, once it has been read; a page that is still being read comes again by itself."""
    visitor = visit(address, **options)
    visitor.page.get_by_text("comes again by itself").or_(
        visitor.page.get_by_text("comes by itself")
    ).wait_for(state="detached")
    return visitor


def test_axe_finds_nothing_that_keeps_people_out(visit: Visit, address: str) -> None:
    visitor = opened(visit, address)
    visitor.looks("light", PHONE)
    assert visitor.violations() == []
    visitor.unfold()
    visitor.looks("light")
    assert visitor.violations() == []
    visitor.looks("dark")
    assert visitor.violations(COLOURS) == []


def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit, address: str) -> None:
    visitor = opened(visit, address, size=PHONE)
    assert visitor.too_wide() == []
    visitor.unfold()
    assert visitor.too_wide() == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Visit, address: str) -> None:
    page = opened(visit, address).page
    wanted = page.evaluate(
        """() => {
          const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
          const seen = [...document.querySelectorAll(all)]
            .filter(it => it.type !== 'hidden' && it.checkVisibility())
          seen.forEach((it, number) => { it.dataset.number = number })
          return seen.map(it => it.outerHTML.slice(0, 120))
        }"""
    )
    reached = set()
    for _ in range(len(wanted) + 10):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
              const it = document.activeElement, style = getComputedStyle(it)
              return [it.dataset.number, style.outlineStyle !== 'none' && it.checkVisibility()]
            }"""
        )
        if at[0] is not None:
            assert at[1], f"it does not show that it has the focus: {wanted[int(at[0])]}"
            reached.add(int(at[0]))
    assert [each for number, each in enumerate(wanted) if number not in reached] == []


def test_the_first_key_skips_to_the_content(visit: Visit, address: str) -> None:
    page = opened(visit, address).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_without_scripts_it_says_the_same(visit: Visit, address: str) -> None:
    def headings(visitor: Visitor) -> list[str]:
        return visitor.page.locator("main :is(h1, h2, th[scope=row])").all_text_contents()

    bare = visit(address, java_script_enabled=False)
    assert headings(bare) == headings(opened(visit, address))
    assert headings(bare) != []


def test_what_people_wrote_stays_text(visit: Visit, shop: Served) -> None:
    for path in ("/", f"/mr/{shop.box.mr('hostile').id}", "/search?q=script"):
        page = opened(visit, shop.address + path).page
        assert page.get_by_text(HOSTILE).first.is_visible()
        assert page.title() != "owned"


def test_nothing_moves_for_who_asked_for_rest(visit: Visit, shop: Served) -> None:
    page = opened(visit, f"{shop.address}/", reduced_motion="reduce").page
    moving = """() => [...document.querySelectorAll('*')].filter(it => {
      const { animationDuration, transitionDuration } = getComputedStyle(it)
      return Math.max(parseFloat(animationDuration), parseFloat(transitionDuration)) > 0.01
    }).map(it => it.outerHTML.slice(0, 100))"""
    assert page.evaluate(moving) == []
