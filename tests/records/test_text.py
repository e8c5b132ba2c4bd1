"""The textual form: what is written is YAML, and what is read is what was written."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from refinery.records import text
from refinery.records.text import MAX_BYTES, UnreadableText, dump, load
from tests.records import records

keys = st.from_regex(r"[a-z][a-z_]{2,10}", fullmatch=True).filter(
    lambda key: key not in {"yes", "true", "off", "null", "false"}
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | records.texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(records.texts, inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(keys, plain, max_size=5)

NASTY = [
    "",
    " leading and trailing ",
    "line\nline\r\nline\rend",
    "tab\tnul\x00bell\x07esc\x1b[31m del\x7f",
    "nel\x85 ls\u2028 ps\u2029 bom\ufeff \ufffe\uffff",
    "quotes ' \" ` \\ \\n # : - ? | > & * ! % @ , [ ] { }",
    "- item",
    "key: value # comment",
    "--- \n...\n",
    "yes",
    "null",
    "1e3",
    "2026-01-01T00:00:00Z",
    "~",
    "=",
    "<<",
    "ünïcode 漢字 👩‍👩‍👧 \U0010ffff \U0001fffe",
    "x" * 5000 + " " + "y" * 5000,
    "\xa0nbsp\u200bzwsp\u202ertl",
]


@given(mappings)
@example({"title": "\x85"})
def test_any_yaml_reader_reads_what_is_written(mapping: dict[str, object]) -> None:
    written = dump(mapping)
    assert (yaml.safe_load(written.decode()) or {}) == mapping
    assert yaml.load(written, Loader=yaml.SafeLoader) in (mapping, mapping or None)


@given(mappings)
def test_what_is_written_is_read_back(mapping: dict[str, object]) -> None:
    assert load(dump(mapping)) == mapping


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "wrap",
    [lambda x: x, lambda x: [x], lambda x: {x[:240]: x}, lambda x: [{"key": x}, {"key": x}]],
    ids=["scalar", "list", "mapping", "list of mappings"],
)
def test_no_text_breaks_out_of_its_value(value: str, wrap: object) -> None:
    mapping = {"before": 1, "value": wrap(value), "after": 2}  # type: ignore[operator]
    assert load(dump(mapping)) == mapping
    assert yaml.safe_load(dump(mapping)) == mapping


@given(st.text(st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF), min_size=1))
def test_bytes_that_are_no_text_survive_our_own_reader(value: str) -> None:
    # A branch or path in Latin-1 comes out of git as lone surrogates; they are kept, in ASCII.
    written = dump({"branch": value})
    assert written.isascii()
    assert load(written) == {"branch": value}


@given(mappings)
def test_each_key_has_a_line_of_its_own_in_the_order_given(mapping: dict[str, object]) -> None:
    lines = dump(mapping).decode().split("\n")
    assert lines.pop() == ""
    assert [line.partition(":")[0] for line in lines if not line.startswith("- ")] == [*mapping]


def test_an_appended_item_is_a_diff_of_one_line() -> None:
    before = dump({"attempts": [{"n": 1}], "title": "x"}).splitlines()
    after = dump({"attempts": [{"n": 1}, {"n": 2}], "title": "x"}).splitlines()
    assert [line for line in after if line not in before] == [b'- {"n": 2}']
    assert [line for line in before if line not in after] == []


# What people make of a record by hand.
BY_HAND = {
    "comment": 'title: "x" # why\n',
    "comment line": '# by hand\ntitle: "x"\n',
    "plain scalar": "title: Fix it\npriority: 1\n",
    "single quotes": "title: 'it''s'\n",
    "folded": "title: >-\n  one\n  two\n",
    "literal": "error: |\n  one\n  two\n",
    "block mapping": "hold:\n  by: eve\n  reason: x\n",
    "block list": "untold:\n- a\n- b\n",
    "indented list": "untold:\n  - a\n  - b\n",
    "list of JSON": 'attempts:\n- {"n": 1}\n- {"n": 2}\n',
    "empty list item": "untold:\n-\n",
    "empty value": "title:\npriority: 1\n",
    "empty value at the end": "priority: 1\ntitle:\n",
    "no final newline": 'title: "x"',
    "windows": 'title: "x"\r\npriority: 1\r\n',
    "windows list": 'attempts:\r\n- {"n": 1}\r\n',
    "old mac": 'title: "x"\rpriority: 1\r',
    "blank lines": 'title: "x"\n\npriority: 1\n\n',
    "document marker": '---\ntitle: "x"\n',
    "document end": 'title: "x"\n...\n',
    "byte order mark": '\ufefftitle: "x"\n',
    "raw line separator": 'title: "a\u2028b"\n',
    "raw next line": 'title: "a\x85b"\n',
    "quoted key": '"title": "x"\n',
    "no space": 'title:"x"\n',
    "space before colon": 'title : "x"\n',
    "flow over lines": 'untold: ["a",\n  "b"]\n',
    "flow without quotes": "hold: {by: eve, reason: x}\n",
    "octal": "priority: 010\n",
    "underscores": "priority: 1_000\n",
    "yes": "intent: yes\n",
    "tilde": "error: ~\n",
    "escapes": 'title: "\\x41\\u00e9\\/\\U0001f600"\n',
    "unquoted date": "created_at: 2026-01-01T00:00:00Z\n",
    "not a number": "priority: NaN\n",
    "control between keys": 'title: "x"\x0bpriority: 1\n',
    "unit separator": 'title: "x"\x1cpriority: 1\n',
    "raw control": 'title: "a\x07b"\n',
    "unclosed": 'title: "x\n',
    "two documents": "title: x\n---\ntitle: y\n",
    "list": "- title\n",
    "scalar": "title\n",
    "item without key": '- "x"\ntitle: "y"\n',
    "item after scalar": 'title: "y"\n- "x"\n',
}


@pytest.mark.parametrize("written", BY_HAND.values(), ids=BY_HAND.keys())
def test_hand_written_text_means_what_yaml_says(written: str) -> None:
    try:
        expected = yaml.safe_load(written)
    except yaml.YAMLError:
        expected = None
    if isinstance(expected, dict):
        assert load(written.encode()) == expected
    else:
        with pytest.raises(UnreadableText):
            load(written.encode())


@records.fewer
@given(records.records, st.data())
def test_a_careless_edit_means_what_yaml_says_or_is_refused(
    record: object, data: st.DataObject
) -> None:
    from refinery.records import document

    written = document.write(record).decode()  # type: ignore[type-var]
    at = data.draw(st.integers(0, len(written)))
    cut = data.draw(st.integers(0, 3))
    typed = data.draw(st.text(st.sampled_from("\n\"'{}[]:,- #&*!|>x0\\"), max_size=3))
    edited = (written[:at] + typed + written[at + cut :]).encode()
    try:
        read = load(edited)
    except UnreadableText:
        return
    try:
        expected = yaml.safe_load(edited)
    except yaml.YAMLError as error:
        # Ours may read a number as JSON does where YAML stumbles over nothing else: never text.
        raise AssertionError(f"read what is not YAML: {edited!r}") from error
    assert json.dumps(read, sort_keys=True, default=str) == json.dumps(
        expected or {}, sort_keys=True, default=str
    )


ODD = {
    "huge": (
        b"x" * (MAX_BYTES + 1),
        f"{MAX_BYTES + 1} bytes are more than the {MAX_BYTES} a record may have",
    ),
    "not UTF-8": (b"title: \xff\n", "not UTF-8 at byte 7"),
    "surrogates": (b'title: "\xed\xa0\x80"\n', "not UTF-8 at byte 8"),
    "anchor and alias": (
        b"a: &x [1]\nb: *x\n",
        "aliases are not used in records at line 2, column 4",
    ),
    "bomb": (
        b"a: &a [1]\n"
        + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in b"bcdefgh"),
        "aliases are not used in records at line 2, column 8",
    ),
    "merge key": (b"a: {<<: {b: 1}}\n", "a key that is not a name at line 1, column 5"),
    "a key twice": (b"priority: 0\npriority: 4\n", "'priority' is used twice at line 2, column 1"),
    "a nested key twice": (
        b'hold: {"by": "a", "by": "b"}\n',
        "'by' is used twice at line 1, column 19",
    ),
    "number as key": (b"landed: {1: x}\n", "a key that is not a name at line 1, column 10"),
    "list as key": (b"? [1]\n: 2\n", "a key that is not a name at line 1, column 3"),
    "list": (b"- a\n", "not a mapping of names to values"),
    "scalar": (b"a\n", "not a mapping of names to values"),
    "only a comment": (b"# later\n", "not a mapping of names to values"),
    "object": (
        b"a: !!python/object/apply:os.system ['true']\n",
        "tags are not used in records at line 1, column 4",
    ),
    "impossible date": (b"a: 2026-02-31\n", "not YAML: cannot be read"),
    "endless number": (
        b"a: " + b"9" * 5000 + b"\n",
        "not a number that can be counted with at line 1, column 4",
    ),
    "unclosed": (
        b"a: [1\n",
        "not YAML at line 2, column 1: did not find expected ',' or ']'",
    ),
}


@pytest.mark.parametrize(("data", "problem"), ODD.values(), ids=ODD.keys())
def test_odd_text_is_refused_with_its_place(data: bytes, problem: str) -> None:
    with pytest.raises(UnreadableText) as caught:
        load(data)
    assert caught.value.message == problem


@pytest.mark.parametrize(
    "deep",
    ["a: " + "[" * 300_000, "- " * 100_000, 'a: {"b": ' * 100_000, 'a: {"b":' + '{"b":' * 100_000],
)
def test_deep_nesting_is_refused_before_it_overflows_a_stack(deep: str) -> None:
    with pytest.raises(UnreadableText):
        load(deep.encode())


def test_anchors_that_nobody_uses_are_harmless() -> None:
    assert load(b"a: &x 1\n") == {"a": 1}


def test_the_pure_python_loader_is_used_where_there_is_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert text.load(b"title: Fix it\n") == {"title": "Fix it"}
    with pytest.raises(UnreadableText, match="nested too deeply"):
        text.load(b"a: " + b"[" * 100_000)
