"""The stylesheet, the script and the icon: what they are made of, and what they are known by."""

from __future__ import annotations

from functools import cache

from refinery.looks import DARK, GROUND_DARK, GROUND_LIGHT, LIGHT
from refinery.resources import page_text

KINDS = {
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""Every asset and its content type."""


@cache
def asset(name: str) -> bytes:
    """What is in it; the stylesheet begins with the colours of the visual language."""
    text = page_text(f"assets/{name}")
    if name == "style.css":
        text = _colours() + text + page_text("assets/charts.css")
    return text.encode()


@cache
def digest(name: str) -> str:
    """Another one whenever the asset is another one."""
    import hashlib

    return hashlib.sha256(asset(name)).hexdigest()[:12]


def _colours() -> str:
    """The roles of `refinery.looks` as custom properties, light and dark."""
    light = _properties(GROUND_LIGHT, LIGHT)
    dark = _properties(GROUND_DARK, DARK)
    return f":root{{{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"


def _properties(ground: str, shades: object) -> str:
    assert isinstance(shades, dict)
    told = [f"--ground:{ground}"]
    for role, each in shades.items():
        told += [
            f"--{role.value}:{each.text}",
            f"--{role.value}-fill:{each.fill}",
            f"--{role.value}-badge:{each.badge}",
        ]
    return ";".join(told)
