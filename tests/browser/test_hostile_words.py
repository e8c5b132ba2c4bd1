"""What authors write does nothing in a real browser: no script runs, nothing is asked elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit
from tests.browser.shop import Served
from tests.sandbox import Sandbox

pytestmark = pytest.mark.soak

ELSEWHERE = "http://elsewhere.example"
PAYLOADS = (
    "<script>document.title='owned'</script>",
    f'"><img src={ELSEWHERE}/i.png onerror="document.title=\'owned\'">',
    "</title></textarea></style></pre></code></svg><svg onload=document.title='owned'>",
    "' onmouseover='document.title=`owned`' autofocus onfocus='document.title=`owned`",
    f"<iframe srcdoc=\"<script>parent.document.title='owned'</script>\" src={ELSEWHERE}></iframe>",
    f"<base href={ELSEWHERE}/><link rel=stylesheet href={ELSEWHERE}/s.css>",
    f"<form action={ELSEWHERE}><button>x</button></form>",
    f"<meta http-equiv=refresh content=0;{ELSEWHERE}>",
    '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)>',
    "{{ ''.__class__ }} ${alert(1)} <%= 7*7 %> javascript:alert(1)",
    "\u202egnp.exe\u2066 \x1b]0;owned\x07\x1b[2J\x9b31m \x00 \x85 \u2028",
)


def filled(box: Sandbox) -> list[str]:
    """Each payload as title, message, worker, issue, label, reason, output, file and branch."""
    box.clock.tick(-300)
    box.config(
        "version: 1\nretry: {failing: false}\nchecks: [{name: t, run: 'cat evil; test ! -e bad'}]\n"
    )
    ids = []
    for number, evil in enumerate(PAYLOADS):
        words = evil.replace("\x00", "")
        named = "".join(letter for letter in words if letter.isalnum() or letter in "<>\"'=`(){}&;")
        files = {"evil": words, f"f/{number}-{named[:80]}": words}
        ending = {0: {"bad": "b"}, 1: {"README.md": f"{words}\n"}, 2: {"README.md": "2\n"}}
        branch = f"b{number}/{named[:60]}".replace("{", "(").replace("}", ")")
        box.commit(branch, {**files, **ending.get(number, {})}, message=words, onto="main")
        box.push(branch)
        done = box.cli(
            *("submit", branch, "--title", words, "--worker", words, "--issue", words[:80]),
            *("--label", named[:40], "--epic", named[:30]),
        )
        assert done.code in (0, 1, 2), done.err

        if done.code == 0:
            ids.append(done.out.strip())
    assert len(ids) >= 8
    box.cli("process", "--drain")
    for id in ids:
        box.cli("hold", id, "--reason", PAYLOADS[2])
        box.cli("reject", id, "--reason", PAYLOADS[1]) if id == ids[-1] else None
    box.cli("pause", "--reason", PAYLOADS[0])
    return ids


@pytest.fixture
def evil_shop(browser: Browser, box: Sandbox, own_shop: Served) -> tuple[Served, list[str]]:
    ids = filled(box)
    return own_shop.start(), ids


def test_no_word_of_an_author_is_obeyed_by_a_browser(
    evil_shop: tuple[Served, list[str]], visit: Visit, tmp_path: Path
) -> None:
    shop, ids = evil_shop
    window = visit(f"{shop.address}/")
    asked: list[str] = []
    said: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    pages = [
        "",
        "landed?how=all",
        "history",
        "search?q=%3Cscript%3Edocument.title%3D1",
        "search?q=owned",
    ]
    for page in [*pages, *(f"mr/{id}" for id in ids)]:
        window.page.goto(f"{shop.address}/{page}")
        for element in window.page.locator("a, button, summary").all()[:20]:
            element.dispatch_event("mouseover")
            element.dispatch_event("focus")
        assert window.page.title() != "owned", page
        assert window.page.locator("iframe, base, img, object, embed").count() == 0
        for letter in "\u202e\u2066\x1b\x07\x9b":
            assert letter not in window.page.content(), (page, letter)
    assert [url for url in asked if not url.startswith(shop.address)] == []
    assert said == []
