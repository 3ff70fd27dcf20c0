"""Where sentences and clauses end in Chinese and English."""

import pytest

from core.text.sentences import clause_spans, sentence_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith paid $3.50, e.g. in cash. He left.", ["Dr. Smith paid $3.50, e.g. in cash.", "He left."]),
        (
            "Version 2.0.1 is out. J. K. Rowling wrote it.",
            ["Version 2.0.1 is out.", "J. K. Rowling wrote it."],
        ),
        ('"Really?" she asked. Yes.', ['"Really?" she asked.', "Yes."]),
        ("It says no. Take No. 7 instead.", ["It says no.", "Take No. 7 instead."]),
        ("See Fig. 3 for more ... or not.", ["See Fig. 3 for more ... or not."]),
        ("退款三天到账。请耐心等待！好吗？", ["退款三天到账。", "请耐心等待！", "好吗？"]),
        ("“为什么这么慢？”有人问。“再等等。”", ["“为什么这么慢？”有人问。", "“再等等。”"]),
        ("价格是3.5元，很便宜！！！好……", ["价格是3.5元，很便宜！！！", "好……"]),
        ("# Title\nText begins\nand goes on.\n- item", ["# Title", "Text begins\nand goes on.", "- item"]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentence_spans(text)] == expected


def test_spans_are_in_order_and_leave_out_only_white_space() -> None:
    text = "One sentence.  Another one!\n\n第三句。 第四句"
    spans = sentence_spans(text)
    covered = "".join(span.of(text) for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))


def test_a_sentence_is_cut_at_its_commas_but_not_into_crumbs() -> None:
    text = "However, if the device is gone, sign in with a code, then remove it."
    parts = [span.of(text) for span in clause_spans(text)]
    assert parts == ["However,", "if the device is gone,", "sign in with a code,", "then remove it."]
    assert [span.of("是的，一千，1,000元。") for span in clause_spans("是的，一千，1,000元。")] == [
        "是的，一千，",
        "1,000元。",
    ]
