"""An answer written in pieces is the answer that the standard library writes at once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import json_bytes as module
from core.api.json_bytes import json_bytes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda children: st.lists(children) | st.dictionaries(TEXTS, children),
)


@given(VALUES)
def test_it_writes_what_json_writes(value: object) -> None:
    whole = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert json_bytes(value) == whole


def test_a_long_text_is_cut_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PIECE", 3)
    text = '退款"审核"\n\\通过 😀😀 \x00'
    assert json.loads(json_bytes({"t": [text]})) == {"t": [text]}


def test_half_a_character_is_escaped() -> None:
    assert json_bytes(["x\ud800y退"]) == '["x\\ud800y退"]'.encode()


def test_a_number_that_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_bytes({"score": float("nan")})
