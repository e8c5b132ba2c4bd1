"""How the documentation becomes a site: Sphinx reads the same Markdown that a forge shows.

`scripts/site` builds it. The lists of links in index.md are the navigation: a page that none of
them names fails the build, as does a link that leads nowhere.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from refinery import __version__  # noqa: E402

SOURCE = "https://github.com/git-refinery/git-refinery"

project = "git-refinery"
release = __version__
copyright = "the git-refinery contributors, Apache 2.0"
language = "en"
smartquotes = False

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["_*"]
nitpicky = True
myst_heading_anchors = 4
myst_all_links_external = False
myst_links_external_new_tab = False
# Words of ours (fence languages) that no lexer knows.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"git-refinery {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "../refinery/page/assets/icon.svg"
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "source_repository": SOURCE,
    "source_branch": "main",
    "source_directory": "docs/",
    "footer_icons": [],
    "top_of_page_buttons": ["edit"],
}

_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!## ).*\n?)*)", re.MULTILINE)
_ENTRY = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<page>[a-z-]+)\.md\)", re.MULTILINE)
_OUTSIDE = re.compile(r"\]\(\.\./(?P<path>[^)\s]*)\)")


def setup(app: Sphinx) -> None:
    app.connect("source-read", _prepare)
    app.connect("html-page-context", _make_accessible, priority=900)


def _prepare(app: Sphinx, page: str, source: list[str]) -> None:
    text = _OUTSIDE.sub(rf"]({SOURCE}/blob/main/\g<path>)", source[0])
    source[0] = f"{text}\n{navigation(text)}" if page == root_doc else text


def navigation(index: str) -> str:
    """A table of contents for each section of links."""
    return "\n".join(
        _contents(section["title"], entries)
        for section in _SECTION.finditer(index)
        if (entries := _ENTRY.findall(section["body"]))
    )


def _contents(title: str, entries: list[tuple[str, str]]) -> str:
    lines = [f"{name} <{page}>" for name, page in entries]
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *lines, "```", ""])


def _make_accessible(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Captions say how deep they stand, and what heads no column is no heading."""
    navigation = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = navigation.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    context["body"] = re.sub(
        r"<th class=\"head\">(<p></p>)?</th>", "<td></td>", context.get("body", "")
    )
