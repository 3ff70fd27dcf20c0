"""Advice on how an instruction is written: what is pointed out, and what is left in peace."""

import pytest

from core.workflows.instructions.check import check_instruction
from core.workflows.instructions.presets import PRESETS


@pytest.mark.parametrize("text", [one.instruction for one in PRESETS])
def test_the_built_in_instructions_draw_no_advice(text: str) -> None:
    assert check_instruction(text, ("find a phone shop", "退款到账时间", "legal question")) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("给定一个问题，检索能够回答它的段落", "English is recommended"),
        ("Find documents", "Only 2 words"),
        ("Given a question, retrieve " + "passages and " * 30 + "texts", "words; one sentence is usual"),
        ("Given a question, retrieve passages that", "Ends with «that»"),
        ("Given a question, retrieve passages:", "Ends with «:»"),
        ("Which passages answer the question?", "Ends as a question"),
        ("Given a question,\nretrieve passages that answer it", "several lines"),
        ("Given {query}, retrieve passages that answer it", "«{query}»; nothing is filled in"),
        ("<Instruct>: retrieve passages that answer the question", "prompt adds by itself"),
        ("Retrieve passages and answer only yes or no then", "prompt adds by itself"),
        ("The documents are about banking law mostly", "Does not say what to do"),
    ],
)
def test_what_could_be_better_is_pointed_out(text: str, words: str) -> None:
    assert any(words in notice.text for notice in check_instruction(text))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Retrieve passages that say how to reset a second factor", "How to reset a second factor?"),
        ("Retrieve passages on 退的钱多久能到账 for customers", "退的钱多久能到账"),
    ],
)
def test_the_query_inside_the_instruction_is_pointed_out(text: str, query: str) -> None:
    assert any("Contains the query" in notice.text for notice in check_instruction(text, ("other", query)))


def test_a_word_shared_with_the_query_is_left_in_peace() -> None:
    assert (
        check_instruction("Given a question on refunds, retrieve passages that answer it", ("refunds",)) == ()
    )
    assert (
        check_instruction("Given a question on 退款 and returns, retrieve passages that answer", ("退款",))
        == ()
    )


def test_a_blank_instruction_means_the_default_and_draws_no_advice() -> None:
    assert check_instruction("  \n") == ()
