"""Actions: only for who has the token, only from the page itself, each as the command does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refinery.page.access import COOKIE, LASTS, MOST_FAILURES, TOKEN, Access, WeakToken, token
from tests.page.browsing import HOST, Browser, Got, sign_in
from tests.page.conftest import TOKEN as SECRET
from tests.page.conftest import Shown

Ids = Callable[[str], str]
FROM_HERE = {"Sec_Fetch_Site": "same-origin"}


@pytest.fixture
def nina(changing: Shown) -> Browser:
    """Somebody who may act."""
    changing.look()
    return sign_in(changing.site, SECRET, "Nina")


def deed(browser: Browser, page: str, name: str, **fields: str) -> Got:
    return browser.submit(browser.get(page), name, **fields)


def test_the_queue_is_paused_and_resumed(changing: Shown, nina: Browser) -> None:
    page = deed(nina, "/", "pause", reason="main is   being repaired")
    assert "The queue is paused." in page.html.text
    pause = changing.box.view().header.paused
    assert pause is not None
    assert (pause.by, pause.reason) == ("Nina", "main is being repaired")
    assert "The queue goes on." in deed(nina, "/", "resume").html.text
    assert changing.box.view().header.paused is None


def test_a_failed_one_is_tried_again(changing: Shown, nina: Browser, ids: Ids) -> None:
    page = deed(nina, f"/mr/{ids('bad')}", "retry")
    assert "It will be tried again." in page.html.text
    assert changing.box.mr("bad").failure is None


def test_one_is_held_and_let_go(changing: Shown, nina: Browser, ids: Ids) -> None:
    deed(nina, f"/mr/{ids('ready')}", "hold", reason="wait for Thursday")
    hold = changing.box.mr("ready").hold
    assert hold is not None
    assert (hold.by, hold.reason) == ("Nina", "wait for Thursday")
    deed(nina, f"/mr/{ids('ready')}", "unhold")
    assert changing.box.mr("ready").hold is None


def test_one_gets_another_priority(changing: Shown, nina: Browser, ids: Ids) -> None:
    deed(nina, f"/mr/{ids('ready')}", "priority", priority="0")
    assert changing.box.mr("ready").priority == 0


def test_one_is_rejected_and_nothing_more_can_be_done_about_it(
    changing: Shown, nina: Browser, ids: Ids
) -> None:
    page = deed(nina, f"/mr/{ids('ready')}", "reject", reason="not wanted any more")
    assert "Rejected: not wanted any more." in page.html.text
    assert changing.box.mr("ready").error == "not wanted any more"
    assert 'action="../act"' not in page.text
    assert [each.event for each in changing.box.queue_log()][-1] == "rejected"
    assert changing.logged[-1] == f"page: Nina: reject {ids('ready')}"


def test_what_the_rules_refuse_is_refused_in_words(
    changing: Shown, nina: Browser, ids: Ids
) -> None:
    page = nina.get(f"/mr/{ids('held')}")
    changing.box.cli("reject", ids("held"), "--reason", "meanwhile")
    refused = nina.submit(page, "unhold")
    assert refused.status == 409
    assert "closed merge requests are immutable" in refused.html.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"deed": "explode"}, "There is no such action."),
        ({"deed": "hold", "reason": "why not"}, "It does not say which merge request"),
        ({"deed": "pause", "reason": "  "}, "Say why"),
        ({"deed": "pause", "reason": "x" * 1001}, "A reason has at most 1000 characters."),
        (
            {"deed": "priority", "id": "mr-0", "priority": "5"},
            "A priority is a number",
        ),
        (
            {"deed": "priority", "id": "mr-0", "priority": "²"},
            "A priority is a number",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    changing: Shown, nina: Browser, fields: dict[str, str], words: str
) -> None:
    before = changing.box.refs()
    page = nina.get("/")
    csrf = next(
        each.attributes["value"]
        for each in page.html.all("input")
        if each.attributes.get("name") == "csrf"
    )
    refused = nina.post("/act", {"csrf": csrf, **fields}, **FROM_HERE)
    assert (refused.status, words in refused.html.text) == (400, True)
    assert changing.box.refs() == before


def test_strangers_see_everything_and_can_do_nothing(changing: Shown, ids: Ids) -> None:
    before = changing.box.refs()
    stranger = changing.look()
    for path in ("/", f"/mr/{ids('bad')}", "/landed"):
        assert "<form" not in stranger.get(path).text.replace('<form class="search"', "")
    form = {"deed": "pause", "reason": "because I can", "csrf": ""}
    assert stranger.post("/act", form, **FROM_HERE).status == 401
    stranger.cookies[COOKIE] = "9999999999.0.TmluYQ==." + "0" * 64
    assert stranger.post("/act", form, **FROM_HERE).status == 401
    assert changing.box.refs() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_act_in_somebodys_name(
    changing: Shown, nina: Browser, headers: dict[str, str]
) -> None:
    """Even one that has got hold of the form."""
    page = nina.get("/")
    csrf = next(
        each.attributes["value"]
        for each in page.html.all("input")
        if each.attributes.get("name") == "csrf"
    )
    form = {"deed": "pause", "reason": "because I can", "csrf": csrf}
    assert nina.post("/act", form, **headers).status == 403
    assert changing.box.view().header.paused is None
    assert nina.post("/act", form, Origin=f"https://{HOST}").status == 200
    assert changing.box.view().header.paused is not None


def test_a_form_without_its_mark_or_with_anothers_is_refused(
    changing: Shown, nina: Browser
) -> None:
    other = sign_in(changing.site, SECRET, "Nina")
    theirs = other.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]
    for csrf in ("", "0" * 64, theirs):
        form = {"deed": "pause", "reason": "because I can", "csrf": csrf}
        assert nina.post("/act", form, **FROM_HERE).status == 403
    assert changing.box.view().header.paused is None


def test_a_script_shows_the_token_with_each_request(changing: Shown, ids: Ids) -> None:
    script = changing.look()
    form = {"deed": "hold", "id": ids("ready"), "reason": "by a script", "name": "cron"}
    wrong = script.post("/act", form, Authorization="Bearer not the token at all")
    assert wrong.status == 401
    assert script.post("/act", form, Authorization=f"Bearer {SECRET}").status == 200
    hold = changing.box.mr("ready").hold
    assert hold is not None
    assert (hold.by, hold.reason) == ("cron", "by a script")


def test_the_token_is_in_no_cookie_page_or_log(changing: Shown, nina: Browser, ids: Ids) -> None:
    pages = [nina.get(path).text for path in ("/", f"/mr/{ids('bad')}", "/sign-in")]
    nina.post("/sign-in", {"token": "a wrong one", "name": "Nina"}, **FROM_HERE)
    told = "\n".join([*pages, *nina.cookies.values(), *changing.logged])
    assert SECRET not in told
    assert "a wrong one" not in told
    assert changing.logged == [
        "page: Nina signed in",
        "page: refused a token from 192.0.2.7",
    ]


def test_the_cookie_is_for_this_site_and_no_script(told: Shown) -> None:
    told.look()
    form = {"token": SECRET, "name": "Nina"}
    browser = Browser(told.site)
    plain = browser.post("/sign-in", form, follow=False, **FROM_HERE)
    secure = browser.post("/sign-in", form, follow=False, X_Forwarded_Proto="https", **FROM_HERE)
    ending = f"; Max-Age={LASTS}; Path=/; HttpOnly; SameSite=Strict"
    assert plain.headers["Set-Cookie"].endswith(ending)
    assert secure.headers["Set-Cookie"].endswith(f"{ending}; Secure")
    assert plain.headers["Cache-Control"] == "no-store"


def test_pages_with_forms_are_nobody_elses(told: Shown) -> None:
    told.look()
    page = sign_in(told.site, SECRET).get("/", Accept_Encoding="gzip")
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in page.headers
    assert "Signed in as Nina" in page.html.text
    assert "Signed in" not in Browser(told.site).get("/").html.text


def test_who_signs_out_is_a_stranger(changing: Shown, nina: Browser) -> None:
    csrf = nina.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]
    nina.post("/sign-out", {"csrf": csrf}, **FROM_HERE)
    assert "Signed in" not in nina.get("/").html.text


def test_a_wrong_token_is_refused_and_many_stop_the_guessing(changing: Shown) -> None:
    changing.look()
    guesser = Browser(changing.site)
    guess = {"token": "wrong", "name": "Mallory"}
    answers = [
        guesser.post("/sign-in", guess, **FROM_HERE).status for _ in range(MOST_FAILURES + 1)
    ]
    assert answers == [403] * MOST_FAILURES + [429]
    right = guesser.post("/sign-in", {"token": SECRET, "name": "Mallory"}, **FROM_HERE)
    assert right.status == 429
    assert COOKIE not in guesser.cookies


def test_without_a_token_the_page_only_shows(changing: Shown) -> None:
    changing.site.acting.access.token = None
    browser = changing.look()
    assert "Sign in" not in browser.get("/").html.text
    assert browser.get("/sign-in").status == 403
    form = {"token": "", "name": "Nobody"}
    assert browser.post("/sign-in", form, **FROM_HERE).status == 403
    act = {"deed": "pause", "reason": "because I can"}
    assert browser.post("/act", act, Authorization="Bearer ").status == 401


class TestAccess:
    """The cookie that stands for the token."""

    def access(self, at: float = 0.0, secret: bytes = b"a token of some length") -> Access:
        return Access(secret, clock=lambda: at)

    def test_it_says_who_it_is_until_it_ends(self) -> None:
        cookie = self.access().cookie("Nina \x1b[31m<b> ünïcode")
        for at, name in ((LASTS - 1, "Nina  [31m<b> ünïcode"), (LASTS, None)):
            visitor = self.access(at).visitor(cookie)
            assert (visitor.name if visitor else None) == name

    def test_a_changed_one_or_that_of_another_token_is_none(self) -> None:
        cookie = self.access().cookie("Nina")
        assert self.access(secret=b"another token of some length").visitor(cookie) is None
        for place in range(len(cookie)):
            other = "A" if cookie[place] != "A" else "B"
            assert self.access().visitor(cookie[:place] + other + cookie[place + 1 :]) is None

    @pytest.mark.parametrize("cookie", ["", ".", "...", "1.2.3", "é.é.é.é", "\udc80" * 9])
    def test_nonsense_is_none(self, cookie: str) -> None:
        assert self.access().visitor(cookie) is None

    def test_a_short_token_is_refused_at_the_start(self) -> None:
        assert token({}) is None
        assert token({TOKEN: "0123456789abcdef\n"}) == b"0123456789abcdef"
        with pytest.raises(WeakToken):
            token({TOKEN: "0123456789abcde"})
