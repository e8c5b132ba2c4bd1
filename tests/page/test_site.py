"""The site: every page answers, says what is so, and costs nothing when nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

import pytest

from refinery.page.access import COOKIE
from refinery.page.site import AT_ONCE
from refinery.records.names import MrId
from refinery.store.edit import Edit, Event
from refinery.store.layout import mr_path
from refinery.store.view import View
from refinery.values import replace
from tests.page.browsing import Browser
from tests.page.conftest import Shown
from tests.sandbox import Sandbox

Ids = Callable[[str], str]


def test_the_first_page_shows_what_waits_and_what_needs_somebody(told: Shown) -> None:
    page = told.look().get("/")
    assert page.status == 200
    for words in (
        "Ready work",
        "held by ada: waits for the release",
        "conflicts with main: blocked by local#1",
        "needs rework: check unit: exit status 1",
        "Nothing is being tested. Something is ready",
        "Lately",
        "Good work",
    ):
        assert words in page.html.text


def test_an_empty_queue_says_how_to_fill_it(shown: Shown) -> None:
    text = shown.look().get("/").html.text
    assert "The queue is empty." in text
    assert "Nothing is blocked and nothing has failed." in text


def test_a_paused_queue_says_who_paused_it_and_why(changing: Shown) -> None:
    changing.box.cli("pause", "--reason", "main is being repaired")
    text = changing.look().get("/").html.text
    assert "Paused by ada just now : main is being repaired" in text


def test_parts_of_the_queue_are_listed_by_themselves(told: Shown) -> None:
    browser = told.look()
    lists = {
        show: [name for name in ("Ready", "Held", "Bad", "Late") if f"{name} work" in rows]
        for show in ("all", "ready", "blocked", "rework", "held", "nonsense")
        for rows in [_between(browser.get(f"/?show={show}").text, 'id="queue"', "</section>")]
    }
    assert lists == {
        "all": ["Ready", "Held", "Bad", "Late"],
        "ready": ["Ready"],
        "blocked": ["Late"],
        "rework": ["Bad"],
        "held": ["Held"],
        "nonsense": ["Ready", "Held", "Bad", "Late"],
    }


def test_what_is_under_test_is_shown_with_its_worker(changing: Shown, ids: Ids) -> None:
    changing.box.cli("claim", ids("ready"))
    text = changing.look().get("/").html.text
    assert "1 merge request for main taken by hand" in text
    assert "Ready work mr-" in text
    assert (
        _between(changing.look().get("/").text, 'id="tests"', "</section>").count("<progress") == 1
    )


def test_a_page_tells_the_story_of_each(told: Shown, ids: Ids) -> None:
    browser = told.look()
    bad = browser.get(f"/mr/{ids('bad')}").html.text
    assert "Fix it on bad and push a new revision." in bad
    assert "Next git switch bad" in bad
    assert "it is broken" in bad
    late = browser.get(f"/mr/{ids('late')}").html.text
    assert "local#1 Resolve merge conflicts: Late work" in late
    assert "local#1 was opened" in late
    good = browser.get(f"/mr/{ids('good')}").html.text
    assert "Landed on main as" in good


def test_the_beginning_of_an_id_leads_to_the_whole_page(told: Shown, ids: Ids) -> None:
    found = told.look().get(f"/mr/{ids('bad')[3:9]}", follow=False)
    assert (found.status, found.headers["Location"]) == (303, ids("bad"))


def test_what_was_archived_is_found_shown_and_listed(changing: Shown, ids: Ids) -> None:
    good = ids("good")
    mr = changing.box.mr("good")

    def moved(view: View) -> Edit:
        header = replace(view.header, archived=view.header.archived + 1)
        return Edit(Event("archived", "archive one"), archive=(mr,), header=header)

    changing.box.queue().update(moved)
    assert good not in changing.box.view().mrs
    browser = changing.look()
    assert "Landed on main as" in browser.get(f"/mr/{good}").html.text
    assert "Good work" in browser.get("/landed").html.text
    assert browser.get(f"/search?q={good}", follow=False).headers["Location"] == f"mr/{good}"
    changing.box.cli("pause", "--reason", "so that something changes")
    assert "Good work" in changing.look().get("/landed").html.text


def test_a_commit_is_in_by_a_merge_request_not_yet_or_unknown(told: Shown, ids: Ids) -> None:
    browser = told.look()
    good, ready = told.box.mr("good"), told.box.mr("ready")
    for sha in (good.head, good.merge_commit):
        text = browser.get(f"/commit/{sha}").html.text
        assert "Yes, it is in main : Good work landed it" in text
    assert (
        "Not yet in main : Ready work asks for it" in browser.get(f"/commit/{ready.head}").html.text
    )
    first = told.box.git("rev-list", "--max-parents=0", "main", cwd=told.box.origin)
    text = browser.get(f"/commit/{first}").html.text
    assert "Yes, it is in main : it was pushed past the queue, or before there was one." in text
    unknown = browser.get(f"/commit/{'0' * 40}")
    assert (unknown.status, "There is no such commit here" in unknown.html.text) == (404, True)


def test_the_beginning_of_a_commit_leads_to_the_whole_page(told: Shown) -> None:
    head = told.box.mr("ready").head
    found = told.look().get(f"/commit/{head[:9].upper()}", follow=False)
    assert (found.status, found.headers["Location"]) == (303, head)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("ready", "mr/{ready}"), ("{ready}", "mr/{ready}"), ("{head}", "commit/{head}")],
)
def test_a_search_that_only_one_thing_fits_leads_there(
    told: Shown, ids: Ids, asked: str, expected: str
) -> None:
    names = {"ready": ids("ready"), "head": told.box.mr("ready").head}
    query = ids("ready") if asked == "{ready}" else asked.format(**names)
    found = told.look().get(f"/search?q={query}", follow=False)
    assert (found.status, found.headers["Location"]) == (303, expected.format(**names))


def test_a_search_lists_what_fits_the_best_first(told: Shown) -> None:
    browser = told.look()
    found = browser.get("/search?q=WORK").html.text.partition("Merge requests 5")[2]
    names = ["Held", "Ready", "Late", "Bad", "Good"]  # the newest first
    places = [found.index(f"{name} work") for name in names]
    assert places == sorted(places)
    assert "Nothing is called so" in browser.get("/search?q=nothing+like+it").html.text
    assert browser.get("/search").status == 200


def test_badges_say_how_long_the_queue_is_and_whether_targets_are_green(changing: Shown) -> None:
    browser = changing.look()
    assert 'aria-label="merge queue: 4 open"' in browser.get("/badge/queue.svg").text
    assert 'aria-label="main: green"' in browser.get("/badge/target/main.svg").text
    assert 'aria-label="nope: unknown"' in browser.get("/badge/target/nope.svg").text
    changing.box.cli("pause", "--reason", "why not")
    badge = changing.look().get("/badge/queue.svg")
    assert 'aria-label="merge queue: paused"' in badge.text
    assert badge.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert badge.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path", ["/nope", "/a/b/c", "/mr/", "/mr/mr-nothing", "/mr/..%2f..", "/commit/xyz", "/landed/x"]
)
def test_what_is_not_there_is_404_and_leads_back(told: Shown, path: str) -> None:
    browser = told.look()
    page = browser.get(path)
    assert page.status == 404
    home = page.html.links[1]
    assert home == ("../" * (path.replace("%2f", "/").count("/") - 1) or "./")


def test_every_link_of_a_page_leads_somewhere(told: Shown, ids: Ids) -> None:
    browser = told.look()
    seen: set[str] = set()
    left = ["/", f"/mr/{ids('bad')}", "/landed", "/search?q=work"]
    while left:
        address = left.pop()
        if address in seen:
            continue
        seen.add(address)
        page = browser.get(address)
        assert page.status == 200 or address.startswith("/history"), address
        if not address.startswith("/history"):
            left += [urljoin(browser.here, each) for each in page.html.links if each[0] != "#"]
    assert len(seen) > 12


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize(
    "path", ["/", "/landed", "/assets/style.css", "/events", "/badge/queue.svg"]
)
def test_pages_can_only_be_read(told: Shown, method: str, path: str) -> None:
    assert told.look().ask(method, path).status == 405


def test_every_answer_forbids_what_the_page_does_not_need(told: Shown) -> None:
    browser = told.look()
    for path in ("/", "/nope", "/badge/queue.svg", "/assets/page.js", "/sign-in"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_need_nothing_from_elsewhere(told: Shown, ids: Ids) -> None:
    browser = told.look()
    for path in ("/", f"/mr/{ids('late')}", "/landed", "/sign-in"):
        page = browser.get(path)
        for each in page.html.elements:
            assert "style" not in each.attributes
            address = each.attributes.get("src") or each.attributes.get("href") or ""
            assert "//" not in address, each
        assert [
            each.attributes for each in page.html.all("script") if "src" not in each.attributes
        ] == []


def test_what_did_not_change_is_not_sent_again(changing: Shown) -> None:
    browser = changing.look()
    first = browser.get("/", Accept_Encoding="gzip, br")
    assert first.headers["Content-Encoding"] == "gzip"
    again = browser.get("/", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    plain = browser.get("/", Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in plain.headers
    assert plain.body == first.body
    changing.box.cli("pause", "--reason", "a change")
    assert changing.look().get("/", If_None_Match=first.headers["ETag"]).status == 200


def test_a_head_has_the_length_and_no_body(told: Shown) -> None:
    browser = told.look()
    whole, head = browser.get("/"), browser.ask("HEAD", "/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))


def test_assets_are_kept_for_ever_under_the_name_of_what_is_in_them(told: Shown) -> None:
    browser = told.look()
    page = browser.get("/")
    [sheet] = [
        each.attributes["href"]
        for each in page.html.all("link")
        if each.attributes["rel"] == "stylesheet"
    ]
    found = browser.get(f"/{sheet}")
    assert "immutable" in found.headers["Cache-Control"]
    assert "--good-badge:" in found.text
    assert browser.get("/assets/nothing.css").status == 404
    assert browser.get("/assets/../pages.py").status == 404


def test_until_the_queue_was_read_the_page_says_so(shown: Shown) -> None:
    shown.site.watch.stop()
    page = Browser(shown.site).get("/")
    assert (page.status, page.headers["Refresh"]) == (503, "2")
    assert "Reading the queue" in page.html.text


def test_while_the_remote_is_away_the_page_shows_what_was_known(changing: Shown) -> None:
    changing.look()
    changing.box.origin.rename(changing.box.origin.with_name("away.git"))
    changing.site.watch.look()
    page = Browser(changing.site).get("/")
    assert page.status == 200
    assert "The queue cannot be read ; this is what was known at" in page.html.text
    assert "Ready work" in page.html.text
    changing.box.origin.with_name("away.git").rename(changing.box.origin)
    assert "The queue cannot be read" not in changing.look().get("/").html.text


def test_broken_records_are_named_and_hide_nothing(changing: Shown, ids: Ids) -> None:
    _break_record(changing.box, ids("held"))
    page = changing.look().get("/")
    assert "1 record cannot be read" in page.html.text
    assert "Ready work" in page.html.text
    assert changing.look().get(f"/mr/{ids('ready')}").status == 200


def test_an_operator_at_night_sees_what_the_red_target_prints(changing: Shown) -> None:
    box = changing.box
    run = "echo no such host: db.example.com; exit 3"
    box.config(f'version: 1\nchecks:\n- {{"name": "integration", "run": "{run}"}}\n')
    box.cli("process", "--drain")
    for paused in (False, True):
        if paused:
            box.cli("pause", "--reason", "until the database is back")
        text = changing.look().get("/").html.text
        assert "main itself fails its checks at" in text
        assert "integration: failed, exit status 3 no such host: db.example.com" in text
        assert "red" in text.partition("Targets")[2].partition("Needs somebody")[0]


def test_too_many_at_once_are_asked_to_come_again(changing: Shown) -> None:
    browser = changing.look()
    for _ in range(AT_ONCE):
        changing.site._making.acquire()
    page = browser.get("/")
    assert (page.status, page.headers["Retry-After"]) == (503, "1")
    assert browser.get("/assets/style.css").status == 200
    changing.site._making.release()
    assert browser.get("/").status == 200


def test_whatever_is_sent_is_answered(told: Shown) -> None:
    browser = told.look()
    before = list(told.logged)
    for path in ("", "//", "/%00", "/%ff%fe", "/?page=-1", "/?page=9999999", "/?" + "a=1&" * 99):
        assert browser.get(path).status in (200, 404), path
    browser.cookies[COOKIE] = '..§§..\x00";=\\'
    assert browser.get("/").status == 200
    assert browser.ask("POST", "/act", b"x" * 20_000).status == 413
    assert told.logged == before  # nothing was a bug


def test_pages_of_a_target_are_about_it(changing: Shown) -> None:
    changing.box.git("push", "-q", "origin", "origin/main:refs/heads/release")
    changing.box.request("hotfix", message="Hotfix", target="release")
    rows = _between(changing.look().get("/?target=release").text, 'id="queue"', "</section>")
    assert ("Hotfix" in rows, "Ready work" in rows) == (True, False)


def _break_record(box: Sandbox, id: str) -> None:
    tip = box.refs()["refs/refinery/queue"]
    blob = box.git("hash-object", "-w", "--stdin", cwd=box.origin, stdin="no: record\n")
    box.git("read-tree", tip, cwd=box.origin)
    box.git("update-index", "--cacheinfo", f"100644,{blob},{mr_path(MrId(id))}", cwd=box.origin)
    tree = box.git("write-tree", cwd=box.origin)
    commit = box.git("commit-tree", "-p", tip, "-m", "broken", tree, cwd=box.origin)
    box.git("update-ref", "refs/refinery/queue", commit, cwd=box.origin)


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]
