"""Journeys through the page: it follows what happens, and people find what they came for."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.conftest import Visit
from tests.browser.shop import CHECKED, TOKEN, Served

MARK = "window.stillTheSamePage = true"
IS_SAME = "window.stillTheSamePage === true"


def test_the_page_follows_a_landing(visit: Visit, own_shop: Served) -> None:
    box = own_shop.box
    box.config(CHECKED)
    box.request("first", {"first.txt": "first\n"}, title="Round prices to cents")
    page = visit(own_shop.start().address).page
    expect(page.locator("#queue")).to_contain_text("Round prices to cents")
    page.evaluate(MARK)
    box.cli("process", "--drain")
    expect(page.locator("#recent")).to_contain_text("Round prices to cents")
    expect(page.locator("#queue")).not_to_contain_text("Round prices to cents")
    box.request("second", {"second.txt": "second\n"}, title="Show taxes in the cart")
    expect(page.locator("#queue")).to_contain_text("Show taxes in the cart")
    assert page.evaluate(IS_SAME)


def test_a_merge_requests_page_follows_its_own_story(visit: Visit, own_shop: Served) -> None:
    box = own_shop.box
    box.config(CHECKED)
    id = box.request("first", {"first.txt": "first\n"}, title="Round prices to cents")
    page = visit(f"{own_shop.start().address}/mr/{id}").page
    expect(page.locator("#stand")).to_contain_text("number 1 of 1")
    page.evaluate(MARK)
    box.cli("process", "--drain")
    expect(page.locator("#stand")).to_contain_text("landed")
    expect(page.locator("#log")).to_contain_text("Landed")
    assert page.evaluate(IS_SAME)


def test_an_operator_at_night_finds_why_it_stands_still_and_lets_it_go_on(
    visit: Visit, own_shop: Served
) -> None:
    box = own_shop.box
    box.config(CHECKED)
    box.request("first", {"first.txt": "first\n"}, title="Round prices to cents")
    box.cli("pause", "--reason", "the build farm is down")
    page = visit(own_shop.start().address, color_scheme="dark", size=PHONE).page
    expect(page.locator("#state")).to_contain_text("the build farm is down")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("textbox", name="Token").fill(TOKEN)
    page.get_by_role("textbox", name="name").fill("olga")
    page.get_by_role("main").get_by_role("button", name=re.compile("sign in", re.I)).click()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#state")).not_to_contain_text("the build farm is down")
    box.cli("process", "--drain")
    assert box.landed == ["first"]


def test_a_reviewer_who_asks_why_it_is_not_in_is_told_and_told_what_to_do(
    visit: Visit, shop: Served
) -> None:
    page = visit(f"{shop.address}/").page
    page.keyboard.press("/")
    page.keyboard.type("clash")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Show prices in euros").wait_for()
    stand = page.locator("#stand")
    expect(stand).to_contain_text("src/prices.py")
    expect(stand).to_contain_text("local#1")
    expect(stand.locator(".next")).to_contain_text("refinery resolve")


def test_who_has_a_commit_finds_the_merge_request_that_brought_it(
    visit: Visit, shop: Served
) -> None:
    landed = shop.box.mr("prices")
    page = visit(f"{shop.address}/").page
    page.get_by_role("searchbox").fill(str(landed.merge_commit)[:10])
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("main")
    page.locator("main").get_by_role("link", name="Round prices to cents").first.click()
    expect(page).to_have_url(re.compile(f"/mr/{landed.id}$"))


def test_a_manager_sees_the_last_month_and_its_figures_as_a_table(
    visit: Visit, shop: Served
) -> None:
    page = visit(f"{shop.address}/").page
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", level=1, name="Last 30 days").wait_for()
    tiles = page.locator("dl.tiles")
    expect(tiles.locator("div", has_text="Landed").first).to_contain_text("2")
    card = page.locator("section", has=page.get_by_role("heading", name="Landed each day"))
    expect(card.locator(".chart")).to_have_accessible_name(re.compile("Landed each day"))
    card.get_by_text("The same as a table").click()
    expect(card.get_by_role("row").last).to_be_visible()
    landed = card.get_by_role("row").get_by_role("cell").all_inner_texts()
    assert sum(map(int, landed[-2:])) == 2  # all today, unless it was midnight in between
    expect(page.get_by_role("row", name="src/prices.py")).to_contain_text("1")
    expect(page.get_by_role("row", name=re.compile("Drop the old importer"))).to_be_visible()
    spans = page.get_by_role("navigation", name="Spans of time")
    spans.get_by_role("link", name=re.compile("20[0-9][0-9]$")).click()
    page.get_by_role("heading", level=1, name=re.compile("^[A-Z][a-z]+ 20[0-9][0-9]$")).wait_for()
    expect(page.locator("main")).to_contain_text("Nothing has landed, failed or been tested")
