"""What is counted before a body is parsed, and that counting reads JSON as the parser does."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import json_bounds
from core.api.json_bounds import DEEPEST, MOST_VALUES, check_bounds, read_json
from core.errors import InputError, TooLargeError

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=30,
)


@given(JSON_VALUES)
def test_what_is_within_bounds_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(JSON_VALUES, st.binary(max_size=20))
def test_whatever_follows_it_is_read_or_refused_but_never_fails(value: object, rubbish: bytes) -> None:
    try:
        read_json(json.dumps(value).encode() + rubbish)
    except InputError as error:
        assert "JSON" in error.message


@pytest.mark.parametrize("text", ['"', "\\", "\\\\", '\\"', '[{,"}]', "\\u0022[[["])
def test_marks_inside_of_texts_do_not_count(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bounds, "MOST_VALUES", 10)
    monkeypatch.setattr(json_bounds, "_PIECE", 7)
    monkeypatch.setattr(json_bounds, "_SMALL", 0)
    body = json.dumps([text * 100, {"a": text * 100}, text]).encode()
    assert read_json(body) == [text * 100, {"a": text * 100}, text]


@given(st.text(), st.text(), st.booleans())
def test_a_long_text_is_read_in_pieces_as_it_is(key: str, text: str, escaped: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_bounds, "_SMALL", 0)
        patch.setattr(json_bounds, "_LONG_TEXT", 4)
        patch.setattr(json_bounds, "_PIECE", 7)
        value = {key: [text, "😀" + text + "😀", key + text]}
        body = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
        assert read_json(body) == value


BROKEN = (
    rb'["aaaaaaaaaa',
    rb'["aaaaaaaa' + b"\\",
    rb'["\x aaaaaaa"]',
    rb'["aaaaaa\u00"]',
    b'["aaaaaa\xff\xffaa"]',
    b'["aaaa\naaaa"]',
)


@pytest.mark.parametrize("body", BROKEN)
def test_a_broken_text_is_said_in_pieces_too(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_SMALL", 0), ("_LONG_TEXT", 4), ("_PIECE", 7)):
        monkeypatch.setattr(json_bounds, name, value)
    with pytest.raises(InputError, match="not valid JSON"):
        read_json(body)


def test_values_are_counted_to_the_one() -> None:
    check_bounds(b"[" + b",".join([b"1"] * MOST_VALUES) + b"]")
    with pytest.raises(TooLargeError, match=f"more than {MOST_VALUES} values"):
        check_bounds(b"[" + b",".join([b"1"] * (MOST_VALUES + 1)) + b"]")


def test_nesting_is_counted_to_the_one() -> None:
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(InputError, match="nested deeper"):
        read_json(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


def test_nine_million_objects_are_refused_before_they_are_made() -> None:
    body = b'{"query":"q","documents":[' + b",".join([b"{}"] * 9_300_000) + b"]}"
    began = time.perf_counter()
    with pytest.raises(TooLargeError):
        read_json(body)
    assert time.perf_counter() - began < 5  # parsing them takes longer than the counting of a tenth
