"""One sentence for everything that speaks, one renderer, and the forms in which stores keep it."""

import json

import pytest

from core.errors import InputError, TooLargeError
from core.jobs import JobNotice
from core.records import Notice
from core.sentences import NOTHING, Sentence, render, sentence
from core.sheets.records import RowProblem
from core.storage.attachments import packed, unpacked
from core.workflows.batch.records import pack_problems, unpack_problems

GERMAN = {
    "{count} rows of {file}": "{file}: {count} Zeilen",
    "the sheet {name}": "das Blatt {name}",
    "Nothing.": "Nichts.",
}


def german(template: str) -> str:
    return GERMAN.get(template, template)


def test_a_sentence_is_filled_in_english_and_in_another_language() -> None:
    said = sentence("{count} rows of {file}", count=3, file="a.xlsx")
    assert said.text == str(said) == "3 rows of a.xlsx"
    assert render(said, german) == "a.xlsx: 3 Zeilen"


def test_a_fact_that_is_a_sentence_is_said_in_the_same_language() -> None:
    said = sentence("{count} rows of {file}", count=3, file=sentence("the sheet {name}", name="S"))
    assert (said.text, render(said, german)) == ("3 rows of the sheet S", "das Blatt S: 3 Zeilen")


def test_a_sentence_without_a_translation_stays_english_and_nothing_is_nothing() -> None:
    assert render(sentence("{n} more", n=2), german) == "2 more"
    assert render(sentence("Nothing."), german) == "Nichts."
    assert NOTHING.text == render(NOTHING, german) == ""


def test_facts_may_be_called_like_an_argument_and_can_be_replaced() -> None:
    said = sentence("{template} of {self}", template="a", self="b")
    assert said.text == "a of b"
    assert said.knowing(template="c").text == "c of b"
    assert said.text == "a of b"


def test_an_error_says_its_sentence_and_keeps_it_at_another_place() -> None:
    error = TooLargeError("{file} is large.", hint="Split {file}.", file="{x}.csv")
    moved = error.at("line 7")
    assert type(moved) is TooLargeError and moved.where == "line 7" and error.where == ""
    assert (moved.message, moved.hint, str(moved)) == (
        "{x}.csv is large.",
        "Split {x}.csv.",
        "{x}.csv is large. Split {x}.csv.",
    )


@pytest.mark.parametrize("said", [sentence("Plain."), sentence("{a} and {b:.2f}", a="甲", b=0.5)])
def test_sentences_come_back_from_json(said: Sentence) -> None:
    assert Sentence(**json.loads(json.dumps(said.stored()))) == said


def test_what_stores_hold_since_before_is_read_and_written_alike() -> None:
    """The stored forms are flat: template, facts and the rest side by side."""
    notice = {"template": "The disk {file} is full.", "hint_template": "Free {n} bytes.", "facts": {}}
    notice["facts"] = {"file": "x", "n": 3}
    assert JobNotice.restored(notice).stored() == notice
    assert JobNotice.of(InputError("Bad {a}.", hint="Mend {a}.", a=1)).hint == "Mend 1."
    problem = {"kind": "blank", "template": "Row {n}.", "facts": {"n": 2}, "sheet": "S"}
    problem |= {"row": 2, "column": "c", "skipped": True}
    found = unpack_problems(packed([problem]))
    assert found == (RowProblem("blank", sentence("Row {n}.", n=2), "S", 2, "c", True),)
    assert unpacked(pack_problems(found)) == [problem]
    assert found[0].message == Notice(found[0].sentence).message == "Row 2."
