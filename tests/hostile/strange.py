"""Texts and documents that nobody who means well would send."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

EVIL = (
    "", " ", "\x00", "\n", "\r\n", "\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\u202e", "\ud800",
    "\U0010ffff", "--upload-pack=touch owned", "-", "--", "-c", "ext::sh -c id", "../../etc/passwd",
    "/etc/passwd", "a/../../b", ".git/config", "refs/heads/x", "HEAD", "@{-1}", "x^{/y}", "a..b",
    "$(id)", "`id`", "%s%n", "{0.__class__}", "{{ 7*7 }}", "<script>alert(1)</script>", "![x](y)",
    "@everyone", "::set-output name=x::y", "javascript:alert(1)", "null", "NaN", "1e999",
    "9" * 400, "-1", "0x" + "f" * 400, "x" * 5000, "é" * 500, "\N{ZERO WIDTH JOINER}" * 50,
    "0" * 40, "a" * 40, "mr-0000000001", "2026-02-31T25:61:61Z", "0001-01-01T00:00:00Z",
)  # fmt: skip
"""What has broken programs before."""

texts = st.sampled_from(EVIL) | st.text(max_size=40) | st.text(st.characters(), max_size=5)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([10**18, -(10**18), 10**400, 2**63, 1e308, float("inf")])
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def bent(draw: st.DrawFn, good: Any) -> Any:
    """A good document in which something, anywhere, is something else."""
    if isinstance(good, dict) and good and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(good)))
        return {**good, key: draw(bent(good[key]))}
    if isinstance(good, list) and good and draw(st.integers(0, 3)):
        at = draw(st.integers(0, len(good) - 1))
        return [*good[:at], draw(bent(good[at])), *good[at + 1 :]]
    return draw(values)


@st.composite
def garbled(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes, somewhere cut, doubled or written over."""
    at = draw(st.integers(0, len(good)))
    cut = draw(st.integers(0, 12))
    typed = draw(
        st.binary(max_size=6)
        | st.sampled_from(SYNTAX)
        | texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
    return good[:at] + typed + good[at + cut :]


SYNTAX = (
    b"!!bool x", b'!!int ""', b"!!float ''", b"!!timestamp x", b"!!python/object:os.system x",
    b"&a [*a]", b"<<: *a", b"? [x]", b"- ", b": ", b"{", b"[" * 50, b"%YAML 1.1\n---\n", b"...\n",
    b".nan", b".inf", b"0b1", b"1:1:1", b"|", b">", b"'", b'"', b"\xff", b"\xef\xbb\xbf", b"~",
)  # fmt: skip
"""Where YAML has its odd corners."""
